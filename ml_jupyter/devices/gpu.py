"""GPUs as plain facts: what the driver said at one moment."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Dict, Mapping, Optional, Tuple


@dataclass(frozen=True)
class GpuProcess:
    """A process that has memory on a GPU.

    Attributes
    ----------
    pid : int
        As the driver numbers it; in a container it may be one of the host.
    used : int, optional
        Bytes on this GPU; None: the driver does not tell.
    graphics : bool
        It only draws (a desktop, a browser) and computes nothing; or holds too little to compute.
    """

    pid: int
    used: Optional[int] = None
    graphics: bool = False


@dataclass(frozen=True)
class Gpu:
    """A device that CUDA can be given: a GPU, or one MIG device of a GPU that is split.

    Attributes
    ----------
    index : int
        Number of the GPU as ``nvidia-smi`` shows it; MIG devices have that of their GPU.
    uuid : str
        ``GPU-…`` or ``MIG-…``: what ``CUDA_VISIBLE_DEVICES`` takes.
    memory_total, memory_used : int
        Bytes; 0 when it does not answer.
    processes : tuple of GpuProcess
        All that the driver shows, of every user.
    mig : bool
        Whether it is a MIG device.
    part : int
        Number of the MIG device on its GPU.
    problem : str, optional
        Why it cannot be used, the end of a sentence that its label begins; None: it can.
    exclusive : bool
        The driver lets one process at a time compute on it (compute mode EXCLUSIVE_PROCESS).
    hides : bool
        The driver never shows processes here, and the desktop's memory is among what is used (WSL).
    reserved : int
        Bytes of ``memory_total`` that the driver keeps for itself; 0 also where it does not tell.
    """

    index: int
    uuid: str
    name: str
    memory_total: int = 0
    memory_used: int = 0
    processes: Tuple[GpuProcess, ...] = ()
    mig: bool = False
    part: int = 0
    problem: Optional[str] = None
    exclusive: bool = False
    hides: bool = False
    reserved: int = 0

    @property
    def usable(self) -> int:
        """Bytes that programs can have."""
        return self.memory_total - self.reserved

    @property
    def label(self) -> str:
        """``GPU 1``; a MIG device: ``GPU 1 part 2``."""
        return f"GPU {self.index} part {self.part}" if self.mig else f"GPU {self.index}"

    def to_json(self) -> Dict[str, Any]:
        """As plain JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Gpu:
        """What ``to_json`` gave."""
        processes = tuple(GpuProcess(**item) for item in value.get("processes", ()))
        return cls(**{**value, "processes": processes})


@dataclass(frozen=True)
class Inventory:
    """All GPUs at one moment. ``note``: why there are none or not all, None: all is well."""

    gpus: Tuple[Gpu, ...] = ()
    note: Optional[str] = None

    def to_json(self) -> Dict[str, Any]:
        """As plain JSON."""
        return {"gpus": [gpu.to_json() for gpu in self.gpus], "note": self.note}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Inventory:
        """What ``to_json`` gave."""
        return cls(tuple(Gpu.from_json(item) for item in value["gpus"]), value.get("note"))


@dataclass(frozen=True)
class GpuSample:
    """How a GPU is used at one moment; None: the driver does not tell (MIG, old cards).

    Attributes
    ----------
    utilization : float, optional
        Percent of the time since the driver's last measure in which a kernel ran.
    memory : int, optional
        Bytes in use.
    temperature : float, optional
        Degrees Celsius.
    power, power_limit : float, optional
        Watts.
    """

    utilization: Optional[float] = None
    memory: Optional[int] = None
    temperature: Optional[float] = None
    power: Optional[float] = None
    power_limit: Optional[float] = None
