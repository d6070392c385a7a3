"""What the driver says of the GPUs. The same code reads the driver and a recording of one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Callable, Dict, Iterable, List, Optional, Tuple

from ml_jupyter.devices import library
from ml_jupyter.devices.gpu import Gpu, GpuProcess, GpuSample, Inventory
from ml_jupyter.devices.library import is_present

__all__ = ["active", "inventory", "is_present", "look", "sample"]

NO_GPU = "No GPU found. Runs use the CPU."
#: Compute modes (nvml.h, nvmlComputeMode_t).
_PROHIBITED, _EXCLUSIVE = 2, 3
_CLOSED = "is closed to programs that compute (compute mode PROHIBITED)"
#: Bytes. What draws and also stands among the programs that compute (``C+G`` in nvidia-smi) only
#: draws when it holds less: a CUDA context needs more.
_CONTEXT = 64 << 20
#: Identity of GPUs by their number, so that one that is lost can still be named.
_seen: Dict[int, Tuple[str, str]] = {}


def inventory() -> List[Gpu]:
    """All GPUs and MIG devices, by number; those that do not answer have a ``problem``."""
    return list(look().gpus)


def look() -> Inventory:
    """All GPUs, and why there are none. Never raises.

    Takes some milliseconds; the first call starts NVML, which takes longer where the driver is not
    kept loaded (nvidia-persistenced).
    """
    if not is_present():
        return Inventory(note=NO_GPU)
    try:
        nvml = library.load()
        count = int(nvml.nvmlDeviceGetCount())
    except Exception as error:
        return Inventory(note=_no_driver(error))
    gpus: List[Gpu] = []
    for index in range(count):
        gpus.extend(_device(nvml, index))
    gpus.extend(_vanished(count))
    return Inventory(tuple(gpus), None if gpus else NO_GPU)


def sample(uuids: Iterable[str]) -> Dict[str, GpuSample]:
    """How some GPUs are used now; one that does not answer is left out. Never raises."""
    try:
        nvml = library.load() if is_present() else None
    except Exception:
        nvml = None
    found = {} if nvml is None else {uuid: _sample(nvml, uuid) for uuid in uuids}
    return {uuid: facts for uuid, facts in found.items() if facts is not None}


def active(uuid: str, since_ns: int = 0) -> Dict[int, int]:
    """Which processes computed on a GPU lately.

    Parameters
    ----------
    uuid : str
        The GPU.
    since_ns : int
        Nanoseconds since the epoch; older measures are left out.

    Returns
    -------
    dict of int to int
        Process id to the time of its newest measure above 0 %, nanoseconds since the epoch. Empty
        where the driver does not tell.
    """
    found: Dict[int, int] = {}
    with suppress(Exception):
        nvml = library.load()
        handle = nvml.nvmlDeviceGetHandleByUUID(uuid)
        for item in nvml.nvmlDeviceGetProcessUtilization(handle, since_ns // 1000):
            if item.smUtil > 0:
                pid = int(item.pid)
                found[pid] = max(found.get(pid, 0), int(item.timeStamp) * 1000)
    return found


def _device(nvml: Any, index: int) -> List[Gpu]:
    try:
        handle = nvml.nvmlDeviceGetHandleByIndex(index)
        uuid, name = _text(nvml.nvmlDeviceGetUUID(handle)), _text(nvml.nvmlDeviceGetName(handle))
    except Exception as error:
        uuid, name = _seen.get(index, (f"GPU-unknown-{index}", "GPU"))
        return [Gpu(index, uuid, name, problem=library.why(error))]
    _seen[index] = (uuid, name)
    problem = _broken(nvml, handle)
    if problem is not None:
        return [Gpu(index, uuid, name, problem=problem)]
    parts = _parts(nvml, handle)
    if parts is None:
        return [_facts(nvml, handle, Gpu(index, uuid, name))]
    if not parts:
        return [Gpu(index, uuid, name, problem="is in MIG mode and has no MIG devices")]
    return [
        _facts(nvml, item, Gpu(index, _uuid(nvml, item), name, mig=True, part=at))
        for at, item in enumerate(parts)
    ]


def _broken(nvml: Any, handle: Any) -> Optional[str]:
    """Why nothing can compute on a GPU: one that must be reset goes on to tell its memory."""
    try:
        nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU)
    except Exception as error:
        return library.why(error) if library.is_broken(error) else None
    return None


def _parts(nvml: Any, handle: Any) -> Optional[List[Any]]:
    """The MIG devices of a GPU; None: it is whole."""
    mode = _ask(lambda: nvml.nvmlDeviceGetMigMode(handle))
    if not mode or not mode[0]:
        return None
    count = _ask(lambda: nvml.nvmlDeviceGetMaxMigDeviceCount(handle)) or 0
    found = []
    for at in range(count):
        part = _ask(partial(nvml.nvmlDeviceGetMigDeviceHandleByIndex, handle, at))
        if part is not None:
            found.append(part)
    return found


def _facts(nvml: Any, handle: Any, gpu: Gpu) -> Gpu:
    try:
        memory = _memory(nvml, handle)
        processes = _processes(nvml, handle)
    except Exception as error:
        return replace(gpu, problem=library.why(error))
    mode = _ask(lambda: nvml.nvmlDeviceGetComputeMode(handle))
    return replace(
        gpu,
        memory_total=int(memory.total),
        memory_used=int(memory.used),
        processes=processes,
        exclusive=mode == _EXCLUSIVE,
        hides=library.is_wsl(),
        reserved=int(getattr(memory, "reserved", 0)),
        problem=_CLOSED if mode == _PROHIBITED else None,
    )


def _memory(nvml: Any, handle: Any) -> Any:
    """What is used without what the driver keeps for itself, where it can tell that apart."""
    try:
        return nvml.nvmlDeviceGetMemoryInfo(handle, version=nvml.nvmlMemory_v2)
    except Exception as error:
        if library.is_fatal(error):
            raise
        return nvml.nvmlDeviceGetMemoryInfo(handle)


def _processes(nvml: Any, handle: Any) -> Tuple[GpuProcess, ...]:
    found: Dict[int, GpuProcess] = {}
    for ask, graphics in (
        (nvml.nvmlDeviceGetGraphicsRunningProcesses, True),
        (nvml.nvmlDeviceGetComputeRunningProcesses, False),
    ):
        try:
            answers = ask(handle)
        except Exception as error:
            if library.is_fatal(error):
                raise
            continue
        for item in answers:
            pid, used = int(item.pid), item.usedGpuMemory
            small = pid in found and used is not None and used < _CONTEXT
            held = None if used is None else int(used)
            found[pid] = GpuProcess(pid, held, graphics or small)
    return tuple(found[pid] for pid in sorted(found))


def _sample(nvml: Any, uuid: str) -> Optional[GpuSample]:
    try:
        handle = nvml.nvmlDeviceGetHandleByUUID(uuid)
        memory = _memory(nvml, handle)
    except Exception:
        return None
    use = _ask(lambda: nvml.nvmlDeviceGetUtilizationRates(handle))
    heat = _ask(lambda: nvml.nvmlDeviceGetTemperature(handle, nvml.NVML_TEMPERATURE_GPU))
    power = _ask(lambda: nvml.nvmlDeviceGetPowerUsage(handle))
    limit = _ask(lambda: nvml.nvmlDeviceGetEnforcedPowerLimit(handle))
    return GpuSample(
        utilization=None if use is None else float(use.gpu),
        memory=int(memory.used),
        temperature=None if heat is None else float(heat),
        power=None if power is None else power / 1000.0,
        power_limit=None if limit is None else limit / 1000.0,
    )


def _ask(question: Callable[[], Any]) -> Any:
    try:
        return question()
    except Exception:
        return None


def _vanished(count: int) -> List[Gpu]:
    """GPUs that this process has seen and that the driver does not list any more."""
    return [
        Gpu(index, uuid, name, problem="is not there any more")
        for index, (uuid, name) in sorted(_seen.items())
        if index >= count
    ]


def _uuid(nvml: Any, handle: Any) -> str:
    return _text(nvml.nvmlDeviceGetUUID(handle))


def _no_driver(error: BaseException) -> str:
    if isinstance(error, ImportError):
        return "There is an NVIDIA driver, and the package nvidia-ml-py is not installed."
    code = getattr(error, "value", None)
    if code in (9, 12):  # driver not loaded, library not found
        return NO_GPU
    if code == 18:
        return "The NVIDIA driver was updated; its GPUs can be used after a restart."
    return f"The NVIDIA driver does not work: {error}."


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
