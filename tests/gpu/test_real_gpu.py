"""The queue on real GPUs: run by hand with ``make test-gpu`` where there is one.

Nothing but the driver is needed: the programs that use the GPU call ``libcuda`` themselves.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.devices import library, nvml
from ml_jupyter.devices.gpu import Gpu
from ml_jupyter.history import status
from ml_jupyter.jobs.queue_view import holdings, resource_use
from ml_jupyter.testing.isolation import eventually
from ml_jupyter.testing.isolation import isolated_settings as isolated_settings
from tests.jobs_lab import JobLab

pytestmark = [pytest.mark.gpu, pytest.mark.timeout(240)]

MIB = 1 << 20
#: Takes memory on the first visible GPU, says how many it sees, and keeps it until its input ends.
HOLDS = """
import ctypes, sys, uuid
cuda = ctypes.CDLL("libcuda.so.1")
def ask(name, *arguments):
    code = getattr(cuda, name)(*arguments)
    assert code == 0, (name, code)
device, count = ctypes.c_int(), ctypes.c_int()
context, memory = ctypes.c_void_p(), ctypes.c_uint64()
name = (ctypes.c_ubyte * 16)()
ask("cuInit", 0)
ask("cuDeviceGetCount", ctypes.byref(count))
ask("cuDeviceGet", ctypes.byref(device), 0)
ask("cuDeviceGetUuid", name, device)
ask("cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
ask("cuCtxSetCurrent", context)
ask("cuMemAlloc_v2", ctypes.byref(memory), ctypes.c_size_t(int(sys.argv[1])))
print(count.value, "GPU-" + str(uuid.UUID(bytes=bytes(name))), flush=True)
if sys.argv[2] == "wait":
    sys.stdin.read()
"""


@pytest.fixture
def lab(isolated_settings: Settings, tmp_path: Path) -> JobLab:
    return JobLab(isolated_settings, tmp_path)


@pytest.fixture(scope="module")
def idle() -> Gpu:
    """A GPU that nobody computes on."""
    if os.environ.get(library.RECORDING):
        pytest.fail(f"{library.RECORDING} is set: these tests are for a real driver.")
    found = [gpu for gpu in nvml.inventory() if gpu.problem is None]
    assert found, nvml.look().note
    free = [gpu for gpu in found if not any(not item.graphics for item in gpu.processes)]
    if not free:
        pytest.skip("every GPU is in use by somebody")
    return free[0]


@contextmanager
def holder(gpu: Gpu, size: int, *words: str) -> Iterator[int]:
    """A process that holds memory of a GPU."""
    environ = {**os.environ, "CUDA_VISIBLE_DEVICES": gpu.uuid}
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(size), "wait", *words], env=environ,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with child:
        assert child.stdout is not None
        assert child.stdout.readline().split()[1].decode() == gpu.uuid or gpu.mig
        yield child.pid
        child.kill()


def test_the_driver_tells_what_is_there(idle: Gpu) -> None:
    assert idle.uuid.startswith(("GPU-", "MIG-"))
    assert idle.memory_total > 1 << 30
    facts = nvml.sample([idle.uuid])[idle.uuid]
    assert facts.memory is not None
    if not idle.mig:
        assert 0 < (facts.temperature or 0) < 120
        assert 0 <= (facts.utilization or 0.0) <= 100


def test_memory_of_a_process_is_seen(idle: Gpu) -> None:
    before = idle.memory_used
    with holder(idle, 512 * MIB) as pid:
        (now,) = [gpu for gpu in nvml.inventory() if gpu.uuid == idle.uuid]
        assert now.memory_used >= before + 512 * MIB
        pids = [item.pid for item in now.processes]
        if pid not in pids:
            pytest.skip(f"the driver numbers processes otherwise here: {pids}, not {pid}")
        held = next(item for item in now.processes if item.pid == pid).used
        assert held is None or held >= 512 * MIB


def test_a_job_sees_its_gpu_and_no_other(lab: JobLab, idle: Gpu) -> None:
    run = lab.submit(HOLDS, arguments=(str(64 * MIB), "end"), gpus=1)
    assert lab.ends(run, timeout_s=60) == status.COMPLETED, lab.log(run)
    count, uuid = lab.log(run).decode().split()[-2:]
    (given,) = run.state().facts["placement"]["nodes"][0]["gpus"]
    assert count == "1"
    assert uuid == given or given.startswith("MIG-")


def test_who_holds_the_memory_is_waited_for_and_named(lab: JobLab, idle: Gpu) -> None:
    wanted = sum(1 for gpu in nvml.inventory() if gpu.problem is None)
    with holder(idle, 1024 * MIB, "-f", "/tmp/kernel-1234.json"):
        run = lab.submit(HOLDS, arguments=(str(64 * MIB), "end"), gpus=wanted)
        eventually(lambda: "held by" in (run.state().reason or ""), 60, "a reason")
        assert f"{idle.label}:" in (run.state().reason or "")
        beside = lab.submit(HOLDS, arguments=(str(64 * MIB), "end"), gpus=0.25)
        assert beside.state().status in (status.QUEUED, status.PREPARING)
    assert lab.ends(run, timeout_s=60) == status.COMPLETED, lab.log(run)
    assert lab.ends(beside, timeout_s=60) == status.COMPLETED, lab.log(beside)


def test_two_halves_run_at_once_on_one_gpu(lab: JobLab, idle: Gpu, tmp_path: Path) -> None:
    go = tmp_path / "go"
    text = f"{HOLDS}\nimport os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.05)\n"
    halves = [lab.submit(text, arguments=(str(64 * MIB), "end"), gpus=0.5) for _ in range(2)]
    for run in halves:
        lab.prints(run, b"GPU-", timeout_s=60)
    assert len({lab.log(run).split()[1] for run in halves}) == 1
    shares = [name for name in holdings(lab.settings) if name.startswith("share-")]
    assert len(shares) == 2
    assert resource_use(lab.settings, nvml.inventory()).gpus.free < len(nvml.inventory())
    go.touch()
    assert [lab.ends(run, timeout_s=60) for run in halves] == [status.COMPLETED] * 2


def test_what_it_costs_to_ask_the_driver(idle: Gpu) -> None:
    """The dispatcher asks twice a second while runs wait for GPUs."""

    nvml.look()
    begun = time.perf_counter()
    for _ in range(10):
        nvml.look()
    each = (time.perf_counter() - begun) / 10
    print(f"{each * 1000:.1f} ms for a look at {len(nvml.inventory())} GPUs")
    assert each < 0.5
