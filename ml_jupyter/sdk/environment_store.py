"""Environments of a workspace: versions, labels, wheels; and the curated ones beside them."""

from __future__ import annotations

import copy
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Set

from ml_jupyter._files import PathLike, read_json, write_json
from ml_jupyter.environments import curated
from ml_jupyter.environments.curated import Curated
from ml_jupyter.exceptions import EnvironmentNotFound, UserErrorException
from ml_jupyter.history import lock
from ml_jupyter.sdk.environment import Environment, from_dict

if TYPE_CHECKING:
    from ml_jupyter.sdk.workspace import Workspace

_LATEST = "latest"
_LABELS = ".labels.json"
#: Highest number of each name that was ever deleted: numbers are not given twice.
_DELETED = ".deleted.json"
_WHEELS = "wheels"
_WHEEL = re.compile(r"(?P<name>[\w.]+)-[^-]+(-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl\Z")


def register(environment: Environment, workspace: Workspace) -> Environment:
    """See ``Environment.register``."""
    name = environment.name
    if curated.is_reserved(name):
        raise UserErrorException(
            f"Environment name {name!r} is reserved.", hint="Choose another beginning for your own."
        )
    if environment.docker.base_image_registry.password:  # into the user's private file
        environment.docker.base_image_registry.reference(workspace._settings)
    folder = _folder(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    with lock.exclusive(folder / ".lock"):
        versions = _versions(folder, name)
        if versions:
            latest = from_dict(read_json(versions[max(versions)]))
            if _content(latest) == _content(environment):
                return latest
        stored = copy.deepcopy(environment)
        used = max([*versions, _deleted(folder).get(name, 0)])
        stored.version = str(used + 1)
        write_json(folder / f"{name}@{stored.version}.json", stored.to_dict())
    return from_dict(stored.to_dict())


def get(
    workspace: Workspace, name: str, version: Optional[str], label_: Optional[str]
) -> Environment:
    """See ``Environment.get``."""
    folder = _folder(workspace)
    versions = _versions(folder, name)
    if not versions:
        known = curated.find(name)
        if known is not None:
            return of_curated(known)
    wanted: Any = version
    if label_ not in (None, _LATEST):
        wanted = _labels(folder).get(name, {}).get(str(label_))
    elif version in (None, _LATEST):
        wanted = max(versions, default=0)
    path = versions.get(int(wanted)) if str(wanted).isdigit() else None
    if path is None:
        raise _unknown(workspace, name, version or label_)
    return from_dict(read_json(path))


def all_of(workspace: Workspace) -> Dict[str, Environment]:
    """See ``Environment.list``."""
    folder = _folder(workspace)
    found = {name: of_curated(known) for name in curated.names() if (known := curated.find(name))}
    for name in _registered(folder):
        versions = _versions(folder, name)
        found[name] = from_dict(read_json(versions[max(versions)]))
    return dict(sorted(found.items()))


def registered(workspace: Workspace) -> List[str]:
    """Names of the environments that users have registered."""
    return _registered(_folder(workspace))


def label(workspace: Workspace, name: str, version: str, labels: Any) -> None:
    """See ``Environment.label``."""
    folder = _folder(workspace)
    if not str(version).isdigit() or int(version) not in _versions(folder, name):
        raise _unknown(workspace, name, version)
    wanted = [labels] if isinstance(labels, str) else list(labels)
    if _LATEST in wanted:
        raise UserErrorException("The label 'latest' always means the newest version.")
    with lock.exclusive(folder / ".lock"):
        stored = _labels(folder)
        stored.setdefault(name, {}).update({str(item): str(version) for item in wanted})
        write_json(folder / _LABELS, stored)


def forget(workspace: Workspace, name: str, version: Optional[str]) -> List[str]:
    """Delete a version of a registered environment, or all of them.

    Runs hold a copy of the environment that they ran in; what was built stays for others until
    ``mlj gc``. A number is never given to another version.

    Parameters
    ----------
    version : str, optional
        The version's number; None: all.

    Returns
    -------
    list of str
        Numbers of what was deleted.

    Raises
    ------
    UserErrorException
        There is none, or it is a curated one.
    """
    folder = _folder(workspace)
    if curated.find(name) is not None and not _versions(folder, name):
        raise UserErrorException(f"Environment {name!r} is a curated one and cannot be deleted.")
    if not folder.is_dir():
        raise _unknown(workspace, name, version)
    with lock.exclusive(folder / ".lock"):
        found = _versions(folder, name)
        wanted = [item for item in found if version in (None, str(item))]
        if not wanted:
            raise _unknown(workspace, name, version)
        deleted = _deleted(folder)
        write_json(folder / _DELETED, {**deleted, name: max(deleted.get(name, 0), *wanted)})
        _unlabel(folder, name, {str(item) for item in wanted})
        for item in wanted:
            found[item].unlink()
    return [str(item) for item in sorted(wanted)]


def keep_wheel(workspace: Workspace, file_path: PathLike, exist_ok: bool) -> str:
    """See ``Environment.add_private_pip_wheel``."""
    source = Path(file_path)
    match = _WHEEL.match(source.name)
    if match is None or not source.is_file():
        raise UserErrorException(f"file_path: {str(source)!r} is not a wheel (a .whl file).")
    target = _folder(workspace) / _WHEELS / source.name
    if target.exists() and not exist_ok:
        raise UserErrorException(
            f"The workspace keeps a wheel {source.name!r} already.",
            hint="Pass exist_ok=True to use that one.",
        )
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        shutil.copyfile(str(source), str(part))
        part.replace(target)
    return f"{match['name']} @ {target.resolve().as_uri()}"


def of_curated(known: Curated) -> Environment:
    """A curated environment as an object of its own."""
    made = Environment(known.name)
    made.version = "1"
    if not known.packages:
        made.python.user_managed_dependencies = True
    for package in known.packages:
        made.python.packages().add_pip_package(package)
    return made


def _unknown(workspace: Workspace, name: str, version: Optional[str]) -> EnvironmentNotFound:
    registered = ", ".join(_registered(_folder(workspace))) or "none yet"
    what = name if version is None else f"{name}, version {version}"
    return EnvironmentNotFound(
        f"There is no environment {what!r}.",
        hint=f"Registered environments: {registered}. Curated ones: AzureML-Minimal, "
        "AzureML-PyTorch-1.6-GPU, AzureML-TensorFlow-2.2-GPU and others (Environment.list).",
    )


def _content(environment: Environment) -> str:
    value = environment.to_dict()
    value.pop("version")
    return json.dumps(value, sort_keys=True)


def _folder(workspace: Workspace) -> Path:
    return workspace._folder.layout.environments


def _labels(folder: Path) -> Dict[str, Dict[str, str]]:
    try:
        value: Dict[str, Dict[str, str]] = read_json(folder / _LABELS)
    except FileNotFoundError:
        return {}
    return value


def _unlabel(folder: Path, name: str, versions: Set[str]) -> None:
    stored = _labels(folder)
    kept = {key: item for key, item in stored.get(name, {}).items() if item not in versions}
    if name in stored:
        write_json(folder / _LABELS, {**stored, name: kept})


def _deleted(folder: Path) -> Dict[str, int]:
    try:
        value: Dict[str, int] = read_json(folder / _DELETED)
    except FileNotFoundError:
        return {}
    return value


def _registered(folder: Path) -> List[str]:
    if not folder.is_dir():
        return []
    return sorted({path.stem.rpartition("@")[0] for path in folder.glob("[!.]*@*.json")})


def _versions(folder: Path, name: str) -> Dict[int, Path]:
    found = {}
    for path in folder.glob("*@*.json") if folder.is_dir() else ():
        stem, _, version = path.stem.rpartition("@")
        if stem == name and version.isdigit():
            found[int(version)] = path
    return found
