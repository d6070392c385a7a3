"""Contents of files inside an HTML page: compressed, as text, each content once."""

from __future__ import annotations

import base64
import gzip
import hashlib
from typing import Dict, List, Optional


class Blobs:
    """Takes contents up to a limit, hands out their elements for the page.

    Parameters
    ----------
    prefix : str
        First word of the elements' ids.
    most_bytes : int
        So many bytes are taken in all, before compression; what is more is refused.
    """

    def __init__(self, prefix: str, most_bytes: int) -> None:
        self._prefix = prefix
        self._left = most_bytes
        self._known: Dict[str, str] = {}
        self._waiting: List[str] = []

    def add(self, data: bytes) -> Optional[str]:
        """Id of the element that will hold ``data``; None when there is no more room."""
        digest = hashlib.sha256(data).hexdigest()
        if digest in self._known:
            return self._known[digest]
        if len(data) > self._left:
            return None
        self._left -= len(data)
        name = self._known[digest] = f"{self._prefix}-{len(self._known)}"
        self._waiting.append(element(name, data))
        return name

    def taken(self) -> List[str]:
        """Elements since the last call."""
        taken, self._waiting = self._waiting, []
        return taken


def element(name: str, data: bytes) -> str:
    """A script element of a type that no browser runs, with gzip in base64 as its text."""
    text = base64.b64encode(gzip.compress(data, 6, mtime=0)).decode("ascii")
    return f'<script type="application/gzip" id="{name}">{text}</script>\n'
