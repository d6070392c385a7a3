"""What a job runs: source folder, script or command, arguments; checked, nothing written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, List, Optional, Tuple

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.run_configuration import argument_list
from ml_jupyter.sdk.script_run_config import ScriptRunConfig

#: Characters of a name that is made of a command.
_NAME = 60


def source_of(directory: Any) -> Path:
    """The source folder, absolute; the current one when none is given.

    Raises
    ------
    UserErrorException
        There is no such folder.
    """
    source = Path(os.path.abspath(os.path.expanduser(str(directory or "."))))
    if not source.is_dir():
        raise UserErrorException(f"source_directory: there is no folder {str(directory)!r}.")
    return source


def what_of(config: ScriptRunConfig, source: Path) -> Tuple[Optional[str], Optional[str]]:
    """Script relative to the source folder, or the shell's command; the other one is None.

    Raises
    ------
    UserErrorException
        Not exactly one of them was given, or the script is not in the source folder.
    """
    if bool(config.script) == bool(config.command):
        both = "both were" if config.script else "none was"
        raise UserErrorException(f"Give exactly one of script and command; {both} given.")
    if config.command:
        return None, _command(config)
    path = os.path.normpath(os.path.join(str(source), str(config.script)))
    relative = os.path.relpath(path, str(source))
    if os.path.isabs(relative) or relative.split(os.sep)[0] == "..":
        raise UserErrorException(
            f"script: {config.script!r} is outside of source_directory {source}."
        )
    if not os.path.isfile(path):
        raise UserErrorException(f"script: there is no file {config.script!r} in {source}.")
    return relative.replace(os.sep, "/"), None


def _command(config: ScriptRunConfig) -> str:
    words = config.command if isinstance(config.command, (list, tuple)) else [config.command]
    return " ".join([*map(str, words), *arguments_of(config.arguments)])


def arguments_of(arguments: Any) -> List[str]:
    """Each argument as text.

    Raises
    ------
    UserErrorException
        Not a list.
    """
    return [str(item) for item in argument_list(arguments)]


def display_name_of(script: Optional[str], command: Optional[str]) -> Optional[str]:
    """A name for people: the script's without its ending, or the command's first word."""
    if script:
        return Path(script).stem
    words = (command or "").split()
    scripts = [word for word in words[:4] if word.endswith((".py", ".sh", ".ipynb"))]
    if scripts:
        return Path(scripts[0]).stem[:_NAME]
    return Path(words[0]).name[:_NAME] if words else None
