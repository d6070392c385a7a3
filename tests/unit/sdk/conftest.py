"""A workspace of its own for each test, with a real queue behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter import Experiment, Workspace
from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import isolated


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with isolated(tmp_path_factory.mktemp("world")) as found:
        yield found


@pytest.fixture
def here(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: empty, and outside of the world's folders."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def workspace(here: Path) -> Workspace:
    return Workspace.create("lab")


@pytest.fixture
def experiment(workspace: Workspace) -> Experiment:
    return Experiment(workspace, "explore-runs")
