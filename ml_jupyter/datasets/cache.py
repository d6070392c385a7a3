"""Fetched files, by content: ``data/blobs/<sha256>`` and ``data/urls/<key>.json`` of the cache.

Files are read-only and never changed; what was fetched from an address is a small JSON beside.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import List, Optional

from ml_jupyter._files import write_json
from ml_jupyter.config import Settings


@dataclass(frozen=True)
class Fetched:
    """What an address gave.

    Attributes
    ----------
    url : str
        The address, without credentials.
    sha256 : str
        Hash of the content.
    size : int
        Bytes.
    etag, modified : str
        What the server said of its version; empty: nothing.
    time : float
        Seconds since the epoch, when it was last fetched or found unchanged.
    """

    url: str
    sha256: str
    size: int
    etag: str = ""
    modified: str = ""
    time: float = 0.0


class DataCache:
    """The files that were fetched.

    Parameters
    ----------
    folder : Path
        Made when missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, settings: Settings) -> DataCache:
        """That of the user."""
        return cls(settings.cache / "data")

    def key(self, url: str) -> str:
        """Name under which what is known of an address is kept."""
        return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:40]

    def lock(self, url: str) -> Path:
        """Held by the one process that fetches an address."""
        return self.folder / "urls" / f"{self.key(url)}.lock"

    def part(self, url: str) -> Path:
        """The part of a file that has come so far."""
        return self.folder / "urls" / f"{self.key(url)}.part"

    def blob(self, sha256: str) -> Path:
        """Where the content of this hash lies."""
        return self.folder / "blobs" / sha256[:2] / sha256

    def find(self, url: str) -> Optional[Fetched]:
        """What was fetched from an address and is still there, unharmed in size."""
        try:
            value = json.loads(self._facts(url).read_bytes())
            found = Fetched(**value)
            return found if self.blob(found.sha256).stat().st_size == found.size else None
        except (OSError, ValueError, TypeError):
            return None

    def keep(self, part: Path, facts: Fetched) -> None:
        """Take a whole file in."""
        blob = self.blob(facts.sha256)
        blob.parent.mkdir(parents=True, exist_ok=True)
        os.chmod(str(part), 0o444)
        os.replace(str(part), str(blob))
        self.note(facts)

    def note(self, facts: Fetched) -> None:
        """Remember when and in which version an address gave its content."""
        write_json(self._facts(facts.url), {**asdict(facts), "time": time.time()}, mode=0o600)

    def collect(self, unused_s: float) -> List[str]:
        """Remove content that no address gave within so many seconds; the addresses."""
        removed, kept = [], set()
        for path in sorted((self.folder / "urls").glob("*.json")):
            with suppress(OSError, ValueError, TypeError):
                facts = Fetched(**json.loads(path.read_bytes()))
                if time.time() - facts.time > unused_s:
                    path.unlink()
                    removed.append(facts.url)
                else:
                    kept.add(facts.sha256)
        for path in sorted((self.folder / "blobs").glob("*/*")):
            if path.name not in kept:
                with suppress(OSError):
                    path.unlink()
        return removed

    def _facts(self, url: str) -> Path:
        return self.folder / "urls" / f"{self.key(url)}.json"
