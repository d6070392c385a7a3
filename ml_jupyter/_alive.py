"""Whether a process of this machine is alive, by its id."""

from __future__ import annotations

import os
import sys
from typing import Any


def is_alive(pid: Any) -> bool:
    """Whether a process has this id; True where the system cannot be asked.

    On Windows nobody is asked: there ``os.kill`` with signal 0 is an interrupt from the keyboard,
    which ends the process (https://docs.python.org/3/library/os.html#os.kill).
    """
    if sys.platform == "win32":
        return True
    try:
        os.kill(int(pid), 0)
    except PermissionError:
        return True
    except (OSError, OverflowError, TypeError, ValueError):
        return False
    return True
