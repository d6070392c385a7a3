"""What PyTorch's SummaryWriter and Weights & Biases really write, imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.importers import import_tensorboard, import_wandb
from ml_jupyter.sdk import views

pytestmark = [pytest.mark.full, pytest.mark.timeout(1200)]
Written = Callable[..., Path]


def by_name(workspace: WorkspaceFolder) -> dict[str, RunFolder]:
    runs = [workspace.run(run_id, where) for where, run_id in workspace.run_folders()]
    return {str(run.state().display_name): run for run in runs}


def test_pytorch_summary_writer(workspace: WorkspaceFolder, written: Written) -> None:
    report = import_tensorboard(written("callbacks", "use_torch_writer.py") / "logs", workspace)
    assert report.failed == []
    runs = by_name(workspace)
    assert set(runs) == {"first", "first/both_train", "first/both_test", "first/hp"}
    run = runs["first"]
    assert run.series("loss").values == [pytest.approx(1 / (n + 1)) for n in range(5)]
    assert list(run.series("loss").times) == [(1_700_000_000 + n) * 10**9 for n in range(5)]
    assert run.series("new style").values == [0.5]
    assert run.series("note/text_summary").values == ["hello"]
    [picture] = run.structured("picture")
    assert (run.layout.files / picture["value"]["path"]).read_bytes()[:4] == b"\x89PNG"
    raw = run.structured("raw")[0]["value"]
    assert (raw["step"], raw["min"][0], raw["max"][0]) == (list(range(5)), 0, 99)
    assert raw["p50"][0] == pytest.approx(49.5, abs=5)
    assert run.structured("weights")[0]["value"]["max"] == [0, 99, 198, 297, 396]
    assert runs["first/both_test"].series("both").values == [2.0]
    tuned = runs["first/hp"]
    kept = {"param.lr": "0.1", "param.kind": "adam", "param.on": "1"}  # PyTorch writes it so
    assert kept.items() <= tuned.state().properties.items()
    assert tuned.series("best").values == [0.25]
    assert [why for _, why in report.left] == [
        "1 values of 'pr_curves' are only in its event files."
    ]


def test_weights_and_biases(workspace: WorkspaceFolder, written: Written) -> None:
    folder = written("wandb", "use_wandb.py", expected=3)
    report = import_wandb(folder, workspace)
    assert (report.new, report.left, report.failed) == (1, [], [])
    run = by_name(workspace)["named"]
    state = run.state()
    assert (state.status, state.description) == ("Failed", "why")
    assert state.properties == {
        "param.lr": "0.1", "param.opt.name": "adam", "param.late": "3",
    }  # fmt: skip
    assert state.tags == {"baseline": None, "group": "ablation"}
    assert run.series("loss").values == [1 / (n + 1) for n in range(5)]
    assert list(run.series("loss").steps) == [0, 1, 2, 3, 4]
    assert run.series("val.acc").values == [0, 1, 2, 3, 4]
    assert run.series("note").values[-1] == "step 4"
    assert str(run.series("nan").values) == "[nan, nan, nan, nan, nan]"
    assert run.series("best").values == [0.2]
    assert state.started <= run.series("loss").times[0] <= state.ended
    for name in ("picture", "pictures/0", "pictures/1"):
        [picture] = run.structured(name)
        assert (run.layout.files / picture["value"]["path"]).read_bytes()[:4] == b"\x89PNG"
    spread = run.structured("values")[0]["value"]
    assert (spread["step"], spread["count"], spread["p50"]) == (
        [5],
        [100],
        [pytest.approx(49.5, 0.05)],
    )
    assert "hello from the program" in (run.layout.files / "user_logs/std_log.txt").read_text()
    shapes = {item.shape for item in run.metric_names().values()}
    assert shapes == {"scalar", "image", "table"}
    assert len(run.metric_names()) == 9
    used = views.system_json(run)
    series = {item["name"]: item["values"] for item in used["series"]}
    assert {"memory", "memory_free"} <= set(series)
    assert 10e6 < series["memory"][-1] < 10e9
    assert used["interval_s"] < 15
    found = views.packages_json(workspace, run)
    assert found["implementation"] == "cpython"
    assert "numpy" in {item["name"] for item in found["packages"]}
    assert import_wandb(folder, workspace).unchanged == 1
