"""The NVIDIA driver itself: its version, and the newest CUDA that it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from ml_jupyter.devices import library


@dataclass(frozen=True)
class Driver:
    """A driver that answers.

    Attributes
    ----------
    version : str
        As ``nvidia-smi`` shows it: ``535.104.05``.
    cuda : tuple of int
        Major and minor version of the newest CUDA that it runs.
    """

    version: str
    cuda: Tuple[int, int]

    @property
    def cuda_text(self) -> str:
        """``12.2``."""
        return f"{self.cuda[0]}.{self.cuda[1]}"


def look() -> Optional[Driver]:
    """The driver; None where there is none, or it does not answer. Never raises.

    NVML writes CUDA 12.2 as 12020 (nvml.h, nvmlSystemGetCudaDriverVersion_v2).
    """
    if not library.is_present():
        return None
    try:
        nvml = library.load()
        version = nvml.nvmlSystemGetDriverVersion()
        number = int(nvml.nvmlSystemGetCudaDriverVersion_v2())
    except Exception:
        return None
    text = version.decode("ascii", "replace") if isinstance(version, bytes) else str(version)
    return Driver(text, (number // 1000, number % 1000 // 10))
