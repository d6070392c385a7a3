"""``RunDetails(run).show()`` in a real kernel, and without a front end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from ml_jupyter import Experiment, Run, Workspace
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.testing.isolation import isolated
from ml_jupyter.widgets import RunDetails

MIME = "application/vnd.ml-jupyter.run+json"


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with isolated(tmp_path_factory.mktemp("world")) as found:
        yield found


@pytest.fixture
def run(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.chdir(tmp_path)
    experiment = Experiment(Workspace.create("lab"), "digits")
    found = experiment.start_logging(outputs=False, snapshot_directory=None)
    yield found
    found.complete()


def executed(folder: Path, *cells: str) -> list[list[Any]]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}})
    client.execute()
    return [cell.outputs for cell in notebook.cells]


def test_without_a_front_end_a_line_is_printed(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    run.log("loss", 0.25)
    RunDetails(run).show()
    assert capsys.readouterr().out == f"Run digits ({run.id}): Running. loss 0.2500\n"


def test_several_runs_are_shown_one_below_the_other(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with run.child_run() as child:
        RunDetails([run, child]).show()
    first, second = capsys.readouterr().out.splitlines()
    assert (run.id in first, child.id in second) == (True, True)
    with pytest.raises(UserErrorException, match="at least one run"):
        RunDetails([])


def test_widget_data(run: Run) -> None:
    """Surface 8.2."""
    run.log("loss", 0.25)
    with run.child_run() as child:
        child.log("x", 1)
    data = RunDetails(run).get_widget_data({"debug": True})
    assert (data["status"], data["run_id"]) == ("Running", run.id)
    assert data["child_runs"] == [{"run_id": child.id, "status": "Completed"}]
    assert data["children_metrics"] == {child.id: {"x": 1}}
    assert data["widget_settings"] == {"debug": True}
    assert run.id in data["workbench_run_details_uri"]
    assert {"run_properties", "run_metrics", "run_logs"} <= set(data)
    json.dumps(data, allow_nan=False)


@pytest.mark.slow
def test_a_kernel_gives_one_output_for_every_host(run: Run, tmp_path: Path) -> None:
    run.log_list("loss", [1.0, 0.5, 0.25])
    run.complete()
    first = f"""
from ml_jupyter import Run, Workspace
from ml_jupyter.widgets import RunDetails
RunDetails(Run.get(Workspace.get("lab"), {run.id!r})).show()
"""
    (outputs,) = executed(tmp_path, first)
    assert len(outputs) == 1
    data = outputs[0]["data"]
    assert data[MIME]["run"]["status"] == "Completed"
    assert data[MIME]["metrics"]["series"][0]["values"] == [1.0, 0.5, 0.25]
    assert "<script" not in data["text/html"]
    assert data["text/plain"].startswith("Run digits")


@pytest.mark.slow
def test_the_output_is_brought_to_the_runs_end(run: Run, tmp_path: Path) -> None:
    show = """
from ml_jupyter import Experiment, Workspace
from ml_jupyter.widgets import RunDetails
run = Experiment(Workspace.get("lab"), "digits").start_logging(snapshot_directory=None)
RunDetails(run).show()
"""
    finish = """
run.log("loss", 0.125)
run.complete()
import threading
for thread in threading.enumerate():
    if "_keep_last" in thread.name:
        thread.join(20)
"""
    outputs, _ = executed(tmp_path, show, finish)
    assert outputs[0]["data"][MIME]["run"]["status"] == "Completed"
    assert outputs[0]["data"][MIME]["run"]["primary_metric"]["last"] == 0.125


HOSTS = {
    "JupyterLab": "os.environ['JPY_SESSION_NAME'] = 'ana/train.ipynb'",
    "VS Code on a server": "os.environ['JPY_SESSION_NAME'] = 'train-jvsc-1b2c.ipynb'",
    "VS Code": "os.environ['JPY_SESSION_NAME'] = 'train.ipynb'; __vsc_ipynb_file__ = 'train.ipynb'",
    "Colab": "del __vsc_ipynb_file__; sys.modules['google.colab'] = sys",
    "PyCharm": "del sys.modules['google.colab']; os.environ['PYCHARM_HOSTED'] = '1'",
    "unknown": "del os.environ['PYCHARM_HOSTED'], os.environ['JPY_SESSION_NAME']",
}


@pytest.mark.slow
def test_only_pages_with_frames_are_given_the_widgets_name(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere a notebook that outlives its kernel would look for a widget that is gone."""
    for name in ("JPY_SESSION_NAME", "PYCHARM_HOSTED"):
        monkeypatch.delenv(name, raising=False)
    show = f"RunDetails(Run.get(Workspace.get('lab'), {run.id!r})).show()"
    begin = "import os, sys\nfrom ml_jupyter import Run, Workspace"
    begin += "\nfrom ml_jupyter.widgets import RunDetails"
    cells = [f"{host}\n{show}" for host in HOSTS.values()]
    _, *shown = executed(tmp_path, begin, *cells)
    bundles = {host: outputs[0]["data"] for host, outputs in zip(HOSTS, shown, strict=True)}
    widget = "application/vnd.jupyter.widget-view+json"
    assert [host for host, data in bundles.items() if widget not in data] == ["JupyterLab"]
    placed = [host for host, data in bundles.items() if "jp-ml-still-" in data["text/html"]]
    assert placed == ["JupyterLab"]
