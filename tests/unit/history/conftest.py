"""A workspace folder with one experiment, for the history tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_jupyter.history import records
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder


@pytest.fixture
def workspace(tmp_path: Path) -> WorkspaceFolder:
    return WorkspaceFolder.create(tmp_path / "workspace", "lab")


@pytest.fixture
def experiment(workspace: WorkspaceFolder) -> ExperimentRecord:
    return workspace.create_experiment("digits")


@pytest.fixture
def run(workspace: WorkspaceFolder, experiment: ExperimentRecord) -> RunFolder:
    return workspace.create_run(experiment, "run-1", records.INTERACTIVE, "Running")
