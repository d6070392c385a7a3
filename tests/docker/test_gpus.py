"""GPUs in containers: recorded ones, and a stand-in for the hook of the NVIDIA toolkit.

The engine asks the hook for every container that is to have GPUs and tells it which, so what the
hook is told is what the real one would give.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter import containers
from ml_jupyter.containers import ContainerSpec, Surroundings, outcome, wrap
from ml_jupyter.distributed.rank import RankPlan
from ml_jupyter.exceptions import DockerUnavailable
from ml_jupyter.history import status
from ml_jupyter.testing.isolation import isolated
from tests.docker import rootfs
from tests.docker.daemon import IMAGE, Daemon, install
from tests.docker.lab import DockerLab
from tests.gpu_lab import device, recorded, uuid_of

pytestmark = [pytest.mark.full, pytest.mark.slow, pytest.mark.timeout(180)]

HOOK = "nvidia-container-runtime-hook"
SEES = (
    "import os\nfor name in ('CUDA', 'NVIDIA'): print(os.environ.get(name + '_VISIBLE_DEVICES'))\n"
)


@pytest.fixture
def hooked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    """A daemon on whose path the hook lies."""
    install()
    programs = tmp_path / "programs"
    programs.mkdir()
    hook = programs / HOOK
    hook.write_text("#!/bin/sh\ncat >/dev/null\n")
    hook.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    found = Daemon()
    try:
        found.start()
        found.import_image(rootfs.of_this_python())
        yield found
    finally:
        found.stop()


def test_job_gets_the_gpus_that_the_queue_gave_it(
    hooked: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with isolated(tmp_path / "world") as settings:
        recorded(monkeypatch, tmp_path, [device(0, {4242: 70_000_000_000}), device(1), device(2)])
        lab = DockerLab(settings, tmp_path, hooked)
        run = lab.submit(SEES, gpus=2.0)
        assert lab.ends(run) == status.COMPLETED, (run.state().reason, lab.log(run))
        given = f"{uuid_of(1)},{uuid_of(2)}\n".encode()
        assert lab.log(run) == given + given


def test_job_without_gpus_gets_none(
    hooked: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with isolated(tmp_path / "world") as settings:
        recorded(monkeypatch, tmp_path, [device(0)])
        lab = DockerLab(settings, tmp_path, hooked)
        run = lab.submit(SEES)
        assert lab.ends(run) == status.COMPLETED
        assert lab.log(run).endswith(b"None\n"), "the toolkit is not asked for it"


def test_engine_with_the_toolkit_may_be_asked_for_gpus(hooked: Daemon) -> None:
    assert containers.check(containers.connect_to(hooked.host), folders=[], gpus=1) == ()


def test_engine_without_the_toolkit_says_so(daemon: Daemon, tmp_path: Path) -> None:
    engine = containers.connect()
    with pytest.raises(DockerUnavailable) as caught:
        containers.check(engine, folders=[], gpus=1)
    assert caught.value.details["reason"] == "no_gpus"
    with isolated(tmp_path / "world") as settings:
        around = Surroundings(
            "run", tmp_path, tmp_path, settings, IMAGE, sys.executable, gpus={0: (uuid_of(0),)}
        )
        rank = RankPlan(0, "", 0, ("python", "-c", "pass"), {}, "log")
        keeper = wrap(rank, ContainerSpec(engine=engine.host), around)
        done = subprocess.run(keeper.command, capture_output=True, text=True, check=False)
        told = outcome(settings, "run", tmp_path)
    assert done.returncode == 125
    assert "could not select device driver" in done.stdout
    assert told is not None
    assert told.error is not None
    assert "NVIDIA Container Toolkit" in told.error["message"]
    assert not daemon.containers()
