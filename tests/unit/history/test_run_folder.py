"""A run's folder: changes seen by every reader, immutable properties, lost owners."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ml_jupyter import _time
from ml_jupyter.exceptions import (
    FolderCorrupt,
    FormatTooNew,
    NameTaken,
    RunLocked,
    RunNotFound,
    StorageFailed,
    UserErrorException,
)
from ml_jupyter.history import lock, records
from ml_jupyter.history.index import Index
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder


def test_another_object_sees_every_change(workspace: WorkspaceFolder, run: RunFolder) -> None:
    other = workspace.run(run.id)
    run.set_tags({"quality": "great", "plain": None})
    run.remove_tags(["quality", "never there"])
    run.add_properties({"author": "mara"})
    run.set_details(display_name="digits-sgd", description="first try", archived=True)
    run.add_children(["c1", "c2"])
    run.warn("slow disk")
    run.warn("slow disk")
    state = other.state()
    assert state.tags == {"plain": None}
    assert state.properties == {"author": "mara"}
    assert (state.display_name, state.description, state.archived) == (
        "digits-sgd",
        "first try",
        True,
    )
    assert (state.children, state.warnings) == (["c1", "c2"], ["slow disk"])


def test_failure_keeps_reason_error_and_exit_code(
    workspace: WorkspaceFolder, run: RunFolder
) -> None:
    error = {"code": "ValueError", "message": "bad lr", "traceback": "…"}
    run.set_status("Failed", reason="The script ended with exit code 1.", error=error, exit_code=1)
    state = workspace.run(run.id).state()
    assert (state.reason, state.error, state.exit_code) == (
        "The script ended with exit code 1.",
        error,
        1,
    )
    assert state.started is not None
    assert state.ended is not None
    assert state.ended >= state.started


def test_a_property_never_changes_and_a_bad_call_stores_nothing(run: RunFolder) -> None:
    run.add_properties({"author": "mara"})
    run.add_properties({"author": "mara"})
    with pytest.raises(UserErrorException, match=r"'author' .* is 'mara'"):
        run.add_properties({"new": "1", "author": "ines"})
    assert run.state().properties == {"author": "mara"}


def test_of_racing_writers_of_one_property_exactly_one_wins(
    workspace: WorkspaceFolder, run: RunFolder
) -> None:
    failures = []

    def write(value: str) -> None:
        try:
            workspace.run(run.id).add_properties({"owner": value})
        except UserErrorException:
            failures.append(value)

    threads = [threading.Thread(target=write, args=(str(i),)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failures) == 7
    assert run.state().properties["owner"] not in failures


def test_unknown_events_keys_and_torn_lines_are_passed_over(
    workspace: WorkspaceFolder, run: RunFolder
) -> None:
    run.set_tags({"a": "1"})
    with run.layout.events.open("ab") as file:
        file.write(
            b'{"e":"from the future","t":1}\nnot json\n'
            b'{"e":"tags","t":2,"set":{"b":"2"},"new":true}\n'
        )
        file.write(b'{"e":"tags","t":3,"se')
    assert workspace.run(run.id).state().tags == {"a": "1", "b": "2"}
    workspace.run(run.id).set_tags({"c": "3"})
    assert run.state().tags == {"a": "1", "b": "2", "c": "3"}


def test_a_line_glued_to_a_torn_one_is_found(workspace: WorkspaceFolder, run: RunFolder) -> None:
    run.layout.events.write_bytes(b'{"e":"tags","t":3,"se{"e":"tags","t":4,"set":{"d":"4"}}\n')
    assert workspace.run(run.id).state().tags == {"d": "4"}


@pytest.mark.parametrize(("version", "error"), [("2.0", FormatTooNew), ("x", FolderCorrupt)])
def test_other_major_formats_are_refused(
    run: RunFolder, version: str, error: type[Exception]
) -> None:
    value = json.loads(run.layout.record.read_text())
    run.layout.record.write_text(json.dumps({**value, "format": version}))
    with pytest.raises(error, match="format"):
        RunFolder(run.layout, run._journal)


def test_a_newer_minor_format_is_read(workspace: WorkspaceFolder, run: RunFolder) -> None:
    value = json.loads(run.layout.record.read_text())
    run.layout.record.write_text(json.dumps({**value, "format": "1.99", "new_key": 1}))
    assert workspace.run(run.id).record.number == 1


def test_a_broken_record_names_the_file(workspace: WorkspaceFolder, run: RunFolder) -> None:
    run.layout.record.write_text('{"id": "run-1"')
    with pytest.raises(FolderCorrupt, match=r"run\.json"):
        workspace.run(run.id)


def test_a_live_state_with_a_free_lock_is_lost_and_settled_once(
    workspace: WorkspaceFolder, run: RunFolder
) -> None:
    held = lock.acquire(run.layout.lock)
    assert not run.is_lost()
    assert not workspace.run(run.id).settle("Failed", reason="gone")
    held.release()
    assert run.is_lost()
    assert workspace.run(run.id).settle("Failed", reason="The process is gone.")
    assert not run.settle("Failed", reason="again")
    assert (run.state().status, run.state().reason) == ("Failed", "The process is gone.")


def test_a_killed_owner_frees_the_lock_and_its_forked_child_does_not_hold_it(
    run: RunFolder,
) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from ml_jupyter.history import lock\n"
        f"held = lock.acquire(Path({str(run.layout.lock)!r}))\n"
        "if os.fork() == 0: print(os.getpid(), flush=True)\n"
        "time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    worker = int(owner.stdout.readline())
    try:
        assert run.is_owned()
        owner.kill()
        owner.wait()
        os.kill(worker, 0)
        assert not run.is_owned()
    finally:
        os.kill(worker, 9)
        owner.stdout.close()


def test_children_share_the_lock_of_their_creator(
    workspace: WorkspaceFolder, experiment: ExperimentRecord, run: RunFolder
) -> None:
    child = workspace.create_run(
        experiment,
        "child",
        records.INTERACTIVE,
        "Running",
        parent_id=run.id,
        root_id=run.id,
        lock=f"{experiment.id}/{run.id}",
    )
    held = lock.acquire(run.layout.lock)
    assert child.is_owned()
    held.release()
    assert child.is_lost()


def test_waiting_for_a_lock_ends_at_its_deadline(tmp_path: Path) -> None:
    held = lock.acquire(tmp_path / "lock")
    with pytest.raises(RunLocked, match="held by another process"):
        lock.acquire(tmp_path / "lock", 0.05)
    held.release()
    lock.acquire(tmp_path / "lock", 0).release()


def test_a_clock_that_goes_back_harms_nothing(
    workspace: WorkspaceFolder, run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.metric_log.log("loss", 1.0)
    monkeypatch.setattr(_time, "now_ns", lambda: 1)
    run.metric_log.log("loss", 2.0)
    run.set_status("Completed")
    state = workspace.run(run.id).state()
    assert run.series("loss").values == [1.0, 2.0]
    assert state.status == "Completed"
    assert state.ended == state.started


@pytest.mark.parametrize("bad", ["../run-1", "a/b", "", ".hidden", "x" * 201, "nope"])
def test_ids_from_outside_cannot_leave_the_folder(
    workspace: WorkspaceFolder, run: RunFolder, bad: str
) -> None:
    with pytest.raises(RunNotFound):
        workspace.run(bad)


def test_lines_that_only_look_like_events_are_passed_over(
    tmp_path: Path, workspace: WorkspaceFolder, run: RunFolder
) -> None:
    """One odd line, of a tool or of a future version, must not make lists of runs unreadable."""
    odd = (
        '{"e":"tags","set":[1]}',
        '{"e":["tags"]}',
        '{"e":"state","s":["Completed"]}',
        '{"e":"state","s":"Failed","t":"soon"}',
        '{"e":"metric","shape":"row"}',
        '{"e":"child","ids":7}',
        '{"e":"properties","set":"x"}',
    )
    run.set_tags({"a": "b"})
    with run.layout.events.open("ab") as stream:
        stream.write("".join(f"{line}\n" for line in odd).encode())
    run.set_tags({"c": "d"})
    assert workspace.run(run.id).state().tags == {"a": "b", "c": "d"}
    assert workspace.run(run.id).state().status == "Running"
    index = Index(workspace, tmp_path / "cache")
    assert [row.id for row in index.query(RunQuery()).rows] == [run.id]
    index.close()


@pytest.mark.parametrize("outside", ["../../secret", "/etc/hostname", "another"])
def test_the_place_of_a_run_tells_its_ids_not_what_was_written_into_it(
    workspace: WorkspaceFolder, run: RunFolder, outside: str
) -> None:
    value = json.loads(run.layout.record.read_text("utf-8"))
    value.update(id=outside, experiment_id=outside, lock=f"{outside}/../{outside}")
    run.layout.record.write_text(json.dumps(value), "utf-8")
    found = workspace.run(run.id)
    assert (found.id, found.record.experiment_id) == (run.id, run.record.experiment_id)
    assert found.lock_path == run.layout.lock


def test_nothing_is_written_through_a_link(
    workspace: WorkspaceFolder, run: RunFolder, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine", "utf-8")
    run.layout.events.unlink(missing_ok=True)
    run.layout.events.symlink_to(outside)
    with pytest.raises(StorageFailed, match="events"):
        workspace.run(run.id).set_tags({"a": "b"})
    assert outside.read_text("utf-8") == "mine"


def test_what_a_killed_maker_left_does_not_take_the_id(
    workspace: WorkspaceFolder, experiment: ExperimentRecord
) -> None:
    runs = workspace.layout.runs / experiment.id
    for left in (".new-mine", f".new-mine.{os.getpid()}.{threading.get_ident()}"):
        (runs / left).mkdir(parents=True)
        (runs / left / "run.json").write_text("{", "utf-8")
    made = workspace.create_run(experiment, "mine", records.INTERACTIVE, "Running")
    assert made.state().status == "Running"
    with pytest.raises(NameTaken):
        workspace.create_run(experiment, "mine", records.INTERACTIVE, "Running")


def test_one_of_two_who_make_a_run_of_the_same_id_at_once_is_refused(
    workspace: WorkspaceFolder, experiment: ExperimentRecord
) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def make() -> None:
        start.wait()
        try:
            workspace.create_run(experiment, "same", records.INTERACTIVE, "Running")
            outcomes.append("made")
        except NameTaken:
            outcomes.append("taken")

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "taken", "taken", "taken"]
    assert [item for _, item in workspace.run_folders()] == ["same"]
