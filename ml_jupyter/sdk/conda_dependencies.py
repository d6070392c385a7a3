"""``CondaDependencies``: the packages of an environment, as a conda specification (surface 6.5)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional

from ml_jupyter._files import PathLike, write_atomic
from ml_jupyter.environments import requirements as names
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk import conda_specification as content
from ml_jupyter.sdk.section import Section

#: The Azure ML package that stands for this project; nothing is installed for it.
OWN_PACKAGE = "azureml-defaults"
FILE_NAME = "conda_dependencies.yml"


class CondaDependencies(Section):
    """Conda and pip packages, channels and the Python version.

    Parameters
    ----------
    conda_dependencies_file_path : path, optional
        A conda specification in YAML. Default: this Python's version and nothing else.
    _underlying_structure : mapping, optional
        The same as a mapping.

    Raises
    ------
    UserErrorException
        The file is not there or not a conda specification.
    """

    DEFAULT_NUMBER_OF_CONDA_PACKAGES = 1
    DEFAULT_NUMBER_OF_PIP_PACKAGES = 1
    VERSION_REGEX = re.compile(r"(\d+)\.(\d+)(\.\d+)?")

    def __init__(
        self,
        conda_dependencies_file_path: Optional[PathLike] = None,
        _underlying_structure: Optional[Mapping[str, Any]] = None,
    ) -> None:
        if conda_dependencies_file_path is not None:
            self._content = content.read(Path(conda_dependencies_file_path))
        elif _underlying_structure is not None:
            self._content = content.checked(_underlying_structure, "the mapping")
        else:
            self._content = content.default()

    @staticmethod
    def create(
        pip_indexurl: Optional[str] = None,
        pip_packages: Optional[List[str]] = None,
        conda_packages: Optional[List[str]] = None,
        python_version: Optional[str] = None,
        pin_sdk_version: bool = True,
    ) -> CondaDependencies:
        """A specification from lists.

        Parameters
        ----------
        pip_indexurl : str, optional
            Package index instead of PyPI.
        pip_packages : list of str, optional
            Default: ``azureml-defaults``, which stands for this project.
        conda_packages : list of str, optional
            Match specifications.
        python_version : str, optional
            Default: the version of this Python.
        pin_sdk_version : bool
            Has no effect: this project comes into every job by path.
        """
        made = CondaDependencies()
        if python_version:
            made.set_python_version(python_version)
        if pip_indexurl:
            made.set_pip_index_url(pip_indexurl)
        for package in [OWN_PACKAGE] if pip_packages is None else pip_packages:
            made.add_pip_package(package)
        for package in conda_packages or []:
            made.add_conda_package(package)
        return made

    # -- what there is

    @property
    def conda_channels(self) -> Iterator[str]:
        """The channels, the first one counts most."""
        return iter(list(self._content["channels"]))

    @property
    def conda_packages(self) -> Iterator[str]:
        """Conda packages, without Python itself."""
        return iter([item for item in self._conda() if not content.is_python(item)])

    @property
    def pip_packages(self) -> Iterator[str]:
        """Requirements for pip."""
        return iter([item for item in self._pip() if not item.startswith("-")])

    @property
    def pip_options(self) -> Iterator[str]:
        """Options for pip, such as ``--extra-index-url https://…``."""
        return iter([item for item in self._pip() if item.startswith("-")])

    def get_python_version(self) -> Optional[str]:
        """The version in ``python=…``; None when none is named."""
        return names.python_of(self._conda()) or None

    def get_default_number_of_packages(self) -> int:
        """Packages of a new specification."""
        return self.DEFAULT_NUMBER_OF_CONDA_PACKAGES + self.DEFAULT_NUMBER_OF_PIP_PACKAGES

    @staticmethod
    def merge_requirements(requirements: List[str]) -> List[str]:
        """Each package once, with all bounds that were given for it."""
        merged: Dict[str, List[str]] = {}
        for item in requirements:
            match = re.match(r"\s*([\w.\[\]-]+)\s*(.*)", item)
            if match:
                bounds = merged.setdefault(match[1], [])
                bounds.extend(part for part in match[2].split(",") if part not in ("", *bounds))
        return [name + ",".join(bounds) for name, bounds in merged.items()]

    @staticmethod
    def sdk_origin_url() -> str:
        """The package index that this project is fetched from."""
        return "https://pypi.org/simple"

    # -- changing

    def add_channel(self, channel: str) -> None:
        """Add a conda channel at the end."""
        if channel not in self._content["channels"]:
            self._content["channels"].append(content.text(channel, "channel"))

    def remove_channel(self, channel: str) -> None:
        """Remove a channel; an unknown one is passed over."""
        content.remove(self._content["channels"], channel)

    def add_conda_package(self, conda_package: str) -> None:
        """Add a conda package; one that is there under this name is replaced."""
        content.put(self._content["dependencies"], content.text(conda_package, "conda_package"))

    def remove_conda_package(self, conda_package: str) -> None:
        """Remove a conda package by name or specification."""
        content.drop(self._content["dependencies"], conda_package)

    def add_pip_package(self, pip_package: str) -> None:
        """Add a requirement for pip; one that is there under this name is replaced."""
        content.put(self._pip(make=True), content.text(pip_package, "pip_package"))

    def remove_pip_package(self, pip_package: str) -> None:
        """Remove a pip package by name or requirement."""
        content.drop(self._pip(), pip_package)

    def set_pip_requirements(self, pip_requirements: List[str]) -> None:
        """Replace all pip packages; options stay."""
        packages = [content.text(item, "package") for item in pip_requirements]
        self._pip(make=True)[:] = [*self.pip_options, *packages]

    def set_pip_option(self, pip_option: str) -> None:
        """Add an option, or replace the one of the same name."""
        name = pip_option.split()[0].split("=")[0]
        kept = [item for item in self._pip() if item.split()[0].split("=")[0] != name]
        self._pip(make=True)[:] = [pip_option, *kept]

    def remove_pip_option(self, pip_option: str) -> None:
        """Remove an option by its name."""
        name = pip_option.split()[0].split("=")[0]
        pip = self._pip()
        pip[:] = [item for item in pip if item.split()[0].split("=")[0] != name]

    def set_pip_index_url(self, index_url: str) -> None:
        """Use another package index than PyPI."""
        self.set_pip_option(f"--index-url {index_url}")

    def set_python_version(self, version: str) -> None:
        """Ask for a Python version: ``3.10`` or ``3.10.4``."""
        kept = [item for item in self._content["dependencies"] if not content.is_python(item)]
        self._content["dependencies"] = [f"python={content.text(version, 'version')}", *kept]

    def add_tensorflow_pip_package(
        self, core_type: str = "cpu", version: Optional[str] = None
    ) -> None:
        """Add TensorFlow from PyPI; one package there serves CPUs and GPUs alike."""
        self.add_pip_package("tensorflow" + (f"=={version}" if version else ""))

    def add_tensorflow_conda_package(
        self, core_type: str = "cpu", version: Optional[str] = None
    ) -> None:
        """Add TensorFlow from a conda channel."""
        name = "tensorflow-gpu" if core_type == "gpu" else "tensorflow"
        self.add_conda_package(name + (f"={version}" if version else ""))

    def add_cntk_package(self, core_type: str = "cpu") -> None:
        """Add CNTK, which can be had for Python up to 3.6 only.

        Raises
        ------
        UserErrorException
            Always: no Python that jobs can run in has it.
        """
        raise UserErrorException(
            "CNTK can be had for Python up to 3.6 only, and jobs need 3.8 or later."
        )

    # -- forms

    def as_dict(self) -> Dict[str, Any]:
        """A copy of the specification as a mapping."""
        copied = {**self._content, "channels": list(self._content["channels"])}
        copied["dependencies"] = [
            {key: list(value) for key, value in item.items()} if isinstance(item, dict) else item
            for item in self._content["dependencies"]
        ]
        return copied

    def to_dict(self) -> Dict[str, Any]:
        """As ``as_dict``."""
        return self.as_dict()

    def update(self, values: Mapping[str, Any]) -> None:
        """Replace the whole specification."""
        self._content = content.checked(values, "the mapping")

    def serialize_to_string(self) -> str:
        """The specification as YAML."""
        yaml = content.yaml_module()
        text: str = yaml.safe_dump(self.as_dict(), sort_keys=False, allow_unicode=True)
        return text

    def save(self, path: Optional[PathLike] = None) -> str:
        """Write the specification into a file.

        Parameters
        ----------
        path : path, optional
            File, or a folder for ``conda_dependencies.yml``; default: the current one.

        Returns
        -------
        str
            The file.
        """
        target = Path(path) if path is not None else Path.cwd()
        file = target / FILE_NAME if target.is_dir() else target
        write_atomic(file, self.serialize_to_string().encode("utf-8"))
        return str(file)

    def save_to_file(
        self, base_directory: PathLike, conda_file_path: Optional[PathLike] = None
    ) -> str:
        """Write the specification below a folder; the file relative to it.

        Parameters
        ----------
        conda_file_path : path, optional
            Default: ``conda_dependencies.yml``.
        """
        relative = Path(conda_file_path or FILE_NAME)
        file = Path(base_directory) / relative
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(file, self.serialize_to_string().encode("utf-8"))
        return str(relative)

    def __repr__(self) -> str:
        return f"CondaDependencies({self._content!r})"

    def _conda(self) -> List[str]:
        return [item for item in self._content["dependencies"] if isinstance(item, str)]

    def _pip(self, make: bool = False) -> List[str]:
        for item in self._content["dependencies"]:
            if isinstance(item, dict):
                pip: List[str] = item["pip"]
                return pip
        found: List[str] = []
        if make:
            self._content["dependencies"].append({"pip": found})
        return found
