"""``%load_ext ml_jupyter`` in a real kernel, with a real queue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from ml_jupyter import Experiment, Workspace
from ml_jupyter.config import Settings
from ml_jupyter.history import stream
from ml_jupyter.jobs import ending
from ml_jupyter.testing.isolation import isolated

MIME = "application/vnd.ml-jupyter.run+json"
LOAD = "%load_ext ml_jupyter"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with isolated(tmp_path_factory.mktemp("world"), slots=2) as found:
        yield found


@pytest.fixture
def workspace(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("JPY_SESSION_NAME", "work/My digits.ipynb")
    monkeypatch.chdir(tmp_path)
    found = Workspace.create(tmp_path.name, exist_ok=True)
    found.write_config()
    return found


def executed(folder: Path, *cells: str, allow_errors: bool = False) -> list[list[Any]]:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for text in (LOAD, *cells)]
    )
    place = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=120, resources=place, allow_errors=allow_errors).execute()
    return [list(cell.outputs) for cell in notebook.cells[1:]]


def text_of(outputs: list[Any]) -> str:
    return "".join(str(item.get("text", "")) + str(item.get("evalue", "")) for item in outputs)


PREPARE = """
import math as m
from dataclasses import dataclass
from fractions import Fraction as Part

@dataclass
class Shape:
    width: int

def area(shape):
    return m.pi * shape.width * scale()

def scale():
    return Part(1, 2)

shape, rates = Shape(4), [0.1, 0.2]
"""
SUBMIT = """%%submit job --vars shape,rates --wait --name "one cell" --files "*.csv"
import helper
print("area", round(float(area(shape)), 3), rates, helper.WORD)
print(open("data.csv").read())
run.log("rate", rates[1])
"""


def test_a_cell_becomes_a_run_with_what_it_needs(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "helper.py").write_text("WORD = 'beside'\n")
    (tmp_path / "data.csv").write_text("1,2")
    (tmp_path / "other.py").write_text("")
    _, shown, after = executed(
        tmp_path, PREPARE, SUBMIT, "print(job.status, job.get_metrics(), job.experiment.name)"
    )
    assert shown[0]["data"][MIME]["run"]["display_name"] == "one cell"
    assert text_of(after) == "Completed {'rate': 0.2} My-digits\n"
    (run,) = Experiment(workspace, "My-digits").get_runs()
    log = stream.read(run._folder.layout.files / "user_logs/std_log.txt").decode()
    assert log.replace("\r", "") == "area 6.283 [0.1, 0.2] beside\n1,2\n"
    assert run.get_properties()["ml_jupyter.notebook"] == "My digits.ipynb"
    assert not list(Path("/tmp").glob(f"ml_jupyter-cell-*/{tmp_path.name}"))


def test_a_failure_names_the_line_of_the_cell(workspace: Workspace, tmp_path: Path) -> None:
    cell = "%%submit --experiment failing --wait\nvalues = {}\n\nvalues['missing']\n"
    (outputs,) = executed(tmp_path, cell, allow_errors=True)
    assert "Line 4 of the cell: values['missing']" in text_of(outputs)
    (run,) = Experiment(workspace, "failing").get_runs()
    assert run.get_status() == "Failed"
    log = stream.read(run._folder.layout.files / "user_logs/std_log.txt")
    assert 'cell.py", line 4' in ending.plain(log)  # Python 3.13 colours tracebacks on a terminal


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("%%submit\nprint(data)", "Pass them with --vars data"),
        ("%%submit --vars nothing\nprint(1)", "--vars names 'nothing'"),
        ("%%submit --vars lock\nprint(lock)", "'lock' (lock) cannot be passed to a job"),
        ("%%submit --env nowhere\nprint(1)", "nowhere"),
        ("%%submit --files no.csv\nprint(1)", "there is no such file"),
        ("%run_log nothing", "'nothing' is no run"),
        ("%runs nowhere", "There is no experiment 'nowhere'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(shared_kernel: Any, cell: str, words: str) -> None:
    outputs = shared_kernel(cell)
    assert words in text_of(outputs)
    assert not any(item["output_type"] == "error" and item["traceback"][3:] for item in outputs)
    assert not list(Workspace.get("shared").get_runs())


@pytest.fixture(scope="module")
def shared_kernel(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Runs cells one after another in one kernel."""
    folder = tmp_path_factory.mktemp("shared")
    Workspace.create("shared").write_config(path=str(folder))
    notebook = nbformat.v4.new_notebook()
    place = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=60, resources=place, allow_errors=True)

    def run(text: str) -> list[Any]:
        cell = nbformat.v4.new_code_cell(text)
        notebook.cells.append(cell)
        client.execute_cell(cell, len(notebook.cells) - 1)
        return list(cell.outputs)

    with client.setup_kernel():
        run(LOAD)
        run("import threading\ndata, lock = 1, threading.Lock()")
        yield run


def test_runs_and_their_logs_are_listed(workspace: Workspace, tmp_path: Path) -> None:
    cells = (
        "%%submit first --wait -e listed\nfor n in range(5):\n    print('line', n)",
        "%runs",
        "found = %runs listed --last 1\nprint(len(found), found[0] == first)",
        "%run_log first --lines 2",
        "%run_log",
    )
    _, table, found, two, newest = executed(tmp_path, *cells)
    data = table[0]["data"]
    assert "listed 1" in data["text/plain"]
    assert "Completed" in data["text/html"]
    assert text_of(found) == "1 True\n"
    assert text_of(two) == "line 3\nline 4\n"
    assert text_of(newest).count("line") == 5


def test_a_long_cell_gets_a_line_with_the_progress_of_its_run(
    workspace: Workspace, tmp_path: Path
) -> None:
    quick, slow = executed(
        tmp_path,
        "from ml_jupyter import Experiment, Workspace\n"
        "run = Experiment(Workspace.from_config(), 'long').start_logging("
        "outputs=False, snapshot_directory=None)",
        "import time\nrun.set_tags({'step': 3, 'total_steps': 4})\nrun.log('loss', 0.25)\n"
        "time.sleep(2.5)\nrun.complete()",
    )
    assert quick == []
    (line,) = slow
    assert line["data"]["text/plain"].startswith("long 1 · Completed · step 3 of 4 · loss 0.2500 ·")
    assert "width:75.0%" in line["data"]["text/html"]


def test_completion_offers_options_experiments_and_variables(shared_kernel: Any) -> None:
    def offered(line: str) -> str:
        ask = f"line = {line!r}\nprint(get_ipython().complete(None, line, len(line))[1])"
        return text_of(shared_kernel(ask))

    assert "--gpus" in offered("%%submit --g")
    assert "lock" in offered("%%submit --vars lo")
    assert "Canceled" in offered("%runs --status Can")


def test_without_a_server_the_kernel_starts_a_tensorboard_and_ends_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    ask = (
        "import re, urllib.request\n"
        "from IPython.utils.capture import capture_output\n"
        "with capture_output() as kept:\n    %tensorboard_run one\n"
        "(page,) = [item.data['text/html'] for item in kept.outputs]\n"
        '(address,) = re.findall(\'src="([^"]+)"\', page)\n'
        "print(urllib.request.urlopen(address + 'data/environment').status)"
    )
    gone = "try:\n    urllib.request.urlopen(address)\nexcept OSError:\n    print('gone')"
    run = "one = Experiment(Workspace.from_config(), 'boards').start_logging(outputs=False)"
    names = "from ml_jupyter import Experiment, Workspace\n"
    _, answered, stopped, refused = executed(
        tmp_path, f"{names}{run}\none.complete()", ask, "%tensorboard_run --stop", gone
    )
    assert text_of(answered) == "200\n"
    assert text_of(stopped).startswith("1 ended.")
    assert text_of(refused) == "gone\n"


def test_unloading_takes_everything_back(shared_kernel: Any) -> None:
    shared_kernel("%unload_ext ml_jupyter")
    assert "not found" in text_of(shared_kernel("%runs"))
    shared_kernel("%load_ext ml_jupyter")
    assert "No runs." in str(shared_kernel("%runs"))


def test_a_job_that_ends_with_a_status_fails_the_waiting_cell(
    workspace: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(CellExecutionError, match="3"):
        executed(tmp_path, "%%submit --wait -e codes\nimport sys\nsys.exit(3)")
