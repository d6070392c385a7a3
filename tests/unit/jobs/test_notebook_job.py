"""Notebooks as jobs, in a real kernel."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ml_jupyter.history import status
from ml_jupyter.jobs.submit import cancel
from ml_jupyter.testing.isolation import eventually
from tests.jobs_lab import JobLab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90)]


def notebook(*cells: str) -> str:
    """A notebook of code cells, as text."""
    items: list[dict[str, Any]] = [
        {"cell_type": "code", "id": f"c{at}", "execution_count": None, "metadata": {},
         "outputs": [], "source": text}
        for at, text in enumerate(cells)
    ]  # fmt: skip
    facts: dict[str, Any] = {"kernelspec": {"name": "python3", "language": "python"}}
    return json.dumps({"cells": items, "metadata": facts, "nbformat": 4, "nbformat_minor": 5})


def test_executed_notebook_is_kept_with_its_outputs(lab: JobLab) -> None:
    text = notebook("import sys, os\nprint('from', sys.argv[1])", "os.environ['ML_JUPYTER_RUN_ID']")
    run = lab.submit(text, name="train.ipynb", arguments=("here",))
    assert lab.ends(run, timeout_s=60) == status.COMPLETED, lab.log(run)
    assert lab.log(run).decode().splitlines() == ["from here", repr(run.id)]
    kept = json.loads((run.layout.files / "outputs/train.ipynb").read_text())
    assert kept["cells"][0]["outputs"][0]["text"] in ("from here\n", ["from here\n"])
    assert kept["cells"][1]["execution_count"] == 2


def test_failed_notebook_is_kept_and_says_where(lab: JobLab) -> None:
    run = lab.submit(notebook("print('fine')", "raise ValueError('bad lr')", "print('never')"),
                     name="train.ipynb")  # fmt: skip
    assert lab.ends(run, timeout_s=60) == status.FAILED
    error = run.state().error or {}
    assert error["message"] == "ValueError: bad lr"
    assert "cell 2" in error["traceback"]
    assert b"never" not in lab.log(run)
    kept = json.loads((run.layout.files / "outputs/train.ipynb").read_text())
    assert kept["cells"][1]["outputs"][0]["output_type"] == "error"


def test_stopped_notebook_leaves_no_kernel(lab: JobLab) -> None:
    run = lab.submit(notebook("print('fine')", "import time\nprint('up')\ntime.sleep(600)"),
                     name="train.ipynb")  # fmt: skip
    lab.prints(run, b"up", timeout_s=60)
    cancel(run, lab.settings)
    assert lab.ends(run) == status.CANCELED
    lab.vanishes(run)
    kept = run.layout.files / "outputs/train.ipynb"
    eventually(kept.exists, what="the notebook")
    assert json.loads(kept.read_text())["cells"][0]["outputs"]
