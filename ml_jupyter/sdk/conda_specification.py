"""The content of a conda specification: reading it, and changing its lists."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Dict, List, Mapping

from ml_jupyter.environments import requirements as names
from ml_jupyter.exceptions import MissingDependency, UserErrorException

DEFAULT_CHANNELS = ("anaconda", "conda-forge")
_PYTHON = re.compile(r"python(?![\w.-])")


def default() -> Dict[str, Any]:
    """The specification of an environment that asks for nothing but this Python's version."""
    version = ".".join(map(str, sys.version_info[:2]))
    return {
        "name": "project_environment",
        "dependencies": [f"python={version}"],
        "channels": list(DEFAULT_CHANNELS),
    }


def read(file: Path) -> Dict[str, Any]:
    """The specification in a file.

    Raises
    ------
    UserErrorException
        There is no such file, or it is none.
    """
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise UserErrorException(
            f"The conda specification {str(file)!r} cannot be read: {error.strerror}."
        ) from error
    yaml = yaml_module()
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UserErrorException(f"{file} is not readable as YAML: {error}") from error
    return checked(value, str(file))


def checked(value: Any, where: str) -> Dict[str, Any]:
    """A copy in one form: texts, and at most one list of pip's, at the end.

    Raises
    ------
    UserErrorException
        It is no conda specification; names ``where``.
    """
    if not isinstance(value, Mapping):
        raise UserErrorException(f"{where} is not a conda specification: it holds no mapping.")
    made = {str(key): item for key, item in value.items()}
    made["channels"] = [str(item) for item in made.get("channels") or []]
    plain: List[Any] = []
    pip: List[str] = []
    has_pip = False
    for item in made.get("dependencies") or []:
        if isinstance(item, Mapping) and set(item) == {"pip"}:
            has_pip = True
            pip.extend(str(entry).strip() for entry in item["pip"] or [])
        elif isinstance(item, str):
            plain.append(item.strip())
        else:
            raise UserErrorException(f"{where}: {item!r} is neither a package nor a list of pip's.")
    made["dependencies"] = [*plain, *([{"pip": pip}] if has_pip else [])]
    return made


def yaml_module() -> Any:
    """PyYAML.

    Raises
    ------
    MissingDependency
        It is not installed.
    """
    try:
        import yaml
    except ImportError as error:
        raise MissingDependency("yaml", "yaml", "Reading and writing environments") from error
    return yaml


def text(value: Any, name: str) -> str:
    """``value`` without blanks around it.

    Raises
    ------
    UserErrorException
        It is no text, or an empty one; names the parameter.
    """
    if not isinstance(value, str) or not value.strip():
        raise UserErrorException(f"{name} must be text, not {value!r}.")
    return value.strip()


def is_python(item: Any) -> bool:
    """Whether a dependency is Python itself."""
    return isinstance(item, str) and _PYTHON.match(item) is not None


def _same(first: Any, second: str) -> bool:
    return isinstance(first, str) and names.name_of(first) == names.name_of(second)


def put(items: List[Any], wanted: str) -> None:
    """Add a package before the list of pip's, or replace the one of its name."""
    place = next((i for i, item in enumerate(items) if _same(item, wanted)), None)
    if place is not None:
        items[place] = wanted
        return
    before = next((i for i, item in enumerate(items) if isinstance(item, dict)), len(items))
    items.insert(before, wanted)


def drop(items: List[Any], unwanted: str) -> None:
    """Remove the package of a name."""
    items[:] = [item for item in items if not _same(item, unwanted)]


def remove(items: List[str], unwanted: str) -> None:
    """Remove a text; an unknown one is passed over."""
    items[:] = [item for item in items if item != unwanted]
