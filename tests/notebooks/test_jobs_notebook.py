"""The tutorial from a cell to a job file to a sweep, with the real command."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.notebooks.test_notebooks import printed

pytestmark = [pytest.mark.full, pytest.mark.timeout(400)]


def test_jobs_and_sweeps(execute, monkeypatch):
    programs = [str(Path(sys.executable).parent), os.environ["PATH"]]
    monkeypatch.setenv("PATH", os.pathsep.join(programs))
    notebook = execute("jobs-and-sweeps.ipynb")
    accuracy = {}
    for name, cell in (("script", "second = exp.submit"), ("file", "third = Run.get")):
        said = printed(notebook, cell).splitlines()
        accuracy[name] = float(said[0].removeprefix("accuracy "))
    assert accuracy["file"] > accuracy["script"]
    assert said[1] == "['outputs/model/network.joblib']"
    wrong = printed(notebook, "--set compte=local").strip()
    assert wrong == "--set: error: compte: no such key (did you mean compute?)"
    assert printed(notebook, "--query valid").strip() == "true"
    assert printed(notebook, 'print(sweep.wait_for_completion()["status"])') == "Completed\n"
    table = printed(notebook, "mlj job trials").splitlines()
    assert len(table) == 9
    assert "accuracy" in table[0]
    tried, best = printed(notebook, "best = sweep.get_best_run").splitlines()
    assert tried.startswith("{'learning_rate': 0.")
    assert float(best.split()[0]) > max(accuracy.values())
