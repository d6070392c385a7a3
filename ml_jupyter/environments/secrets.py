"""User names and passwords in addresses of package indexes are not shown or stored."""

from __future__ import annotations

import re

_WITH_USER = re.compile(r"(?P<scheme>\b[a-z][a-z0-9+.-]*://)(?P<user>[^\s/@]+)@", re.IGNORECASE)
_CONDA_TOKEN = re.compile(r"(?P<before>/t/)[^/\s]+(?=/)")
MASK = "***"


def masked(text: str) -> str:
    """``text`` without the credentials of the addresses in it."""
    text = _WITH_USER.sub(lambda match: f"{match['scheme']}{MASK}@", text)
    return _CONDA_TOKEN.sub(lambda match: f"{match['before']}{MASK}", text)


def masked_bytes(data: bytes) -> bytes:
    """As ``masked``, for lines of a program's output."""
    if b"://" not in data:
        return data
    return masked(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
