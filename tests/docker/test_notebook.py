"""The tutorial on Docker, on a real engine and a Debian image under the name that it uses."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from tests.docker import rootfs
from tests.docker.daemon import Daemon
from tests.notebooks.conftest import execute as execute
from tests.notebooks.test_notebooks import printed

pytestmark = [pytest.mark.full, pytest.mark.slow, pytest.mark.timeout(900)]

CACHE = Path(__file__).resolve().parents[2] / ".cache" / "docker"


def test_docker_notebook(
    daemon: Daemon, tmp_path: Path, execute: Callable[[str], nbformat.NotebookNode]
) -> None:
    daemon.import_image(rootfs.of_debian(CACHE, tmp_path), "python:3.11-slim")
    notebook = execute("docker.ipynb")
    first = printed(notebook, 'env = Environment("plain-image")')
    assert "Python 3.11" in first
    assert "The image as it came.\nloss 0.0" in first
    facts = printed(notebook, "run.get_metrics()").splitlines()
    loss = ast.literal_eval(facts[0].removeprefix("loss: "))
    assert loss == sorted(loss, reverse=True)
    assert facts[2] == "True"
    options = printed(notebook, "docker = DockerConfiguration(")
    assert "hello from " in options
    assert "home: /opt/ml_jupyter/home" in options
    assert "Did you mean --volume?" in options
    built = printed(notebook, 'own = Environment("own-image")')
    assert built.index("Step 2/") < built.index("An image that was made for this run.")
    assert printed(notebook, "greedy =") == "Failed - Ran out of memory: used 48 MB of 48 MB.\n"
    stopped = next(cell for cell in notebook.cells if "slow.cancel()" in cell.source)
    assert stopped.outputs[-1]["data"]["text/plain"] == "'Canceled'"
    assert daemon.containers() == []
