"""Where a run can be seen: the address of the Jupyter server that runs, without its token."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from ml_jupyter import Experiment, Run


@pytest.fixture
def run(experiment: Experiment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.delenv("JPY_PARENT_PID", raising=False)
    (tmp_path / "runtime").mkdir()
    found = experiment.start_logging(outputs=False, snapshot_directory=None)
    found.complete()
    return found


def server(folder: Path, name: str, pid: int, url: str) -> None:
    facts = {"pid": pid, "url": url, "token": "secret"}
    (folder / "runtime" / f"jpserver-{name}.json").write_text(json.dumps(facts), "utf-8")


def test_without_a_server_the_address_is_relative(run: Run) -> None:
    address = run.get_portal_url()
    assert address == f"lab?run={run.id}&ml-workspace={run.experiment.workspace.id}"
    assert run.get_details()["status"] == "Completed"
    assert "<a " not in run._repr_html_()


def test_a_running_server_is_found_and_a_dead_one_is_not(run: Run, tmp_path: Path) -> None:
    server(tmp_path, "1", 2**22 + 1, "http://localhost:1/dead/")
    server(tmp_path, "2", os.getpid(), "http://localhost:8888/base/")
    (tmp_path / "runtime" / "jpserver-3.json").write_text("{", "utf-8")
    assert run.get_portal_url().startswith("http://localhost:8888/base/lab?run=")
    assert "secret" not in run.get_portal_url()
    assert '<a href="http://localhost:8888/base/lab?run=' in run._repr_html_()


def test_the_server_of_this_kernel_is_preferred(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server(tmp_path, "1", os.getppid(), "http://localhost:1/mine")
    server(tmp_path, "2", os.getpid(), "http://localhost:2/other/")
    monkeypatch.setenv("JPY_PARENT_PID", str(os.getppid()))
    assert run.get_portal_url().startswith("http://localhost:1/mine/lab?run=")
