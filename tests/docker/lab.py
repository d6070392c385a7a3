"""A job lab whose jobs run in containers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ml_jupyter.config import Settings
from ml_jupyter.containers import ContainerSpec
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.testing.isolation import eventually
from tests.docker.daemon import IMAGE, Daemon
from tests.jobs_lab import JobLab


class DockerLab(JobLab):
    """Submits scripts that run in containers of a daemon."""

    def __init__(self, settings: Settings, folder: Path, daemon: Daemon) -> None:
        super().__init__(settings, folder)
        self.daemon = daemon

    def spec(self, **values: Any) -> LaunchSpec:
        """A specification with a container; ``container`` gives changes of it."""
        wanted = {"image": IMAGE, "engine": self.daemon.host, **values.pop("container", {})}
        container = ContainerSpec(**wanted).to_json()
        return super().spec(**{"interpreter": "python", **values, "container": container})

    def of(self, run: RunFolder) -> list[dict[str, Any]]:
        """The containers of a run."""
        return [
            item
            for item in self.daemon.containers()
            if item["Labels"].get("ml_jupyter.run") == run.id
        ]

    def removes(self, run: RunFolder, timeout_s: float = 10.0) -> None:
        """Wait until a run has no container any more."""
        eventually(lambda: not self.of(run), timeout_s, f"the end of the containers of {run.id}")
