"""Starting interactive runs and child runs of this process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Tuple

from ml_jupyter import _ids
from ml_jupyter.exceptions import (
    MissingDependency,
    NameTaken,
    SnapshotException,
    UserErrorException,
)
from ml_jupyter.history import records, status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import snapshot
from ml_jupyter.jobs.git import GitQuery
from ml_jupyter.sdk import installed
from ml_jupyter.sdk.collecting import Collector, folders_of
from ml_jupyter.sdk.context import RUN_VARIABLE
from ml_jupyter.sdk.metric_writer import MetricWriter
from ml_jupyter.sdk.notices import warn
from ml_jupyter.sdk.ownership import OWNERSHIP, OwnedRun

if TYPE_CHECKING:
    from ml_jupyter.config import Settings
    from ml_jupyter.sdk.experiment import Experiment
    from ml_jupyter.sdk.run import Run

#: Target of runs that are no jobs.
SDK_TARGET = "sdk"
BATCH_NUMBER = "azureml.batch_child_number"


def start_interactive(
    experiment: Experiment,
    name: Optional[str] = None,
    run_id: Optional[str] = None,
    outputs: Any = None,
    snapshot_directory: Any = ".",
    display_name: Optional[str] = None,
    **_ignored: Any,
) -> Run:
    """Start an interactive run; see ``Experiment.start_logging``."""
    from ml_jupyter.sdk.run import Run

    experiment._check_active()
    workspace = experiment.workspace
    folder = workspace._folder
    new_id = _new_id(folder, run_id)
    folders = folders_of(outputs)
    facts, warnings = _source_facts(folder, workspace._settings, snapshot_directory)
    facts.update(display_name=display_name or name, target=SDK_TARGET)
    run = folder.create_run(
        experiment._record, new_id, records.INTERACTIVE, status.NOT_STARTED, **facts
    )
    OWNERSHIP.hold(run)
    run.set_status(status.RUNNING)
    started = Run._of(experiment, run, _take_charge(run, Collector(run, folders)))
    installed.note(folder, run, workspace._settings)
    for text in warnings:  # now that the run is sure of its end: a warning may be an error
        run.warn(text)
        warn(text)
    return started


def start_child(parent: Run, name: Optional[str], run_id: Optional[str], outputs: Any) -> Run:
    """Start one run below another; see ``Run.child_run``."""
    new_id = _new_id(parent._workspace._folder, run_id)
    folders = folders_of(outputs) if outputs is not None else []
    child = _start_below(parent, [new_id], [{"display_name": name}])[0]
    collector = Collector(child, folders) if folders else None
    return _as_run(parent, child, collector)


def start_children(
    parent: Run, count: Optional[int], tag_key: Optional[str], tag_values: Any
) -> List[Run]:
    """Start many runs below another at once; see ``Run.create_children``."""
    facts = _batch(count, tag_key, tag_values)
    ids = [_ids.new_uuid() for _ in facts]
    return [_as_run(parent, child, None) for child in _start_below(parent, ids, facts)]


def _batch(count: Optional[int], tag_key: Optional[str], tag_values: Any) -> List[Dict[str, Any]]:
    half = (tag_key is None) != (tag_values is None)
    if half or (count is None) == (tag_key is None):
        raise UserErrorException(
            "create_children() takes either count, or tag_key together with tag_values."
        )
    if count is None:
        return [{"tags": {str(tag_key): None if v is None else str(v)}} for v in tag_values]
    if type(count) is not int or count < 1:
        raise UserErrorException(f"count must be a whole number from 1 on, not {count!r}.")
    return [{"tags": {BATCH_NUMBER: str(number)}} for number in range(count)]


def _start_below(parent: Run, ids: List[str], facts: List[Dict[str, Any]]) -> List[RunFolder]:
    above = parent._folder
    record = above.record
    common = {"parent_id": above.id, "root_id": record.root_id or above.id, "target": SDK_TARGET}
    shared = _shared_lock(parent)
    made: List[RunFolder] = []
    if shared is None:  # nobody's lock stands for the first one: it holds its own
        made = _create(parent, ids[:1], facts[:1], {**common, "lock": None}, status.NOT_STARTED)
        OWNERSHIP.hold(made[0])
        made[0].set_status(status.RUNNING)
        shared = f"{record.experiment_id}/{ids[0]}"
    rest = len(made)
    made += _create(parent, ids[rest:], facts[rest:], {**common, "lock": shared}, status.RUNNING)
    above.add_children(ids)
    return made


def _create(
    parent: Run, ids: List[str], facts: List[Dict[str, Any]], common: Mapping[str, Any], first: str
) -> List[RunFolder]:
    folder, experiment = parent._workspace._folder, parent.experiment._record
    all_facts = [{**common, **item} for item in facts]
    return folder.create_runs(experiment, ids, records.INTERACTIVE, first, all_facts) if ids else []


def _shared_lock(parent: Run) -> Optional[str]:
    """The lock that stands for this process already: its own, or that of the job around it."""
    path = parent._folder.lock_path
    live = parent._folder.state().status in status.OWNED
    in_job = path.parent.name == os.environ.get(RUN_VARIABLE)
    if live and (in_job or OWNERSHIP.holds(path)):
        return f"{path.parent.parent.name}/{path.parent.name}"
    return None


def _as_run(parent: Run, child: RunFolder, collector: Optional[Collector]) -> Run:
    from ml_jupyter.sdk.run import Run

    return Run._of(parent.experiment, child, _take_charge(child, collector))


def _take_charge(run: RunFolder, collector: Optional[Collector]) -> MetricWriter:
    writer = MetricWriter(run)
    OWNERSHIP.add(OwnedRun(run, writer, collector))
    return writer


def _new_id(folder: WorkspaceFolder, run_id: Optional[str]) -> str:
    if run_id is None:
        return _ids.new_uuid()
    if folder.has_run(_ids.check_run_id(run_id)):
        raise NameTaken(f"Run id {run_id!r} is in use.")
    return run_id


def _source_facts(
    folder: WorkspaceFolder, values: Settings, directory: Any
) -> Tuple[Dict[str, Any], List[str]]:
    """Snapshot and Git facts of the folder that the notebook is in, and warnings; never fails."""
    if directory is None:
        return {}, []
    source = Path(os.path.abspath(str(directory)))
    git = GitQuery(source)
    bounds = snapshot.Bounds(values.interactive_snapshot_limit, values.interactive_snapshot_s)
    facts: Dict[str, Any] = {}
    properties: Dict[str, str] = {}
    warnings: List[str] = []
    try:
        taken = snapshot.take(folder.layout, values.cache, source, bounds)
        facts["snapshot_id"] = properties["ContentSnapshotId"] = taken.id
        properties[records.SOURCE_PROPERTY] = str(source)
        warnings.extend(taken.warnings)
    except (SnapshotException, MissingDependency) as error:
        warnings.append(f"The run has no snapshot: {error.message}")
    found = git.facts()
    facts["git"] = found.as_record()
    facts["properties"] = {**found.as_properties(), **properties}
    return facts, warnings
