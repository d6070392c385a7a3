"""Jobs in containers: what they see, what is recorded of them, and how they end."""

from __future__ import annotations

import json
import os
import time

import pytest

from ml_jupyter.containers import registry
from ml_jupyter.history import status, system_log
from ml_jupyter.jobs import inputs
from ml_jupyter.jobs.submit import cancel
from tests.docker.lab import DockerLab

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

FACTS = """
import json, os, sys
from pathlib import Path
mask = os.umask(0)
os.umask(mask)
facts = {
    "uid": os.getuid(), "gid": os.getgid(), "cwd": os.getcwd(), "home": os.environ["HOME"],
    "tty": [os.isatty(fd) for fd in (0, 1, 2)], "input": sys.stdin.read(),
    "size": list(os.get_terminal_size(1)), "hosts": os.path.exists("/usr/bin/env"),
    "umask": oct(mask), "variables": sorted(os.environ),
    "mine": os.environ.get("MINE"), "shm": os.statvfs("/dev/shm").f_blocks * 4096,
    "core": os.access("/opt/ml_jupyter/python/ml_jupyter/__init__.py", os.W_OK),
}
Path(os.environ["HOME"], "probe").write_text("1")
Path("outputs/facts.json").write_text(json.dumps(facts))
"""
CONTEXT = """
from ml_jupyter import Run
run = Run.get_context()
run.log("loss", 0.5)
run.log("loss", 0.25)
run.tag("where", "inside")
with run.child_run("child") as child:
    child.log("x", 1)
print(run.id, run.experiment.name)
"""
SLEEPS = "import time\nprint('up', flush=True)\ntime.sleep(600)\n"


def test_what_a_job_finds_around_it(lab: DockerLab) -> None:
    os.environ["SHELLS_OWN"] = "not for the image"
    container = {"shm_size": "32m", "arguments": ("--env", "FROM_OPTIONS=1")}
    run = lab.submit(FACTS, variables={"MINE": "a b"}, umask=0o027, container=container)
    assert lab.ends(run) == status.COMPLETED, lab.log(run)
    facts = json.loads((run.layout.files / "outputs" / "facts.json").read_text())
    assert (facts["uid"], facts["gid"]) == (os.getuid(), os.getgid())
    assert facts["cwd"] == str(run.layout.work)
    assert facts["tty"] == [False, True, True]
    assert facts["input"] == ""
    assert facts["size"] == [120, 40]
    assert facts["umask"] == "0o27"
    assert facts["mine"] == "a b"
    assert facts["shm"] == 32 * 1024 * 1024
    assert facts["home"] == "/opt/ml_jupyter/home"
    assert not facts["core"] or os.getuid() == 0, "this package cannot be changed from inside"
    assert not facts["hosts"], "the job runs in the image, not on the machine"
    assert {"FROM_OPTIONS", "AZUREML_RUN_ID", "ML_JUPYTER_WORKSPACE"} <= set(facts["variables"])
    assert not {"SHELLS_OWN", "VIRTUAL_ENV", "DOCKER_HOST"} & set(facts["variables"])
    owner = (run.layout.files / "outputs" / "facts.json").stat()
    assert (owner.st_uid, owner.st_mode & 0o777) == (os.getuid(), 0o640)
    assert lab.of(run) == []


def test_credentials_of_registries_are_not_shown_to_the_job(lab: DockerLab) -> None:
    registry.keep(lab.settings, "registry.example", "me", "secret")
    text = "import os\nprint(os.listdir(os.environ['ML_JUPYTER_STATE'] + '/credentials'))\n"
    run = lab.submit(text)
    assert lab.ends(run) == status.COMPLETED, lab.log(run)
    assert lab.log(run) == b"[]\n"


def test_context_metrics_tags_and_children(lab: DockerLab) -> None:
    run = lab.submit(CONTEXT)
    assert lab.ends(run) == status.COMPLETED, lab.log(run)
    assert lab.log(run) == f"{run.id} digits\n".encode()
    assert run.series("loss").values == [0.5, 0.25]
    assert run.state().tags["where"] == "inside"
    (child,) = run.state().children
    assert lab.workspace.run(child).state().status == status.COMPLETED
    assert len(list((lab.workspace.layout.journal).iterdir())) == 1, "one machine, one journal"


def test_log_is_what_the_job_wrote(lab: DockerLab) -> None:
    text = r"import os; os.write(1, b'a\r50%\r100%\r\n\x1b[31mred\x1b[0m\n\xff\x00\ttab\nend\r')"
    run = lab.submit(text)
    assert lab.ends(run) == status.COMPLETED
    expected = b"a\r50%\r100%\r\n\x1b[31mred\x1b[0m\n\xff\x00\ttab\nend\r"
    assert lab.log(run) == expected


@pytest.mark.full
def test_log_is_live(lab: DockerLab) -> None:
    text = (
        "import time\nfor _ in range(20):\n    print(time.time(), flush=True)\n    time.sleep(0.05)"
    )
    run = lab.submit(text)
    late, seen = [], 0
    while len(late) < 20:
        lines = lab.log(run).split(b"\n")[:-1]
        late += [time.time() - float(line) for line in lines[seen:]]
        seen = len(lines)
        time.sleep(0.002)
    assert sorted(late)[10] < 0.1
    assert max(late[3:]) < 0.2 + 0.3  # the machine may be busy with other tests
    lab.ends(run)


def test_failures_are_told(lab: DockerLab) -> None:
    failing = lab.submit("raise ValueError('no such luck')\n", name="failing.py")
    exiting = lab.shell("echo before; exit 3")
    assert lab.ends(failing) == lab.ends(exiting) == status.FAILED
    state = failing.state()
    assert state.reason == "ValueError: no such luck."
    assert exiting.state().exit_code == 3
    assert lab.log(exiting) == b"before\n"


@pytest.mark.full
def test_image_that_is_not_there_is_told(lab: DockerLab) -> None:
    run = lab.submit("pass\n", container={"image": "nobody/nothing:1"})
    assert lab.ends(run) == status.FAILED
    assert "does not have the image 'nobody/nothing:1'" in str(run.state().reason)


def test_out_of_memory_is_told_by_the_engine(lab: DockerLab) -> None:
    run = lab.submit("x = bytearray(300_000_000)\n", memory_limit=64 * 1024 * 1024)
    assert lab.ends(run) == status.FAILED
    assert run.state().reason == "Ran out of memory: used 64 MB of 64 MB."
    assert run.state().error["code"] == "OutOfMemory"


def test_cancel_lets_the_job_clean_up_once(lab: DockerLab) -> None:
    text = (
        "import signal, sys, time\n"
        "def stop(*_):\n    print('stopping', flush=True)\n    time.sleep(0.2)\n    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, stop)\nprint('up', flush=True)\ntime.sleep(600)\n"
    )
    run = lab.submit(text)
    lab.prints(run, b"up")
    cancel(run, lab.settings)
    assert lab.ends(run) == status.CANCELED
    assert lab.log(run) == b"up\nstopping\n"
    assert lab.of(run) == []


@pytest.mark.full
def test_deaf_job_is_gone_within_grace_and_a_second(lab: DockerLab) -> None:
    text = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + SLEEPS
    run = lab.submit(text, grace_s=1.0)
    lab.prints(run, b"up")
    begun = time.monotonic()
    cancel(run, lab.settings)
    assert lab.ends(run) == status.CANCELED
    lab.removes(run)
    assert time.monotonic() - begun < 1.0 + 1.0 + 1.0  # grace, the second, and a busy machine


@pytest.mark.full
def test_time_limit(lab: DockerLab) -> None:
    run = lab.submit(SLEEPS, max_run_duration_s=1.5)
    assert lab.ends(run) == status.CANCELED
    assert run.state().reason == "Stopped after 1.5 s: the time limit was reached."
    assert lab.of(run) == []


def test_ranks_reach_each_other(lab: DockerLab) -> None:
    text = """
import os, socket, time
rank, port = int(os.environ["RANK"]), int(os.environ["MASTER_PORT"])
if rank == 0:
    server = socket.create_server((os.environ["MASTER_ADDR"], port))
    print("heard", server.accept()[0].recv(100).decode())
else:
    for _ in range(200):
        try:
            client = socket.create_connection((os.environ["MASTER_ADDR"], port))
            break
        except OSError:
            time.sleep(0.05)
    client.sendall(f"rank {rank}".encode())
"""
    run = lab.submit(text, distribution={"kind": "pytorch", "process_count": 2, "backend": "Gloo"})
    assert lab.ends(run) == status.COMPLETED, lab.log(run)
    assert b"[0] heard rank 1\n" in lab.log(run)
    assert lab.of(run) == []


def test_data_inputs_are_there(lab: DockerLab) -> None:
    data = lab.source / "data"
    data.mkdir()
    (data / "points.csv").write_text("1,2")
    taken = inputs.take_local(lab.workspace.layout, lab.settings.cache, "points", data)
    fetched = lab.settings.cache / "fetched"
    fetched.parent.mkdir(parents=True, exist_ok=True)
    fetched.write_text("3,4")
    text = "import sys\nprint(*[open(path).read() for path in sys.argv[1:]])\n"
    arguments = ("${{inputs.points}}/points.csv", str(fetched))
    run = lab.submit(text, arguments=arguments, inputs=(taken.to_json(),))
    assert lab.ends(run) == status.COMPLETED, lab.log(run)
    assert lab.log(run) == b"1,2 3,4\n"


@pytest.mark.full
def test_small_memory_is_that_of_the_job_alone(lab: DockerLab) -> None:
    run = lab.submit("print('enough')\n", memory_limit=24 * 1024 * 1024)
    assert lab.ends(run) == status.COMPLETED, run.state().reason


@pytest.mark.full
def test_use_of_the_container_is_recorded(lab: DockerLab) -> None:
    text = "x = bytearray(200_000_000)\nimport time\nprint('up', flush=True)\ntime.sleep(1)\n"
    lab.settings = lab.settings.with_(telemetry_s=0.2)
    os.environ["ML_JUPYTER_TELEMETRY_S"] = "0.2"
    run = lab.submit(text)
    assert lab.ends(run) == status.COMPLETED
    assert max(system_log.read_series(run.layout, "memory").values) > 150_000_000


@pytest.mark.full
def test_first_failing_rank_is_named_and_the_others_end(lab: DockerLab) -> None:
    text = (
        "import os, time\nprint('up', flush=True)\n"
        "if os.environ['RANK'] == '1': raise ValueError('rank one is unhappy')\ntime.sleep(600)\n"
    )
    begun = time.monotonic()
    run = lab.submit(
        text, grace_s=1.0, distribution={"kind": "pytorch", "process_count": 3, "backend": "Gloo"}
    )
    assert lab.ends(run, 30) == status.FAILED
    assert "rank one is unhappy" in str(run.state().reason)
    assert run.state().error["rank"] == "Rank 1"
    lab.removes(run)
    lab.vanishes(run)
    assert time.monotonic() - begun < 30
