"""The version of this software as numbers, to tell which of two dispatchers is the newer one."""

from __future__ import annotations

import re
from typing import Tuple


def software_version() -> Tuple[int, ...]:
    """``1.4.2`` as (1, 4, 2); (0,) in a checkout that was never built."""
    try:
        from ml_jupyter._version import __version__  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return (0,)
    return tuple(int(part) for part in re.findall(r"\d+", str(__version__))[:3])
