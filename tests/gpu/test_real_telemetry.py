"""What a job does with a real GPU is recorded: run by hand with ``make test-gpu``."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.devices import nvml
from ml_jupyter.history import status
from ml_jupyter.sdk.machine import gpu_processes
from ml_jupyter.sdk.views.system import resources_json
from ml_jupyter.testing.isolation import eventually, job_processes
from ml_jupyter.testing.isolation import isolated_settings as isolated_settings
from tests.jobs_lab import JobLab

pytestmark = [pytest.mark.gpu, pytest.mark.timeout(240)]

MIB = 1 << 20
#: Takes 512 MiB on the GPU it was given and fills them again and again for some seconds.
WORKS = """
import ctypes, time
cuda = ctypes.CDLL("libcuda.so.1")
def ask(name, *arguments):
    code = getattr(cuda, name)(*arguments)
    assert code == 0, (name, code)
device, context, memory = ctypes.c_int(), ctypes.c_void_p(), ctypes.c_uint64()
size = ctypes.c_size_t(512 << 20)
ask("cuInit", 0)
ask("cuDeviceGet", ctypes.byref(device), 0)
ask("cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
ask("cuCtxSetCurrent", context)
ask("cuMemAlloc_v2", ctypes.byref(memory), size)
print("ready", flush=True)
end = time.monotonic() + 8
while time.monotonic() < end:
    ask("cuMemsetD8_v2", memory, ctypes.c_ubyte(1), size)
    ask("cuCtxSynchronize")
"""


@pytest.fixture
def lab(isolated_settings: Settings, tmp_path: Path) -> JobLab:
    assert nvml.inventory(), "this machine has no GPU"
    return JobLab(isolated_settings, tmp_path)


@pytest.mark.parametrize("isolated_settings", [{"telemetry_s": 1}], indirect=True)
def test_memory_power_and_work_are_recorded(lab: JobLab) -> None:
    run = lab.submit(WORKS, gpus=1)
    lab.prints(run, b"ready", 120)
    (pid,) = eventually(lambda: job_processes(lab.settings, run.id), 10, "the job")
    seen = eventually(
        lambda: [item for item in gpu_processes(lab.settings) if item["pid"] == pid], 20, "it there"
    )
    assert (seen[0]["kind"], seen[0]["run_id"], seen[0]["mine"]) == ("run", run.id, True)
    assert lab.ends(run, 60) == status.COMPLETED
    found = resources_json(run)
    assert found is not None
    (gpu,) = found["gpus"]
    assert gpu["memory"]["peak"] > 512 * MIB
    assert gpu["utilization"]["peak"] > 10
    assert gpu["power"]["peak"] > 20
    assert 15 < gpu["temperature"]["peak"] < 110
