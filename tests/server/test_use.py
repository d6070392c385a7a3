"""What a run used, why it failed, its ranks, the queue and the machine, over HTTP."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ml_jupyter.config import Settings
from ml_jupyter.devices.sessions import KernelSession, publish
from ml_jupyter.history import records, status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.system_log import Channel, SystemLog
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import submit
from ml_jupyter.server import shapes
from ml_jupyter.testing.isolation import eventually

RECORDINGS = Path(__file__).resolve().parents[1] / "recordings" / "nvml"
S = 1_000_000_000


def fits(value: Any, name: str) -> None:
    schema = {**shapes.reference(name), "components": {"schemas": dict(shapes.SHAPES)}}
    Draft202012Validator(schema).validate(value)


@pytest.fixture
def run(workspace: WorkspaceFolder) -> RunFolder:
    experiment = workspace.create_experiment("explore")
    return workspace.create_run(experiment, "explore-1", records.SCRIPT, "Running")


def at(workspace: WorkspaceFolder, run: RunFolder, *parts: str) -> tuple[str, ...]:
    return ("workspaces", workspace.id, "runs", run.id, *parts)


def use(run: RunFolder, *values: float) -> None:
    log = SystemLog(run.layout)
    log.note(interval_s=5.0, gpus=[])
    for number, value in enumerate(values, 1):
        time = (run.state().started or 0) + number * S
        log.append(Channel("cpu", "%", "CPU", 1600.0), time, value)
    log.close()


async def test_the_system_series_of_a_run(fetch, workspace, run):
    answer = await fetch(*at(workspace, run, "system"))
    assert answer.json == {"interval_s": None, "series": [], "gpus": [], "summary": None}
    use(run, 50.0, 150.0)
    answer = await fetch(*at(workspace, run, "system"))
    fits(answer.json, "System")
    (series,) = answer.json["series"]
    assert (series["name"], series["values"], series["mean"]) == ("cpu", [50.0, 150.0], 100.0)
    assert answer.json["summary"]["sentence"] == "Used 1.0 core on average (1.5 at most)."
    answer = await fetch(*at(workspace, run, "system"), params={"x_min": 5, "x_max": 1})
    assert (answer.status, answer.json["details"]) == (400, {"field": "x_min"})
    detail = (await fetch(*at(workspace, run))).json
    assert detail["resources"]["cpu"] == {"mean": 100.0, "peak": 150.0}
    fits(detail, "RunDetail")


async def test_the_finding_of_a_failed_run(fetch, workspace, run):
    assert (await fetch(*at(workspace, run, "finding"))).json == {"finding": None}
    text = "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nKeyError: 'x'"
    error = {"code": "ScriptFailed", "message": "KeyError: 'x'", "traceback": text}
    run.set_status(status.FAILED, reason="KeyError: 'x'.", error=error, exit_code=1)
    answer = await fetch(*at(workspace, run, "finding"))
    fits(answer.json, "FindingAnswer")
    assert answer.json["finding"]["error"] == {"type": "KeyError", "message": "'x'"}
    assert (await fetch(*at(workspace, run))).json["finding"] == answer.json["finding"]


async def test_ranks_and_their_logs(fetch, workspace, run):
    logs = run.layout.files / "user_logs"
    logs.mkdir(parents=True)
    (logs / "std_log.txt").write_text("[0] a\n[1] b\n")
    (logs / "std_log_process_1.txt").write_text("b\nc\n")
    log = "user_logs/std_log_process_1.txt"
    run.note(ranks=[{"rank": 1, "name": "1", "node": 0, "log": log, "exit_code": 3,
                     "failed_first": True}])  # fmt: skip
    answer = await fetch(*at(workspace, run, "ranks"))
    fits(answer.json, "Ranks")
    (rank,) = answer.json["ranks"]
    assert (rank["size"], rank["exit_code"], rank["failed_first"]) == (4, 3, True)
    assert (await fetch(*at(workspace, run, "log"), params={"rank": 1})).body == b"b\nc\n"
    assert (await fetch(*at(workspace, run, "log"))).body == b"[0] a\n[1] b\n"


@pytest.mark.parametrize("way", ["../../../../secret.txt", "user_logs/link.txt"])
async def test_logs_of_a_copied_run_do_not_lead_out_of_it(fetch, workspace, run, way):
    secret = workspace.layout.root / "secret.txt"
    secret.write_text("this must not be seen")
    (run.layout.files / "user_logs").mkdir(parents=True)
    (run.layout.files / "user_logs/link.txt").symlink_to(secret)
    run.note(ranks=[{"rank": 0, "name": "0", "log": way, "failed_first": True}])
    run.set_status(status.FAILED, reason="It broke.", exit_code=1)
    answer = await fetch(*at(workspace, run, "finding"))
    assert answer.json["finding"]["tail"] == []
    [rank] = (await fetch(*at(workspace, run, "ranks"))).json["ranks"]
    assert rank["size"] == 0


async def test_the_queue_says_what_a_run_needs(fetch, workspace, run, monkeypatch):
    monkeypatch.setenv("ML_JUPYTER_NVML", str(RECORDINGS / "two.json"))
    launch = {"slots": 3, "gpus": 2, "priority": 5}
    experiment = workspace.create_experiment("explore")
    waiting = workspace.create_run(
        experiment, "explore-2", records.SCRIPT, "Queued", definition={"launch": launch}
    )
    (workspace.layout.queue).mkdir(exist_ok=True)
    (workspace.layout.queue / waiting.id).write_text(f"{experiment.id}/{waiting.id}")
    answer = await fetch("workspaces", workspace.id, "queue")
    fits(answer.json, "Queue")
    (entry,) = answer.json["entries"]
    assert (entry["needs"]["cpus"], entry["needs"]["gpus"], entry["priority"]) == (3, 2, 5)
    assert entry["needs_text"] == "2 GPUs and 3 CPU slots"
    assert answer.json["resources"]["gpus"] == {"total": 2, "free": 2}


async def test_no_gpu_is_no_error(fetch, monkeypatch):
    monkeypatch.setenv("ML_JUPYTER_NVML", str(RECORDINGS / "no_driver.json"))
    answer = await fetch("machine")
    fits(answer.json, "Machine")
    assert (answer.json["gpus"], answer.json["gpu_note"]) == (
        [], "No GPU found. Runs use the CPU.",
    )  # fmt: skip
    assert (await fetch("gpu-processes")).json["processes"] == []


@pytest.fixture
def kernel(tmp_path: Path):
    """A process that looks like a kernel: its connection file stands in its command line."""
    name = tmp_path / "kernel-0a1b2c3d.json"
    command = [sys.executable, "-c", "import time; time.sleep(60)", "-f", str(name)]
    process = subprocess.Popen(command)
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Sets the processes on the second of two GPUs, as (pid, bytes)."""
    value = json.loads((RECORDINGS / "two.json").read_text())
    path = tmp_path / "nvml.json"

    def record(*processes: tuple[int, int]) -> None:
        device = value["devices"][1]
        device["nvmlDeviceGetMemoryInfo"]["used"] = 3145728 + sum(used for _, used in processes)
        device["nvmlDeviceGetComputeRunningProcesses"] = [
            {"pid": pid, "usedGpuMemory": used} for pid, used in processes
        ]
        path.write_text(json.dumps(value))

    record()
    monkeypatch.setenv("ML_JUPYTER_NVML", str(path))
    return record


async def test_processes_on_gpus_are_told_apart(fetch, settings, workspace, run, kernel, recorded):
    environment = {**os.environ, "ML_JUPYTER_RUN_ID": run.id,
                   "ML_JUPYTER_WORKSPACE": str(workspace.layout.root)}  # fmt: skip
    job = subprocess.Popen(["sleep", "60"], env=environment)
    other = subprocess.Popen(["sleep", "60"])
    run.set_details(display_name="vit-412")
    hours_ago = run.record.created - 3 * 3600 * S
    publish(settings.runtime, [KernelSession("0a1b2c3d", "work/eda.ipynb", hours_ago)])
    recorded((kernel.pid, 18_200_000_000), (job.pid, 5_000_000), (other.pid, 1_000_000))
    name = Path(f"/proc/{job.pid}/environ")
    eventually(lambda: run.id.encode() in name.read_bytes(), 10, "the job's start")
    try:
        answer = await fetch("gpu-processes")
        fits(answer.json, "GpuProcesses")
        first, second, third = answer.json["processes"]
        machine = (await fetch("machine")).json
    finally:
        for process in (job, other):
            process.kill()
            process.wait()
    assert (first["kind"], first["notebook"], first["here"]) == ("notebook", "eda.ipynb", False)
    assert first["sentence"] == "Notebook eda.ipynb, idle 3 h"
    assert (second["kind"], second["run_id"], second["workspace_id"]) == (
        "run", run.id, workspace.id,
    )  # fmt: skip
    assert second["sentence"] == "Run vit-412"
    assert (third["kind"], third["name"], third["run_id"]) == ("user", "sleep", None)
    fits(machine, "Machine")
    gpu = machine["gpus"][1]
    assert gpu["memory"] == {"runs": 5_000_000, "notebooks": 18_200_000_000, "others": 4_145_728}
    assert gpu["holder"] == "Notebook eda.ipynb, idle 3 h and 2 more"
    assert machine["gpus"][0]["holder"] is None


async def test_a_lost_gpu_says_so(fetch, monkeypatch):
    monkeypatch.setenv("ML_JUPYTER_NVML", str(RECORDINGS / "two_lost.json"))
    machine = (await fetch("machine")).json
    fits(machine, "Machine")
    problems = [gpu["problem"] for gpu in machine["gpus"]]
    assert problems[0] is None
    assert problems[1].startswith("GPU 1 has fallen off the bus")


async def test_a_driver_that_hangs_holds_nobody_up(fetch, tmp_path, monkeypatch):
    pipe = tmp_path / "never"
    os.mkfifo(pipe)
    monkeypatch.setenv("ML_JUPYTER_NVML", str(pipe))
    machine = (await fetch("machine")).json
    assert machine["cpu_count"] >= 1
    assert machine["gpu_note"] == "Looking for GPUs."
    os.close(os.open(pipe, os.O_RDWR))


@pytest.fixture
def job(settings: Settings, workspace: WorkspaceFolder, tmp_path: Path):
    """Submits a job that takes all cores for half a minute."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "job.py").write_text("import time; time.sleep(30)\n")
    spec = LaunchSpec.of(settings, script="job.py", slots=2)
    experiment = workspace.create_experiment("explore")

    def start(name: str) -> RunFolder:
        return submit(
            workspace, settings, experiment, spec, source=source, definition={}, display_name=name
        )

    return start


async def test_who_holds_the_cores(fetch, workspace, job):
    run = job("digits-sgd")
    eventually(lambda: run.state().status == status.RUNNING, 30, "the job's start")
    machine = (await fetch("machine")).json
    fits(machine, "Machine")
    assert machine["cpu_holders"] == [
        {"run_id": run.id, "workspace_id": workspace.id, "name": "digits-sgd", "slots": 2,
         "sentence": "Run digits-sgd"},
    ]  # fmt: skip
    assert (await fetch("workspaces", workspace.id, "queue")).json["slots"]["free"] == 0
    detail = (await fetch(*at(workspace, run))).json
    assert detail["placement"]["nodes"][0]["cpus"] == 2


async def test_a_run_that_waits_is_held_and_moved(fetch, workspace, run, job):
    first = job("first")
    eventually(lambda: first.state().status == status.RUNNING, 30, "the job's start")
    waiting = job("second")
    place = at(workspace, waiting, "queue")
    answer = await fetch(*place, method="PATCH", json_body={"held": True, "priority": 7})
    fits(answer.json, "RunDetail")
    (entry,) = (await fetch("workspaces", workspace.id, "queue")).json["entries"]
    assert (entry["held"], entry["priority"]) == (True, 7)
    await fetch(*place, method="PATCH", json_body={"held": False})
    (entry,) = (await fetch("workspaces", workspace.id, "queue")).json["entries"]
    assert entry["held"] is False
    answer = await fetch(*at(workspace, run, "queue"), method="PATCH", json_body={"held": True})
    assert (answer.status, answer.json["code"]) == (400, "invalid_argument")
    answer = await fetch(*place, method="PATCH", json_body={"priority": "high"})
    assert answer.status == 400
