"""The tutorials that train on several processes, with the real frameworks."""

from __future__ import annotations

import pytest

from tests.distributed.conftest import python_with as python_with
from tests.notebooks.test_notebooks import printed

pytestmark = [pytest.mark.full, pytest.mark.timeout(1200)]


def test_pytorch(execute, python_with, monkeypatch):
    monkeypatch.setenv("PYTORCH_PYTHON", python_with("torch"))
    notebook = execute("pytorch-distributed.ipynb")
    log = printed(notebook, "wait_for_completion(show_output=True)")
    assert "[0] rank 0 of 2: 750 images of 1500" in log
    assert "[1] rank 1 of 2: 750 images of 1500" in log
    assert log.endswith("Completed\n")
    names = printed(notebook, 'startswith("user_logs/")')
    assert "user_logs/std_log_process_0.txt" in names
    assert "user_logs/std_log_process_1.txt" in names
    words = printed(notebook, "metrics = run.get_metrics()").split()
    assert float(words[3].rstrip(",")) < float(words[1]) / 3
    assert float(words[5]) > 0.8
    assert printed(notebook, "download_file(") == "True\n"
    assert printed(notebook, "second = exp.submit(src)") == "Completed\n"
    broken = printed(notebook, "broken = exp.submit(src)")
    assert broken.startswith("Failed\n")
    assert "nonsense" in broken


def test_tensorflow(execute, python_with, monkeypatch):
    monkeypatch.setenv("TENSORFLOW_PYTHON", python_with("tensorflow"))
    notebook = execute("tensorflow-distributed.ipynb")
    log = printed(notebook, "details = run.wait_for_completion(show_output=True)")
    assert "[worker-0] worker 0 of 2: 2 replicas" in log
    assert "[worker-1] worker 1 of 2: 2 replicas" in log
    assert log.endswith("Completed\n")
    words = printed(notebook, "metrics = run.get_metrics()").split()
    assert float(words[3].rstrip(",")) < float(words[1])
    assert "user_logs/std_log_process_1.txt" in printed(notebook, "metrics = run.get_metrics()")
    assert "weights.npz" in printed(notebook, "download_files(")
    told = printed(notebook, "told = ScriptRunConfig")
    assert '"task": {"type": "ps", "index": 0}' in told
    assert told.endswith("Completed\n")
