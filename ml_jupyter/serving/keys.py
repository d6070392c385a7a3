"""The keys that open a service, read again when their file has changed."""

from __future__ import annotations

import hmac
from pathlib import Path

from ml_jupyter._files import read_json
from ml_jupyter.models.services import keys_of


class Keys:
    """The keys of a service.

    Parameters
    ----------
    path : Path
        Its private file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = (-1, -1)
        self._keys: tuple[bytes, ...] = ()

    def accept(self, header: str) -> bool:
        """Whether an ``Authorization`` header carries one of them as a bearer token."""
        kind, _, token = header.partition(" ")
        given = token.strip().encode("utf-8", "replace")
        matching = [hmac.compare_digest(given, key) for key in self._read()]
        return kind.lower() == "bearer" and any(matching)

    def _read(self) -> tuple[bytes, ...]:
        try:
            facts = self._path.stat()
            seen = (facts.st_mtime_ns, facts.st_ino)
            if seen != self._seen:
                keys = keys_of(read_json(self._path)).values()
                self._keys, self._seen = tuple(key.encode() for key in keys), seen
        except OSError:  # deleted with the service
            self._keys, self._seen = (), (-1, -1)
        return self._keys
