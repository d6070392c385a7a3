"""Conda environments: solved and installed by py-rattler, pip's part added by uv."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Tuple

from ml_jupyter._files import read_json, write_json
from ml_jupyter.config import Settings
from ml_jupyter.environments import commands, interpreters, requirements, tools
from ml_jupyter.environments.commands import Site
from ml_jupyter.environments.pip_build import Uv
from ml_jupyter.environments.prepared import Prepared
from ml_jupyter.environments.specification import EnvironmentSpec
from ml_jupyter.exceptions import EnvironmentBuildFailed, FolderCorrupt

#: Channel of specifications that name none.
DEFAULT_CHANNELS = ("conda-forge",)
_ACTIVATE_S = 30.0
#: Prints the environment after the packages' own activation scripts, ended by NULs.
_ACTIVATE = (
    'for f in "$CONDA_PREFIX"/etc/conda/activate.d/*.sh; do [ -r "$f" ] && . "$f" >&2; done; env -0'
)
_SHELL_OWN = frozenset({"_", "SHLVL", "PWD", "OLDPWD"})


def build(
    spec: EnvironmentSpec, settings: Settings, folder: Path, site: Site, python: str
) -> Prepared:
    """Make a conda environment in ``folder``.

    Raises
    ------
    Failed, BuildCanceled, EnvironmentBuildFailed, MissingDependency
        It could not be made.
    """
    prefix = folder / "env"
    warnings = fill(spec, settings, folder, site, python, prefix)
    program = prefix / "bin" / "python"
    variables = {
        "CONDA_PREFIX": str(prefix),
        "CONDA_DEFAULT_ENV": spec.name,
        "PYTHONNOUSERSITE": "1",
        **_activated(prefix, site.variables),
    }
    return Prepared(str(program), (str(prefix / "bin"),), variables, None, tuple(warnings))


def fill(
    spec: EnvironmentSpec,
    settings: Settings,
    folder: Path,
    site: Site,
    python: str,
    prefix: Path,
    told: Optional[str] = None,
) -> List[str]:
    """Install all packages of a specification into ``prefix``; what is to be said about it.

    Parameters
    ----------
    told : str, optional
        Where the files are told that they lie, when that will be elsewhere.
    """
    tools.check_conda(python)
    specs, warnings = match_specs(spec)
    for text in warnings:
        site.say(f"Warning: {text}")
    request = folder / "request.json"  # private: an address may hold a token
    value = {
        "channels": list(spec.channels or DEFAULT_CHANNELS),
        "specs": specs,
        "prefix": str(prefix),
        "alternative": told or "",
        "cache": str(settings.cache / "conda"),
        "alias": site.variables.get("CONDA_CHANNEL_ALIAS", ""),
    }
    write_json(request, value, mode=0o600)
    package = str(Path(__file__).resolve().parent.parent.parent)
    command = [python, "-m", "ml_jupyter.environments.conda_worker", str(request)]
    try:
        site.run(command, folder, {"PYTHONPATH": package})
    finally:
        request.unlink()
    program = prefix / "bin" / "python"
    if not os.path.lexists(str(program)):
        raise EnvironmentBuildFailed(
            f"Environment {spec.name!r} could not be built: its conda packages bring no Python.",
            package="python",
        )
    if spec.pip:
        Uv(site, python).install(spec, folder, "--python", str(program))
    return warnings


def match_specs(spec: EnvironmentSpec) -> Tuple[List[str], List[str]]:
    """What the solver is asked for, and what is to be said about it."""
    least = ".".join(map(str, interpreters.OLDEST))
    wanted = interpreters.parse(spec.python_version)
    specs = [
        item
        for item in spec.conda
        if requirements.name_of(item) != "python" and not requirements.is_ours(item)
    ]
    if not wanted:
        return [f"python >={least}", *specs], []
    if interpreters.is_too_old(wanted):
        text = f"Python {spec.python_version} is too old to run jobs; Python {least} is used."
        return [f"python {least}.*", *specs], [text]
    own = [item for item in spec.conda if requirements.name_of(item) == "python"]
    return [*(own or [f"python {spec.python_version}.*"]), *specs], []


def _activated(prefix: Path, variables: Mapping[str, str]) -> Dict[str, str]:
    """Variables that the packages set when the environment is activated."""
    found: Dict[str, str] = {}
    for path in sorted((prefix / "etc" / "conda" / "env_vars.d").glob("*.json")):
        found.update(_texts(path))
    state = prefix / "conda-meta" / "state"
    if state.exists():
        found.update(_texts(state, "env_vars"))
    if not (prefix / "etc" / "conda" / "activate.d").is_dir():
        return found
    before = {
        "PATH": f"{prefix / 'bin'}{os.pathsep}{variables.get('PATH', os.defpath)}",
        "HOME": variables.get("HOME", "/"),
        "CONDA_PREFIX": str(prefix),
        **found,
    }
    try:
        text = commands.answer(["bash", "-c", _ACTIVATE], before, _ACTIVATE_S)
    except (OSError, subprocess.SubprocessError):
        return found
    pairs = (item.partition("=") for item in text.split("\0") if item)
    after = {name: value for name, _, value in pairs if name not in _SHELL_OWN}
    found.update({name: value for name, value in after.items() if before.get(name) != value})
    found.pop("PATH", None)
    return found


def _texts(path: Path, key: str = "") -> Dict[str, str]:
    try:
        value = read_json(path)
    except (OSError, FolderCorrupt, json.JSONDecodeError):
        return {}
    value = value.get(key, {}) if key and isinstance(value, dict) else value
    return {str(name): str(item) for name, item in value.items()} if isinstance(value, dict) else {}
