"""A workspace with a source folder and a real queue, for tests that run jobs."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ml_jupyter.config import Settings
from ml_jupyter.history import status, stream
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.records import RunRecord
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import submit
from ml_jupyter.testing.isolation import engine_processes, eventually, job_processes


class JobLab:
    """Submits scripts given as text, and waits for what becomes of them."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.workspace = WorkspaceFolder.create(folder / "workspace", "lab")
        self.experiment = self.workspace.create_experiment("digits")
        self.source = folder / "source"
        self.source.mkdir()

    def spec(self, **values: Any) -> LaunchSpec:
        """A specification with a short grace period."""
        return LaunchSpec.of(self.settings, **{"grace_s": 2.0, **values})

    def submit(
        self,
        text: str,
        *,
        name: str = "job.py",
        parent: RunRecord | None = None,
        display_name: str | None = None,
        definition: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> RunFolder:
        """Submit ``text`` as a script."""
        path = self.source / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
        spec = self.spec(script=name, **values)
        return self._submit(spec, parent, display_name, definition)

    def shell(self, command: str, **values: Any) -> RunFolder:
        """Submit a shell command."""
        return self._submit(self.spec(command=command, **values), None, None, None)

    def _submit(
        self,
        spec: LaunchSpec,
        parent: RunRecord | None,
        display_name: str | None,
        definition: Mapping[str, Any] | None,
    ) -> RunFolder:
        return submit(
            self.workspace, self.settings, self.experiment, spec,
            source=self.source, definition=definition or {},
            parent=parent, display_name=display_name,
        )  # fmt: skip

    def reaches(self, run: RunFolder, *states: str, timeout_s: float = 20.0) -> str:
        """The first of ``states`` that the run reaches."""
        what = f"run {run.id} reaching {' or '.join(states)} (it is {run.state().status})"
        eventually(lambda: run.state().status in states, timeout_s, what)
        return run.state().status

    def ends(self, run: RunFolder, timeout_s: float = 20.0) -> str:
        """The run's final state."""
        return self.reaches(run, *status.TERMINAL, timeout_s=timeout_s)

    def log(self, run: RunFolder) -> bytes:
        """The terminal's log so far."""
        return stream.read(run.layout.files / STD_LOG)

    def prints(self, run: RunFolder, text: bytes, timeout_s: float = 20.0) -> None:
        """Wait until the log holds ``text``."""
        eventually(lambda: text in self.log(run), timeout_s, f"{text!r} in the log of {run.id}")

    def is_gone(self, run: RunFolder) -> bool:
        """Whether no process of the run is left, and nothing but its record."""
        return not job_processes(self.settings, run.id) and not run.is_owned()

    def vanishes(self, run: RunFolder, timeout_s: float = 5.0) -> None:
        """Wait until the run has left no process behind."""
        eventually(lambda: self.is_gone(run), timeout_s, f"the end of all processes of {run.id}")

    def dispatcher(self) -> int:
        """Process id of the dispatcher."""
        return int(self.dispatcher_facts()["pid"])

    def dispatcher_facts(self) -> dict[str, Any]:
        """What the dispatcher says of itself."""
        import json

        value: dict[str, Any] = json.loads((self.settings.runtime / "dispatcher.json").read_bytes())
        return value

    def supervisors(self) -> set[int]:
        """Process ids of the supervisors: those that hold a file of a run open.

        What asks a Python for its packages beside a job has the same command line.
        """
        found = engine_processes(self.settings) - {self.dispatcher()}
        return {pid for pid in found if _holds_file_below(pid, self.workspace.layout.runs)}

    def kill(self, pids: set[int], number: int = signal.SIGKILL) -> None:
        """Send a signal to processes of ours."""
        for pid in pids:
            os.kill(pid, number)


def _holds_file_below(pid: int, folder: Path) -> bool:
    for name in _listed(f"/proc/{pid}/fd"):
        with contextlib.suppress(OSError):  # closed meanwhile
            if folder in Path(f"/proc/{pid}/fd/{name}").readlink().parents:
                return True
    return False


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:  # ended meanwhile
        return []


PYTHON = sys.executable
