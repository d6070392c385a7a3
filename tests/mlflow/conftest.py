"""A Python with the real MLflow, made once and kept, in which programs run against a workspace."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter._mlflow_address import address_of
from ml_jupyter._mlflow_plugin import write_plugin
from ml_jupyter.config import Settings
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.testing.isolation import isolated_settings as isolated_settings

ROOT = Path(__file__).resolve().parents[2]
VENVS = ROOT / ".cache" / "venvs"
PACKAGES = {
    "mlflow": (
        "mlflow==3.17.2", "scikit-learn", "lightgbm", "pytest", "pytest-timeout", "psutil",
    ),
    # The oldest one that jobs may bring; what it was made for, it does not ask for.
    "mlflow2": (
        "mlflow==2.9.2", "sqlalchemy<2.1", "setuptools<80", "pytest", "pytest-timeout", "psutil",
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def mlflow_python() -> Path:
    """The interpreter with the newest MLflow."""
    return _made("mlflow")


@pytest.fixture(scope="session")
def old_mlflow_python() -> Path:
    """The interpreter with the oldest MLflow."""
    return _made("mlflow2")


def _made(name: str) -> Path:
    """A complete installation is marked, so that a broken one is made again."""
    folder, packages = VENVS / name, PACKAGES[name]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(folder.parent / f"{name}.lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # another run of the tests may be making it
        python, mark = folder / "bin" / "python", folder / "complete"
        wanted = "\n".join((sys.version, *packages))
        if not (mark.exists() and mark.read_text() == wanted):
            uv = [sys.executable, "-m", "uv"]
            venv = [*uv, "venv", "-q", "--clear", "--python", sys.executable, str(folder)]
            subprocess.run(venv, check=True)
            install = [*uv, "pip", "install", "-q", "--python", str(python), *packages]
            subprocess.run(install, check=True)
            mark.write_text(wanted)
    return python


@pytest.fixture
def workspace(isolated_settings: Settings, tmp_path: Path) -> WorkspaceFolder:
    return WorkspaceFolder.create(tmp_path / "a workspace", "bench")


@pytest.fixture
def plugin_path(tmp_path: Path) -> Path:
    """A folder for PYTHONPATH as a job has it: the package, and what tells MLflow of it."""
    folder = tmp_path / "python"
    folder.mkdir()
    (folder / "ml_jupyter").symlink_to(ROOT / "ml_jupyter")
    write_plugin(folder)
    return folder


@pytest.fixture
def variables(workspace: WorkspaceFolder, plugin_path: Path) -> dict[str, str]:
    """Environment of a process that uses MLflow with the workspace."""
    address = address_of(workspace.layout.root)
    return {
        **os.environ,
        "PYTHONPATH": str(plugin_path),
        "MLFLOW_TRACKING_URI": address,
        "MLFLOW_REGISTRY_URI": address,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "GIT_PYTHON_REFRESH": "quiet",
    }


@pytest.fixture
def program(mlflow_python: Path, variables: dict[str, str], tmp_path: Path) -> Callable[[str], Any]:
    """Runs a text with MLflow; gives what its last line of output says as JSON."""

    def run(text: str, expected: int = 0) -> Any:
        done = subprocess.run(
            [str(mlflow_python), "-c", text],
            env=variables, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert done.returncode == expected, done.stderr[-4000:]
        lines = done.stdout.strip().splitlines()
        return json.loads(lines[-1]) if lines and expected == 0 else None

    return run
