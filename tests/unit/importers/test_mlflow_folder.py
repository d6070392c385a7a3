"""Importing an ``mlruns`` folder."""

from __future__ import annotations

import multiprocessing
import shutil
from pathlib import Path

import pytest

from ml_jupyter.exceptions import ImportSourceInvalid, RunLocked
from ml_jupyter.history import lock, trash
from ml_jupyter.importers import import_mlflow
from tests.unit.importers.conftest import BEGAN, put


@pytest.fixture
def two_runs(mlruns):
    experiment = mlruns.experiment("1", "team/first try")
    parent, child = mlruns.run(experiment, "aaa"), mlruns.run(experiment, "bbb", status=4)
    put(parent, "metrics/val/loss", "".join(f"{BEGAN + i} {1 / (i + 1)} {i}\n" for i in range(4)))
    put(parent, "metrics/bad", f"{BEGAN} nan 0\n{BEGAN} -inf 1 data digest\n")
    put(parent, "params/opt/lr", "0.1")
    put(parent, "tags/team", "blue")
    put(parent, "tags/mlflow.note.content", "why")
    put(parent, "tags/mlflow.source.git.commit", "abc")
    put(parent, "artifacts/notes/a.txt", "hello")
    put(child, "tags/mlflow.parentRunId", "aaa")
    return mlruns


def test_a_run_is_here_as_it_was_there(workspace, two_runs):
    report = import_mlflow(two_runs.root, workspace)
    assert (report.new, report.points, report.files, report.failed) == (2, 6, 1, [])
    run = workspace.run("aaa")
    state = run.state()
    assert (state.status, state.display_name, state.description) == ("Completed", "run aaa", "why")
    assert (state.started, state.ended) == (BEGAN * 10**6, (BEGAN + 1000) * 10**6)
    assert (run.record.user, run.record.git) == ("ada", {"commit": "abc"})
    assert state.properties == {"param.opt/lr": "0.1"}
    assert state.tags == {"team": "blue"}
    series = run.series("val/loss")
    assert list(series.steps) == [0, 1, 2, 3]
    assert list(series.times) == [(BEGAN + i) * 10**6 for i in range(4)]
    assert series.values == [1, 1 / 2, 1 / 3, 1 / 4]
    assert str(run.series("bad").values) == "[nan, -inf]"
    assert (run.layout.files / "notes/a.txt").read_text() == "hello"


def test_the_password_of_a_remote_is_left_there(workspace, two_runs):
    folder = two_runs.root / "1" / "aaa"
    put(folder, "tags/mlflow.source.git.repoURL", "https://ada:secret@example.org/a/b.git")
    import_mlflow(two_runs.root, workspace)
    run = workspace.run("aaa")
    assert run.record.git["repository"] == "https://example.org/a/b.git"
    kept = [path.read_bytes() for path in run.layout.path.rglob("*") if path.is_file()]
    assert not any(b"secret" in content for content in kept)


def test_children_are_below_their_parents(workspace, two_runs):
    import_mlflow(two_runs.root, workspace)
    child = workspace.run("bbb")
    assert (child.record.parent_id, child.record.root_id) == ("aaa", "aaa")
    assert child.state().status == "Failed"
    assert workspace.run("aaa").state().children == ["bbb"]


def test_experiments_keep_their_names_where_they_can(workspace, two_runs):
    two_runs.run(two_runs.experiment("2", "plain"), "ccc")
    import_mlflow(two_runs.root, workspace)
    tags = {item.name: item.tags for item in workspace.experiments()}
    assert tags.pop("plain") == {}
    assert list(tags.values()) == [{"ml_jupyter.mlflow.name": "team/first try"}]


def test_all_runs_go_into_one_experiment_when_asked(workspace, two_runs):
    two_runs.run(two_runs.experiment("2", "plain"), "ccc")
    import_mlflow(two_runs.root, workspace, experiment="history")
    assert [item.name for item in workspace.experiments()] == ["history"]
    assert len(list(workspace.run_folders())) == 3


def test_a_second_import_adds_nothing(workspace, two_runs):
    import_mlflow(two_runs.root, workspace)
    report = import_mlflow(two_runs.root, workspace)
    assert (report.new, report.renewed, report.unchanged, report.points) == (0, 0, 2, 0)
    assert len(workspace.run("aaa").series("val/loss")) == 4


def test_what_went_on_there_is_read_again_and_changes_here_stay(workspace, two_runs):
    import_mlflow(two_runs.root, workspace)
    before = workspace.run("aaa")
    before.set_tags({"mine": "1"})
    before.set_details(display_name="renamed")
    path = two_runs.root / "1" / "aaa" / "metrics" / "val" / "loss"
    path.write_text(path.read_text() + f"{BEGAN + 9} 0.01 9\n")
    report = import_mlflow(two_runs.root, workspace)
    assert (report.new, report.renewed, report.unchanged) == (0, 1, 1)
    run = workspace.run("aaa")
    assert len(run.series("val/loss")) == 5
    assert run.state().tags == {"team": "blue", "mine": "1"}
    assert run.state().display_name == "renamed"
    assert run.record.number == before.record.number
    assert len(trash.trashed(workspace)) == 1


def test_a_run_that_has_not_ended_is_said_to_be_so(workspace, mlruns):
    run = mlruns.run(mlruns.experiment("1", "x"), "aaa", status=1, end_time=None)
    put(run, "metrics/loss", f"{BEGAN + 5000} 1 0\n{BEGAN + 6000} 0.")
    put(run, "metrics/torn", f"{BEGAN + 5000} 1 0\n{BEGAN}")
    import_mlflow(mlruns.root, workspace)
    state = workspace.run("aaa").state()
    assert state.status == "Canceled"
    assert "had not ended" in state.reason
    assert state.ended == (BEGAN + 6000) * 10**6


def test_deleted_runs_are_archived(workspace, mlruns):
    mlruns.run(mlruns.experiment("1", "x"), "aaa", lifecycle_stage="deleted")
    mlruns.run(mlruns.experiment(".trash/2", "y"), "bbb")
    import_mlflow(mlruns.root, workspace)
    assert workspace.run("aaa").state().archived
    assert workspace.run("bbb").state().archived


def test_a_broken_run_is_named_and_the_others_come(workspace, two_runs):
    put(two_runs.root / "1" / "bbb", "metrics/loss", "1 2 3\nnonsense\n1 2 3\n")
    report = import_mlflow(two_runs.root, workspace)
    assert report.new == 1
    [(where, why)] = report.failed
    assert where.endswith("bbb")
    assert "metrics/loss, line 2" in why
    assert [path.name for path in workspace.layout.runs.glob("*/*")] == ["aaa"]


@pytest.mark.parametrize(
    "meta",
    ["run_id: [", "[]", "run_id: bbb\nstatus: [3]\n", "run_id: bbb\nstart_time: noon\n"],
    ids=["yaml", "list", "status", "time"],
)
def test_a_run_with_damaged_facts_is_named_and_the_others_come(workspace, two_runs, meta):
    folder = two_runs.root / "1" / "bbb"
    (folder / "meta.yaml").write_text(meta)
    report = import_mlflow(two_runs.root, workspace)
    assert report.new == 1
    [(where, why)] = report.failed
    assert where == str(folder)
    assert str(folder) in why


def test_damaged_experiments_and_models_are_named_and_the_others_come(workspace, two_runs):
    two_runs.experiment("2", "x")
    damaged = [
        two_runs.root / "2",
        two_runs.root / "models/a",
        two_runs.root / "models/b/version-1",
    ]
    for folder in damaged:
        put(folder, "meta.yaml", "creation_timestamp: noon\nname: [\n")
    put(damaged[1], "version-1/meta.yaml", "version: first\n")
    put(two_runs.root, "models/b/meta.yaml", "name: b\n")
    report = import_mlflow(two_runs.root, workspace)
    assert report.new == 2
    expected = [*damaged, damaged[1] / "version-1"]
    assert sorted(where for where, _ in report.failed) == sorted(map(str, expected))


def test_a_run_that_was_restored_there_is_restored_here(workspace, mlruns):
    experiment = mlruns.experiment("1", "x")
    run = mlruns.run(experiment, "aaa", lifecycle_stage="deleted")
    import_mlflow(mlruns.root, workspace)
    assert workspace.run("aaa").state().archived
    shutil.rmtree(run)
    mlruns.run(experiment, "aaa")
    assert import_mlflow(mlruns.root, workspace).renewed == 1
    assert not workspace.run("aaa").state().archived


def test_a_run_of_somebody_else_is_left_alone(workspace, two_runs):
    experiment = workspace.create_experiment("ours")
    workspace.create_run(experiment, "aaa", "azureml.interactiverun", "Completed")
    report = import_mlflow(two_runs.root, workspace)
    assert "not imported from mlflow" in report.failed[0][1]
    assert workspace.run("aaa").record.experiment == "ours"


def test_a_moved_folder_brings_its_artifacts(workspace, two_runs, tmp_path):
    moved = tmp_path / "elsewhere" / "mlruns"
    moved.parent.mkdir()
    shutil.move(two_runs.root, moved)
    assert import_mlflow(moved.parent, workspace).files == 1


def test_artifacts_of_another_machine_are_passed_over_and_said(workspace, mlruns):
    mlruns.run(mlruns.experiment("1", "x"), "aaa", artifact_uri="s3://bucket/1/aaa/artifacts")
    report = import_mlflow(mlruns.root, workspace)
    assert report.new == 1
    assert "s3://bucket/1/aaa/artifacts" in report.left[0][1]


def test_links_out_of_the_artifacts_are_not_followed_into_folders(workspace, two_runs, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("x")
    (two_runs.root / "1" / "aaa" / "artifacts" / "link").symlink_to(outside)
    assert import_mlflow(two_runs.root, workspace).files == 1


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nowhere", "no file or folder"),
        ("http://server:5000", "not on this machine"),
        ("empty", "neither"),
        (".", "neither"),
        ("empty/text", "no SQLite database"),
    ],
)
def test_a_wrong_source_is_named(workspace, tmp_path, monkeypatch, source, said):
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("empty/text").write_text("hello")
    with pytest.raises(ImportSourceInvalid, match=said):
        import_mlflow(source, workspace)


def test_two_imports_at_a_time_are_refused(workspace, two_runs):
    held = lock.acquire(workspace.layout.root / ".import", 0)
    try:
        with pytest.raises(RunLocked, match="going on"):
            import_mlflow(two_runs.root, workspace)
    finally:
        held.release()


def _import_and_die(root: Path, source: Path) -> None:
    import os
    import signal

    from ml_jupyter.history.workspace import WorkspaceFolder
    from ml_jupyter.importers import run_writer

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    run_writer.RunWriter.add_folder = die  # type: ignore[method-assign]
    import_mlflow(source, WorkspaceFolder(root))


def test_a_killed_import_goes_on_where_it_was(workspace, two_runs):
    context = multiprocessing.get_context("spawn")
    child = context.Process(target=_import_and_die, args=(workspace.layout.root, two_runs.root))
    child.start()
    child.join(60)
    assert child.exitcode == -9
    left = list(workspace.layout.runs.glob("*/.new-*"))
    assert len(left) == 1
    assert list(workspace.run_folders()) == []
    report = import_mlflow(two_runs.root, workspace)
    assert report.new == 2
    assert list(workspace.layout.runs.glob("*/.new-*")) == []


def test_models_are_registered_once(workspace, mlruns):
    run = mlruns.run(mlruns.experiment("1", "x"), "aaa")
    put(run, "artifacts/model/MLmodel", "flavors:\n  sklearn:\n    sklearn_version: 1.9.1\n")
    put(run, "artifacts/model/model.pkl", "pickled")
    model = mlruns.root / "models" / "digits"
    put(model, "meta.yaml", "name: digits\ncreation_timestamp: 5\n")
    put(model, "aliases/champion", "2")
    facts = f"name: digits\nversion: 2\ncreation_timestamp: 6\nsource: {run}/artifacts/model\n"
    put(model, "version-2/meta.yaml", f"{facts}run_id: aaa\n")
    put(model, "version-2/tags/stage", "trial")
    report = import_mlflow(mlruns.root, workspace)
    assert report.models == 1
    assert report.left == [("model digits:2", "It is version 1 here.")]
    assert import_mlflow(mlruns.root, workspace).models == 0
    from ml_jupyter.models.store import ModelStore

    [record] = ModelStore(workspace.layout).list()
    assert (record.framework, record.framework_version) == ("ScikitLearn", "1.9.1")
    assert (record.run_id, record.tags) == ("aaa", {"stage": "trial"})
    assert {item.path for item in record.files} == {"model/MLmodel", "model/model.pkl"}


def test_progress_is_told(workspace, two_runs):
    told: list[tuple[int, int]] = []
    import_mlflow(
        two_runs.root, workspace, progress=lambda done, all_, _: told.append((done, all_))
    )
    assert told == [(0, 2), (1, 2), (2, 2)]
