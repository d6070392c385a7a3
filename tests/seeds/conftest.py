"""A project folder with a workspace that ``Workspace.from_config()`` finds, and a shell in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ml_jupyter import Workspace
from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import isolated

Shell = Callable[..., str]


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with isolated(tmp_path_factory.mktemp("world")) as found:
        yield found


@pytest.fixture
def project(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, beside which the workspace has its ``config.json``."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Workspace.create("myworkspace").write_config()
    return folder


@pytest.fixture
def ws(project: Path) -> Workspace:
    return Workspace.from_config()


@pytest.fixture
def mlj(project: Path) -> Shell:
    """Calls ``mlj`` as a shell would; its standard output, when it ends with 0."""
    program = Path(sys.executable).with_name("mlj")

    def call(*words: str) -> str:
        done = subprocess.run(
            [str(program), *words], cwd=project, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call
