"""Pythons with the real libraries whose history is imported, made once and kept."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.testing.isolation import isolated
from tests.callbacks import conftest as pythons

pythons.pythons.PACKAGES.setdefault("wandb", ("wandb", "numpy", "pillow"))
python_with = pythons.python_with
PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with isolated(tmp_path_factory.mktemp("world")) as found:
        yield found


@pytest.fixture
def workspace(settings: Settings, tmp_path: Path) -> WorkspaceFolder:
    return WorkspaceFolder.create(tmp_path / "workspace", "lab")


@pytest.fixture
def written(python_with: Callable[[str], str], tmp_path: Path) -> Callable[..., Path]:
    """Runs a program with a library, in a folder of its own; the folder."""

    def write(library: str, program: str, expected: int = 0) -> Path:
        folder = tmp_path / "source"
        folder.mkdir(exist_ok=True)
        done = subprocess.run(
            [python_with(library), str(PROGRAMS / program)],
            cwd=folder, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert done.returncode == expected, done.stderr[-4000:]
        return folder

    return write
