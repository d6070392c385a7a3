"""A job as all dialects say it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Mapping, Optional, Tuple, Union

from ml_jupyter.jobfile.findings import Finding, Place

COMMAND = "command"
SWEEP = "sweep"


@dataclass(frozen=True)
class Input:
    """What a job gets: data or a literal.

    Attributes
    ----------
    name : str
        By which the command refers to it.
    type : str
        ``uri_file``, ``uri_folder``, …; of a literal ``string``, ``number``, ``integer``,
        ``boolean``.
    literal : str, int, float, bool or None
        Value of a literal.
    path : str, optional
        Remote data: a URL, ``azureml:NAME:VERSION``, ``azureml://…``, ``runs:/…``.
    local_path : Path, optional
        Local data.
    mode : str
        ``mount``, ``download``, ``direct`` …: how it reaches the job.
    optional : bool
        May be left out; the parts of the command in ``$[[…]]`` that name it go with it.
    """

    name: str
    place: Place
    type: str = "uri_folder"
    literal: Union[str, int, float, bool, None] = None
    path: Optional[str] = None
    local_path: Optional[Path] = None
    mode: str = "mount"
    optional: bool = False

    @property
    def is_given(self) -> bool:
        """Whether there is a value."""
        return self.literal is not None or self.path is not None or self.local_path is not None


@dataclass(frozen=True)
class Output:
    """A folder or file that the job writes; ``register_as`` is (name, version)."""

    name: str
    type: str = "uri_folder"
    mode: str = "rw_mount"
    path: Optional[str] = None
    register_as: Optional[Tuple[str, Optional[str]]] = None


@dataclass(frozen=True)
class EnvironmentChoice:
    """The software of a job: a name, or what it is made of.

    Attributes
    ----------
    name, version : str, optional
        A registered or curated environment, or the name to register an inline one under;
        version ``latest`` for ``@latest``.
    is_reference : bool
        It is looked up, not made.
    image, dockerfile : str, optional
        Base image, or text of a Dockerfile.
    context : Path, optional
        Folder that the Dockerfile copies from.
    conda : mapping, optional
        Content of the conda file.
    interpreter : str, optional
        A Python that is there already and taken as it is.
    """

    name: Optional[str] = None
    version: Optional[str] = None
    is_reference: bool = False
    image: Optional[str] = None
    dockerfile: Optional[str] = None
    context: Optional[Path] = None
    conda: Optional[Mapping[str, Any]] = None
    interpreter: Optional[str] = None


@dataclass(frozen=True)
class Compute:
    """Where a job runs; ``target`` None: the default one."""

    target: Optional[str] = None
    instance_count: int = 1
    instance_type: Optional[str] = None
    shm_size: Optional[str] = None
    docker_args: Optional[str] = None


@dataclass(frozen=True)
class Distribution:
    """The processes of a job; ``kind`` is ``pytorch``, ``mpi`` or ``tensorflow``."""

    kind: str
    process_count_per_instance: int = 1
    worker_count: int = 1
    parameter_server_count: int = 0


@dataclass(frozen=True)
class Service:
    """A service beside the job."""

    name: str
    type: str
    log_dir: Optional[str] = None


@dataclass(frozen=True)
class CommandJob:
    """A job that runs a command.

    Attributes
    ----------
    code : Path, optional
        Folder of which a snapshot becomes the working folder, or one file; None: an empty folder.
    timeout_s : float
        Seconds after which it is stopped; 0: no limit.
    script, arguments
        Of a run configuration that has a script instead of a command.
    """

    command: str
    name: Optional[str] = None
    display_name: Optional[str] = None
    description: Optional[str] = None
    experiment_name: Optional[str] = None
    tags: Mapping[str, Optional[str]] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    code: Optional[Path] = None
    code_uri: Optional[str] = None
    inputs: Mapping[str, Input] = field(default_factory=dict)
    outputs: Mapping[str, Output] = field(default_factory=dict)
    environment: Optional[EnvironmentChoice] = None
    environment_variables: Mapping[str, str] = field(default_factory=dict)
    compute: Compute = Compute()
    distribution: Optional[Distribution] = None
    services: Mapping[str, Service] = field(default_factory=dict)
    timeout_s: float = 0.0
    script: Optional[str] = None
    arguments: Tuple[str, ...] = ()
    type: str = COMMAND


@dataclass(frozen=True)
class Parameter:
    """A dimension of the search space: a distribution and its numbers, or the values to choose."""

    name: str
    kind: str
    values: Tuple[Any, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class EarlyTermination:
    """When a trial that does badly is stopped; ``kind`` as in the file."""

    kind: str
    evaluation_interval: int = 1
    delay_evaluation: int = 0
    slack_factor: Optional[float] = None
    slack_amount: Optional[float] = None
    truncation_percentage: Optional[int] = None


@dataclass(frozen=True)
class SweepJob:
    """A search for the best parameters; ``trial`` is one of its jobs. Times in seconds, 0: none."""

    trial: CommandJob
    search_space: Mapping[str, Parameter]
    algorithm: str
    primary_metric: str
    goal: str
    max_total_trials: Optional[int] = None
    max_concurrent_trials: Optional[int] = None
    timeout_s: float = 0.0
    trial_timeout_s: float = 0.0
    early_termination: Optional[EarlyTermination] = None
    seed: Optional[int] = None
    rule: Optional[str] = None
    logbase: Optional[Union[float, str]] = None
    name: Optional[str] = None
    display_name: Optional[str] = None
    description: Optional[str] = None
    experiment_name: Optional[str] = None
    tags: Mapping[str, Optional[str]] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    type: str = SWEEP


Job = Union[CommandJob, SweepJob]


@dataclass(frozen=True)
class JobFile:
    """A file that was read.

    Attributes
    ----------
    dialect : str
        ``preview`` (May 2021), ``v2`` (today's) or ``runconfig`` (SDK v1).
    job : CommandJob or SweepJob
        What it asks for.
    warnings : tuple of Finding
        What is doubtful.
    """

    dialect: str
    job: Job
    warnings: Tuple[Finding, ...] = ()
