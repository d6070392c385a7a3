"""NVIDIA's own binding, with a driver that answers as the recordings do.

The functions of the driver's library get the binding's own structures to fill.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pynvml
import pytest

from ml_jupyter.devices import library, nvml, recording
from ml_jupyter.jobs.election import dispatcher_command
from ml_jupyter.testing.isolation import isolated
from tests.gpu_lab import GB, TOTAL, device, uuid_of

NOT_SUPPORTED, INSUFFICIENT_SIZE, LIBRARY_NOT_FOUND = 3, 7, 12


class Driver:
    """``libnvidia-ml.so.1``: the functions that the binding calls, with recorded answers."""

    def __init__(self, devices: list[dict[str, Any]]) -> None:
        self._devices = devices

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("nvml"):
            raise AttributeError(name)
        return lambda *arguments: self._answer(re.sub(r"_v\d$", "", name), *arguments)

    def _answer(self, name: str, *arguments: Any) -> int:
        if name == "nvmlInitWithFlags":
            return 0
        if name == "nvmlDeviceGetCount":
            return _fill(arguments[0], len(self._devices))
        if name in ("nvmlDeviceGetHandleByIndex", "nvmlDeviceGetHandleByUUID"):
            return self._handle(*arguments)
        answer = self._devices[_number(arguments[0])].get(name, {"error": NOT_SUPPORTED})
        if isinstance(answer, dict) and "error" in answer:
            return int(answer["error"])
        return _fill_all(answer, *arguments[1:])

    def _handle(self, key: Any, into: Any) -> int:
        for at, item in enumerate(self._devices):
            wanted = key.value.decode() if isinstance(key.value, bytes) else key.value
            if wanted in (at, item.get("nvmlDeviceGetUUID")):
                if "error" in item:
                    return int(item["error"])
                into._obj.number = at  # the handle, which only the driver looks into
                return 0
        return recording.NOT_FOUND


def _number(handle: Any) -> int:
    return int(handle.number)


def _fill(into: Any, value: Any) -> int:
    into._obj.value = value
    return 0


def _fill_all(answer: Any, *into: Any) -> int:
    if isinstance(answer, str):
        into[0].value = answer.encode()
        return 0
    if isinstance(answer, list) and answer and isinstance(answer[0], dict):
        return _fill_processes(answer, *into)
    if isinstance(answer, list) and not answer:
        return _fill(into[0], 0)
    if isinstance(answer, dict):
        for key, value in answer.items():
            setattr(into[0]._obj, key, value)
        return 0
    if isinstance(answer, list):
        for one, value in zip(into, answer, strict=True):
            _fill(one, value)
        return 0
    return _fill(into[-1], answer)


def _fill_processes(answer: list[dict[str, Any]], count: Any, array: Any) -> int:
    if array is None:
        _fill(count, len(answer))
        return INSUFFICIENT_SIZE
    for at, item in enumerate(answer):
        for key, value in item.items():
            setattr(array[at], key, value)
    return _fill(count, len(answer))


@pytest.fixture
def drive(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give the binding a driver."""
    monkeypatch.delenv(library.RECORDING, raising=False)
    monkeypatch.setattr(library, "is_present", lambda: True)
    monkeypatch.setattr(nvml, "is_present", lambda: True)
    monkeypatch.setattr(library, "_loaded", None)
    monkeypatch.setattr(nvml, "_seen", {})
    monkeypatch.setattr(pynvml, "_nvmlGetFunctionPointer_cache", {})

    def with_devices(*devices: dict[str, Any]) -> None:
        monkeypatch.setattr(pynvml, "nvmlLib", Driver(list(devices)))

    return with_devices


def test_the_binding_tells_what_a_recording_tells(
    drive: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use = {
        "nvmlDeviceGetUtilizationRates": {"gpu": 97, "memory": 40},
        "nvmlDeviceGetTemperature": 66,
        "nvmlDeviceGetPowerUsage": 390_500,
        "nvmlDeviceGetEnforcedPowerLimit": 450_000,
        "nvmlDeviceGetComputeMode": 0,
    }
    devices = [device(0, {4121: 31 * GB}, **use), device(1, nvmlDeviceGetComputeMode=3)]
    drive(*devices)
    found, sample = nvml.inventory(), nvml.sample([uuid_of(0)])
    path = tmp_path / "nvml.json"
    recording.save(str(path), devices)
    monkeypatch.setenv(library.RECORDING, str(path))
    assert found == nvml.inventory()
    assert sample == nvml.sample([uuid_of(0)])
    assert (found[0].memory_total, found[0].processes[0].used) == (TOTAL, 31 * GB)
    assert sample[uuid_of(0)].power == 390.5


def test_a_lost_gpu_through_the_binding(drive: Any) -> None:
    drive(device(0), {"error": recording.GPU_IS_LOST})
    good, lost = nvml.inventory()
    assert good.problem is None
    assert lost.problem == "has fallen off the bus; restart the machine"


def test_the_driver_has_no_library(drive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pynvml, "nvmlLib", None)

    def missing(name: str) -> Any:
        raise OSError(name)

    monkeypatch.setattr(pynvml, "CDLL", missing)
    assert nvml.look().note == nvml.NO_GPU


def test_the_binding_has_all_that_is_asked() -> None:
    source = Path(nvml.__file__).read_text("utf-8")
    names = set(re.findall(r"nvml\.(nvml\w+|NVML\w+)", source)) | set(recording.QUESTIONS)
    assert {"nvmlMemory_v2", "nvmlDeviceGetMigMode"} <= names
    assert [name for name in sorted(names) if not hasattr(pynvml, name)] == []
    recorded = recording.RecordedLibrary("nowhere")
    assert [name for name in sorted(names) if not hasattr(recorded, name)] == []


def test_processes_without_site_packages_find_the_binding(drive: Any, tmp_path: Path) -> None:
    """The dispatcher and its supervisors begin without them."""
    (folder,) = library.binding_folders()
    assert (Path(folder) / "pynvml.py").is_file()
    with isolated(tmp_path) as settings:
        command = dispatcher_command(settings)
    program = command[command.index("-c") + 1].replace("main()", "import pynvml; print('found')")
    done = subprocess.run([command[0], "-I", "-S", "-c", program], capture_output=True, text=True)
    assert done.stdout == "found\n", done.stderr
