"""Execute the tutorials as a user would, in a world of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import isolated

ROOT = Path(__file__).resolve().parents[2]
CELL_S = 120


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Folders and a dispatcher for this test only."""
    with isolated(tmp_path / "world") as found:
        yield found


@pytest.fixture
def execute(tmp_path: Path, settings: Settings) -> Callable[[str], nbformat.NotebookNode]:
    """Run one of ``notebooks/`` from top to bottom; the notebook with its outputs."""
    place = tmp_path / "notebooks"
    ignored = shutil.ignore_patterns("outputs", "logs", "downloads", "__pycache__")
    shutil.copytree(ROOT / "notebooks", place, ignore=ignored)

    def run(name: str) -> nbformat.NotebookNode:
        notebook = nbformat.read(place / name, as_version=4)
        resources = {"metadata": {"path": str(place)}}
        NotebookClient(notebook, timeout=CELL_S, resources=resources).execute()
        return notebook

    return run
