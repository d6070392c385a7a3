"""Memory of this machine, or of the container that this process lives in."""

from __future__ import annotations

import os

#: Where the limit of a control group stands: version 2, version 1 (cgroups(7)).
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def memory_total() -> int:
    """Bytes of memory that runs may reserve together; 0: the system does not tell."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 0
    for path in _LIMITS:
        try:
            with open(path, "rb") as stream:
                text = stream.read(64).strip()
        except OSError:
            continue
        if text.isdigit():
            total = min(total, int(text))
    return total
