"""Workspaces and experiments: made once, found by all, moved, copied, refused when too new."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ml_jupyter.exceptions import (
    FolderCorrupt,
    FormatTooNew,
    NameTaken,
    UserErrorException,
    WorkspaceException,
    WorkspaceNotFound,
)
from ml_jupyter.history import records
from ml_jupyter.history.index import Index
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder


def test_a_workspace_is_private_and_made_once(tmp_path: Path, workspace: WorkspaceFolder) -> None:
    assert stat.S_IMODE(workspace.layout.root.stat().st_mode) == 0o700
    with pytest.raises(WorkspaceException, match="already holds"):
        WorkspaceFolder.create(workspace.layout.root, "again")
    with pytest.raises(WorkspaceNotFound, match="no workspace"):
        WorkspaceFolder(tmp_path / "nothing")


@pytest.mark.parametrize("written", ["../../secret", "/etc/hostname", ""])
def test_what_is_written_into_records_leads_nowhere(
    workspace: WorkspaceFolder, experiment: ExperimentRecord, written: str
) -> None:
    path = workspace.layout.experiments / f"{experiment.id}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "id": written}))
    assert [item.id for item in workspace.experiments()] == [experiment.id]
    assert workspace.experiment(experiment.id).id == experiment.id
    value = json.loads(workspace.layout.record.read_text())
    workspace.layout.record.write_text(json.dumps({**value, "id": written}))
    with pytest.raises(FolderCorrupt, match=r"workspace\.json has no valid id"):
        WorkspaceFolder(workspace.layout.root)


def test_a_newer_major_workspace_is_refused(workspace: WorkspaceFolder) -> None:
    value = json.loads(workspace.layout.record.read_text())
    workspace.layout.record.write_text(json.dumps({**value, "format": "9.0"}))
    with pytest.raises(FormatTooNew, match=r"format 9\.0"):
        WorkspaceFolder(workspace.layout.root)


def test_an_experiment_has_one_id_whoever_makes_it(
    workspace: WorkspaceFolder, experiment: ExperimentRecord
) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from ml_jupyter.history.workspace import WorkspaceFolder\n"
        "print(WorkspaceFolder(Path(sys.argv[1])).create_experiment('digits').id)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, str(workspace.layout.root)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == experiment.id


@pytest.mark.parametrize("name", ["", "-x", "a b", "ü", "a/b", "x" * 256])
def test_bad_names_are_refused(workspace: WorkspaceFolder, name: str) -> None:
    with pytest.raises(UserErrorException, match="not valid"):
        workspace.create_experiment(name)


def test_a_renamed_experiment_frees_its_name(
    workspace: WorkspaceFolder, experiment: ExperimentRecord
) -> None:
    workspace.create_experiment("other")
    with pytest.raises(NameTaken):
        workspace.update_experiment(experiment.id, name="other")
    workspace.update_experiment(experiment.id, name="digits-old")
    again = workspace.create_experiment("digits")
    assert again.id != experiment.id
    assert workspace.find_experiment("digits-old") == workspace.experiment(experiment.id)


def test_an_experiment_with_runs_is_not_deleted(
    workspace: WorkspaceFolder, experiment: ExperimentRecord, run: RunFolder
) -> None:
    with pytest.raises(UserErrorException, match="has runs"):
        workspace.delete_experiment(experiment.id)
    empty = workspace.create_experiment("empty")
    workspace.delete_experiment(empty.id)
    assert [item.name for item in workspace.experiments()] == ["digits"]


def test_numbers_count_within_the_experiment(
    workspace: WorkspaceFolder, experiment: ExperimentRecord, run: RunFolder
) -> None:
    made = workspace.create_runs(experiment, ["a", "b"], records.INTERACTIVE, "Running", [{}, {}])
    assert [run.record.number, *(item.record.number for item in made)] == [1, 2, 3]


def test_an_id_is_used_once_and_no_half_run_is_left(
    workspace: WorkspaceFolder, experiment: ExperimentRecord, run: RunFolder
) -> None:
    with pytest.raises(NameTaken, match="run-1"):
        workspace.create_run(experiment, run.id, records.INTERACTIVE, "Running")
    assert list(workspace.run_folders()) == [(experiment.id, run.id)]
    assert [path.name for path in run.layout.path.parent.iterdir()] == ["run-1"]


def test_launch_instructions_are_private(
    workspace: WorkspaceFolder, experiment: ExperimentRecord
) -> None:
    run = workspace.create_run(
        experiment, "q", records.SCRIPT, "Queued", launch={"env": {"TOKEN": "x"}}
    )
    assert stat.S_IMODE(run.layout.launch.stat().st_mode) == 0o600
    assert json.loads(run.layout.launch.read_text()) == {"env": {"TOKEN": "x"}}


def test_a_moved_workspace_opens_with_all_its_runs(
    tmp_path: Path, workspace: WorkspaceFolder, run: RunFolder
) -> None:
    run.set_tags({"kept": "yes"})
    run.metric_log.log("loss", 0.5)
    Index(workspace, tmp_path / "cache").refresh()
    moved = tmp_path / "elsewhere" / "renamed"
    shutil.move(str(workspace.layout.root), str(moved))
    opened = WorkspaceFolder(moved)
    assert [row.tags for row in Index(opened, tmp_path / "cache").query(RunQuery()).rows] == [
        {"kept": "yes"}
    ]
    assert opened.run(run.id).series("loss").values == [0.5]


def test_a_copy_cut_off_half_way_opens(
    tmp_path: Path, workspace: WorkspaceFolder, experiment: ExperimentRecord, run: RunFolder
) -> None:
    second = workspace.create_run(experiment, "run-2", records.INTERACTIVE, "Running")
    second.set_tags({"a": "1"})
    run.metric_log.log_many("loss", [1.0, 2.0])
    copy = tmp_path / "copy"
    shutil.copytree(workspace.layout.root, copy)
    half = WorkspaceFolder(copy)
    half.run(second.id).layout.record.unlink()
    series = next(
        path for path in half.run(run.id).layout.metrics.iterdir() if path.name != "names"
    )
    series.write_bytes(series.read_bytes()[:40])
    assert half.run(run.id).series("loss").values == [1.0]
    assert [row.id for row in Index(half, tmp_path / "cache").query(RunQuery()).rows] == ["run-1"]


def test_a_workspace_that_cannot_be_read_is_told_as_one(
    tmp_path: Path, workspace: WorkspaceFolder
) -> None:
    """Lists of workspaces pass such ones over; an unreadable one must not hide all others."""
    broken = tmp_path / "broken"
    (broken / "workspace.json").mkdir(parents=True)  # unreadable for the superuser too
    with pytest.raises(WorkspaceException, match="cannot be read: Is a directory"):
        WorkspaceFolder(broken)


def test_tags_of_an_experiment_set_at_once_are_all_kept(
    workspace: WorkspaceFolder, experiment: ExperimentRecord
) -> None:
    def change(number: int) -> None:
        folder = WorkspaceFolder(workspace.layout.root)
        folder.update_experiment(experiment.id, set_tags={f"t{number}": str(number)})
        if number % 2:
            folder.update_experiment(experiment.id, remove_tags=[f"t{number}"])

    threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert workspace.experiment(experiment.id).tags == {"t0": "0", "t2": "2", "t4": "4", "t6": "6"}
