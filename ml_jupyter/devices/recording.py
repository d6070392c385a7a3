"""NVML from a file: recorded answers in the place of the driver, read again at each question.

A recording is JSON: ``{"format": 1, "nvmlInit": null, "devices": [device, …]}``. A device maps
names of NVML functions to their answers, and ``mig`` to the devices that it is split into. The
answer ``{"error": 15}`` raises that code of NVML; a device that is only ``{"error": 15}`` gives it
for everything. Numbers are those of the driver: bytes, percent, milliwatts.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ml_jupyter._files import read_json

NOT_SUPPORTED = 3
NOT_FOUND = 6
FUNCTION_NOT_FOUND = 13
GPU_IS_LOST = 15
#: Questions about one device that have no further parameter, in the binding's names.
QUESTIONS = (
    "nvmlDeviceGetUUID",
    "nvmlDeviceGetName",
    "nvmlDeviceGetMigMode",
    "nvmlDeviceGetComputeMode",
    "nvmlDeviceGetComputeRunningProcesses",
    "nvmlDeviceGetGraphicsRunningProcesses",
    "nvmlDeviceGetUtilizationRates",
    "nvmlDeviceGetPowerUsage",
    "nvmlDeviceGetEnforcedPowerLimit",
)


class NVMLError(Exception):
    """An answer that is an error; ``value`` is its code."""

    def __init__(self, value: int) -> None:
        super().__init__(f"NVML error {value}")
        self.value = value


class _Answer:
    """A structure of the driver: its fields as attributes."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.__dict__.update(facts)


class RecordedLibrary:
    """Has the functions of ``pynvml`` that this package uses.

    Parameters
    ----------
    path : str
        The recording.
    """

    nvmlMemory_v2 = 2  # noqa: N815
    NVML_TEMPERATURE_GPU = 0
    NVMLError = NVMLError

    def __init__(self, path: str) -> None:
        self._path = path

    def nvmlInit(self) -> None:  # noqa: N802
        """Start."""
        _value(self._read().get("nvmlInit"))

    def nvmlSystemGetDriverVersion(self) -> Any:  # noqa: N802
        """As ``nvidia-smi`` shows it."""
        return _value(self._read().get("nvmlSystemGetDriverVersion", {"error": NOT_SUPPORTED}))

    def nvmlSystemGetCudaDriverVersion_v2(self) -> Any:  # noqa: N802
        """The newest CUDA: 12020 is 12.2."""
        name = "nvmlSystemGetCudaDriverVersion_v2"
        return _value(self._read().get(name, {"error": NOT_SUPPORTED}))

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        """Number of GPUs."""
        return len(self._devices())

    def nvmlDeviceGetHandleByIndex(self, index: int) -> Dict[str, Any]:  # noqa: N802
        """A GPU by its number."""
        devices = self._devices()
        if index >= len(devices):
            raise NVMLError(NOT_FOUND)
        handle: Dict[str, Any] = _value(devices[index])
        return handle

    def nvmlDeviceGetHandleByUUID(self, uuid: str) -> Dict[str, Any]:  # noqa: N802
        """A GPU or a MIG device by its UUID."""
        for device in self._devices():
            for item in (device, *device.get("mig", ())):
                if item.get("nvmlDeviceGetUUID") == uuid:
                    return dict(item)
        raise NVMLError(NOT_FOUND)

    def nvmlDeviceGetMaxMigDeviceCount(self, handle: Mapping[str, Any]) -> int:  # noqa: N802
        """How many parts a GPU may have."""
        return max(7, len(handle.get("mig", ())))

    def nvmlDeviceGetMigDeviceHandleByIndex(  # noqa: N802
        self, handle: Mapping[str, Any], index: int
    ) -> Dict[str, Any]:
        """One part of a GPU."""
        parts: Sequence[Mapping[str, Any]] = handle.get("mig", ())
        if index >= len(parts):
            raise NVMLError(NOT_FOUND)
        part: Dict[str, Any] = _value(parts[index])
        return part

    def nvmlDeviceGetMemoryInfo(  # noqa: N802
        self, handle: Mapping[str, Any], version: Optional[int] = None
    ) -> Any:
        """Memory in bytes; version 2 does not count what the driver keeps for itself.

        Drivers before 510 have no version 2; what they said has no ``reserved``.
        """
        answer = _answer(handle, "nvmlDeviceGetMemoryInfo")
        if version is not None and not hasattr(answer, "reserved"):
            raise NVMLError(FUNCTION_NOT_FOUND)
        return answer

    def nvmlDeviceGetTemperature(self, handle: Mapping[str, Any], sensor: int) -> Any:  # noqa: N802
        """Degrees Celsius."""
        return _answer(handle, "nvmlDeviceGetTemperature")

    def nvmlDeviceGetProcessUtilization(  # noqa: N802
        self, handle: Mapping[str, Any], since: int
    ) -> Any:
        """What processes did since a time, microseconds since the epoch."""
        return _answer(handle, "nvmlDeviceGetProcessUtilization")

    def __getattr__(self, name: str) -> Any:
        """The questions that need nothing but the device."""
        if name not in QUESTIONS:
            raise AttributeError(name)
        return lambda handle: _answer(handle, name)

    def _devices(self) -> List[Dict[str, Any]]:
        devices: List[Dict[str, Any]] = _value(self._read().get("devices", []))
        return devices

    def _read(self) -> Dict[str, Any]:
        value = read_json(self._path)
        return value if isinstance(value, dict) else {}


def save(path: str, devices: Sequence[Mapping[str, Any]], init: Optional[int] = None) -> None:
    """Write a recording; readers see the old one or the new one."""
    from ml_jupyter._files import write_atomic

    value = {
        "format": 1,
        "nvmlInit": None if init is None else {"error": init},
        "devices": list(devices),
    }
    write_atomic(path, (json.dumps(value, indent=1) + "\n").encode("utf-8"), sync=False)


def _answer(handle: Mapping[str, Any], name: str) -> Any:
    value = _value(handle.get(name, {"error": NOT_SUPPORTED}))
    if isinstance(value, dict):
        return _Answer(value)
    if isinstance(value, list):
        return [_Answer(item) if isinstance(item, dict) else item for item in value]
    return value


def _value(value: Any) -> Any:
    if isinstance(value, dict) and "error" in value:
        raise NVMLError(int(value["error"]))
    return value
