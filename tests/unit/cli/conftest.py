"""A world of its own for each command, and a way to call it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Experiment, Workspace
from ml_jupyter.cli.main import main
from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import isolated

Mlj = Callable[..., Any]


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with isolated(tmp_path_factory.mktemp("world")) as found:
        yield found


@pytest.fixture
def workspace(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.chdir(tmp_path)
    return Workspace.create("lab")


@pytest.fixture
def experiment(workspace: Workspace) -> Experiment:
    return Experiment(workspace, "digits")


@pytest.fixture
def mlj(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> Mlj:
    """Calls a command in the workspace, expects success, and gives what it printed as JSON."""

    def call(*words: str) -> Any:
        capsys.readouterr()
        assert main([*words, "-w", workspace.name]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    return call
