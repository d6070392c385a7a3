"""``Environment``: the Python that a script runs in (surface 6, user-managed ones)."""

from __future__ import annotations

import copy
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Optional

from ml_jupyter import _ids
from ml_jupyter._files import PathLike, read_json, write_json
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history import lock
from ml_jupyter.sdk.section import Section

if TYPE_CHECKING:
    from ml_jupyter.history.run_folder import RunFolder
    from ml_jupyter.sdk.workspace import Workspace

#: The base image of environments that are built as images.
DEFAULT_CPU_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu20.04"
_FILE = "azureml_environment.json"
_RESERVED = ("azureml", "microsoft")
#: Environments that are there without being registered.
CURATED = ("AzureML-Minimal",)


class PythonSection(Section):
    """Which Python, and who installs its packages.

    Attributes
    ----------
    user_managed_dependencies : bool
        True: the interpreter is taken as it is, nothing is installed.
    interpreter_path : str
        The interpreter; ``python`` means the one that submits.
    conda_dependencies : object, optional
        Packages of an environment that is to be built.
    """

    def __init__(self) -> None:
        self.user_managed_dependencies = False
        self.interpreter_path = "python"
        self.conda_dependencies: Any = None


class DockerSection(Section):
    """Whether and in which image the script runs."""

    def __init__(self) -> None:
        self.enabled = False
        self.base_image: Optional[str] = DEFAULT_CPU_IMAGE
        self.base_dockerfile: Optional[str] = None
        self.base_image_registry: Any = None
        self.arguments: Any = []
        self.shm_size = "2g"


class Environment(Section):
    """What a script runs in.

    Parameters
    ----------
    name : str
        1-255 letters, digits, ``-``, ``_``, ``.``.

    Examples
    --------
    >>> environment = Environment("user-managed-env")
    >>> environment.python.user_managed_dependencies = True
    """

    def __init__(self, name: str, **_: Any) -> None:
        _ids.check_name(str(name).replace(".", "-"), "Environment")
        self.name = name
        self.version: Optional[str] = None
        self.python = PythonSection()
        self.docker = DockerSection()
        self.environment_variables: Dict[str, str] = {}

    # -- interpreter

    @property
    def interpreter(self) -> str:
        """Path or name of the interpreter that runs the script."""
        path = self.python.interpreter_path
        return sys.executable if path in ("python", "", None) else str(path)

    def check(self) -> None:
        """Accept an environment that can be used on this machine now.

        Raises
        ------
        UserErrorException
            Its interpreter does not exist, or it would have to be built.
        """
        if self.docker.enabled or not self.python.user_managed_dependencies:
            raise UserErrorException(
                f"Environment {self.name!r} would have to be built, which is not available yet.",
                hint="Set environment.python.user_managed_dependencies = True to use a Python "
                "that is already there.",
            )
        if shutil.which(self.interpreter) is None:
            raise UserErrorException(
                f"environment.python.interpreter_path {self.interpreter!r} is not a program."
            )

    # -- copies and folders

    def clone(self, new_name: str) -> Environment:
        """A deep copy with another name and no version."""
        made = copy.deepcopy(self)
        made.name, made.version = Environment(new_name).name, None
        return made

    def save_to_directory(self, path: PathLike, overwrite: bool = False) -> None:
        """Write the environment into a folder.

        Raises
        ------
        UserErrorException
            The folder exists and ``overwrite`` is False.
        """
        folder = Path(path)
        if folder.exists() and not overwrite:
            raise UserErrorException(
                f"{folder} exists.", hint="Pass overwrite=True to write into it."
            )
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / _FILE, self.to_dict())

    @staticmethod
    def load_from_directory(path: PathLike) -> Environment:
        """The environment that ``save_to_directory`` wrote.

        Raises
        ------
        UserErrorException
            The folder holds none.
        """
        file = Path(path) / _FILE
        try:
            return from_dict(read_json(file))
        except FileNotFoundError as error:
            raise UserErrorException(f"{path} holds no {_FILE}.") from error

    # -- registered ones

    def register(self, workspace: Workspace) -> Environment:
        """Store the environment in the workspace; a new version only when its content changed.

        Raises
        ------
        UserErrorException
            The name is reserved.
        """
        if self.name.lower().startswith(_RESERVED):
            raise UserErrorException(
                f"Environment name {self.name!r} is reserved.", hint="Choose another beginning."
            )
        folder = _folder(workspace)
        folder.mkdir(parents=True, exist_ok=True)
        with lock.exclusive(folder / ".lock"):
            versions = _versions(folder, self.name)
            if versions:
                latest = from_dict(read_json(versions[max(versions)]))
                if _content(latest) == _content(self):
                    return latest
            stored = copy.deepcopy(self)
            stored.version = str(max(versions, default=0) + 1)
            write_json(folder / f"{self.name}@{stored.version}.json", stored.to_dict())
        return stored

    @staticmethod
    def get(
        workspace: Workspace,
        name: str,
        version: Optional[str] = None,
        label: Optional[str] = None,
    ) -> Environment:
        """A registered environment, the latest by default; changing it leaves the store as it is.

        Raises
        ------
        UserErrorException
            There is none of this name and version.
        """
        if name in CURATED and version in (None, "latest"):
            return _curated(name)
        versions = _versions(_folder(workspace), name)
        wanted = max(versions, default=0) if version in (None, "latest") else version
        path = versions.get(int(wanted)) if str(wanted).isdigit() else None
        if path is None:
            known = ", ".join(sorted(Environment.list(workspace))) or "none yet"
            what = name if version is None else f"{name}, version {version}"
            raise UserErrorException(
                f"There is no environment {what!r}.", hint=f"Registered environments: {known}."
            )
        return from_dict(read_json(path))

    @staticmethod
    def list(workspace: Workspace) -> Dict[str, Environment]:
        """The latest version of each registered environment, by name."""
        latest: Dict[str, int] = {}
        for path in _folder(workspace).glob("*@*.json"):
            name, _, version = path.stem.rpartition("@")
            latest[name] = max(latest.get(name, 0), int(version))
        folder = _folder(workspace)
        return {
            n: from_dict(read_json(folder / f"{n}@{v}.json")) for n, v in sorted(latest.items())
        }


def from_dict(value: Dict[str, Any]) -> Environment:
    """The environment whose ``to_dict`` is ``value``."""
    made = Environment(value["name"])
    variables = value.get("environmentVariables") or {}
    made.update({key: item for key, item in value.items() if key != "environmentVariables"})
    made.environment_variables = {str(key): str(item) for key, item in variables.items()}
    return made


def current() -> Environment:
    """The environment that is used when none is given: the Python that submits."""
    made = Environment("current-python")
    made.python.user_managed_dependencies = True
    return made


def of_run(run: RunFolder) -> Environment:
    """The environment in which a submitted run runs.

    Raises
    ------
    UserErrorException
        The run was not submitted.
    """
    value = run.record.definition.get("environment")
    if not value:
        raise UserErrorException(f"Run {run.id} is interactive and has no environment.")
    return from_dict(dict(value))


def _curated(name: str) -> Environment:
    """A curated environment that asks for this package only: the Python that submits has it."""
    made = current()
    made.name = name
    return made


def _content(environment: Environment) -> str:
    value = environment.to_dict()
    value.pop("version")
    return json.dumps(value, sort_keys=True)


def _folder(workspace: Workspace) -> Path:
    return workspace._folder.layout.environments


def _versions(folder: Path, name: str) -> Dict[int, Path]:
    found = {}
    for path in folder.glob("*@*.json") if folder.is_dir() else ():
        stem, _, version = path.stem.rpartition("@")
        if stem == name and version.isdigit():
            found[int(version)] = path
    return found
