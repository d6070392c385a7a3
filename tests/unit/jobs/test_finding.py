"""A failed run says why it failed and what to do: with real failing jobs."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.history import records, status
from ml_jupyter.history.layout import BUILD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import finding
from ml_jupyter.testing.isolation import eventually, job_processes
from tests.jobs_lab import JobLab

MB = 1024 * 1024
RECORDINGS = Path(__file__).resolve().parents[2] / "recordings" / "nvml"


def failed(lab: JobLab, text: str, **values: Any) -> dict[str, Any]:
    run = lab.submit(text, **values)
    assert lab.ends(run, 40) == status.FAILED
    return found(lab, run)


def found(lab: JobLab, run: RunFolder) -> dict[str, Any]:
    value = finding.of(lab.workspace.layout, run)
    assert value is not None
    return value


def test_a_missing_package_is_named_as_pypi_names_it(lab: JobLab) -> None:
    value = failed(lab, "print('begin')\nimport skimage_missing_for_sure\n")
    assert value["kind"] == "missing_module"
    assert value["advice"][0]["package"] == "skimage-missing-for-sure"
    value = failed(lab, "raise ModuleNotFoundError(\"No module named 'cv2'\", name='cv2')\n")
    assert value["title"] == "The package opencv-python is missing: job.py imports cv2."
    assert value["advice"][0]["code"] == "python -m pip install opencv-python"
    assert value["advice"][0]["source"] == "https://pypi.org/project/opencv-python/"
    assert value["exit_code"] == 1


LOADS = """import json
def load():
    return json.loads('{')
print('\\x1b[31mred\\x1b[0m')
load()
"""


def test_the_user_s_line_and_the_last_lines_are_given(lab: JobLab) -> None:
    value = failed(lab, LOADS)
    assert value["kind"] == "exception"
    assert value["title"].endswith("(job.py line 3).")
    own = [(frame["path"], frame["line"], frame["function"]) for frame in value["frames"][:2]]
    assert own == [("job.py", 5, "<module>"), ("job.py", 3, "load")]
    assert [frame["own"] for frame in value["frames"]][:3] == [True, True, False]
    assert value["frames"][2]["file"] == "json/__init__.py"
    assert value["tail"][0] == "red"
    assert value["error"]["type"] == "json.decoder.JSONDecodeError"


def test_a_signal_from_outside_says_who_may_have_sent_it(lab: JobLab) -> None:
    run = lab.submit("import time\nprint('ready', flush=True)\ntime.sleep(60)\n")
    lab.prints(run, b"ready")
    (pid,) = eventually(lambda: job_processes(lab.settings, run.id), 10, "the job")
    os.kill(pid, signal.SIGTERM)
    assert lab.ends(run) == status.FAILED
    value = found(lab, run)
    assert (value["kind"], value["signal"]["name"]) == ("signal", "SIGTERM")
    assert value["signal"]["sender"] == "user"
    assert value["signal"]["pid"] is None, "the system does not tell"


def test_a_crash_is_the_job_s_own(lab: JobLab) -> None:
    value = failed(lab, "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    assert (value["kind"], value["signal"]["sender"]) == ("crash", "job")


GROWS = """
import time
held = []
while True:
    held.append(bytearray(4 * 1024 * 1024))
    for at in range(0, len(held[-1]), 4096):
        held[-1][at] = 1
    time.sleep(0.05)
"""


def test_a_kill_at_the_memory_limit_shows_the_curve(lab: JobLab) -> None:
    value = failed(lab, GROWS, memory_limit=120 * MB)
    assert value["kind"] == "memory"
    assert value["signal"] is None or value["signal"]["sender"] == "limit"
    curve = value["curve"]
    assert curve["limit"] == 120 * MB
    assert len(curve["values"]) == len(curve["times_ms"]) >= 2
    assert curve["values"] == sorted(curve["values"])
    assert max(curve["values"]) > 80 * MB
    assert " to 120 MB in " in value["summary"]


CUDA = '''
class OutOfMemoryError(RuntimeError):
    """As torch.OutOfMemoryError says it."""
OutOfMemoryError.__module__ = "torch"
class Loss:
    def backward(self):
        raise OutOfMemoryError(
            "CUDA out of memory. Tried to allocate 2.10 GiB. GPU 0 has a total capacity of "
            "23.99 GiB of which 801.00 MiB is free. Process 4121 has 0.60 GiB memory in use.")
from ml_jupyter import Run
run = Run.get_context()
for step in range(813):
    run.log("loss", 1.0, step=step)
loss = Loss()
def train_epoch():
    loss.backward()
train_epoch()
'''


def test_cuda_out_of_memory_is_told_apart(lab: JobLab) -> None:
    value = failed(lab, CUDA)
    assert value["kind"] == "gpu_memory"
    assert value["title"] == "Ran out of GPU memory in the backward pass at step 812."
    assert value["summary"] == "The job asked for 2.3 GB when 840 MB of GPU 0 was free."
    assert value["step"] == {"step": 812, "total": None}


def test_changes_since_the_last_good_run(lab: JobLab) -> None:
    good = lab.submit("print(1)\n", definition={"script": "job.py", "arguments": ["--lr", "0.1"]})
    assert lab.ends(good) == status.COMPLETED
    (lab.source / "extra.txt").write_text("one\ntwo\n", "utf-8")
    bad = lab.submit(
        "print(1)\nraise SystemExit(3)\n",
        definition={"script": "job.py", "arguments": ["--lr", "0.3", "--fast"]},
    )
    assert lab.ends(bad) == status.FAILED
    value = found(lab, bad)
    assert value["kind"] == "exit_code"
    changes = value["changes"]
    assert (changes["run_id"], changes["number"]) == (good.id, 1)
    assert changes["parameters"] == [
        {"name": "lr", "before": "0.1", "after": "0.3"},
        {"name": "fast", "before": None, "after": "true"},
    ]
    assert changes["files"] == [
        {"path": "extra.txt", "change": "added", "added": 2, "removed": 0},
        {"path": "job.py", "change": "changed", "added": 1, "removed": 0},
    ]
    assert changes["sentence"] == (
        "Since run 1: lr 0.1 → 0.3; fast not set → true; extra.txt added; job.py +1 \u22120."
    )


def test_a_lost_run_has_one_too(lab: JobLab) -> None:
    run = lab.submit("import time\nprint('ready', flush=True)\ntime.sleep(60)\n")
    lab.prints(run, b"ready")
    lab.kill(lab.supervisors())
    assert lab.ends(run) == status.FAILED
    value = found(lab, run)
    assert (value["kind"], value["tail"]) == ("lost", ["ready"])


def test_a_command_that_is_not_there(lab: JobLab) -> None:
    run = lab.shell("no-such-program --fast")
    assert lab.ends(run) == status.FAILED
    assert found(lab, run)["title"] == "The command was not found."


def test_good_runs_have_none(lab: JobLab) -> None:
    run = lab.submit("print(1)")
    assert lab.ends(run) == status.COMPLETED
    assert finding.of(lab.workspace.layout, run) is None


#: The cases of seed 000's troubleshooting section, and what the finding says of each.
SEEDS = [
    (
        "raise AttributeError(\"'RoundTripLoader' object has no attribute 'comment_handling'\")",
        "ruamel.yaml<0.17.5",
    ),
    (
        (
            "class DecodeError(Exception): pass\n"
            "DecodeError.__module__ = 'jwt.exceptions'\n"
            'raise DecodeError(\'It is required that you pass in a value for the "algorithms" '
            "argument when calling decode().')"
        ),
        "PyJWT<2.0.0",
    ),
    ("import no_such_module_at_all", "no-such-module-at-all"),
    ("print(undefined_name)", "line 1 of job.py"),
    ("class A: pass\nA().missing", "line 2 of job.py"),
]


@pytest.mark.parametrize(("text", "answer"), SEEDS)
def test_the_seeds_troubleshooting_is_answered(lab: JobLab, text: str, answer: str) -> None:
    value = failed(lab, text)
    told = " ".join(f"{item['text']} {item['code']}" for item in value["advice"])
    assert answer in told, value


RANKS = """
import os, sys, time
if os.environ["RANK"] == "1":
    print("before the end")
    {}
time.sleep(60)
"""


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("raise KeyError('cause')", "Rank 1 failed first: KeyError: 'cause' (job.py line 5)."),
        ("os.kill(os.getpid(), 9)", ("Rank 1 failed first: Killed by signal 9 (SIGKILL) from "
                                    "outside.")),
        ("import nothing", ("Rank 1 failed first: The package nothing is missing: job.py imports "
                           "nothing.")),
    ],
)  # fmt: skip
def test_the_rank_that_failed_first_is_named(lab: JobLab, line: str, title: str) -> None:
    distribution = {"kind": "pytorch", "process_count": 2, "node_count": 1}
    value = failed(lab, RANKS.format(line), distribution=distribution)
    assert value["title"] == title
    assert (value["rank"]["rank"], value["rank"]["failed_first"]) == (1, True)
    assert value["log"] == "user_logs/std_log_process_1.txt"
    assert value["tail"][0] == "before the end"


def test_lists_say_the_finding_where_it_says_more(lab: JobLab) -> None:
    run = lab.submit(CUDA)
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == "Ran out of GPU memory in the backward pass at step 812."


def test_a_failed_build_names_the_package(lab: JobLab) -> None:
    run = lab.workspace.create_run(lab.experiment, "built-1", records.SCRIPT, status.PREPARING)
    log = run.layout.files / BUILD_LOG
    log.parent.mkdir(parents=True)
    log.write_text("Collecting torhc\nNo solution found for torhc==2.1\n", "utf-8")
    message = "The environment vision could not be built: there is no torhc 2.1."
    error = {"code": "EnvironmentBuildFailed", "message": message, "package": "torhc"}
    run.set_status(status.FAILED, reason=message, error=error)
    value = found(lab, run)
    assert (value["kind"], value["title"], value["log"]) == ("environment", message, BUILD_LOG)
    assert value["tail"][-1] == "No solution found for torhc==2.1"
    assert value["advice"][0]["package"] == "torhc"


def test_the_curve_of_a_full_gpu(lab: JobLab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ML_JUPYTER_NVML", str(RECORDINGS / "two.json"))
    value = failed(lab, "import time; time.sleep(0.6)\n" + CUDA, gpus=1)
    curve = value["curve"]
    assert (curve["label"], curve["limit"]) == ("Memory of GPU 0", 85899345920)
    assert curve["asked"] == int(2.10 * 2**30)
    assert set(curve["values"]) == {3145728.0}


def test_an_exception_in_a_notebook_has_a_finding_too(lab: JobLab) -> None:
    run = lab.workspace.create_run(lab.experiment, "cell-1", records.INTERACTIVE, status.RUNNING)
    text = (
        'Traceback (most recent call last):\n  File "/tmp/ipykernel_7/1.py", line 2, in <module>\n'
        "    net.fit(x)\nValueError: x is empty"
    )
    error = {"code": "UserError", "message": "ValueError: x is empty", "traceback": text}
    run.set_status(status.FAILED, reason="ValueError: x is empty.", error=error)
    value = found(lab, run)
    assert value["title"] == "ValueError: x is empty (1.py line 2)."
    assert finding.of(lab.workspace.layout, run) is value, "made once for who has the run open"


def notebook(*sources: str) -> str:
    facts: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    cells = [{**facts, "id": f"cell-{at}", "source": text} for at, text in enumerate(sources)]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def test_a_notebook_that_ran_as_a_job(lab: JobLab) -> None:
    (lab.source / "helper.py").write_text("def load(x):\n    return x / 0\n", "utf-8")
    run = lab.submit(notebook("print(1)", "import helper\nhelper.load(3)"), name="train.ipynb")
    assert lab.ends(run, 60) == status.FAILED
    value = found(lab, run)
    assert value["title"] == "ZeroDivisionError: division by zero (helper.py line 2)."
    assert [(f["file"], f["path"], f["line"], f["code"]) for f in value["frames"]] == [
        ("train.ipynb cell 2", "train.ipynb", 2, "helper.load(3)"),
        ("helper.py", "helper.py", 2, "return x / 0"),
    ]
