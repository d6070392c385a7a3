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

#: What was used so lately is not removed to make room.
YOUNG_S = 600.0
_BORN_S = 60.0


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
        now = time.time()
        removed = [item for item in self._all() if now - item.time > unused_s]
        self._remove(removed)
        for pattern in ("*.part", "*.version"):  # of transfers that nobody went on with
            for path in (self.folder / "urls").glob(pattern):
                with suppress(OSError):
                    if now - path.stat().st_mtime > max(unused_s, YOUNG_S):
                        path.unlink()
        return [item.url for item in removed]

    def shrink(self, limit: int) -> List[str]:
        """Remove what was used longest ago until the rest has at most ``limit`` bytes.

        What was used in the last ten minutes stays: a job may be about to take it.

        Parameters
        ----------
        limit : int
            0: no limit.

        Returns
        -------
        list of str
            The addresses whose content was removed.
        """
        known = sorted(self._all(), key=lambda item: item.time)
        room = sum({item.sha256: item.size for item in known}.values())
        removed: List[Fetched] = []
        for item in known if limit else ():
            if room <= limit or time.time() - item.time < YOUNG_S:
                break
            removed.append(item)
            if all(other.sha256 != item.sha256 for other in known if other not in removed):
                room -= item.size
        self._remove(removed)
        return [item.url for item in removed]

    def _all(self) -> List[Fetched]:
        found = []
        for path in sorted((self.folder / "urls").glob("*.json")):
            with suppress(OSError, ValueError, TypeError):
                found.append(Fetched(**json.loads(path.read_bytes())))
        return found

    def _remove(self, items: List[Fetched]) -> None:
        for item in items:
            with suppress(OSError):
                self._facts(item.url).unlink()
        kept = {item.sha256 for item in self._all()}
        for path in sorted((self.folder / "blobs").glob("*/*")):
            with suppress(OSError):
                is_new = time.time() - path.stat().st_ctime < _BORN_S  # its facts come in a moment
                if path.name not in kept and not (is_new and path.name not in _hashes(items)):
                    path.unlink()

    def _facts(self, url: str) -> Path:
        return self.folder / "urls" / f"{self.key(url)}.json"


def _hashes(items: List[Fetched]) -> List[str]:
    return [item.sha256 for item in items]
