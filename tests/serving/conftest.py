"""Pythons with a framework each, models that they made, and a workspace to deploy them in."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ml_jupyter import Environment, Workspace
from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import isolated
from tests.distributed import conftest as pythons

pythons.PACKAGES.setdefault("onnx", ("onnx", "onnxruntime", "skl2onnx", "scikit-learn"))
python_with = pythons.python_with
PROGRAM = Path(__file__).parent / "programs" / "make_models.py"


class Made(NamedTuple):
    """Folder of a trained model, rows for it, and what the framework itself predicts for them."""

    folder: Path
    rows: list[Any]
    predictions: list[float]
    environment: Environment


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with isolated(tmp_path_factory.mktemp("world")) as found:
        yield found


@pytest.fixture
def workspace(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.chdir(tmp_path)
    return Workspace.create("lab")


@pytest.fixture
def made_with(python_with: Callable[[str], str], tmp_path: Path) -> Callable[..., Made]:
    """A model of a kind (an argument of the program), made by a framework's Python."""

    def make(framework: str, kind: str) -> Made:
        python, folder = python_with(framework), tmp_path / kind
        folder.mkdir()
        done = subprocess.run(
            [python, str(PROGRAM), kind, str(folder)], capture_output=True, text=True, check=True
        )
        environment = Environment(f"{framework}-python")
        environment.python.user_managed_dependencies = True
        environment.python.interpreter_path = python
        rows = json.loads((folder / "rows.json").read_text())
        return Made(folder, rows, json.loads(done.stdout.splitlines()[-1]), environment)

    return make
