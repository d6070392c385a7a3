"""The GPUs of a machine, from recorded answers of the driver."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ml_jupyter.devices import driver, library, nvml, recording
from ml_jupyter.devices.gpu import Gpu, GpuProcess, Inventory
from tests.gpu_lab import RECORDINGS, device, recorded


def use(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(library.RECORDING, str(RECORDINGS / f"{name}.json"))
    monkeypatch.setattr(nvml, "_seen", {})


@pytest.mark.parametrize(
    ("name", "count"),
    [("none", 0), ("one", 1), ("two", 2), ("eight", 8), ("mig", 4), ("measured_a100_mig", 4)],
)
def test_every_device_that_cuda_can_be_given(
    monkeypatch: pytest.MonkeyPatch, name: str, count: int
) -> None:
    use(monkeypatch, name)
    found = nvml.look()
    assert len(found.gpus) == count
    assert len({gpu.uuid for gpu in found.gpus}) == count
    assert all(gpu.problem is None for gpu in found.gpus)
    assert found.note == (None if count else nvml.NO_GPU)
    assert Inventory.from_json(found.to_json()) == found


def test_facts_of_a_gpu_and_its_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "two_notebook")
    idle, held = nvml.inventory()
    assert (idle.label, idle.name) == ("GPU 0", "NVIDIA A100-SXM4-80GB")
    assert (idle.memory_total, idle.processes) == (81920 << 20, ())
    assert held.processes == (GpuProcess(4121, 29757 << 20),)
    assert held.memory_used == 29760 << 20


def test_what_a_real_t4_said(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "measured_t4")
    (gpu,) = nvml.inventory()
    assert (gpu.name, gpu.memory_total, gpu.memory_used) == ("Tesla T4", 15360 << 20, 1032 << 20)
    held = {item.pid: (item.used, item.graphics) for item in gpu.processes}
    assert held == {5762: (1005 << 20, False), 675: (22 << 20, True)}
    now = nvml.sample([gpu.uuid])[gpu.uuid]
    assert (now.utilization, now.temperature, now.power, now.power_limit) == (0, 40, 26.78, 70)


def test_what_a_real_a100_in_four_parts_said(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "measured_a100_mig")
    parts = nvml.inventory()
    assert [part.label for part in parts] == [f"GPU 0 part {index}" for index in range(4)]
    assert {(part.memory_total, part.memory_used) for part in parts} == {(19968 << 20, 12 << 20)}
    assert {part.processes for part in parts} == {()}


def test_programs_that_only_draw_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "one")
    (gpu,) = nvml.inventory()
    assert [(item.pid, item.graphics) for item in gpu.processes] == [(2211, True), (2489, True)]


def test_mig_devices_stand_in_the_place_of_their_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "mig")
    labels = [gpu.label for gpu in nvml.inventory()]
    assert labels == ["GPU 0 part 0", "GPU 0 part 1", "GPU 0 part 2", "GPU 1"]
    assert [gpu.mig for gpu in nvml.inventory()] == [True, True, True, False]
    assert all(gpu.uuid.startswith("MIG-") for gpu in nvml.inventory()[:3])


def test_mig_mode_without_mig_devices_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recorded(monkeypatch, tmp_path, [device(0, nvmlDeviceGetMigMode=[1, 1])])
    (gpu,) = nvml.inventory()
    assert gpu.problem == "is in MIG mode and has no MIG devices"


def test_gpu_that_falls_off_the_bus_keeps_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = recorded(monkeypatch, tmp_path, [device(0), device(1)])
    before = nvml.inventory()[1]
    recording.save(str(path), [device(0), {"error": recording.GPU_IS_LOST}])
    good, lost = nvml.inventory()
    assert good.problem is None
    assert (lost.uuid, lost.label) == (before.uuid, "GPU 1")
    assert lost.problem == "has fallen off the bus; restart the machine"
    recording.save(str(path), [device(0)])
    assert nvml.inventory()[1].problem == "is not there any more"


def test_compute_modes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    modes = [device(at, nvmlDeviceGetComputeMode=at) for at in (0, 2, 3)]
    recorded(monkeypatch, tmp_path, modes)
    free, closed, exclusive = nvml.inventory()
    assert (free.exclusive, free.problem) == (False, None)
    assert closed.problem == "is closed to programs that compute (compute mode PROHIBITED)"
    assert (exclusive.exclusive, exclusive.problem) == (True, None)


def test_lost_while_it_is_asked_for_its_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recorded(monkeypatch, tmp_path, [device(0, nvmlDeviceGetMemoryInfo={"error": 15})])
    (gpu,) = nvml.inventory()
    assert gpu.problem == "has fallen off the bus; restart the machine"


def test_refused_question_about_processes_leaves_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(monkeypatch, "process_question_refused")
    (gpu,) = nvml.inventory()
    assert (gpu.problem, gpu.processes, gpu.memory_used) == (None, (), 9216 << 20)


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("no_driver", nvml.NO_GPU),
        ("driver_updated", "The NVIDIA driver was updated; its GPUs can be used after a restart."),
    ],
)
def test_driver_that_does_not_start(monkeypatch: pytest.MonkeyPatch, name: str, note: str) -> None:
    use(monkeypatch, name)
    assert nvml.look() == Inventory(note=note)
    assert nvml.sample(["GPU-any"]) == {}
    assert nvml.active("GPU-any") == {}


def test_use_of_gpus_leaves_out_the_lost_one(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "eight")
    busy = nvml.inventory()[2]
    found = nvml.sample([busy.uuid, "GPU-of-nobody"])
    assert list(found) == [busy.uuid]
    facts = found[busy.uuid]
    assert (facts.utilization, facts.temperature, facts.power) == (99.0, 67.0, 688.412)
    assert (facts.memory, facts.power_limit) == (76401 << 20, 700.0)
    assert nvml.active(busy.uuid) == {88213: 1767225600000000000}


def test_what_a_mig_device_does_not_tell_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "mig")
    part = nvml.inventory()[1]
    facts = nvml.sample([part.uuid])[part.uuid]
    assert (facts.utilization, facts.temperature, facts.memory) == (None, None, 4108 << 20)


def test_old_card_that_does_not_tell_memory_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "old_card")
    (gpu,) = nvml.inventory()
    assert gpu.processes == (GpuProcess(7731, None),)


def test_machine_without_a_driver_costs_nothing() -> None:
    """Neither NVIDIA's package nor its library is loaded."""
    if library.is_present():
        pytest.skip("this machine has an NVIDIA driver")
    text = (
        "import sys; from ml_jupyter.devices import nvml; found = nvml.look();"
        "assert found.gpus == () and found.note == nvml.NO_GPU;"
        "assert 'pynvml' not in sys.modules and 'ctypes' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", text], check=True)


def test_label_of_a_mig_device() -> None:
    assert Gpu(3, "MIG-x", "A100", mig=True, part=1).label == "GPU 3 part 1"


V100_HELD = [31683, 29539, 29533, 32093, 29511, 32135, 32151, 29495]


def test_what_eight_real_v100s_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A driver before 510, which does not tell apart what it keeps for itself."""
    use(monkeypatch, "measured_v100_eight")
    found = nvml.inventory()
    assert [gpu.label for gpu in found] == [f"GPU {index}" for index in range(8)]
    assert {(gpu.name, gpu.memory_total, gpu.problem) for gpu in found} == {
        ("Tesla V100S-PCIE-32GB", 32510 << 20, None)
    }
    held = [gpu.processes for gpu in found]
    assert held == [(GpuProcess(37305, count << 20),) for count in V100_HELD]
    assert [gpu.memory_used >> 20 for gpu in found] == [count + 6 for count in V100_HELD]
    samples = nvml.sample([gpu.uuid for gpu in found])
    assert [samples[gpu.uuid].utilization for gpu in found] == [97, 75, 80, 23, 98, 98, 91, 99]
    assert samples[found[0].uuid].power == 232.8
    assert driver.look() == driver.Driver("460.73.01", (11, 2))


def test_what_two_real_l4s_said(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "measured_l4_two")
    found = nvml.inventory()
    assert {(gpu.name, gpu.memory_total, gpu.memory_used) for gpu in found} == {
        ("NVIDIA L4", 23034 << 20, 1 << 20)
    }
    assert len({gpu.uuid for gpu in found}) == 2
    samples = nvml.sample([gpu.uuid for gpu in found])
    assert [samples[gpu.uuid].power for gpu in found] == [27.22, 29.54]
    assert driver.look() == driver.Driver("555.42.06", (12, 5))


def test_what_a_real_machine_of_several_users_said(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "measured_p5000_k20c")
    busy, idle = nvml.inventory()
    assert (busy.name, busy.memory_used, busy.problem) == ("Quadro P5000", 16047 << 20, None)
    held = {item.pid: (item.used or 0) >> 20 for item in busy.processes}
    assert held == {3263: 2691, 3264: 2691, 8850: 5189, 9620: 4133, 29690: 1331}
    assert (idle.name, idle.processes, idle.memory_used) == ("Tesla K20c", (), 11 << 20)


def test_what_a_real_laptop_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Process 26307 stands in both lists of the driver and holds 9 MiB."""
    use(monkeypatch, "measured_laptop")
    (gpu,) = nvml.inventory()
    assert (gpu.memory_total, gpu.memory_used) == (8188 << 20, 2026 << 20)
    assert len(gpu.processes) == 8
    assert GpuProcess(26307, 9 << 20, graphics=True) in gpu.processes
    assert all(item.graphics for item in gpu.processes)


@pytest.mark.parametrize(("size", "graphics"), [(63, True), (64, False), (None, False)])
def test_what_draws_and_computes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, size: int | None, graphics: bool
) -> None:
    held = [{"pid": 7, "usedGpuMemory": size and size << 20}]
    both = {
        "nvmlDeviceGetComputeRunningProcesses": held,
        "nvmlDeviceGetGraphicsRunningProcesses": held,
    }
    recorded(monkeypatch, tmp_path, [device(0, **both)])
    (gpu,) = nvml.inventory()
    assert gpu.processes == (GpuProcess(7, size and size << 20, graphics),)


def test_gpu_that_must_be_reset_and_tells_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, "two_reset")
    good, broken = nvml.inventory()
    assert (good.problem, broken.problem) == (None, "must be reset; restart the machine")


def test_sensor_that_fails_does_not_stop_a_gpu(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    recorded(monkeypatch, tmp_path, [device(0, nvmlDeviceGetTemperature={"error": 999})])
    (gpu,) = nvml.inventory()
    assert gpu.problem is None
