"""``RunConfiguration``: how a script is run, as object and ``.runconfig`` file (surface 5.4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Union

from ml_jupyter._files import PathLike, write_atomic
from ml_jupyter.exceptions import MissingDependency, RunConfigurationException, UserErrorException
from ml_jupyter.sdk import environment as environments
from ml_jupyter.sdk.compute_resources import AmlComputeConfiguration, ResourceConfiguration
from ml_jupyter.sdk.distributed import (
    MpiConfiguration,
    ParallelTaskConfiguration,
    PyTorchConfiguration,
    TensorflowConfiguration,
)
from ml_jupyter.sdk.environment import Environment
from ml_jupyter.sdk.section import Section

MAX_RUN_DURATION_S = 30 * 24 * 3600
_ENDING = ".runconfig"


class DockerConfiguration(Section):
    """Whether a job runs in a container (surface 5.7)."""

    def __init__(
        self,
        use_docker: bool = False,
        shared_volumes: bool = True,
        arguments: Optional[List[str]] = None,
        shm_size: str = "2g",
    ) -> None:
        self.use_docker = use_docker
        self.shared_volumes = shared_volumes
        self.arguments = argument_list(arguments)
        self.shm_size = shm_size


class HistoryConfiguration(Section):
    """What is kept of a run beside its record."""

    def __init__(self) -> None:
        self.output_collection = True
        self.directories_to_watch = ["logs"]
        self.snapshot_project = True


class RunConfiguration(Section):
    """How a script is run: where, in what, and within which limits.

    Parameters
    ----------
    script : str, optional
        Script below the source folder.
    arguments : list, optional
        Its arguments.
    framework : str, optional
        ``Python`` (default), ``PyTorch``, ``TensorFlow``.
    communicator : str, optional
        ``None`` (default), ``Mpi``, ``Gloo``, ``Nccl``, ``ParameterServer``, ``ParallelTask``.
    conda_dependencies : object, optional
        Packages of the environment.
    command : list or str, optional
        A shell command instead of a script.

    Attributes
    ----------
    resources : ResourceConfiguration
        Cores, memory and GPUs that the run asks for, for each of its nodes.
    priority : int, optional
        Higher goes first in the queue; None: 0.
    """

    def __init__(
        self,
        script: Optional[str] = None,
        arguments: Optional[List[Any]] = None,
        framework: Optional[str] = None,
        communicator: Optional[str] = None,
        conda_dependencies: Any = None,
        _history_enabled: Optional[bool] = None,
        _path: Optional[str] = None,
        _name: Optional[str] = None,
        command: Union[str, List[str], None] = None,
    ) -> None:
        self.script = script
        self.arguments = argument_list(arguments)
        self.command = command
        self._target = "local"
        self.framework = framework or "Python"
        self.communicator = communicator or "None"
        self.node_count = 1
        self.resources = ResourceConfiguration()
        self.priority: Optional[int] = None
        self.max_run_duration_seconds: Optional[float] = MAX_RUN_DURATION_S
        self.environment = environments.current()
        if conda_dependencies is not None:
            self.environment = Environment("packages")
            self.environment.python.conda_dependencies = conda_dependencies
        self.environment_variables: Dict[str, str] = {}
        self.docker = DockerConfiguration()
        self.amlcompute = AmlComputeConfiguration()
        self.mpi = MpiConfiguration()
        self.tensorflow = TensorflowConfiguration()
        self.pytorch = PyTorchConfiguration()
        self.parallel_task = ParallelTaskConfiguration()
        self.history = HistoryConfiguration()
        self.data_references: Dict[str, Any] = {}
        self.data: Dict[str, Any] = {}
        self.output_data: Dict[str, Any] = {}

    @property
    def target(self) -> str:
        """Name of the compute target; a target object may be assigned (surface 5.2)."""
        return self._target

    @target.setter
    def target(self, value: Any) -> None:
        self._target = target_name(value)

    def to_dict(self) -> Dict[str, Any]:
        """The configuration as the mapping of a ``.runconfig`` file."""
        value = super().to_dict()
        value.pop("Target", None)
        return {"target": self.target, **value}

    def save(
        self,
        path: Optional[PathLike] = None,
        name: Optional[str] = None,
        separate_environment_yaml: bool = False,
    ) -> Path:
        """Write ``<path>/.azureml/<name>.runconfig``.

        Parameters
        ----------
        path : path, optional
            Folder, or the file itself when it ends in ``.runconfig``; default: the current folder.
        name : str, optional
            Name of the configuration; default: the target's.
        separate_environment_yaml : bool
            Put the environment into ``<name>_environment.yml`` beside it.

        Returns
        -------
        Path
            The file.
        """
        file = _file(path, name or self.target)
        file.parent.mkdir(parents=True, exist_ok=True)
        value = self.to_dict()
        if separate_environment_yaml:
            beside = file.with_name(f"{file.stem}_environment.yml")
            write_atomic(beside, _dump(value["environment"]))
            value["environment"] = beside.name
        write_atomic(file, _dump(value))
        return file

    @staticmethod
    def load(path: PathLike, name: Optional[str] = None) -> RunConfiguration:
        """The configuration that a file holds; unknown keys are kept.

        Raises
        ------
        UserErrorException
            There is no such file.
        RunConfigurationException
            It is not a mapping in YAML.
        """
        file = _file(path, name) if name is not None or not Path(path).is_file() else Path(path)
        value = _load(file)
        environment = value.pop("environment", None)
        if isinstance(environment, str):
            environment = _load(file.with_name(environment))
        made = RunConfiguration()
        for key in ("environmentVariables", "dataReferences", "data", "outputData"):
            if value.get(key) is None:
                value.pop(key, None)
        made.target = value.pop("target", None) or "local"
        variables = value.pop("environmentVariables", {})
        made.update(value)
        made.environment_variables = {str(k): str(v) for k, v in variables.items()}
        if environment:
            made.environment = environments.from_dict({"name": "environment", **environment})
        return made


def argument_list(arguments: Any) -> List[Any]:
    """A list of its own of arguments; empty for None.

    Raises
    ------
    UserErrorException
        Not a list or tuple: the characters of a text would become arguments.
    """
    if arguments is None:
        return []
    if not isinstance(arguments, (list, tuple)):
        raise UserErrorException(
            f"arguments must be a list, not {type(arguments).__name__}.",
            hint="Write ['--lr', 0.1] instead of '--lr 0.1'.",
        )
    return list(arguments)


def target_name(value: Any) -> str:
    """Name of a compute target given as name, object or None (this machine).

    Raises
    ------
    UserErrorException
        Neither of them.
    """
    if value is None:
        return "local"
    name = value if isinstance(value, str) else getattr(value, "name", None)
    if not isinstance(name, str) or not name:
        raise UserErrorException(f"compute_target must be a name or a target, not {value!r}.")
    return name


def _file(path: Optional[PathLike], name: Optional[str]) -> Path:
    base = Path(path) if path is not None else Path.cwd()
    if base.suffix == _ENDING:
        return base
    folder = base if base.name == ".azureml" else base / ".azureml"
    return folder / f"{name}{_ENDING}"


def _yaml() -> Any:
    try:
        import yaml
    except ImportError as error:
        raise MissingDependency("yaml", "yaml", "Reading and writing run configurations") from error
    return yaml


def _dump(value: Any) -> bytes:
    text: str = _yaml().safe_dump(value, sort_keys=False, allow_unicode=True)
    return text.encode("utf-8")


def _load(file: Path) -> Dict[str, Any]:
    try:
        text = file.read_text("utf-8-sig")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise UserErrorException(f"There is no run configuration {file}.") from error
    yaml = _yaml()
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RunConfigurationException(f"{file} is not readable as YAML: {error}") from error
    if not isinstance(value, dict):
        raise RunConfigurationException(f"{file} does not hold a mapping.")
    return value
