"""Taking in runs that ended elsewhere, with their own times."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Callable, Optional

from ml_jupyter import _ids
from ml_jupyter._files import storage_failed, write_json
from ml_jupyter.exceptions import NameTaken
from ml_jupyter.history import records, trash
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.history.records import ExperimentRecord, RunRecord
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder

#: Writes all of a run but its record into a folder, and gives the record for a run's number.
Fill = Callable[[RunLayout, int], RunRecord]


def adopt_run(
    workspace: WorkspaceFolder,
    experiment: ExperimentRecord,
    run_id: str,
    fill: Fill,
    replaced: Optional[RunFolder] = None,
) -> RunFolder:
    """Make a run that has its whole history at once; it appears whole or not at all.

    One process at a time may adopt a run of an id: the caller holds a lock.

    Parameters
    ----------
    workspace, experiment : WorkspaceFolder, ExperimentRecord
        Where it belongs.
    run_id : str
        Its id.
    fill : callable
        Writes ``events``, metrics and files, and returns the record.
    replaced : RunFolder, optional
        An older state of the same run, which goes to the trash; its number stays.

    Raises
    ------
    NameTaken
        The id is in use, and not by ``replaced``.
    StorageFailed
        The system refused to write; nothing is left behind.
    """
    layout = workspace.layout.run(experiment.id, _ids.check_run_id(run_id))
    parent = layout.path.parent
    temporary = parent / f".new-{run_id}.{os.getpid()}"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _sweep(parent, run_id)
        temporary.mkdir()
        number = workspace.take_numbers(experiment.id, 1) if replaced is None else None
        record = fill(RunLayout(temporary), number or _number_of(replaced))
        write_json(temporary / "run.json", records.to_json(record))
        if replaced is not None:
            trash.delete_run(workspace, replaced)
        if layout.path.exists():
            raise NameTaken(f"Run id {run_id!r} is in use.")
        os.rename(str(temporary), str(layout.path))
    except OSError as error:
        raise storage_failed(error, parent) from error
    finally:
        shutil.rmtree(str(temporary), ignore_errors=True)
    workspace.journal.note([(experiment.id, run_id)])
    return RunFolder(layout, workspace.journal, record)


def _number_of(run: Optional[RunFolder]) -> int:
    return 0 if run is None else run.record.number


def _sweep(parent: Path, run_id: str) -> None:
    """Remove what a killed process left of this run."""
    for path in parent.glob(f".new-{run_id}.*"):
        with suppress(OSError):
            shutil.rmtree(str(path))
