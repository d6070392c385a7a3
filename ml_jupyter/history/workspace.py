"""A workspace folder: making and opening it, its experiments, and making runs in it."""

from __future__ import annotations

import getpass
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Iterator, List, Mapping, Optional, Sequence, Tuple

from ml_jupyter import _ids, _time
from ml_jupyter._files import read_json, storage_failed, write_json
from ml_jupyter.exceptions import (
    ExperimentNotFound,
    FolderCorrupt,
    NameTaken,
    RunNotFound,
    UserErrorException,
    WorkspaceException,
    WorkspaceNotFound,
)
from ml_jupyter.history import lock, records
from ml_jupyter.history.append import Appender
from ml_jupyter.history.journal import Journal, host_name
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.records import ExperimentRecord, RunRecord, WorkspaceRecord
from ml_jupyter.history.run_folder import RunFolder, open_run
from ml_jupyter.history.run_maker import write_run


class WorkspaceFolder:
    """An open workspace. Cheap to make; holds no descriptor until something is written.

    Parameters
    ----------
    root : Path
        Folder that holds ``workspace.json``.

    Raises
    ------
    WorkspaceNotFound
        No ``workspace.json`` there.
    FormatTooNew, FolderCorrupt, WorkspaceException
        It cannot be read.
    """

    def __init__(self, root: Path) -> None:
        self.layout = WorkspaceLayout(Path(os.path.abspath(str(root))))
        try:
            value = read_json(self.layout.record)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise WorkspaceNotFound(f"There is no workspace in {self.layout.root}.") from error
        except OSError as error:  # another user's, a disk that is failing: others can be listed
            raise WorkspaceException(
                f"The workspace in {self.layout.root} cannot be read: {error.strerror}."
            ) from error
        self.record = records.from_json(WorkspaceRecord, value, str(self.layout.record))
        try:
            _ids.check_run_id(self.record.id)  # it becomes a part of paths
        except UserErrorException as error:
            raise FolderCorrupt(f"{self.layout.record} has no valid id.") from error
        self.journal = Journal(self.layout.journal)

    @classmethod
    def create(cls, root: Path, name: str, **facts: Any) -> WorkspaceFolder:
        """Make a workspace, private to the user (0700).

        Raises
        ------
        WorkspaceException
            The folder already holds one.
        StorageFailed
            The folder cannot be made.
        """
        _ids.check_name(name, "Workspace")
        layout = WorkspaceLayout(Path(root))
        try:
            layout.root.mkdir(parents=True, exist_ok=True)
            with lock.exclusive(layout.root / ".create"):
                if layout.record.exists():
                    raise WorkspaceException(f"{layout.root} already holds a workspace.")
                layout.root.chmod(0o700)
                for folder in (layout.journal, layout.experiments, layout.runs, layout.queue):
                    folder.mkdir(exist_ok=True)
                record = WorkspaceRecord(_ids.new_uuid(), name, _time.now_ns(), **facts)
                write_json(layout.record, records.to_json(record))
        except OSError as error:
            raise storage_failed(error, layout.root) from error
        return cls(layout.root)

    @property
    def id(self) -> str:
        """Id of the workspace: the same in every copy of it."""
        return self.record.id

    # -- experiments

    def create_experiment(self, name: str) -> ExperimentRecord:
        """The experiment of this name, made when it is not there.

        Raises
        ------
        UserErrorException
            Not a valid name.
        """
        _ids.check_name(name, "Experiment")
        found = self.find_experiment(name)
        if found is not None:
            return found
        record = ExperimentRecord(_ids.experiment_id(self.id, name), name, _time.now_ns())
        if self._experiment_path(record.id).exists():
            record = ExperimentRecord(_ids.new_uuid(), name, _time.now_ns())
        with self._experiments_locked():
            found = self.find_experiment(name)
            if found is None:
                write_json(self._experiment_path(record.id), records.to_json(record))
        return found or record

    def find_experiment(self, name: str) -> Optional[ExperimentRecord]:
        """The experiment of this name, or None."""
        try:
            record = self.experiment(_ids.experiment_id(self.id, name))
            if record.name == name:
                return record
        except ExperimentNotFound:
            pass
        return next((item for item in self.experiments() if item.name == name), None)

    def experiment(self, experiment_id: str) -> ExperimentRecord:
        """The experiment of this id.

        Raises
        ------
        ExperimentNotFound
            There is none.
        """
        _ids.check_run_id(experiment_id)
        path = self._experiment_path(experiment_id)
        try:
            return _experiment_in(path)
        except FileNotFoundError as error:
            raise ExperimentNotFound(f"There is no experiment {experiment_id!r}.") from error

    def experiments(self) -> List[ExperimentRecord]:
        """All experiments, archived ones too, oldest first."""
        paths = self.layout.experiments.glob("*.json")
        return sorted(map(_experiment_in, paths), key=lambda item: (item.created, item.name))

    def update_experiment(self, experiment_id: str, **changes: Any) -> ExperimentRecord:
        """Change ``name``, ``archived``, ``description`` or ``tags`` of an experiment.

        ``set_tags`` and ``remove_tags`` change single tags, whoever else changes others.

        Raises
        ------
        NameTaken
            Another experiment has the new name.
        """
        with self._experiments_locked():
            value = records.to_json(self.experiment(experiment_id))
            name = changes.get("name", value["name"])
            if name != value["name"]:
                _ids.check_name(name, "Experiment")
                if self.find_experiment(name) is not None:
                    raise NameTaken(f"There is already an experiment {name!r}.")
            tags = {**value["tags"], **changes.pop("set_tags", {})}
            gone = changes.pop("remove_tags", ())
            value["tags"] = {key: text for key, text in tags.items() if key not in gone}
            value.update(changes)
            write_json(self._experiment_path(experiment_id), value)
        return self.experiment(experiment_id)

    def delete_experiment(self, experiment_id: str) -> None:
        """Delete an experiment that has no runs.

        Raises
        ------
        UserErrorException
            It has runs.
        """
        record = self.experiment(experiment_id)
        folder = self.layout.runs / experiment_id
        if folder.is_dir() and any(folder.iterdir()):
            raise UserErrorException(
                f"Experiment {record.name!r} has runs.",
                hint="Archive it, or delete its runs first.",
            )
        for path in self.layout.experiments.glob(f"{experiment_id}.*"):
            path.unlink()

    def _experiment_path(self, experiment_id: str) -> Path:
        return self.layout.experiments / f"{experiment_id}.json"

    def _experiments_locked(self) -> Any:
        try:
            self.layout.experiments.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_failed(error, self.layout.experiments) from error
        return lock.exclusive(self.layout.experiments / ".lock")

    # -- runs --------------------

    def create_run(
        self,
        experiment: ExperimentRecord,
        run_id: str,
        type_: str,
        status: str,
        *,
        launch: Optional[Mapping[str, Any]] = None,
        **facts: Any,
    ) -> RunFolder:
        """Make a run. Its folder appears in one step, whole.

        Parameters
        ----------
        experiment : ExperimentRecord
            Where it belongs.
        run_id : str
            Its id, not in use in this workspace.
        type_, status : str
            Kind of run and first state.
        launch : mapping, optional
            Private instructions to start it, readable by the user alone.
        **facts
            Further fields of RunRecord.

        Raises
        ------
        NameTaken
            The id is in use.
        StorageFailed
            The system refused to write; no run is left behind.
        """
        return self.create_runs(experiment, [run_id], type_, status, [facts], launch=launch)[0]

    def create_runs(
        self,
        experiment: ExperimentRecord,
        run_ids: Sequence[str],
        type_: str,
        status: str,
        facts: Sequence[Mapping[str, Any]],
        *,
        launch: Optional[Mapping[str, Any]] = None,
    ) -> List[RunFolder]:
        """Make many runs at once; ``facts`` has one mapping a run. See ``create_run``."""
        parent = self.layout.runs / experiment.id
        created, user, host = _time.now_ns(), user_name(), host_name()
        made = []
        try:
            parent.mkdir(parents=True, exist_ok=True)
            first = self.take_numbers(experiment.id, len(run_ids))
            for index, run_id in enumerate(run_ids):
                record = RunRecord(
                    id=_ids.check_run_id(run_id),
                    number=first + index,
                    experiment_id=experiment.id,
                    experiment=experiment.name,
                    type=type_,
                    created=created + index,
                    status=status,
                    user=user,
                    host=host,
                    **facts[index],
                )
                made.append(write_run(parent, record, launch, self.journal))
        except OSError as error:
            raise storage_failed(error, parent) from error
        self.journal.note((experiment.id, run_id) for run_id in run_ids)
        return made

    def take_numbers(self, experiment_id: str, count: int) -> int:
        """First of ``count`` new numbers: a byte of the file is a run, so no lock is needed."""
        counter = Appender(self.layout.experiments / f"{experiment_id}.count")
        try:
            return counter.append_at(b"\n" * count) + 1
        finally:
            counter.close()

    def run(self, run_id: str, experiment_id: Optional[str] = None) -> RunFolder:
        """Open a run.

        Raises
        ------
        RunNotFound
            No run of this id.
        """
        return open_run(self.layout, self.journal, run_id, experiment_id)

    def has_run(self, run_id: str) -> bool:
        """Whether there is a run of this id."""
        try:
            self.run(run_id)
        except RunNotFound:
            return False
        return True

    def run_folders(self) -> Iterator[Tuple[str, str]]:
        """All runs as (experiment id, run id), in no order; unfinished copies are left out."""
        if not self.layout.runs.is_dir():
            return
        for experiment in self.layout.runs.iterdir():
            for folder in experiment.iterdir() if experiment.is_dir() else ():
                if not folder.name.startswith(".") and (folder / "run.json").exists():
                    yield experiment.name, folder.name


def user_name() -> str:
    """Who this process belongs to, as records name people."""
    try:
        return getpass.getuser()
    except (
        Exception
    ):  # no entry for this user id and no variable that names it, as in some containers
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"


def _experiment_in(path: Path) -> ExperimentRecord:
    """The experiment of a file, whose name tells the id."""
    return replace(records.from_json(ExperimentRecord, read_json(path), str(path)), id=path.stem)
