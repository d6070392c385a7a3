"""``ScriptRunConfig``: a script, its arguments, and how to run it (surface 5.1)."""

from __future__ import annotations

import warnings
from typing import Any, Dict, List, Optional, Union

from ml_jupyter._files import PathLike
from ml_jupyter.exceptions import RunConfigurationException
from ml_jupyter.sdk.compute_resources import ResourceConfiguration
from ml_jupyter.sdk.distributed import (
    DISTRIBUTED,
    MpiConfiguration,
    ParallelTaskConfiguration,
    PyTorchConfiguration,
    TensorflowConfiguration,
)
from ml_jupyter.sdk.environment import Environment
from ml_jupyter.sdk.run_configuration import (
    MAX_RUN_DURATION_S,
    DockerConfiguration,
    RunConfiguration,
    argument_list,
)


class ScriptRunConfig:
    """What ``experiment.submit`` takes; the values of its attributes at submission count.

    Parameters
    ----------
    source_directory : path
        Folder that is taken as a snapshot and becomes the script's working folder.
    script : str, optional
        Script (``.py`` or ``.ipynb``) below it. Exactly one of script and command.
    arguments : list, optional
        Arguments; each becomes text. ``$NAME`` is expanded in the job's own environment.
    run_config : RunConfiguration, optional
        Instead of the single parameters below.
    compute_target : str or object, optional
        Where to run; None and ``"local"``: this machine.
    environment : Environment, optional
        In what to run; None: the Python that submits.
    distributed_job_config : optional
        Mpi-, PyTorch- or TensorflowConfiguration.
    resume_from : optional
        Where to go on from.
    max_run_duration_seconds : float
        The run is stopped after so many seconds; 30 days by default.
    command : list or str, optional
        A shell command instead of a script; a list is joined with blanks.
    docker_runtime_config : DockerConfiguration, optional
        Whether to run in a container.
    resources : ResourceConfiguration, optional
        Cores, memory and GPUs to wait for (not in the Azure ML SDK); None: one core, or what a node
        of the compute target has.

    Raises
    ------
    RunConfigurationException
        ``distributed_job_config`` is of another type.
    UserErrorException
        ``arguments`` is not a list.
    """

    def __init__(
        self,
        source_directory: Optional[PathLike] = None,
        script: Optional[str] = None,
        arguments: Optional[List[Any]] = None,
        run_config: Optional[RunConfiguration] = None,
        _telemetry_values: Any = None,
        compute_target: Any = None,
        environment: Optional[Environment] = None,
        distributed_job_config: Any = None,
        resume_from: Any = None,
        max_run_duration_seconds: Optional[float] = MAX_RUN_DURATION_S,
        command: Union[str, List[str], None] = None,
        docker_runtime_config: Optional[DockerConfiguration] = None,
        resources: Optional[ResourceConfiguration] = None,
    ) -> None:
        if distributed_job_config is not None and not isinstance(
            distributed_job_config, DISTRIBUTED
        ):
            names = ", ".join(kind.__name__ for kind in DISTRIBUTED)
            raise RunConfigurationException(
                f"distributed_job_config is a {type(distributed_job_config).__name__}; "
                f"it takes one of {names}."
            )
        self.source_directory = source_directory
        self.resume_from = resume_from
        self.distributed_job_config = distributed_job_config
        contained = {
            "compute_target": compute_target,
            "environment": environment,
            "distributed_job_config": distributed_job_config,
            "docker_runtime_config": docker_runtime_config,
            "resources": resources,
        }
        if run_config is not None:
            self.run_config = run_config
            self.distributed_job_config = None
            _warn_ignored(contained)
            self.script = script if script is not None else run_config.script
            self.arguments = argument_list(
                arguments if arguments is not None else run_config.arguments
            )
            self.command = command if command is not None else run_config.command
        else:
            self.run_config = RunConfiguration(script, arguments, command=command)
            self.run_config.max_run_duration_seconds = max_run_duration_seconds
            self._apply(contained)
            self.script, self.command = script, command
            self.arguments = argument_list(arguments)

    @property
    def compute_target(self) -> str:
        """Name of the target in ``run_config``; a target object may be assigned."""
        return self.run_config.target

    @compute_target.setter
    def compute_target(self, value: Any) -> None:
        self.run_config.target = value

    @property
    def environment(self) -> Environment:
        """The environment in ``run_config``; None may be assigned: the Python that submits."""
        return self.run_config.environment

    @environment.setter
    def environment(self, value: Optional[Environment]) -> None:
        self.run_config.environment = RunConfiguration().environment if value is None else value

    @property
    def docker_runtime_config(self) -> DockerConfiguration:
        """Whether to run in a container, in ``run_config``."""
        return self.run_config.docker

    @docker_runtime_config.setter
    def docker_runtime_config(self, value: Optional[DockerConfiguration]) -> None:
        self.run_config.docker = DockerConfiguration() if value is None else value

    @property
    def max_run_duration_seconds(self) -> Optional[float]:
        """After how many seconds the run is stopped, in ``run_config``."""
        return self.run_config.max_run_duration_seconds

    @max_run_duration_seconds.setter
    def max_run_duration_seconds(self, value: Optional[float]) -> None:
        self.run_config.max_run_duration_seconds = value

    @property
    def resources(self) -> ResourceConfiguration:
        """Cores, memory and GPUs to wait for, in ``run_config``."""
        return self.run_config.resources

    @resources.setter
    def resources(self, value: Optional[ResourceConfiguration]) -> None:
        self.run_config.resources = ResourceConfiguration() if value is None else value

    def _apply(self, contained: Dict[str, Any]) -> None:
        config, distributed = self.run_config, contained["distributed_job_config"]
        config.target = contained["compute_target"]
        if contained["environment"] is not None:
            config.environment = contained["environment"]
        if contained["docker_runtime_config"] is not None:
            config.docker = contained["docker_runtime_config"]
        if contained["resources"] is not None:
            config.resources = contained["resources"]
        if isinstance(distributed, MpiConfiguration):
            config.mpi, config.communicator = distributed, "Mpi"
            config.node_count = distributed.node_count
        elif isinstance(distributed, PyTorchConfiguration):
            config.pytorch, config.framework = distributed, "PyTorch"
            config.communicator = distributed.communication_backend
            config.node_count = distributed.node_count
        elif isinstance(distributed, TensorflowConfiguration):
            config.tensorflow, config.framework = distributed, "TensorFlow"
            config.communicator = "ParameterServer"
        elif isinstance(distributed, ParallelTaskConfiguration):
            config.parallel_task, config.communicator = distributed, "ParallelTask"


def _warn_ignored(contained: Dict[str, Any]) -> None:
    given = [name for name, value in contained.items() if value is not None]
    if given:
        warnings.warn(
            f"run_config was given, so {', '.join(given)} is ignored; set it on run_config.",
            UserWarning,
            stacklevel=3,
        )
