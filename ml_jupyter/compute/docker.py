"""The target ``docker``: this machine, each job in a container."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any, Dict, Mapping, Optional, Tuple

from ml_jupyter.compute.base import Submission
from ml_jupyter.compute.local import LocalTarget
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import RunConfigurationException, TargetUnavailable, UserErrorException
from ml_jupyter.jobs.spec import LaunchSpec

KIND = "docker"
_KEYS = ("image", "arguments", "shm_size", "shared_volumes")


class DockerTarget(LocalTarget):
    """Runs jobs on this machine in containers; what a job says of its own container wins."""

    @staticmethod
    def check(record_settings: Mapping[str, Any], settings: Settings) -> Tuple[str, ...]:
        """One sentence when there is no usable engine now; jobs are refused as long as it lasts.

        Raises
        ------
        UserErrorException
            A setting of the wrong kind; names the parameter.
        """
        arguments = record_settings.get("arguments") or []
        if isinstance(arguments, str) or not all(isinstance(item, str) for item in arguments):
            raise UserErrorException(f"arguments must be a list of texts, not {arguments!r}.")
        image = record_settings.get("image")
        if image is not None and (not isinstance(image, str) or not image.strip()):
            raise UserErrorException(f"image must be the name of an image, not {image!r}.")
        problem = unusable()
        return () if problem is None else (f"{problem} Until then its jobs are refused.",)

    @property
    def container(self) -> Dict[str, Any]:
        """``image``, ``arguments``, ``shm_size``, ``shared_volumes``: as far as they are set."""
        values = self.record.settings
        return {key: values[key] for key in _KEYS if values.get(key) is not None}

    def launch_changes(self, spec: LaunchSpec) -> LaunchSpec:
        """The job in a container.

        Raises
        ------
        DockerUnavailable
            There is no engine that could run it; says which of the reasons it is.
        """
        if spec.container is not None:
            return spec
        from ml_jupyter import containers

        engine = containers.connect()
        root = [] if self.record.root is None else [self.record.root]
        folders = [*root, *containers.folders_of(self._settings)]
        values = {**self.container, "arguments": tuple(self.container.get("arguments", ()))}
        made = containers.ContainerSpec(
            engine=engine.host,
            options=containers.check(engine, folders=folders, gpus=spec.gpus),
            **values,
        )
        made.check()
        own = spec.build is not None or spec.interpreter != sys.executable
        interpreter = spec.interpreter if own else "python"  # that of the image
        return replace(spec, container=made.to_json(), interpreter=interpreter)

    def validate(self, submission: Submission) -> None:
        """As for ``local``; a job also needs an image, its own or one of its environment."""
        container = self.launch_changes(submission.spec).container or {}
        if not container.get("image") and submission.spec.build is None:
            raise RunConfigurationException(
                f"The jobs of compute target {self.name!r} run in containers, and this one names "
                "no image.",
                hint="Give the environment docker.base_image, or the target an image.",
            )
        super().validate(submission)


def unusable() -> Optional[str]:
    """Why no container can be run here now, in one sentence; None: they can."""
    from ml_jupyter import containers

    try:
        containers.connect()
    except TargetUnavailable as error:
        return str(error)
    return None
