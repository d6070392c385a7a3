"""One run's folder: its present state, and every change that may be made to it."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from ml_jupyter import _ids, _time
from ml_jupyter._files import read_json
from ml_jupyter.exceptions import RunNotFound, UserErrorException
from ml_jupyter.history import events, lock, metrics, records, status, stream
from ml_jupyter.history.append import Appender
from ml_jupyter.history.events import RunState
from ml_jupyter.history.journal import Journal
from ml_jupyter.history.layout import RunLayout, WorkspaceLayout
from ml_jupyter.history.metric_log import MetricLog
from ml_jupyter.history.metrics import Name, Series
from ml_jupyter.history.records import RunRecord


class RunFolder:
    """Reads and changes one run. Any process may open any run; threads may share one object.

    Parameters
    ----------
    layout : RunLayout
        The run's folder, which exists.
    journal : Journal
        Where changes are announced.

    Raises
    ------
    RunNotFound
        There is no such folder.
    FolderCorrupt, FormatTooNew
        ``run.json`` cannot be read.
    """

    def __init__(
        self, layout: RunLayout, journal: Journal, record: Optional[RunRecord] = None
    ) -> None:
        self.layout = layout
        self._journal = journal
        self.record = record if record is not None else read_record(layout)
        self._events = Appender(layout.events)
        self._state = RunState.initial(self.record)
        self._metrics = str(layout.metrics)
        self._names: Dict[str, Name] = {}
        self._names_end = 0
        self._reading = threading.RLock()
        self.metric_log = MetricLog(layout, self._events)

    @property
    def id(self) -> str:
        """Id of the run."""
        return self.record.id

    # -- reading

    def state(self) -> RunState:
        """The state now. The object goes on being updated by later calls; do not change it."""
        with self._reading:
            if stream.size(self.layout.events) != self._state.end:
                if stream.size(self.layout.events) < self._state.end:
                    self._state = RunState.initial(self.record)
                entries, end = events.read(self.layout.events, self._state.end)
                for _, entry in entries:
                    self._state.apply(entry)
                self._state.end = end
            return self._state

    def metric_names(self) -> Dict[str, Name]:
        """Metrics of the run by name, in the order of their first use. Do not change it."""
        path = self.layout.metric_names
        with self._reading:
            size = stream.size(path)
            if size < self._names_end:
                self._names, self._names_end = {}, 0
            if size != self._names_end:
                found, self._names_end = metrics.read_names(path, self._names_end)
                names = dict(self._names)  # who holds the old ones may be walking through them
                for item in found.values():
                    names.setdefault(item.name, item)
                self._names = names
            return self._names

    def series(self, name: str, offset: int = 0, first_index: int = 0) -> Series:
        """The points of a scalar metric from byte ``offset`` on; empty when there are none."""
        # As text: joining paths takes as long as opening a file, and some runs have 1,000 of them.
        path = f"{self._metrics}/{_ids.metric_file(name)}"
        return metrics.read_series(path, self._value_at, offset, first_index)

    def last_value(self, name: str) -> Tuple[int, Any]:
        """Number of points of a scalar metric and its last value."""
        return metrics.last_value(self.layout.metrics / _ids.metric_file(name), self._value_at)

    def structured(self, name: str) -> List[Dict[str, Any]]:
        """Entries of a row, table, image or chart, oldest first (docs/run-folder.md)."""
        return list(self.state().structured.get(name, ()))

    def _value_at(self, offset: int) -> Any:
        return events.value_at(self.layout.events, offset)

    # -- liveness

    @property
    def lock_path(self) -> Path:
        """The lock that tells whether the run's owner is alive."""
        parts = (self.record.lock or "").split("/")
        if len(parts) != 2 or ".." in parts:
            return self.layout.lock
        return self.layout.path.parent.parent.joinpath(*parts, "lock")

    def is_owned(self) -> bool:
        """Whether some process holds the run's lock."""
        return lock.is_held(self.lock_path)

    def is_lost(self) -> bool:
        """Whether the run is in a state that needs an owner, and has none."""
        return self.state().status in status.OWNED and not self.is_owned()

    # -- changing

    def set_status(
        self,
        new: str,
        *,
        reason: Optional[str] = None,
        error: Optional[Mapping[str, Any]] = None,
        exit_code: Optional[int] = None,
    ) -> RunState:
        """Move the run to another state, if the table allows it; on disk when this returns.

        Parameters
        ----------
        new : str
            The state to come.
        reason : str, optional
            Why, in one plain sentence.
        error : mapping, optional
            ``code``, ``message`` and ``traceback`` of a failure.
        exit_code : int, optional
            How the job's process ended; negative: the signal that ended it.

        Raises
        ------
        IllegalTransition
            The present state does not allow it; nothing was written.
        """
        with lock.exclusive(self.layout.events):
            status.check_move(self.id, self.state().status, new)
            self._append_state(new, reason, error, exit_code)
        return self._announce()

    def move_if(self, expected: Iterable[str], new: str, **facts: Any) -> bool:
        """As ``set_status``, if the present state is one of ``expected``; else False."""
        with lock.exclusive(self.layout.events):
            if self.state().status not in tuple(expected):
                return False
            status.check_move(self.id, self.state().status, new)
            self._append_state(new, facts.get("reason"), facts.get("error"), facts.get("exit_code"))
        self._announce()
        return True

    def set_reason(self, reason: Optional[str]) -> None:
        """Say why the run is in its present state; the same reason again writes nothing."""
        with lock.exclusive(self.layout.events):
            state = self.state()
            if state.reason == reason or state.ended_at_all:
                return
            self._append(events.STATE, s=state.status, reason=reason)
        self._announce()

    def settle(self, new: str, *, reason: str, error: Optional[Mapping[str, Any]] = None) -> bool:
        """End a run whose owner is gone. Takes the lock, looks again, and only then writes.

        Returns
        -------
        bool
            False when somebody owns the run after all, or has ended it.
        """
        from ml_jupyter.exceptions import RunLocked

        try:
            held = lock.acquire(self.lock_path, 0)
        except RunLocked:
            return False
        try:
            return self.move_if(status.OWNED, new, reason=reason, error=error)
        finally:
            held.release()

    def set_tags(self, tags: Mapping[str, Optional[str]]) -> None:
        """Add or overwrite tags; in any state."""
        if tags:
            self._append(events.TAGS, set=dict(tags))
            self._announce()

    def remove_tags(self, keys: Iterable[str]) -> None:
        """Remove tags; unknown keys are passed over."""
        self._append(events.TAGS, remove=list(keys))
        self._announce()

    def add_properties(self, properties: Mapping[str, str]) -> None:
        """Add properties, which never change afterwards; the same value again is accepted.

        Raises
        ------
        UserErrorException
            A key exists with another value; none of the keys is stored.
        """
        with lock.exclusive(self.layout.events):
            present = self.state().properties
            for key, value in properties.items():
                if present.get(key, value) != value:
                    raise UserErrorException(
                        f"Property {key!r} of run {self.id} is {present[key]!r} "
                        f"and cannot be changed to {value!r}.",
                        hint="Properties are immutable; use a tag for what may change.",
                    )
            new = {key: value for key, value in properties.items() if key not in present}
            if not new:
                return
            self._append(events.PROPERTIES, set=new)
        self._announce()

    def set_details(self, **details: Any) -> None:
        """Change ``display_name``, ``description`` or ``archived``."""
        self._append(events.DETAILS, **details)
        self._announce()

    def add_children(self, ids: Iterable[str]) -> None:
        """Note that runs were made below this one."""
        self._append(events.CHILD, ids=list(ids))

    def warn(self, text: str) -> None:
        """Keep a warning with the run; the same text is kept once."""
        if text not in self.state().warnings:
            self._append(events.WARNING, text=text)
            self._announce()

    def note(self, **facts: Any) -> None:
        """Keep facts that the software noted of the run, JSON by key; the last value counts.

        Known keys: ``placement``, ``ranks``, ``finding`` (docs/run-folder.md).
        """
        self._append(events.FACTS, set=facts)
        self._announce()

    def announce_metrics(self) -> None:
        """Tell the index that metrics have changed; states announce themselves."""
        self._announce()

    def flush(self) -> None:
        """Wait until the events are on the disk."""
        self._events.sync()

    def close(self) -> None:
        """Close the descriptors; a later call opens the files again."""
        self.metric_log.close()
        self._events.close()

    def _append_state(
        self,
        new: str,
        reason: Optional[str],
        error: Optional[Mapping[str, Any]],
        exit_code: Optional[int],
    ) -> None:
        facts: Dict[str, Any] = {"s": new}
        if reason is not None:
            facts["reason"] = reason
        if error is not None:
            facts["error"] = dict(error)
        if exit_code is not None:
            facts["exit_code"] = exit_code
        self._append(events.STATE, **facts)
        self._events.sync()
        if new in status.TERMINAL:
            self.close()

    def _append(self, kind: str, **values: Any) -> None:
        self._events.append(events.encode(kind, _time.now_ns(), **values))

    def _announce(self) -> RunState:
        self._journal.note([(self.record.experiment_id, self.id)])
        return self.state()


def read_record(layout: RunLayout) -> RunRecord:
    """The record of a run's folder, whose place tells the ids: a folder may be another's copy.

    Raises
    ------
    RunNotFound
        No such folder, or a folder that was copied only in part and lacks ``run.json``.
    """
    try:
        value = read_json(layout.record)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise RunNotFound(f"There is no run {layout.run_id!r} in this workspace.") from error
    record = records.from_json(RunRecord, value, str(layout.record))
    if (record.id, record.experiment_id) == (layout.run_id, layout.experiment_id):
        return record
    return replace(record, id=layout.run_id, experiment_id=layout.experiment_id)


def open_run(
    workspace: WorkspaceLayout, journal: Journal, run_id: str, experiment_id: Optional[str] = None
) -> RunFolder:
    """Open a run by its id; the experiment is searched for when it is not given.

    Raises
    ------
    RunNotFound
        No run of this id.
    """
    try:
        _ids.check_run_id(run_id)
    except UserErrorException as error:
        raise RunNotFound(str(error)) from error
    if experiment_id is not None:
        return RunFolder(workspace.run(experiment_id, run_id), journal)
    if workspace.runs.is_dir():
        for folder in workspace.runs.iterdir():
            if (folder / run_id / "run.json").exists():
                return RunFolder(RunLayout(folder / run_id), journal)
    raise RunNotFound(f"There is no run {run_id!r} in workspace folder {workspace.root}.")
