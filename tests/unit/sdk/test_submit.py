"""Submitting real jobs through the queue: states, logs, errors, children, files."""

from __future__ import annotations

import signal
import sys
import textwrap
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Environment, Experiment, Run, ScriptRunConfig
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import (
    ActivityFailedException,
    ExperimentExecutionException,
    JobLost,
    RunConfigurationException,
    UserErrorException,
)
from ml_jupyter.jobs import processes
from ml_jupyter.sdk import waiting
from ml_jupyter.testing.isolation import engine_processes, eventually, job_processes

Write = Callable[..., ScriptRunConfig]


@pytest.fixture
def script(here: Path) -> Write:
    """Writes a script and gives the configuration that submits it."""

    def write(text: str, *, name: str = "train.py", **values: Any) -> ScriptRunConfig:
        (here / name).write_text(textwrap.dedent(text), "utf-8")
        return ScriptRunConfig(source_directory=".", script=name, **values)

    return write


def test_a_job_runs_logs_and_keeps_its_files(
    experiment: Experiment, script: Write, here: Path
) -> None:
    config = script(
        """
        import sys
        from ml_jupyter.core import Run, Workspace
        run = Run.get_context()
        assert Run.get_context() is run and Run.get_context(allow_offline=False) is run
        assert Workspace.from_config() == run.experiment.workspace
        run.log("lr", float(sys.argv[2]))
        open("outputs/model.txt", "w").write("model")
        open("logs/events", "w").write("events")
        run.upload_file("outputs/model.txt", "outputs/model.txt")
        run.complete()
        assert run.get_status() == "Running"
        run.log("after", True)
        """,
        arguments=["--lr", 0.5],
    )
    run = experiment.submit(config, tags={"rank": 1})
    assert run.type == "azureml.scriptrun"
    assert run.id.startswith("explore-runs_")
    (here / "train.py").write_text("raise SystemExit('edited later')", "utf-8")
    details = run.wait_for_completion()
    assert details["status"] == run.status == "Completed"
    assert run.get_metrics() == {"lr": 0.5, "after": True}
    assert run.get_file_names() == ["logs/events", "outputs/model.txt", "user_logs/std_log.txt"]
    definition = details["runDefinition"]
    assert (definition["script"], definition["arguments"]) == ("train.py", ["--lr", "0.5"])
    assert "launch" not in definition
    assert run.get_tags() == {"rank": "1"}
    assert run.display_name == "train"
    assert run.get_environment().python.user_managed_dependencies
    assert Run.get(experiment.workspace, run.id).get_details() == details


def test_output_is_shown_with_its_headings(
    experiment: Experiment, script: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """Surface 9.14: carriage returns, invalid UTF-8 and a last line without end."""
    text = r"import sys; sys.stdout.buffer.write(b'10%\r99%\n\xff\xfe\nlast')"
    run = experiment.submit(script(text))
    run.wait_for_completion(show_output=True)
    shown = capsys.readouterr().out
    head = f"RunId: {run.id}\nWeb View: "
    assert shown.startswith(head)
    assert "Streaming user_logs/std_log.txt\n" in shown
    assert "10%\r99%\n��\nlast\n" in shown
    assert shown.rstrip().split("\n")[-2:] == [
        f"RunId: {run.id}",
        f"Web View: {run.get_portal_url()}",
    ]
    assert "Execution Summary\n" in shown


def test_a_failed_job_raises_after_its_output(
    experiment: Experiment, script: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    run = experiment.submit(script("print('so far', flush=True)\nraise ValueError('bad lr')"))
    with pytest.raises(ActivityFailedException) as caught:
        run.wait_for_completion(show_output=True)
    assert "so far" in capsys.readouterr().out
    assert "ValueError: bad lr" in caught.value.message
    details = run.wait_for_completion(raise_on_error=False)
    assert details["status"] == "Failed"
    assert details["error"]["error"]["exitCode"] == 1
    assert "ValueError: bad lr" in details["error"]["error"]["message"]
    logs = run.get_details_with_logs()["logFiles"]
    assert "so far" in logs["user_logs/std_log.txt"]
    paths = run.get_all_logs("copied")
    assert "so far" in Path(paths[0]).read_text("utf-8")


def test_cancel_ends_the_process_and_waiting_does_not_raise(
    experiment: Experiment, script: Write, settings: Settings
) -> None:
    """Surface 9.7."""
    run = experiment.submit(script("import time\nprint('up', flush=True)\ntime.sleep(600)"))
    log = run._folder.layout.files / "user_logs" / "std_log.txt"
    eventually(lambda: log.exists() and b"up" in log.read_bytes(), what="the job's first line")
    run.cancel()
    assert run.get_status() in ("CancelRequested", "Canceled")
    assert run.wait_for_completion()["status"] == "Canceled"
    assert job_processes(settings, run.id) == set()
    with pytest.warns(UserWarning, match="is Canceled"):
        run.cancel()


def test_failing_a_running_job_stops_it(
    experiment: Experiment, script: Write, settings: Settings
) -> None:
    run = experiment.submit(script("import time\nprint('up', flush=True)\ntime.sleep(600)"))
    log = run._folder.layout.files / "user_logs" / "std_log.txt"
    eventually(lambda: log.exists() and b"up" in log.read_bytes(), what="the job's first line")
    run.fail("wrong script", "user_decision")
    assert run.get_status() == "Failed"
    eventually(lambda: not job_processes(settings, run.id), 20, "the job's processes ending")
    error = run.get_details()["error"]["error"]
    assert (error["code"], error["message"]) == ("user_decision", "wrong script")


def test_failing_at_once_after_submission(experiment: Experiment, script: Write) -> None:
    run = experiment.submit(script("import time; time.sleep(600)"))
    run.fail()
    assert run.get_status() == "Failed"
    assert run.wait_for_completion(raise_on_error=False)["status"] == "Failed"


def test_a_time_limit_cancels_and_says_why(experiment: Experiment, script: Write) -> None:
    config = script("import time; time.sleep(600)", max_run_duration_seconds=1)
    details = experiment.submit(config).wait_for_completion()
    assert details["status"] == "Canceled"
    assert "time limit" in str(details)


def test_children_of_a_job(experiment: Experiment, script: Write, here: Path) -> None:
    (here / "child.py").write_text(
        textwrap.dedent(
            """
            import sys
            from ml_jupyter import Run
            child = Run.get_context()
            child.parent.log("Status", f"{child.id} has {sys.argv[2]}")
            """
        ),
        "utf-8",
    )
    parent = experiment.submit(
        script(
            """
            from ml_jupyter.core import Run, ScriptRunConfig
            run = Run.get_context()
            with run.child_run() as own:
                own.log("own", 1)
            forgotten = run.child_run()
            for fruit in ["Apple", "Banana", "Orange"]:
                run.submit_child(ScriptRunConfig(".", "child.py", ["--fruit", fruit]))
            for child in run.get_children(type="azureml.scriptrun"):
                child.wait_for_completion()
            """,
            name="parent.py",
        )
    )
    parent.wait_for_completion()
    assert len(parent.get_metrics()["Status"]) == 3
    states = {run.type: [] for run in parent.get_children()}
    for run in parent.get_children():
        states[run.type].append(run.get_status())
    assert states == {
        "azureml.scriptrun": ["Completed"] * 3,
        "azureml.interactiverun": ["Completed"] * 2,
    }


def test_a_shell_command_and_variables(experiment: Experiment, here: Path) -> None:
    config = ScriptRunConfig(".", command=["echo", "value:", '"$GREETING"', "> outputs/said"])
    environment = Environment("mine")
    environment.python.user_managed_dependencies = True
    environment.environment_variables = {"GREETING": "from the environment"}
    config.run_config.environment = environment
    run = experiment.submit(config, display_name="say it")
    run.wait_for_completion()
    run.download_file("outputs/said")
    assert (here / "said").read_text("utf-8") == "value: from the environment\n"
    assert run.display_name == "say it"


def test_interrupting_the_wait_leaves_the_run_alive(
    experiment: Experiment, script: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = experiment.submit(script("import time; time.sleep(600)"))

    def interrupt(*_: Any) -> None:
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(waiting.Watcher, "wait", interrupt)
    with pytest.raises(ExperimentExecutionException, match="goes on"):
        run.wait_for_completion()
    assert run.get_status() not in ("Completed", "Failed", "Canceled")
    run.cancel()


def test_a_waiting_client_serves_the_queue_after_a_reboot(
    experiment: Experiment, script: Write, settings: Settings
) -> None:
    """All processes are gone at once, then a new client waits for the run that was queued."""
    sleepers = [experiment.submit(script("import time; time.sleep(600)")) for _ in range(2)]
    queued = experiment.submit(script("print('after')", name="after.py"))
    eventually(
        lambda: [run.get_status() for run in sleepers] == ["Running"] * 2, 20, "both slots in use"
    )
    for sign in (signal.SIGSTOP, signal.SIGKILL):
        processes.send(engine_processes(settings) | job_processes(settings), sign)
    eventually(lambda: not engine_processes(settings), what="the end of all processes")
    assert queued.wait_for_completion()["status"] == "Completed"
    assert [run.wait_for_completion(raise_on_error=False)["status"] for run in sleepers] == [
        "Failed",
        "Failed",
    ]
    with pytest.raises(JobLost, match="JobLost"):
        sleepers[0].wait_for_completion()


def wrong(**values: Any) -> dict[str, Any]:
    return {"source_directory": ".", "script": "train.py", **values}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (wrong(source_directory="none"), "source_directory: there is no folder 'none'"),
        (wrong(script="none.py"), r"script: there is no file 'none\.py'"),
        (wrong(script="../train.py"), "script: .* is outside"),
        (wrong(command="true"), "exactly one of script and command; both"),
        (wrong(script=None), "exactly one of script and command; none"),
        (wrong(compute_target="gpu-cluster"), "no compute target 'gpu-cluster'"),
        (wrong(environment="x"), "environment must be an Environment"),
        (wrong(max_run_duration_seconds=-1), "max_run_duration_seconds"),
    ],
)
def test_what_is_wrong_is_named_and_leaves_no_run(
    experiment: Experiment, script: Write, values: dict[str, Any], message: str
) -> None:
    script("")
    with pytest.raises(UserErrorException, match=message):
        experiment.submit(ScriptRunConfig(**values))
    assert list(experiment.get_runs()) == []


def test_arguments_must_be_a_list(experiment: Experiment, script: Write) -> None:
    config = script("")
    config.arguments = "--lr 0.1"  # type: ignore[assignment]
    with pytest.raises(UserErrorException, match="arguments must be a list, not str"):
        experiment.submit(config)
    with pytest.raises(UserErrorException, match="config must be a ScriptRunConfig, not dict"):
        experiment.submit({"script": "train.py"})


def test_what_comes_later_says_so(experiment: Experiment, script: Write) -> None:
    config = script("")
    config.resume_from = object()
    with pytest.raises(RunConfigurationException, match="resume_from"):
        experiment.submit(config)


def test_the_interpreter_is_checked(experiment: Experiment, script: Write, here: Path) -> None:
    environment = Environment("other")
    environment.python.user_managed_dependencies = True
    config = script("import sys; print(sys.executable)", environment=environment)
    environment.python.interpreter_path = str(here / "no-python")
    with pytest.raises(UserErrorException, match="interpreter_path"):
        experiment.submit(config)
    fake = here / "fake-python"
    fake.write_text("#!/bin/sh\necho 3 6\n", "utf-8")
    fake.chmod(0o755)
    environment.python.interpreter_path = str(fake)
    with pytest.raises(UserErrorException, match=r"is Python 3\.6"):
        experiment.submit(config)
    link = here / "bin" / "python-link"
    link.parent.mkdir()
    link.symlink_to(sys.executable)
    environment.python.interpreter_path = str(link)
    run = experiment.submit(config)
    run.wait_for_completion()
    assert "python" in run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"]


def test_a_curated_environment_is_the_python_that_submits(
    experiment: Experiment, script: Write
) -> None:
    environment = Environment.get(experiment.workspace, "AzureML-Minimal")
    run = experiment.submit(script("print('ok')", environment=environment))
    run.wait_for_completion()
    assert run.get_environment().name == "AzureML-Minimal"
    interactive = experiment.start_logging(outputs=False, snapshot_directory=None)
    interactive.complete()
    with pytest.raises(UserErrorException, match="interactive"):
        interactive.get_environment()


def test_a_python_without_any_package_can_run_jobs(
    experiment: Experiment, script: Write, here: Path
) -> None:
    venv.create(here.parent / "bare", with_pip=False, symlinks=True)
    environment = Environment("bare")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = str(here.parent / "bare" / "bin" / "python")
    config = script(
        """
        import importlib.util, sys
        from ml_jupyter.core import Run
        assert importlib.util.find_spec("numpy") is None
        run = Run.get_context()
        run.log("prefix", sys.prefix)
        with run.child_run() as child:
            child.log_list("x", [1, 2])
        run.upload_file("outputs/me.py", __file__)
        """,
        environment=environment,
    )
    run = experiment.submit(config)
    run.wait_for_completion()
    assert run.get_metrics() == {"prefix": str(here.parent / "bare")}
    assert next(run.get_children()).get_metrics() == {"x": [1, 2]}
    assert "outputs/me.py" in run.get_file_names()
