"""What "Start, monitor, and cancel training runs" (Azure ML, SDK v1, 2020-12-04) shows and claims.

Source: https://learn.microsoft.com/azure/machine-learning/how-to-track-monitor-analyze-runs. The
programs are our own; each test names the section it holds us to.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import ml_jupyter.core
from ml_jupyter.core import Experiment, Run, ScriptRunConfig, Workspace
from ml_jupyter.core.compute import AmlCompute, ComputeTarget

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

Shell = Callable[..., str]
QUICK = "print('hello')\n"
DELAYED = "import time\nfor _ in range(600):\n    time.sleep(1)\n"
BATCH = """\
from ml_jupyter.core import Run
run = Run.get_context()
for count, fruit in enumerate(["apple", "banana", "orange", "plum", "fig"]):
    with run.child_run(name=fruit) as child:
        child.log(name="Hello from child run", value=count)
"""
PARENT = """\
from ml_jupyter.core import Run, ScriptRunConfig

run = Run.get_context()
compute_target = run.experiment.workspace.compute_targets["gpu-cluster"]
for arg in ["Apple", "Banana", "Orange"]:
    run.log("Status", f"Launching {arg}")
    run.submit_child(
        ScriptRunConfig(
            source_directory=".",
            script="child.py",
            arguments=["--fruit", arg],
            compute_target=compute_target,
        )
    )
for child in run.get_children():
    child.wait_for_completion()
"""
CHILD = """\
import sys
from ml_jupyter.core import Run

def root_run(self: Run) -> Run:
    return self if self.parent is None else root_run(self.parent)

child_run = Run.get_context()
print("parent", child_run.parent.id, sys.argv[1:])
root_run(child_run).log("MyMetric", f"Data from child run {child_run.id}")
"""


@pytest.fixture
def exp(ws: Workspace) -> Experiment:
    return Experiment(workspace=ws, name="explore-runs")


@pytest.fixture
def scripts(project: Path) -> Path:
    texts = {
        "hello.py": QUICK,
        "hello_with_delay.py": DELAYED,
        "hello_with_children.py": BATCH,
        "parent.py": PARENT,
        "child.py": CHILD,
    }
    for name, text in texts.items():
        (project / name).write_text(text)
    return project


def test_a_run_is_started_watched_and_completed(exp: Experiment) -> None:
    """Sections "Prerequisites" and "Monitor run performance"."""
    assert ml_jupyter.__version__ == ml_jupyter.core.VERSION
    notebook_run = exp.start_logging()
    notebook_run.log(name="message", value="Hello from run!")
    assert notebook_run.get_status() == "Running"
    details = notebook_run.get_details()
    assert details["runId"] == notebook_run.id
    assert details["startTimeUtc"]
    notebook_run.complete()
    assert notebook_run.get_status() == "Completed"
    with exp.start_logging() as second:
        second.log(name="message", value="Hello from run!")
        assert second.get_status() == "Running"
    assert second.get_status() == "Completed"
    assert second.get_metrics() == {"message": "Hello from run!"}


def test_a_run_is_canceled(exp: Experiment, scripts: Path) -> None:
    """Section "Cancel or fail runs", ``cancel``."""
    run = exp.submit(ScriptRunConfig(source_directory=".", script="hello_with_delay.py"))
    assert run.get_status() in {"Queued", "Preparing", "Starting", "Running"}
    run.cancel()
    assert run.get_status() in {"CancelRequested", "Canceled"}
    run.wait_for_completion(raise_on_error=False)
    assert run.get_status() == "Canceled"


def test_a_run_is_marked_as_failed(exp: Experiment, scripts: Path) -> None:
    """Section "Cancel or fail runs", ``fail``."""
    run = exp.submit(ScriptRunConfig(source_directory=".", script="hello.py"))
    run.wait_for_completion()
    run.fail()
    assert run.get_status() == "Failed"
    running = exp.submit(ScriptRunConfig(source_directory=".", script="hello_with_delay.py"))
    running.fail(error_details="the wrong script")
    assert running.get_status() == "Failed"


def test_children_of_a_job_and_of_a_notebook(exp: Experiment, scripts: Path) -> None:
    """Section "Create child runs": made one by one, in a batch, and read again."""
    local_run = exp.submit(ScriptRunConfig(source_directory=".", script="hello_with_children.py"))
    local_run.wait_for_completion(show_output=False)
    children = list(local_run.get_children())
    assert sorted(child.get_metrics()["Hello from child run"] for child in children) == [*range(5)]
    assert {child.get_status() for child in children} == {"Completed"}
    with exp.start_logging() as parent_run:
        for count in range(5):
            with parent_run.child_run() as child:
                child.log(name="Hello from child run", value=count)
            assert child.get_status() == "Completed"
        batch = parent_run.create_children(tag_key="fold", tag_values=["0", "1", "2"])
        for child in batch:
            child.complete()
    assert len(list(parent_run.get_children())) == 8
    assert [child.id for child in parent_run.get_children(tags={"fold": "1"})] == [batch[1].id]


def test_children_are_submitted_to_a_cluster_of_their_own(
    ws: Workspace, exp: Experiment, scripts: Path
) -> None:
    """Sections "Submit child runs", "Query child runs", "Log to parent or root run"."""
    made = AmlCompute.provisioning_configuration(vm_size="STANDARD_D1_V2", max_nodes=2)
    ComputeTarget.create(ws, "gpu-cluster", made).wait_for_completion()
    run = exp.submit(ScriptRunConfig(source_directory=".", script="parent.py"))
    assert run.wait_for_completion()["status"] == "Completed"
    children = list(run.get_children(recursive=True))
    assert len(children) == 3
    for child in children:
        assert child.parent.id == run.id
        assert child.get_details()["target"] == "gpu-cluster"
        log = (child._folder.layout.files / "user_logs" / "std_log.txt").read_text()
        assert f"parent {run.id}" in log
    told = run.get_metrics()["MyMetric"]
    assert set(told) == {f"Data from child run {child.id}" for child in children}


def test_the_state_of_a_parent_is_its_own(exp: Experiment) -> None:
    """Section "Submit child runs": a parent completes although a child has failed."""
    with exp.start_logging() as parent:
        parent.child_run(name="a").fail("no luck")
        parent.child_run(name="b").cancel()
    assert parent.get_status() == "Completed"
    assert sorted(child.get_status() for child in parent.get_children()) == ["Canceled", "Failed"]


def test_properties_stay_and_tags_change(exp: Experiment) -> None:
    """Section "Tag and find runs"."""
    run = exp.start_logging()
    run.add_properties({"author": "azureml-user"})
    assert run.get_properties()["author"] == "azureml-user"
    with pytest.raises(Exception, match="author"):
        run.add_properties({"author": "different-user"})
    assert run.get_properties()["author"] == "azureml-user"
    run.tag("quality", "great run")
    run.tag("quality", "fantastic run")
    run.tag("worth another look")
    assert run.get_tags() == {"quality": "fantastic run", "worth another look": None}
    run.complete()
    exp.start_logging().complete()
    wanted = {"author": "azureml-user"}
    by_tag = list(exp.get_runs(properties=wanted, tags={"quality": "fantastic run"}))
    by_word = list(exp.get_runs(properties=wanted, tags="worth another look"))
    assert [found.id for found in by_tag] == [found.id for found in by_word] == [run.id]
    assert list(exp.get_runs(properties=wanted, tags={"quality": "great run"})) == []


def test_the_shell_does_the_same(mlj: Shell, ws: Workspace, scripts: Path) -> None:
    """All tabs of the command line: log in, attach, submit, list, show, tag, query, cancel."""
    mlj("login")
    mlj("folder", "attach", "-w", "myworkspace", "-g", "myresourcegroup")
    (scripts / "train.py").write_text(QUICK)
    assert (scripts / ".azureml" / "sklearn.runconfig").exists()
    mlj("run", "submit-script", "-c", "local", "-e", "testexperiment", "train.py")
    listed = json.loads(mlj("run", "list", "--experiment-name", "testexperiment"))
    (run_id,) = [item["run_id"] for item in listed]
    run = Run.get(ws, run_id)
    run.wait_for_completion()
    assert json.loads(mlj("run", "show", "-r", run_id))["status"] == "Completed"
    mlj("run", "update", "-r", run_id, "--add-tag", "quality=fantastic run")
    run.tag("worth another look")
    run.add_properties({"author": "azureml-user"})
    Experiment(ws, "testexperiment").start_logging().complete()
    for query in (
        "[?properties.author=='azureml-user']",
        "[?tags.keys(@)[?starts_with(@, 'worth another look')]]",
        "[?properties.author=='azureml-user' && tags.quality=='fantastic run']",
    ):
        for words in ((query,), ("--query", query)):
            found = json.loads(mlj("run", "list", "--experiment-name", "testexperiment", *words))
            assert [item["run_id"] for item in found] == [run_id], query
    long_run = Experiment(ws, "testexperiment").submit(
        ScriptRunConfig(source_directory=".", script="hello_with_delay.py")
    )
    mlj("run", "cancel", "-r", long_run.id, "-w", "myworkspace", "-e", "testexperiment")
    long_run.wait_for_completion(raise_on_error=False)
    assert long_run.get_status() == "Canceled"
