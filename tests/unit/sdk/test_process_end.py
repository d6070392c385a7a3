"""What becomes of an interactive run when its process ends without completing it (surface 4.2)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from ml_jupyter import Experiment, Run
from ml_jupyter.testing.isolation import eventually

_START = """
import os, sys
from ml_jupyter import Experiment, Workspace
run = Experiment(Workspace.get("lab"), "explore-runs").start_logging(snapshot_directory=None)
child = run.child_run()
run.log("x", 1.0)
print(run.id, child.id, flush=True)
"""


def started(here: Path, rest: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _START + rest],
        cwd=here,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )


def ends(experiment: Experiment, process: subprocess.Popen[str]) -> list[Run]:
    output, _ = process.communicate(timeout=60)
    return [Run.get(experiment.workspace, run_id) for run_id in output.split()[:2]]


def test_a_normal_end_completes_with_a_warning(experiment: Experiment, here: Path) -> None:
    runs = ends(experiment, started(here, "open('outputs/late.txt', 'w').write('kept')"))
    assert [run.get_status() for run in runs] == ["Completed", "Completed"]
    assert "without complete()" in runs[0].get_details()["warnings"][0]["message"]
    assert runs[0].get_file_names() == ["outputs/late.txt"]


def test_an_unhandled_exception_fails_the_run_with_it(experiment: Experiment, here: Path) -> None:
    runs = ends(experiment, started(here, "raise RuntimeError('diverged')"))
    assert [run.get_status() for run in runs] == ["Failed", "Failed"]
    error = runs[0].get_details()["error"]["error"]
    assert (error["code"], error["message"]) == ("RuntimeError", "RuntimeError: diverged")


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("sys.exit(3)", 3),
        ("def main():\n    sys.exit(2)\nmain()", 2),
        ("try:\n    sys.exit(2)\nfinally:\n    done = True", 2),
        ("with open(os.devnull) as stream:\n    sys.exit(2)", 2),
        ("try:\n    sys.exit(2)\nexcept SystemExit:\n    raise", 2),
        ("from argparse import ArgumentParser\nArgumentParser().parse_args(['--wrong'])", 2),
        ("import asyncio\nasync def main():\n    sys.exit(7)\nasyncio.run(main())", 7),
        ("exit(4)", 4),
        ("sys.exit('no data')", 1),
    ],
)
def test_an_exit_with_a_failing_status_fails_the_run(
    experiment: Experiment, here: Path, program: str, code: int
) -> None:
    process = started(here, program)
    runs = ends(experiment, process)
    assert process.returncode == code
    assert [run.get_status() for run in runs] == ["Failed", "Failed"]
    error = runs[0].get_details()["error"]["error"]
    assert (error["code"], error["exitCode"]) == ("SystemExit", code)
    assert error["message"] in (f"The script ended with exit code {code}.", "no data")
    assert "warnings" not in runs[0].get_details()


@pytest.mark.parametrize(
    "program",
    [
        "sys.exit(0)",
        "sys.exit()",
        "quit()",
        "try:\n    sys.exit(2)\nexcept SystemExit:\n    pass",
        "def main():\n    try:\n        sys.exit(2)\n    except SystemExit:\n        pass\nmain()",
        "import threading as t\na = t.Thread(target=sys.exit, args=(2,))\na.start()\na.join()",
    ],
)
def test_an_exit_that_is_no_failure_completes_the_run(
    experiment: Experiment, here: Path, program: str
) -> None:
    process = started(here, program)
    runs = ends(experiment, process)
    assert process.returncode == 0
    assert [run.get_status() for run in runs] == ["Completed", "Completed"]


def test_an_exit_inside_with_keeps_its_status_too(experiment: Experiment, here: Path) -> None:
    process = started(here, "with run:\n    sys.exit(5)")
    run, _ = ends(experiment, process)
    assert run.get_status() == "Failed"
    assert run.get_details()["error"]["error"]["exitCode"] == 5


def test_a_killed_process_is_seen_by_the_next_reader(experiment: Experiment, here: Path) -> None:
    process = started(here, "sys.stdin.read()")
    assert process.stdout is not None
    ids = process.stdout.readline().split()
    runs = [Run.get(experiment.workspace, run_id) for run_id in ids]
    assert [run.get_status() for run in runs] == ["Running", "Running"]
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    eventually(lambda: runs[0].get_status() == "Failed", what="the run failing")
    eventually(lambda: runs[1].get_status() == "Failed", what="its child failing")
    assert "killed" in runs[0].get_details()["error"]["error"]["message"]
    assert runs[0].get_metrics() == {"x": 1.0}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_may_log_and_leaves_the_run_alone(
    experiment: Experiment, here: Path
) -> None:
    rest = """
pid = os.fork()
if pid == 0:
    run.log("x", 2.0)
    sys.exit(0)
os.waitpid(pid, 0)
assert run.get_status() == "Running", run.get_status()
run.complete()
"""
    runs = ends(experiment, started(here, rest))
    assert runs[0].get_status() == "Completed"
    assert runs[0].get_metrics() == {"x": [1.0, 2.0]}
    assert "warnings" not in runs[0].get_details()


def test_logs_are_visible_while_the_run_goes_on(experiment: Experiment, here: Path) -> None:
    run = experiment.start_logging(outputs=False, snapshot_directory=None)
    reader = Run.get(experiment.workspace, run.id)
    (here / "logs").mkdir()
    log = here / "logs" / "events.out"
    log.write_bytes(b"one")
    eventually(lambda: reader.get_file_names() == ["logs/events.out"], what="the log appearing")
    with log.open("ab") as stream:
        stream.write(b" two")
    seen = reader._folder.layout.files / "logs" / "events.out"
    eventually(lambda: seen.read_bytes() == b"one two", what="the log growing")
    run.complete()
    assert seen.read_bytes() == b"one two"


def executed(here: Path, *cells: str) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    resources = {"metadata": {"path": str(here)}}
    NotebookClient(notebook, timeout=120, allow_errors=True, resources=resources).execute()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cells", "status", "message"),
    [
        (["raise ValueError('bad lr')"], "Failed", "ValueError: bad lr"),
        (["raise ValueError('bad lr')", "mended = True"], "Completed", "without complete()"),
        (["sys.exit(0)"], "Completed", "without complete()"),
    ],
)
def test_the_last_cell_of_a_notebook_decides(
    experiment: Experiment, here: Path, cells: list[str], status: str, message: str
) -> None:
    executed(here, _START, *cells)
    (run,) = experiment.get_runs()
    assert run.get_status() == status
    assert message in str(run.get_details())


def test_runs_that_cannot_be_ended_are_told_in_one_line(experiment: Experiment, here: Path) -> None:
    process = started(
        here,
        "run.create_children(20)\nimport shutil\nshutil.rmtree(run._folder.layout.path.parent)",
    )
    _, told = process.communicate(timeout=60)
    (line,) = told.splitlines()
    assert "could not be ended" in line
    assert line.endswith("(and 21 more runs)")
