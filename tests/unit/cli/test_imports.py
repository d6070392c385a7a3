"""``mlj import``."""

from __future__ import annotations

import sys

import pytest
import yaml

from ml_jupyter.cli.main import main


def _store(folder):
    run = folder / "mlruns" / "1" / "aaa"
    (run / "metrics").mkdir(parents=True)
    (run.parent / "meta.yaml").write_text(yaml.safe_dump({"name": "first"}))
    meta = {"run_id": "aaa", "status": 3, "start_time": 1000, "end_time": 2000}
    (run / "meta.yaml").write_text(yaml.safe_dump(meta))
    (run / "metrics" / "loss").write_text("1000 0.5 0\n")
    return folder / "mlruns"


def test_runs_are_brought_in(mlj, tmp_path):
    report = mlj("import", "mlflow", str(_store(tmp_path)), "-o", "json")
    assert (report["new"], report["points"]) == (1, 1)
    assert mlj("run", "show", "-r", "aaa")["status"] == "Completed"


def test_people_get_sentences(workspace, tmp_path, capsys):
    assert main(["import", "mlflow", str(_store(tmp_path)), "-w", workspace.name]) == 0
    said = capsys.readouterr()
    assert said.out == "1 runs: 1 new, 0 renewed, 0 unchanged.\n1 points, 0 files, 0 models.\n"
    assert said.err == ""


def test_what_cannot_be_read_is_told_and_the_status_is_1(workspace, tmp_path, capsys):
    path = _store(tmp_path) / "1" / "aaa" / "metrics" / "loss"
    path.write_text("x y z\n")
    assert main(["import", "mlflow", str(tmp_path), "-w", workspace.name]) == 1
    assert f"{path}, line 1" in capsys.readouterr().out


def test_a_wrong_source_has_status_2(workspace, tmp_path, capsys):
    assert main(["import", "mlflow", str(tmp_path), "-w", workspace.name]) == 2
    assert "neither" in capsys.readouterr().err


def test_event_files_and_offline_runs_are_brought_in(mlj, tmp_path):
    from tests.unit.importers.test_tensorboard import scalar_pb, write
    from tests.unit.importers.test_wandb import ended, history, log, run

    write(tmp_path / "logs", (0, scalar_pb("loss", 1.0)))
    assert mlj("import", "tensorboard", str(tmp_path / "logs"), "-o", "json")["new"] == 1
    (tmp_path / "wandb").mkdir()
    (tmp_path / "wandb" / "run-abc.wandb").write_bytes(log(run(), history(0, loss=1), ended()))
    report = mlj("import", "wandb", str(tmp_path / "wandb"), "-e", "mine", "-o", "json")
    assert report["new"] == 1
    assert {item["name"] for item in mlj("experiment", "list")} == {"logs", "mine"}


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("sqlite:///x.db",), 1, "Exporting to MLflow needs the package 'mlflow'"),
        (("ml-jupyter:///x",), 2, "is a workspace"),
        (("sqlite:///x.db", "-e", "nothing"), 3, "no experiment 'nothing'"),
        (("sqlite:///x.db", "nothing"), 3, "no run 'nothing'"),
    ],
)
def test_an_export_that_cannot_be_says_why(workspace, monkeypatch, capsys, words, status, said):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    assert main(["export", "mlflow", *words, "-w", workspace.name]) == status
    assert said in capsys.readouterr().err
