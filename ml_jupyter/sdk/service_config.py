"""How a model is deployed: ``InferenceConfig`` and the settings of a local web service."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Dict, Mapping, Optional

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk import labels
from ml_jupyter.sdk.environment import Environment
from ml_jupyter.sdk.section import Section

_PORTS = range(1, 65536)
#: What only images of the cloud have.
_CLOUD_ONLY = ("extra_docker_file_steps", "base_image", "base_image_registry", "cuda_version")


class InferenceConfig:
    """A script that answers, and the environment that it runs in.

    Parameters
    ----------
    entry_script : str or Path, optional
        Python file with ``init()`` and ``run(data)``, below ``source_directory``. None: the model
        is deployed without code, in ``environment``.
    source_directory : str or Path, optional
        Folder that the script needs; a snapshot of it is taken. None: the script alone.
    environment : Environment, optional
        Default: the current interpreter.
    conda_file : str or Path, optional
        Conda specification instead of ``environment``.
    description : str, optional
        What the service is about.
    runtime, enable_gpu
        Accepted and not used: the environment says both.

    Raises
    ------
    UserErrorException
        A parameter that only images of the cloud have, or two environments.
    """

    def __init__(
        self,
        entry_script: Any = None,
        runtime: Optional[str] = None,
        conda_file: Any = None,
        extra_docker_file_steps: Any = None,
        source_directory: Any = None,
        enable_gpu: Optional[bool] = None,
        description: Optional[str] = None,
        base_image: Any = None,
        base_image_registry: Any = None,
        cuda_version: Any = None,
        environment: Optional[Environment] = None,
        **_ignored: Any,
    ) -> None:
        given = (extra_docker_file_steps, base_image, base_image_registry, cuda_version)
        for name, value in zip(_CLOUD_ONLY, given):
            if value is not None:
                raise UserErrorException(
                    f"{name}: services run on this machine without an image.",
                    hint="Say what the script needs with environment=Environment(…).",
                )
        if conda_file is not None:
            if environment is not None:
                raise UserErrorException("Give environment or conda_file, not both.")
            environment = Environment.from_conda_specification("inference", conda_file)
        if environment is not None and not isinstance(environment, Environment):
            raise UserErrorException(
                f"environment must be an Environment, not {type(environment).__name__}."
            )
        self.entry_script = None if entry_script is None else os.fspath(entry_script)
        self.source_directory = None if source_directory is None else os.fspath(source_directory)
        self.environment = environment
        self.description = description
        self._snapshot_id: Optional[str] = None

    def validate_configuration(self) -> None:
        """Look whether the script is there.

        Raises
        ------
        UserErrorException
            It is not, or lies outside of ``source_directory``.
        """
        if self.entry_script is not None and self._snapshot_id is None:
            self.script_path()

    def script_path(self) -> Path:
        """The script.

        Raises
        ------
        UserErrorException
            It is not there, or lies outside of ``source_directory``.
        """
        root = Path(self.source_directory or ".").expanduser().resolve()
        path = (root / str(self.entry_script)).resolve()
        if self.source_directory is not None and root not in path.parents:
            raise UserErrorException(
                f"entry_script: {self.entry_script!r} is outside of source_directory {str(root)!r}."
            )
        if not path.is_file():
            raise UserErrorException(
                f"entry_script: there is no file {self.entry_script!r} in {str(root)!r}."
            )
        return path

    def to_json(self) -> Dict[str, Any]:
        """What is kept with the service, to start it again; without variables, see below."""
        stored = None if self.environment is None else self.environment.to_dict()
        if stored is not None:
            stored.pop("environmentVariables", None)
        return {
            "entry_script": self.entry_script,
            "snapshot_id": self._snapshot_id,
            "environment": stored,
            "description": self.description,
        }

    def variables(self) -> Dict[str, str]:
        """The variables of the environment, which may hold secrets and are kept elsewhere."""
        return {} if self.environment is None else dict(self.environment.environment_variables)

    @classmethod
    def of_json(cls, value: Mapping[str, Any], variables: Mapping[str, str]) -> InferenceConfig:
        """What ``to_json`` and ``variables`` gave."""
        from ml_jupyter.sdk.environment import from_dict

        stored = value.get("environment")
        if stored is not None:
            stored = {**stored, "environmentVariables": dict(variables)}
        made = cls(
            value.get("entry_script"),
            description=value.get("description"),
            environment=None if stored is None else from_dict(stored),
        )
        made._snapshot_id = value.get("snapshot_id")
        return made

    def __repr__(self) -> str:
        return (
            f"InferenceConfig(entry_script={self.entry_script!r}, "
            f"source_directory={self.source_directory!r})"
        )


class LocalWebserviceDeploymentConfiguration(Section):
    """Settings of a local web service.

    Parameters
    ----------
    port : int, optional
        Port of this machine; None: any that is free.
    auth_enabled : bool
        Calls need a key of the service (not in the Azure ML SDK, where local ones have none).
    cpu_cores, memory_gb, gpu_cores : float, optional
        What is kept for it in the queue. Default: no core; memory and GPUs as the model was
        registered with.
    scoring_timeout_ms : int
        Milliseconds that an answer may take.
    tags, properties, description
        Kept with the service.

    Raises
    ------
    UserErrorException
        Not a port, or a time that is none.
    """

    def __init__(
        self,
        port: Optional[int] = None,
        auth_enabled: bool = True,
        cpu_cores: Optional[float] = None,
        memory_gb: Optional[float] = None,
        gpu_cores: Optional[float] = None,
        scoring_timeout_ms: int = 60_000,
        tags: Optional[Mapping[str, Any]] = None,
        properties: Optional[Mapping[str, Any]] = None,
        description: Optional[str] = None,
        **_ignored: Any,
    ) -> None:
        if port is not None and (type(port) is not int or port not in _PORTS):
            raise UserErrorException(f"port must be a number from 1 to 65535, not {port!r}.")
        if type(scoring_timeout_ms) is not int or scoring_timeout_ms <= 0:
            raise UserErrorException(
                f"scoring_timeout_ms must be a whole number above 0, not {scoring_timeout_ms!r}."
            )
        self.port = port
        self.auth_enabled = bool(auth_enabled)
        self.cpu_cores = cpu_cores
        self.memory_gb = memory_gb
        self.gpu_cores = gpu_cores
        self.scoring_timeout_ms = scoring_timeout_ms
        self.tags = labels.tags_of(tags)
        self.properties = labels.properties_of(properties)
        self.description = description

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> LocalWebserviceDeploymentConfiguration:
        """What ``to_dict`` gave."""
        made = cls()
        made.update(value)
        return made
