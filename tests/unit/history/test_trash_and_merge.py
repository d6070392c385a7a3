"""Deleting frees the disk later, and two copies of a workspace become one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ml_jupyter.exceptions import NameTaken, RunNotFound, UserErrorException
from ml_jupyter.history import lock, records, trash
from ml_jupyter.history.index import Index
from ml_jupyter.history.merge import merge
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder


def test_a_deleted_run_leaves_the_lists_and_can_come_back(
    tmp_path: Path, workspace: WorkspaceFolder, run: RunFolder
) -> None:
    index = Index(workspace, tmp_path / "cache")
    run.metric_log.log("loss", 1.0)
    with pytest.raises(UserErrorException, match="is Running"):
        trash.delete_run(workspace, run)
    run.set_status("Completed")
    trash.delete_run(workspace, run)
    assert index.query(RunQuery()).total == 0
    with pytest.raises(RunNotFound):
        workspace.run(run.id)
    assert trash.restore_run(workspace, run.id).series("loss").values == [1.0]
    assert index.query(RunQuery()).total == 1


def test_purging_frees_the_disk_after_its_days(workspace: WorkspaceFolder, run: RunFolder) -> None:
    run.layout.files.mkdir()
    (run.layout.files / "model.bin").write_bytes(b"x" * 100_000)
    run.set_status("Completed")
    place = trash.delete_run(workspace, run)
    assert trash.purge(workspace, older_than_days=7) == 0
    assert place.exists()
    deleted = trash.trashed(workspace)[0].deleted
    won = trash.purge(workspace, older_than_days=7, now=deleted + 8 * 86_400 * 10**9)
    assert won >= 100_000
    assert not place.exists()
    with pytest.raises(RunNotFound, match="not in the trash"):
        trash.restore_run(workspace, run.id)


def test_two_copies_are_merged(
    tmp_path: Path, workspace: WorkspaceFolder, experiment: ExperimentRecord, run: RunFolder
) -> None:
    both = workspace.create_run(experiment, "both", records.INTERACTIVE, "Running")
    shutil.copytree(workspace.layout.root, tmp_path / "copy")
    copy = WorkspaceFolder(tmp_path / "copy")
    there = copy.create_run(
        copy.create_experiment("only-there"), "there", records.INTERACTIVE, "Running"
    )
    there.metric_log.log("loss", 3.0)
    copy.run(run.id).metric_log.log("loss", 1.0)
    copy.run(run.id).set_status("Completed")
    copy.run(both.id).set_tags({"mine": "copy"})
    both.set_tags({"mine": "original"})

    report = merge(copy, workspace)

    assert (report.added, report.updated, report.conflicts) == (["there"], [run.id], [both.id])
    assert workspace.run("there").series("loss").values == [3.0]
    assert workspace.run(run.id).state().status == "Completed"
    assert workspace.run(both.id).state().tags == {"mine": "original"}
    assert {row.id for row in Index(workspace, tmp_path / "cache").query(RunQuery()).rows} == {
        "there",
        run.id,
        "both",
    }
    again = merge(copy, workspace)
    assert (again.added, again.updated, sorted(again.equal)) == ([], [], ["run-1", "there"])


def test_a_run_whose_children_live_under_its_lock_is_not_deleted(
    workspace: WorkspaceFolder,
    experiment: ExperimentRecord,
    run: RunFolder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Their lock would go with it, and every reader would take them for lost."""
    monkeypatch.setattr(trash, "_LAST_STEPS_S", 0.05)
    mark = f"{experiment.id}/{run.id}"
    held = lock.acquire(run.layout.lock)
    child = workspace.create_run(
        experiment, "child", records.INTERACTIVE, "Running", parent_id=run.id, lock=mark
    )
    run.set_status("Completed")
    with pytest.raises(UserErrorException, match="still going on"):
        trash.delete_run(workspace, run)
    assert not child.is_lost()
    held.release()
    trash.delete_run(workspace, run)


def test_what_was_deleted_does_not_replace_a_new_run_of_its_id(
    workspace: WorkspaceFolder, experiment: ExperimentRecord, run: RunFolder
) -> None:
    run.set_status("Completed")
    trash.delete_run(workspace, run)
    new = workspace.create_run(experiment, run.id, records.INTERACTIVE, "Running")
    with pytest.raises(NameTaken, match="another run"):
        trash.restore_run(workspace, run.id)
    assert new.state().status == "Running"


def test_a_merge_that_is_killed_leaves_no_half_of_a_file(
    tmp_path: Path, workspace: WorkspaceFolder, run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(workspace.layout.root, tmp_path / "copy")
    copy = WorkspaceFolder(tmp_path / "copy")
    copy.run(run.id).metric_log.log_many("loss", [1.0, 2.0])
    blob = copy.layout.snapshots / "blobs" / "ab" / "abc"
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"x" * 1000)
    real = shutil.copy2

    def killed(source: str, target: str) -> None:
        Path(target).write_bytes(Path(source).read_bytes()[:7])
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copy2", killed)
    with pytest.raises(KeyboardInterrupt):
        merge(copy, workspace)
    there = workspace.layout.snapshots / "blobs" / "ab" / "abc"
    assert not there.exists()
    monkeypatch.setattr(shutil, "copy2", real)
    assert merge(copy, workspace).updated == [run.id]
    assert there.read_bytes() == b"x" * 1000
    assert workspace.run(run.id).series("loss").values == [1.0, 2.0]
