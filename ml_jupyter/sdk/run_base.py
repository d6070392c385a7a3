"""What all parts of a run stand on: its folder, and the writer of its metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional, cast

from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.sdk.metric_writer import MetricWriter

if TYPE_CHECKING:
    from ml_jupyter.history.query import RunRow
    from ml_jupyter.sdk.experiment import Experiment
    from ml_jupyter.sdk.run import Run
    from ml_jupyter.sdk.workspace import Workspace


class RunBase:
    """A run's place on disk. Only ``Run`` is made of it."""

    def _adopt(
        self,
        workspace: Workspace,
        run_id: str,
        experiment: Optional[Experiment],
        folder: Optional[RunFolder],
        writer: Optional[MetricWriter] = None,
    ) -> None:
        self._workspace = workspace
        self._id = run_id
        self._row: Optional[RunRow] = None
        self._known_experiment = experiment
        self._opened = folder
        self._known_writer = writer
        self._is_job = False
        self._seen = "" if folder is None else folder.state().status

    @property
    def _run(self) -> Run:
        """The same object, for functions that take a whole run."""
        return cast("Run", self)

    @property
    def _folder(self) -> RunFolder:
        if self._opened is None:
            self._opened = self._workspace._folder.run(
                self._id, None if self._row is None else self._row.experiment_id
            )
        return self._opened

    @property
    def _writer(self) -> MetricWriter:
        if self._known_writer is None:
            self._known_writer = MetricWriter(self._folder)
        return self._known_writer

    @property
    def id(self) -> str:
        """Id of the run, unique in its workspace."""
        return self._id
