"""Where imported runs say they come from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Run, Workspace, _time
from ml_jupyter.config import Settings
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.importers import import_mlflow, import_tensorboard, import_wandb
from ml_jupyter.sdk import views
from tests.unit.importers.conftest import MlflowFolder
from tests.unit.importers.test_tensorboard import scalar_pb, write
from tests.unit.importers.test_wandb import offline as offline
from tests.unit.importers.test_wandb import run as wandb_run


def told(workspace: WorkspaceFolder) -> dict[str, Any]:
    ((experiment, run_id),) = workspace.run_folders()
    detail = views.run_detail(workspace, workspace.run(run_id, experiment))
    found: dict[str, Any] = detail["imported"]
    return found


def test_a_run_of_mlflow(workspace: WorkspaceFolder, mlruns: MlflowFolder) -> None:
    mlruns.run(mlruns.experiment("1", "first"), "aaa")
    before = _time.now_ns()
    import_mlflow(mlruns.root, workspace)
    found = told(workspace)
    assert found.pop("imported_ms") * 1_000_000 + 1000 >= before
    assert found == {"tool": "mlflow", "source": str(mlruns.root.resolve()), "id": "aaa"}


@pytest.mark.parametrize(("below", "shown"), [("", "logs"), ("first/train", "first/train")])
def test_a_run_of_tensorboard(
    workspace: WorkspaceFolder, tmp_path: Path, below: str, shown: str
) -> None:
    write(tmp_path / "logs" / below, (1, scalar_pb("loss", 0.5)))
    import_tensorboard(tmp_path / "logs", workspace)
    found = told(workspace)
    assert (found["tool"], found["id"]) == ("tensorboard", shown)
    assert found["source"] == str((tmp_path / "logs").resolve())


def test_a_run_of_wandb(workspace: WorkspaceFolder, offline: Any) -> None:
    import_wandb(offline(wandb_run()), workspace)
    assert (told(workspace)["tool"], told(workspace)["id"]) == ("wandb", "my project/abc")


def test_details_and_runs_of_older_imports(workspace: WorkspaceFolder, settings: Settings) -> None:
    experiment = workspace.create_experiment("old")
    here = workspace.create_run(experiment, "here", "azureml.interactiverun", "Running")
    old = workspace.create_run(experiment, "old", "azureml.interactiverun", "Running")
    old.note(**{"import": {"tool": "mlflow", "source": "/mlruns", "fingerprint": "f"}})
    assert views.run_detail(workspace, here)["imported"] is None
    opened = Workspace._of(workspace, settings)
    assert "imported" not in Run.get(opened, "here").get_details()
    assert Run.get(opened, "old").get_details()["imported"] == {
        "tool": "mlflow", "source": "/mlruns", "id": None, "timeUtc": None,
    }  # fmt: skip
