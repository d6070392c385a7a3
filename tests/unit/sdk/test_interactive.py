"""Interactive runs in this process: states, ``with``, tags, properties, names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Experiment, Run
from ml_jupyter.exceptions import NameTaken, RunNotFound, UserErrorException


def start(experiment: Experiment, **values: Any) -> Run:
    return experiment.start_logging(**{"outputs": False, "snapshot_directory": None, **values})


def test_a_run_is_running_at_once_and_completes(experiment: Experiment) -> None:
    run = experiment.start_logging()
    assert (run.status, run.get_status(), run.number) == ("Running", "Running", 1)
    assert run.type == "azureml.interactiverun"
    details = run.get_details()
    assert (details["target"], details["status"]) == ("sdk", "Running")
    assert "endTimeUtc" not in details
    assert "runDefinition" not in details
    run.complete()
    run.complete()
    details = run.get_details()
    assert details["status"] == "Completed"
    assert details["endTimeUtc"] >= details["startTimeUtc"]


def test_the_snapshot_is_kept_and_can_be_restored(experiment: Experiment, here: Path) -> None:
    (here / "notes.txt").write_text("keep me", "utf-8")
    run = experiment.start_logging(outputs=False)
    run.complete()
    path = run.restore_snapshot(path=here / "back")
    assert Path(path).name == f"{run.get_snapshot_id()}.zip"
    assert run.get_properties()["ContentSnapshotId"] == run.get_snapshot_id()
    bare = start(experiment)
    bare.complete()
    assert bare.get_snapshot_id() is None
    with pytest.raises(UserErrorException, match="no snapshot"):
        bare.restore_snapshot()


def test_a_large_folder_goes_without_snapshot(
    experiment: Experiment, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ML_JUPYTER_INTERACTIVE_SNAPSHOT_LIMIT", "10")
    (here / "data.bin").write_bytes(b"x" * 100)
    workspace = type(experiment.workspace).get("lab")
    with pytest.warns(UserWarning, match="no snapshot"):
        run = Experiment(workspace, "explore-runs").start_logging(outputs=False)
    run.complete()
    assert run.get_snapshot_id() is None
    assert "no snapshot" in run.get_details()["warnings"][0]["message"]


def test_with_marks_success_failure_and_exit(experiment: Experiment) -> None:
    with start(experiment) as run:
        run.log("x", 1)
    assert run.status == "Completed"
    with pytest.raises(KeyError), start(experiment) as failed:
        raise KeyError("lr")
    error = failed.get_details()["error"]["error"]
    assert failed.get_status() == "Failed"
    assert (error["code"], error["message"]) == ("KeyError", "KeyError: 'lr'")
    assert "Traceback" in error["details"][0]["message"]
    with start(experiment) as swallowed:
        raise SystemExit(0)
    assert swallowed.get_status() == "Completed"
    with pytest.raises(SystemExit), start(experiment) as ended:
        raise SystemExit(3)
    assert ended.get_status() == "Failed"


def test_a_run_that_ended_inside_with_stays_as_it_is(experiment: Experiment) -> None:
    with start(experiment) as run:
        run.cancel()
    assert run.get_status() == "Canceled"
    with start(experiment) as run:
        run.fail("not good enough", "quality")
    assert run.get_details()["error"]["error"] == {"code": "quality", "message": "not good enough"}


def test_terminal_states_keep_what_they_are(experiment: Experiment) -> None:
    run = start(experiment)
    run.complete()
    run.fail("wrong script")
    assert run.get_status() == "Failed"
    with pytest.warns(UserWarning, match="is Failed already"):
        run.fail("again")
    assert run.get_details()["error"]["error"]["message"] == "wrong script"
    with pytest.raises(UserErrorException, match="is Failed"):
        run.complete()
    with pytest.warns(UserWarning, match="cannot be canceled"):
        run.cancel()
    assert run.get_status() == "Failed"


def test_status_may_be_stale_and_get_status_is_not(experiment: Experiment) -> None:
    """Surface 9.9."""
    run = start(experiment)
    same = Run.get(experiment.workspace, run.id)
    run.complete()
    assert same.status == "Running"
    assert same.get_status() == "Completed"
    assert same.status == "Completed"


def test_tags_in_any_state(experiment: Experiment) -> None:
    run = start(experiment)
    run.tag("quality", "great run")
    run.tag("quality", "fantastic run")
    run.tag("Competition Rank", 1)
    run.tag("worth another look")
    run.complete()
    run.set_tags({"late": 2.5})
    expected = {
        "quality": "fantastic run",
        "Competition Rank": "1",
        "worth another look": None,
        "late": "2.5",
    }
    assert run.get_tags() == run.tags == expected
    run.get_tags()["x"] = "changed copy"
    assert "x" not in run.get_tags()
    assert run.remove_tags(["quality", "unknown", "late"]) == {
        "Competition Rank": "1",
        "worth another look": None,
    }


def test_properties_never_change(experiment: Experiment) -> None:
    """Surface 9.13: the same value is fine, another one raises and stores nothing."""
    run = start(experiment)
    run.add_properties({"author": "azureml-user", "rank": 1})
    run.add_properties({"author": "azureml-user"})
    run.add_properties({})
    with pytest.raises(UserErrorException, match="author"):
        run.add_properties({"new": "x", "author": "different-user"})
    assert run.get_properties() == {"author": "azureml-user", "rank": "1"}
    run.complete()


def test_names_and_description_can_be_set(experiment: Experiment) -> None:
    run = start(experiment, display_name="first", run_id="my-run.1")
    assert (run.id, run.name, run.description) == ("my-run.1", "first", None)
    run.display_name, run.description = "second", "about it"
    same = Run(experiment, "my-run.1")
    assert (same.display_name, same.description) == ("second", "about it")
    with pytest.raises(NameTaken, match=r"my-run\.1"):
        start(experiment, run_id="my-run.1")
    run.complete()


def test_opening_what_is_not_there(experiment: Experiment) -> None:
    run = start(experiment)
    run.complete()
    with pytest.raises(RunNotFound, match="nothing"):
        Run.get(experiment.workspace, "nothing")
    with pytest.raises(RunNotFound, match="other"):
        Run(Experiment(experiment.workspace, "other"), run.id)
    with pytest.raises(RunNotFound):
        experiment.workspace.get_run("../../etc")
    assert experiment.workspace.get_run(run.id) == run


def test_views_of_a_run_are_escaped(experiment: Experiment) -> None:
    run = start(experiment, display_name="<script>alert(1)</script>")
    run.log("<b>", 1)
    run.complete()
    text = run._repr_html_()
    assert "<script" not in text
    assert "<b>" not in text
    assert "&lt;b&gt;" in text
    assert run.id in repr(run)
    assert experiment.name in experiment._repr_html_()


def test_outputs_is_made_here_and_only_new_files_are_taken(
    experiment: Experiment, here: Path
) -> None:
    (here / "outputs").mkdir()
    (here / "outputs" / "old.txt").write_text("from before", "utf-8")
    run = experiment.start_logging(snapshot_directory=None)
    (here / "outputs" / "new.txt").write_text("made now", "utf-8")
    (here / "logs").mkdir()
    (here / "logs" / "events").write_bytes(b"1")
    run.complete()
    assert run.get_file_names() == ["logs/events", "outputs/new.txt"]
    assert (here / "outputs" / "old.txt").exists()


def test_several_folders_or_none(experiment: Experiment, here: Path) -> None:
    run = experiment.start_logging(outputs=["models", "plots/a"], snapshot_directory=None)
    (here / "models" / "m.bin").write_bytes(b"m")
    (here / "plots" / "a" / "p.png").write_bytes(b"p")
    run.complete()
    assert run.get_file_names() == ["models/m.bin", "plots/a/p.png"]
    assert not (here / "outputs").exists()
    with pytest.raises(UserErrorException, match="outputs must be"):
        experiment.start_logging(outputs=3)


def test_an_explicit_upload_wins_over_the_collected_file(
    experiment: Experiment, here: Path
) -> None:
    """Surface 9.4."""
    run = experiment.start_logging(snapshot_directory=None)
    (here / "outputs" / "same.txt").write_text("same", "utf-8")
    (here / "outputs" / "other.txt").write_text("first", "utf-8")
    run.upload_file("outputs/same.txt", here / "outputs" / "same.txt")
    run.upload_file("outputs/other.txt", here / "outputs" / "other.txt")
    (here / "outputs" / "other.txt").write_text("changed later", "utf-8")
    run.complete()
    run.download_file("outputs/other.txt", here / "back.txt")
    assert (here / "back.txt").read_text("utf-8") == "first"
    warnings = [item["message"] for item in run.get_details()["warnings"]]
    assert warnings == [
        "outputs/other.txt was uploaded by hand with other content, which was kept."
    ]


def test_where_no_folder_can_be_made_the_run_goes_without(
    experiment: Experiment, here: Path
) -> None:
    """A file in its place stands for a folder of notebooks that cannot be written."""
    (here / "outputs").write_text("not a folder")
    with pytest.warns(RuntimeWarning, match="outputs cannot be made here"):
        run = experiment.start_logging(snapshot_directory=None)
    run.log("loss", 1.0)
    run.complete()
    assert run.get_status() == "Completed"
    assert "outputs cannot be made" in run.get_details()["warnings"][0]["message"]
