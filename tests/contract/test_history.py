"""Our own reader keeps the contract of history readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ml_jupyter.history import stream
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.parameters import parameters_of
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.testing.history import HistoryReaderContract, ReadRun

_STATE = (
    "status", "reason", "error", "exit_code", "tags", "properties", "display_name",
    "description", "archived", "warnings", "children", "started", "ended",
)  # fmt: skip


class RunFolderReader:
    """A run's folder, opened through its workspace."""

    def __init__(self, folder: Path) -> None:
        workspace = WorkspaceFolder(folder.parents[2])
        self._run = workspace.run(folder.name, folder.parent.name)

    def facts(self) -> Mapping[str, Any]:
        return asdict(self._run.record)

    def state(self) -> Mapping[str, Any]:
        state = self._run.state()
        return {**{name: getattr(state, name) for name in _STATE}, "noted": state.facts}

    def parameters(self) -> Mapping[str, str]:
        return parameters_of(self._run.state())

    def metric_names(self) -> Sequence[str]:
        return list(self._run.metric_names())

    def points(self, name: str) -> Sequence[tuple[int, Any]]:
        series = self._run.series(name)
        return list(zip(series.steps, series.values, strict=True))

    def structured(self, name: str) -> Sequence[Mapping[str, Any]]:
        return self._run.structured(name)

    def log(self, offset: int = 0) -> bytes:
        return stream.read(self._run.layout.files / STD_LOG, offset)


class TestRunFolder(HistoryReaderContract):
    """``history.run_folder.RunFolder``."""

    def read(self, folder: Path) -> ReadRun:
        return RunFolderReader(folder)
