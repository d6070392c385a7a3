"""Making, opening and changing runs on behalf of MLflow."""

from __future__ import annotations

import os
import threading
import uuid
from collections import OrderedDict
from contextlib import suppress
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Optional, Tuple

from mlflow.entities import Metric, RunStatus
from mlflow.exceptions import MlflowException
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME, MLFLOW_RUN_NOTE

from ml_jupyter.exceptions import IllegalTransition, MlJupyterError, RunNotFound, UserErrorException
from ml_jupyter.history import records, status
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.git import without_credentials
from ml_jupyter.mlflow import entities, versions
from ml_jupyter.mlflow.errors import missing, translated, wrong, wrong_state
from ml_jupyter.mlflow.latest import LatestMetrics
from ml_jupyter.mlflow.liveness import LIVENESS

#: Target of runs that MLflow made. Who starts a run ends it: others' states MLflow leaves alone.
TARGET = "mlflow"
_KEPT = 10_000
_STATES = {"FINISHED": status.COMPLETED, "FAILED": status.FAILED, "KILLED": status.CANCELED}


class OpenRun:
    """A run that this process has looked at, with what it has read of it."""

    __slots__ = ("_events", "_size", "archived", "ended", "folder", "latest")

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self.latest = LatestMetrics(folder)
        self._events = str(folder.layout.events)
        self._size = -2
        self.archived = self.ended = False

    def look(self) -> bool:
        """See whether the run is archived or ended by now; False when it is not there any more.

        One system call where nothing has changed: every point that is logged comes by here.
        """
        try:
            size = os.stat(self._events).st_size
        except OSError:
            if not os.path.exists(self.folder.layout.record):
                return False
            size = -1
        if size != self._size:
            state = self.folder.state()
            self.archived, self.ended, self._size = state.archived, state.ended_at_all, size
        return True


class Runs:
    """The runs of one workspace. Threads may share it."""

    def __init__(self, workspace: WorkspaceFolder) -> None:
        self._workspace = workspace
        self._guard = threading.Lock()
        self._open: OrderedDict[str, OpenRun] = OrderedDict()

    # -- finding

    def get(self, run_id: str, our_experiment: Optional[str] = None) -> OpenRun:
        """An existing run.

        Raises
        ------
        MlflowException
            There is none.
        """
        item = self._open.get(run_id)
        if item is not None and item.look():
            return item
        try:
            item = OpenRun(self._workspace.run(run_id, our_experiment))
        except RunNotFound as error:
            raise missing(f"Run '{run_id}' not found") from error
        item.look()
        with self._guard:
            self._open[run_id] = item
            if len(self._open) > _KEPT:
                self._open.popitem(last=False)
        return item

    def active(self, run_id: str) -> OpenRun:
        """An existing run that is not deleted.

        Raises
        ------
        MlflowException
            There is none, or it is deleted.
        """
        item = self.get(run_id)
        if item.archived:
            raise wrong_state(f"The run {run_id} must be in the 'active' state, but is 'deleted'.")
        return item

    def of_experiment(self, our_id: str) -> Iterator[OpenRun]:
        """All runs of an experiment that can be read, in no order."""
        folder = self._workspace.layout.runs / our_id
        names = os.listdir(folder) if folder.is_dir() else []
        for name in names:
            if not name.startswith("."):
                with suppress(MlJupyterError, OSError, MlflowException):  # being deleted, or broken
                    yield self.get(name, our_id)

    # -- making

    def create(
        self,
        experiment: ExperimentRecord,
        tags: Dict[str, str],
        *,
        user: str,
        start_ms: Optional[int],
        name: str,
    ) -> RunFolder:
        """Start a run, which this process then keeps alive."""
        facts: Dict[str, Any] = {"target": TARGET, "display_name": name}
        parent = self._parent(tags)
        if parent is not None:
            facts["parent_id"] = parent.id
            facts["root_id"] = parent.record.root_id or parent.id
            facts["lock"] = LIVENESS.shared_with(parent)
        with translated():
            run = self._workspace.create_run(
                experiment, uuid.uuid4().hex, records.INTERACTIVE, status.NOT_STARTED, **facts
            )
            LIVENESS.take(run)
            run.set_status(status.RUNNING)
            if parent is not None:
                parent.add_children([run.id])
        noted = {entities.START: start_ms, "mlflow.user": user or None}
        self.set_tags(run, {**tags, MLFLOW_RUN_NAME: name}, noted)
        return run

    def _parent(self, tags: Mapping[str, str]) -> Optional[RunFolder]:
        """The run above: the one that MLflow names, else that of the job in which this happens."""
        wanted = tags.get(MLFLOW_PARENT_RUN_ID)
        if wanted:
            return self.get(wanted).folder
        here = os.environ.get("ML_JUPYTER_WORKSPACE")
        job = os.environ.get("ML_JUPYTER_RUN_ID")
        if job and here and os.path.realpath(here) == os.path.realpath(self._workspace.layout.root):
            with suppress(MlflowException):
                return self.get(job).folder
        return None

    # -- changing

    def move(self, run: RunFolder, wanted: Optional[str], end_ms: Optional[int]) -> None:
        """Bring a run into a state of MLflow's, if MLflow made it."""
        if wanted is None or run.record.target != TARGET:
            return
        state = run.state()
        if wanted == "RUNNING" and not state.ended_at_all:
            LIVENESS.take(run)
            return
        ours = _STATES.get(wanted)
        noted: Dict[str, Any] = {entities.STATUS: None, entities.END: end_ms if ours else None}
        try:
            if ours is None:
                noted[entities.STATUS] = wanted
            elif state.status != ours:
                run.set_status(ours, reason=_reason(wanted))
        except IllegalTransition:  # ended otherwise before; MLflow may change its mind, we do not
            noted[entities.STATUS] = wanted
        if any(state.facts.get(key) != value for key, value in noted.items()):
            run.note(**noted)
        if ours is not None:
            LIVENESS.drop(run)
            run.close()

    def set_tags(
        self, run: RunFolder, tags: Mapping[str, str], noted: Optional[Mapping[str, Any]] = None
    ) -> None:
        """Set tags: the user's as tags, the name and the note as such, MLflow's own as facts."""
        facts = {key: value for key, value in (noted or {}).items() if value is not None}
        details, plain = {}, {}
        for key, value in tags.items():
            if key == MLFLOW_RUN_NAME:
                details["display_name"] = value
            elif key == MLFLOW_RUN_NOTE:
                details["description"] = value
            elif key.startswith(entities.TAG):
                # A remote of Git may hold a token, and a run is shown to others.
                facts[key] = without_credentials(value)
            else:
                plain[key] = value
        if details.get("display_name") == run.state().display_name:
            del details["display_name"]
        with translated():
            if details:
                run.set_details(**details)
            if facts:
                run.note(**facts)
            run.set_tags(plain)

    def remove_tag(self, run: RunFolder, key: str) -> None:
        """Remove a tag.

        Raises
        ------
        MlflowException
            The run has none of this key.
        """
        state = run.state()
        with translated():
            if key in state.tags:
                run.remove_tags([key])
            elif state.facts.get(key) is not None and key.startswith(entities.TAG):
                run.note(**{key: None})
            elif key == MLFLOW_RUN_NOTE and state.description:
                run.set_details(description=None)
            else:
                raise missing(f"No tag with name: {key} in run with id {run.id}")

    def add_params(self, run: RunFolder, params: Mapping[str, str]) -> None:
        """Add parameters, which never change.

        Raises
        ------
        MlflowException
            One has another value already; none was stored.
        """
        present = entities.params(run.state())
        changed = [key for key, value in params.items() if present.get(key, value) != value]
        if changed:
            raise wrong(_changed_param(run.id, changed[0], present[changed[0]], params))
        try:
            run.add_properties({entities.PARAM + key: value for key, value in params.items()})
        except UserErrorException as error:  # another process was faster
            raise wrong(f"Changing param values is not allowed. {error.message}") from error

    def add_metrics(self, run: OpenRun, metrics: Iterable[Metric]) -> None:
        """Append points, in the order given for each metric; each is in the kernel at the end.

        When MLflow logs a model it sends points of the run again to tie them to the model; as in
        MLflow's own store a run has each of them once.
        """
        by_name: Dict[str, List[Tuple[int, int, float]]] = {}
        for item in metrics:
            point = (int(item.step or 0), int(item.timestamp) * 1_000_000, float(item.value))
            if versions.model_of(item) is None or not run.latest.holds(item.key, point):
                by_name.setdefault(item.key, []).append(point)
        with translated():
            for name, points in by_name.items():
                run.folder.metric_log.log_points(name, points)
            if run.ended:  # an index looks at it again only when it is told to
                run.folder.announce_metrics()


def status_name(value: Any) -> Optional[str]:
    """MLflow's word of a status given as a number or a word."""
    if value is None:
        return None
    return str(value) if isinstance(value, str) else str(RunStatus.to_string(value))


def _reason(wanted: str) -> Optional[str]:
    return None if wanted == "FINISHED" else f"MLflow ended the run as {wanted}."


def _changed_param(run_id: str, key: str, old: str, params: Mapping[str, str]) -> str:
    return (
        f"Changing param values is not allowed. Param with key='{key}' was already logged with "
        f"value='{old}' for run ID='{run_id}'. Attempted logging new value '{params[key]}'."
    )
