"""The queue with GPUs, pools and memory: real processes, real locks, recorded GPUs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.devices import recording, sessions
from ml_jupyter.devices.sessions import KernelSession
from ml_jupyter.environments import EnvironmentSpec
from ml_jupyter.exceptions import RunConfigurationException
from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs.queue_view import holdings, queue_entries, resource_use
from ml_jupyter.jobs.slots import pool_nodes
from ml_jupyter.jobs.submit import cancel
from ml_jupyter.testing.isolation import end_all, engine_processes, eventually, isolated
from tests.gpu_lab import GB, device, recorded, uuid_of
from tests.jobs_lab import JobLab
from tests.package_lab import Gate

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

UP = "echo up $CUDA_VISIBLE_DEVICES $AZ_BATCHAI_NUM_GPUS; "
WAITS = UP + "while [ ! -e {} ]; do sleep 0.02; done"
SLEEPS = UP + "sleep 600"


@pytest.fixture
def gpus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, isolated_settings: Settings) -> Path:
    """Two idle GPUs; the file can be written again."""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return recorded(monkeypatch, tmp_path, [device(0), device(1)])


def reason(run: RunFolder) -> str:
    return run.state().reason or ""


def says(run: RunFolder, *texts: str) -> None:
    eventually(
        lambda: all(text in reason(run) for text in texts), 15, f"{texts} in {reason(run)!r}"
    )


def test_a_job_gets_its_gpu_by_uuid(lab: JobLab, gpus: Path) -> None:
    run = lab.shell(UP, gpus=1)
    assert lab.ends(run) == status.COMPLETED
    assert lab.log(run) == f"up {uuid_of(0)} 1\n".encode()
    placement = run.state().facts["placement"]
    assert placement["nodes"] == [{"cpus": 1, "gpus": [uuid_of(0)], "memory": 0}]


def test_a_job_without_gpus_sees_what_the_notebook_sees(
    lab: JobLab, gpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "7")
    run = lab.shell(UP)
    assert lab.ends(run) == status.COMPLETED
    assert lab.log(run) == b"up 7\n"


def test_two_gpus_at_once_and_why_they_are_waited_for(
    lab: JobLab, gpus: Path, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    one = lab.shell(WAITS.format(go), gpus=1)
    lab.prints(one, b"up")
    two = lab.shell(UP, gpus=2)
    small = lab.shell(UP, gpus=0.5)
    says(two, "Needs 2 GPUs; 1 of 2 is free.", f"GPU 0: in use by {one.id}.")
    says(small, "1 run is ahead, and what is free is kept for it")
    one.set_details(display_name="warm-up")
    says(two, "GPU 0: in use by warm-up.")
    core = lab.shell("echo core")
    assert lab.ends(core) == status.COMPLETED
    eventually(lambda: resource_use(lab.settings, []).cpus == (2, 1), what="a free core")
    entries = queue_entries(lab.workspace, lab.settings)
    assert [item.request.text for item in entries] == ["2 GPUs", "0.5 of a GPU"]
    go.touch()
    assert lab.ends(two) == status.COMPLETED
    assert lab.log(two) == f"up {uuid_of(0)},{uuid_of(1)} 2\n".encode()
    assert lab.ends(small) == status.COMPLETED


def test_shares_meet_on_one_gpu(lab: JobLab, gpus: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    halves = [lab.shell(WAITS.format(go), gpus=0.5) for _ in range(2)]
    for run in halves:
        lab.prints(run, uuid_of(0).encode())
    assert sorted(holdings(lab.settings)) == [
        "cpu-0", "cpu-1", f"share-{uuid_of(0)}-0", f"share-{uuid_of(0)}-1",
    ]  # fmt: skip
    go.touch()
    assert [lab.ends(run) for run in halves] == [status.COMPLETED] * 2


KERNEL = "import sys; print('up', flush=True); sys.stdin.read()"


def test_the_notebook_that_holds_the_memory_is_named(lab: JobLab, gpus: Path) -> None:
    name = "kernel-0f9c1c52.json"
    notebook = subprocess.Popen(
        [sys.executable, "-c", KERNEL, "-f", f"/tmp/{name}"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with notebook:
        recording.save(str(gpus), [device(0), device(1, {notebook.pid: 31 * GB})])
        sessions.publish(lab.settings.runtime, [KernelSession("0f9c1c52", "eda.ipynb", 1)])
        run = lab.shell(UP, gpus=2)
        says(
            run, "Needs 2 GPUs; 1 of 2 is free.",
            f'GPU 1: 31 GB held by pid {notebook.pid}, the notebook "eda.ipynb" (idle',
        )  # fmt: skip
        written = run.layout.events.stat().st_size
        recording.save(str(gpus), [device(0), device(1, {notebook.pid: 30 * GB})])
        beside = lab.shell(UP, gpus=1, gpu_memory=40 * GB)
        assert queue_entries(lab.workspace, lab.settings)[0].run_id == run.id
        says(beside, "ahead")
        assert run.layout.events.stat().st_size == written, "another size alone is no news"
        notebook.kill()
    recording.save(str(gpus), [device(0), device(1)])
    assert lab.ends(run) == status.COMPLETED
    assert lab.ends(beside) == status.COMPLETED


def test_a_gpu_falls_off_the_bus_while_runs_wait(lab: JobLab, gpus: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    one = lab.shell(WAITS.format(go), gpus=1)
    lab.prints(one, b"up")
    two, next_one = lab.shell(UP, gpus=2), lab.shell(UP, gpus=1)
    says(two, "1 of 2 is free")
    recording.save(str(gpus), [device(0), {"error": recording.GPU_IS_LOST}])
    says(
        two, "Needs 2 GPUs, and this machine has 1 that can be used: ",
        "GPU 1 has fallen off the bus",
    )  # fmt: skip
    says(next_one, "none of 2 is free", "GPU 1 has fallen off the bus; restart the machine.")
    go.touch()
    assert lab.ends(next_one) == status.COMPLETED
    assert lab.log(next_one).split()[1] == uuid_of(0).encode()
    assert two.state().status == status.QUEUED
    recording.save(str(gpus), [device(0), device(1)])
    assert lab.ends(two) == status.COMPLETED


def test_what_can_never_fit_is_refused_and_leaves_nothing(lab: JobLab, gpus: Path) -> None:
    pool = {"id": "p", "name": "small", "max_nodes": 1}
    for wishes, text in (
        ({"gpus": 3}, "Needs 3 GPUs, and this machine has 2."),
        ({"gpus": 1, "gpu_memory": 81 * GB}, "this machine has 2, the largest with 80 GB."),
        ({"memory": 1 << 60}, "of memory, and this machine has"),
        ({"slots": 3}, "slots is 3, and this machine has 2."),
        ({"nodes": 2, "pool": pool}, "Needs 2 nodes, and the pool small has 1."),
    ):
        with pytest.raises(RunConfigurationException, match=text.replace(".", r"\.")):
            lab.shell("true", **wishes)
    assert not lab.workspace.layout.runs.exists() or not list(lab.workspace.layout.runs.iterdir())


def test_supervisor_with_gpus_killed(lab: JobLab, gpus: Path) -> None:
    """Its GPUs are free at once; who waited for them starts."""
    run = lab.shell(SLEEPS, gpus=2)
    lab.prints(run, b"up")
    waiting = lab.shell(UP, gpus=2)
    says(waiting, "none of 2 is free")
    (supervisor,) = lab.supervisors()
    os.kill(supervisor, signal.SIGKILL)
    assert lab.ends(run) == status.FAILED
    assert lab.ends(waiting) == status.COMPLETED
    eventually(lambda: holdings(lab.settings) == {}, what="free slots")


def test_dispatcher_killed_with_runs_on_gpus(lab: JobLab, gpus: Path, tmp_path: Path) -> None:
    """The next one gives no GPU twice, and the process that looked at the GPUs is gone."""
    go = tmp_path / "go"
    runs = [lab.shell(WAITS.format(go), gpus=1) for _ in range(2)]
    for run in runs:
        lab.prints(run, b"up")
    waiting = lab.shell(UP, gpus=1)
    says(waiting, "none of 2 is free")
    first = lab.dispatcher()
    os.kill(first, signal.SIGKILL)
    eventually(lambda: lab.dispatcher() != first, 10, "another dispatcher")
    assert waiting.state().status == status.QUEUED
    assert len({lab.log(run) for run in runs}) == 2
    go.touch()
    assert [lab.ends(run) for run in [*runs, waiting]] == [status.COMPLETED] * 3
    eventually(lambda: not _watchers(first), 10, "the end of the first one's look at the GPUs")


def _watchers(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                line = (path / "cmdline").read_bytes()
                at = int((path / "stat").read_bytes().rpartition(b")")[2].split()[1])
            except OSError:
                continue
            if b"devices.watch" in line and at in (parent, 1):
                found.append(int(path.name))
    return found


def test_a_pool_is_not_overfilled_by_two_workspaces(
    lab: JobLab, gpus: Path, tmp_path: Path
) -> None:
    go, pool = tmp_path / "go", {"id": "p1", "name": "gpu-cluster", "max_nodes": 1}
    other = JobLab(lab.settings, _folder(tmp_path / "other"))
    first = lab.shell(WAITS.format(go), pool=pool)
    lab.prints(first, b"up")
    second = other.shell("echo up", pool=pool)
    says(second, "Waiting for 1 node of the pool gpu-cluster. 1 of 1 is in use by")
    free = other.shell("echo up")
    assert other.ends(free) == status.COMPLETED
    (node,) = pool_nodes(lab.settings.slot_dir, "p1", 1)
    assert (node.held, node.run_id.rpartition(":")[2]) == (True, first.id)
    go.touch()
    assert other.ends(second) == status.COMPLETED
    eventually(lambda: not pool_nodes(lab.settings.slot_dir, "p1", 1)[0].held, what="a free node")
    assert pool_nodes(lab.settings.slot_dir, "p1", 1)[0].run_id.endswith(second.id)


CHILD = """
import os, sys
from pathlib import Path
from ml_jupyter.config import Settings
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import submit
from ml_jupyter.history import status
from ml_jupyter.testing.isolation import eventually
ws = WorkspaceFolder(Path(os.environ["ML_JUPYTER_WORKSPACE"]))
settings = Settings.load()
me = ws.run(os.environ["ML_JUPYTER_RUN_ID"])
spec = LaunchSpec.of(settings, command="echo $CUDA_VISIBLE_DEVICES", gpus=1, slots=2)
child = submit(ws, settings, ws.experiment(me.record.experiment_id), spec, source=None,
               definition={}, parent=me.record)
eventually(lambda: child.state().status in status.TERMINAL, 20, "the end of the child")
print((child.layout.files / "user_logs/std_log.txt").read_text(), flush=True)
"""


def test_a_child_uses_its_parents_gpu(lab: JobLab, gpus: Path) -> None:
    """The parent holds everything and waits for its child."""
    run = lab.submit(CHILD, gpus=2, slots=2)
    assert lab.ends(run, timeout_s=40) == status.COMPLETED, lab.log(run)
    assert lab.log(run).split() == [uuid_of(0).encode()]


OTHER = """
import sys
from itertools import pairwise
from pathlib import Path
from ml_jupyter.config import Settings
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import submit
settings = Settings.load()
workspace = WorkspaceFolder.create(settings.home / "workspace", "theirs")
experiment = workspace.create_experiment("digits")
for line in sys.stdin:
    spec = LaunchSpec.of(settings, command=line.strip(), gpus=2)
    run = submit(workspace, settings, experiment, spec, source=None, definition={})
    print(run.layout.path, flush=True)
"""


def test_two_users_take_turns(lab: JobLab, gpus: Path, tmp_path: Path) -> None:
    """Two dispatchers with one folder of slots: neither gives a GPU that the other one holds, and a
    user with many runs goes to the end of the line after each."""
    with isolated(tmp_path / "theirs", slot_dir=lab.settings.slot_dir) as theirs:
        environ = {**os.environ, "HOME": str(theirs.home), "ML_JUPYTER_NVML": str(gpus)}
    first = lab.shell("sleep 0.5", gpus=2)
    lab.reaches(first, status.RUNNING)
    mine = [lab.shell("sleep 0.3", gpus=2) for _ in range(4)]
    says(mine[0], "none of 2 is free")
    environ["ML_JUPYTER_RUNTIME"] = str(_folder(tmp_path / "r", 0o700))
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER], env=environ, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        with other:
            assert other.stdin is not None
            assert other.stdout is not None
            other.stdin.write("sleep 0.1\n")
            other.stdin.flush()
            path = Path(other.stdout.readline().strip())
            other.stdin.close()
        assert [lab.ends(run, timeout_s=40) for run in mine] == [status.COMPLETED] * 4
        started = _started(path)
        assert started, "the other user's run has not started after all of ours"
        ours = [run.state().started or 0 for run in mine]
        assert started < max(ours), "the other user waited for the whole queue of this one"
        eventually(lambda: "Completed" in _states(path), 20, "the end of the other user's run")
        spans = sorted([_span(run.layout.events) for run in mine] + [_span(path / "events")])
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
    finally:
        end_all(Settings.load(environ))


def _events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines() if line]


def _states(run: Path) -> list[str]:
    return [item["s"] for item in _events(run / "events") if "s" in item]


def _started(run: Path) -> int:
    return next((item["t"] for item in _events(run / "events") if item.get("s") == "Running"), 0)


def _span(events: Path) -> tuple[int, int]:
    """When a job ran, from Running to Finalizing."""
    times = {item["s"]: item["t"] for item in _events(events) if "s" in item}
    return times["Running"], times["Finalizing"]


def test_queues_that_share_no_locks_see_each_other_through_the_driver(
    lab: JobLab, gpus: Path, tmp_path: Path
) -> None:
    """As in two containers of one machine: the other one's job is a process on the GPU."""
    first = lab.shell("echo pid $$; sleep 600", gpus=1)
    lab.prints(first, b"pid")
    pid = int(lab.log(first).split()[1])
    recording.save(str(gpus), [device(0, {pid: 9 * GB}), device(1)])
    with isolated(tmp_path / "elsewhere") as settings:
        os.environ["ML_JUPYTER_NVML"] = str(gpus)
        other = JobLab(settings, _folder(tmp_path / "other"))
        both = other.shell(UP, gpus=2)
        says(both, f"GPU 0: 9 GB held by pid {pid}, the run {first.id}, of another queue.")
        one = other.shell(UP, gpus=1, priority=1)
        assert other.ends(one) == status.COMPLETED
        assert other.log(one).split()[1] == uuid_of(1).encode()


def test_memory_is_reserved(lab: JobLab, gpus: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    total = int(resource_use(lab.settings, []).memory.total)
    first = lab.shell(WAITS.format(go), memory=total * 2 // 3)
    lab.prints(first, b"up")
    second = lab.shell("true", memory=total // 2)
    says(second, "of memory;", "are not reserved. Reserved by")
    assert cancel(second, lab.settings)
    go.touch()
    assert lab.ends(first) == status.COMPLETED


def _folder(path: Path, mode: int = 0o755) -> Path:
    path.mkdir(mode=mode)
    return path


def test_no_process_looks_at_gpus_that_nobody_asked_for(lab: JobLab, gpus: Path) -> None:
    assert lab.ends(lab.shell("true")) == status.COMPLETED
    assert engine_processes(lab.settings)
    assert not _watchers(lab.dispatcher())


def build(folder: Path, number: int) -> dict[str, Any]:
    """An environment whose build waits for the gate; another number is another environment."""
    options = ("--no-index", f"--find-links {folder / 'wheels'}")
    spec = EnvironmentSpec(f"e{number}", "pip", pip=("slow",) * (number + 1), pip_options=options)
    return spec.to_json()


def test_environments_are_made_two_at_a_time_and_others_go_past(
    lab: JobLab, tmp_path: Path
) -> None:
    gate = Gate(tmp_path)
    text = "import slow\nprint(slow.VERSION)\n"
    first, same, other, third = (lab.submit(text, build=build(tmp_path, at)) for at in (0, 0, 1, 2))
    says(same, "Waiting for its environment, which is being prepared for another run.")
    says(third, "Waiting for its environment; others are being prepared.")
    eventually(gate.started.exists, 30, "a build to begin")
    assert lab.ends(lab.shell("true")) == status.COMPLETED
    assert lab.reaches(first, status.PREPARING) == lab.reaches(other, status.PREPARING)
    assert {same.state().status, third.state().status} == {status.QUEUED}
    eventually(lambda: holdings(lab.settings) == {}, what="free slots")
    gate.go.touch()
    runs = [first, same, other, third]
    assert [lab.ends(run, 60) for run in runs] == [status.COMPLETED] * 4
