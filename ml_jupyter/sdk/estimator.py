"""``Estimator`` and its relatives, the SDK's older way to describe a job (surface, class P2).

Each is a ``ScriptRunConfig`` that was made from the older parameters.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Tuple

from ml_jupyter._files import PathLike
from ml_jupyter.exceptions import TrainingException
from ml_jupyter.sdk.conda_dependencies import CondaDependencies
from ml_jupyter.sdk.distributed import (
    MpiConfiguration,
    PyTorchConfiguration,
    TensorflowConfiguration,
)
from ml_jupyter.sdk.environment import Environment
from ml_jupyter.sdk.run_configuration import MAX_RUN_DURATION_S, DockerConfiguration
from ml_jupyter.sdk.script_run_config import ScriptRunConfig

Mpi = MpiConfiguration
ParameterServer = TensorflowConfiguration
#: Of the cloud: what a machine is, which base image, where sources are put first.
_IGNORED = (
    "vm_size", "vm_priority", "use_gpu", "source_directory_data_store", "image_registry_details",
    "distributed_backend", "framework_version", "worker_count", "parameter_server_count",
)  # fmt: skip
_SOFTWARE = (
    "user_managed", "conda_packages", "pip_packages", "conda_dependencies_file",
    "conda_dependencies_file_path", "pip_requirements_file", "pip_requirements_file_path",
    "custom_docker_image", "custom_docker_base_image", "environment_variables",
)  # fmt: skip


class Nccl(PyTorchConfiguration):
    """PyTorch's processes talk over NCCL."""

    def __init__(self) -> None:
        super().__init__("Nccl")


class Gloo(PyTorchConfiguration):
    """PyTorch's processes talk over Gloo."""

    def __init__(self) -> None:
        super().__init__("Gloo")


class Estimator(ScriptRunConfig):
    """A script to train with, in the parameters of the Azure ML SDK before ``ScriptRunConfig``.

    Parameters
    ----------
    source_directory : path
        Folder with the script.
    compute_target : str or object, optional
        Where to run; None: this machine.
    entry_script : str
        The script below the folder.
    script_params : mapping, optional
        Arguments of the script: name to value; a value of None or ``""`` is left out.
    node_count, process_count_per_node : int
        More than one of either makes the job a distributed one.
    distributed_training : optional
        ``Mpi``, ``Nccl``, ``Gloo`` or ``ParameterServer``.
    environment_definition : Environment, optional
        What to run in; instead of the single parameters.
    use_docker : bool
        Whether to run in a container; default: no.
    shm_size : str, optional
        Shared memory of the container, as ``"2g"``.
    resume_from : optional
        Where to go on from.
    max_run_duration_seconds : float, optional
        The run is stopped after so many seconds.
    **others
        ``pip_packages``, ``conda_packages``, ``conda_dependencies_file``,
        ``pip_requirements_file``, ``custom_docker_image``, ``user_managed`` and
        ``environment_variables`` say what to run in; with none of them it is the Python that
        submits. ``vm_size`` and the like describe the cloud's machines and are not used.

    Raises
    ------
    TrainingException
        No entry script, or parameters that exclude each other; names them.
    """

    _framework: Tuple[str, ...] = ()

    def __init__(
        self,
        source_directory: Optional[PathLike] = None,
        *,
        compute_target: Any = None,
        entry_script: Optional[str] = None,
        script_params: Optional[Mapping[str, Any]] = None,
        node_count: int = 1,
        process_count_per_node: int = 1,
        distributed_training: Any = None,
        environment_definition: Optional[Environment] = None,
        inputs: Any = None,
        use_docker: bool = False,
        shm_size: Optional[str] = None,
        resume_from: Any = None,
        max_run_duration_seconds: Optional[float] = None,
        **others: Any,
    ) -> None:
        _check(entry_script, inputs, others)
        docker = DockerConfiguration(use_docker=use_docker, shm_size=shm_size or "2g")
        super().__init__(
            source_directory,
            script=entry_script,
            arguments=_arguments(script_params or {}),
            compute_target=compute_target,
            environment=environment_definition or _environment(self._framework, others),
            distributed_job_config=_distributed(
                distributed_training, node_count, process_count_per_node, others
            ),
            docker_runtime_config=docker if use_docker else None,
            resume_from=resume_from,
            max_run_duration_seconds=max_run_duration_seconds or MAX_RUN_DURATION_S,
        )


class PyTorch(Estimator):
    """An ``Estimator`` whose environment has PyTorch."""

    _framework = ("torch",)


class TensorFlow(Estimator):
    """An ``Estimator`` whose environment has TensorFlow."""

    _framework = ("tensorflow",)


class Chainer(Estimator):
    """An ``Estimator`` whose environment has Chainer."""

    _framework = ("chainer",)


class SKLearn(Estimator):
    """An ``Estimator`` whose environment has scikit-learn."""

    _framework = ("scikit-learn",)


def _check(entry_script: Optional[str], inputs: Any, others: Mapping[str, Any]) -> None:
    if not entry_script:
        raise TrainingException("entry_script: say which script to run.")
    if inputs:
        raise TrainingException(
            "inputs: not taken here.",
            hint="Give the data as a value of script_params: {'--data': ds.as_named_input(…)}.",
        )
    unknown = sorted(set(others) - {*_IGNORED, *_SOFTWARE})
    if unknown:
        raise TrainingException(f"An estimator has no parameter {unknown[0]!r}.")


def _arguments(given: Mapping[str, Any]) -> List[Any]:
    found: List[Any] = []
    for name, value in given.items():
        found.append(name)
        if value is not None and not (isinstance(value, str) and value == ""):
            found.append(value)
    return found


def _distributed(kind: Any, nodes: int, processes: int, others: Mapping[str, Any]) -> Any:
    if isinstance(kind, PyTorchConfiguration):
        kind.node_count = nodes
        kind.process_count = nodes * processes if processes > 1 else None
        return kind
    if isinstance(kind, MpiConfiguration):
        kind.node_count = nodes
        return kind
    if kind is not None:
        return kind
    if others.get("worker_count"):
        return TensorflowConfiguration(
            others["worker_count"], others.get("parameter_server_count", 1)
        )
    return MpiConfiguration(processes, nodes) if nodes * processes > 1 else None


def _environment(framework: Tuple[str, ...], others: Mapping[str, Any]) -> Optional[Environment]:
    """What to run in; None: the Python that submits."""
    given = {name: others[name] for name in _SOFTWARE if others.get(name)}
    version = others.get("framework_version")
    if not given and not version:
        return None
    made = Environment("estimator")
    made.environment_variables = dict(given.get("environment_variables") or {})
    if given.get("user_managed"):
        made.python.user_managed_dependencies = True
        return made
    image = given.get("custom_docker_image") or given.get("custom_docker_base_image")
    if image:
        made.docker.base_image = image
    made.python.conda_dependencies = _packages(framework, version, given)
    return made


def _packages(
    framework: Tuple[str, ...], version: Optional[str], given: Dict[str, Any]
) -> CondaDependencies:
    file = given.get("conda_dependencies_file") or given.get("conda_dependencies_file_path")
    wanted = [f"{name}=={version}" if version else name for name in framework]
    if file:
        found = CondaDependencies(file)
    else:
        found = CondaDependencies.create(conda_packages=list(given.get("conda_packages") or []))
    listed = given.get("pip_requirements_file") or given.get("pip_requirements_file_path")
    if listed:
        read = Environment.from_pip_requirements("estimator", listed)
        wanted += list(read.python.packages().pip_packages)
    for package in [*wanted, *(given.get("pip_packages") or [])]:
        found.add_pip_package(package)
    return found
