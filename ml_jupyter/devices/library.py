"""NVML itself: NVIDIA's own binding, or a recording of its answers.

``ML_JUPYTER_NVML`` names a JSON file that is used in the place of the driver, for tests and demos
(``recording.py``).
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import Any, List, Optional

#: Variable that names a recording.
RECORDING = "ML_JUPYTER_NVML"
#: What a machine with a driver has: Linux, and WSL 2 (where the driver is that of Windows).
_WSL = "/dev/dxg"
_SIGNS = ("/dev/nvidiactl", "/proc/driver/nvidia/version", _WSL)
#: NVML's codes (nvml.h, nvmlReturn_t) in words that go on after "GPU 1".
_WORDS = {
    4: "may not be looked at by this user",
    6: "is not there any more",
    8: "has not all of its power cables connected",
    9: "has no loaded driver",
    15: "has fallen off the bus; restart the machine",
    16: "must be reset; restart the machine",
    18: "has a driver that was updated; restart the machine",
    999: "does not answer",
}
#: The codes that say that a GPU, not one question about it, is out of use.
_FATAL = frozenset({9, 15, 16, 17, 18, 999})
#: Those that say it whatever the question was. Not 999: a fan that gives it does not stop a GPU.
_BROKEN = frozenset({15, 16})

_loaded: Optional[Any] = None
_loaded_from = ""


def is_present() -> bool:
    """Whether there is an NVIDIA driver, or a recording of one; costs three system calls."""
    if os.environ.get(RECORDING):
        return True
    return sys.platform == "win32" or any(os.path.exists(path) for path in _SIGNS)


def is_wsl() -> bool:
    """Whether the driver is that of Windows, which shows no processes (CUDA on WSL User Guide)."""
    return not os.environ.get(RECORDING) and os.path.exists(_WSL) and not os.path.exists(_SIGNS[0])


def load() -> Any:
    """The binding, started; the same object as long as the process lives.

    Raises
    ------
    Exception
        Whatever keeps it from starting; ``why`` says it in words.
    """
    global _loaded, _loaded_from
    source = os.environ.get(RECORDING, "")
    if _loaded is None or source != _loaded_from:
        if source:
            from ml_jupyter.devices.recording import RecordedLibrary

            library: Any = RecordedLibrary(source)
        else:
            library = importlib.import_module("pynvml")
        library.nvmlInit()
        _loaded, _loaded_from = library, source
    return _loaded


def binding_folders() -> List[str]:
    """Where the binding lies, for processes that begin without ``site-packages``."""
    if os.environ.get(RECORDING) or not is_present():
        return []
    found = importlib.util.find_spec("pynvml")
    return [] if found is None or not found.origin else [os.path.dirname(found.origin)]


def why(error: BaseException) -> str:
    """An error of NVML in words that go on after the name of a GPU."""
    if isinstance(error, ImportError):
        return "cannot be looked at: the package nvidia-ml-py is not installed"
    code = getattr(error, "value", None)
    return _WORDS.get(code, f"gives an error: {error}") if code is not None else f"gives: {error}"


def is_fatal(error: BaseException) -> bool:
    """Whether an error says that the whole GPU is out of use."""
    return getattr(error, "value", None) in _FATAL


def is_broken(error: BaseException) -> bool:
    """Whether an error, to a question of no weight too, says that nothing can compute there."""
    return getattr(error, "value", None) in _BROKEN


def _forget() -> None:
    """In a forked child: the parent's connection to the driver is not the child's."""
    global _loaded
    _loaded = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
