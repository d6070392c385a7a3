"""Where built environments lie, whether they are whole, who uses them, and when last.

::

    CACHE/environments/
      <digest>.lock       held by who builds (alone) and by who runs in it (together)
      <digest>.used       its modification time is the last use
      <digest>/           the environment
        ml_jupyter.json   written last: an environment without it is not whole

The lock lies beside the folder, so that the folder can be removed while the lock is held.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from ml_jupyter._files import read_json, storage_failed, write_json
from ml_jupyter.config import Settings
from ml_jupyter.environments.prepared import Prepared
from ml_jupyter.environments.specification import EnvironmentSpec
from ml_jupyter.exceptions import FolderCorrupt

MARK = "ml_jupyter.json"
_USE_S = 60.0


class Place:
    """The place of one environment in the cache, built or not.

    Parameters
    ----------
    root : Path
        Folder of all environments.
    digest : str
        Hash of its specification.
    """

    def __init__(self, root: Path, digest: str) -> None:
        self.digest = digest
        self.folder = root / digest
        self.lock = root / f"{digest}.lock"
        self.used = root / f"{digest}.used"
        self.mark = self.folder / MARK

    @property
    def is_whole(self) -> bool:
        """Whether it was built to the end."""
        return self.mark.exists()

    def written(self) -> int:
        """Nanoseconds since the epoch when it became whole; 0: it is not."""
        try:
            return self.mark.stat().st_mtime_ns
        except OSError:
            return 0

    def facts(self) -> Optional[Dict[str, Any]]:
        """What was written down when it was whole; None: it is not."""
        try:
            value = read_json(self.mark)
        except (OSError, FolderCorrupt):
            return None
        return value if isinstance(value, dict) else None

    def prepared(self) -> Optional[Prepared]:
        """What a job gets of it; None when it is not whole, or the Python below it is gone."""
        facts = self.facts()
        if facts is None or not isinstance(facts.get("prepared"), Mapping):
            return None
        value = dict(facts["prepared"])
        value["path"] = tuple(value.get("path") or ())
        value["warnings"] = tuple(value.get("warnings") or ())
        found = Prepared(**value)
        if found.image is None and not os.path.exists(found.interpreter):
            return None
        return found

    def finish(self, spec: EnvironmentSpec, prepared: Prepared, seconds: float) -> None:
        """Declare it whole; on disk when this returns."""
        value = {
            "name": spec.name,
            "specification": spec.public(),
            "prepared": asdict(prepared),
            "built": time.time(),
            "seconds": round(seconds, 3),
        }
        write_json(self.mark, value, mode=0o600)

    def discard(self) -> None:
        """Declare it not whole: it is built again before anybody uses it."""
        with contextlib.suppress(OSError):
            self.mark.unlink()

    def touch(self) -> None:
        """Note that it is used now, at most once a minute."""
        with contextlib.suppress(OSError):
            if time.time() - self.last_use() > _USE_S:
                self.used.touch()

    def last_use(self) -> float:
        """Seconds since the epoch of the last use; 0: never."""
        try:
            return self.used.stat().st_mtime
        except OSError:
            return 0.0

    def clear(self) -> None:
        """Remove it; the mark first, so that no reader takes a half removed one for whole."""
        self.discard()
        shutil.rmtree(str(self.folder), ignore_errors=True)
        with contextlib.suppress(OSError):  # the lock stays: another process may wait for it
            self.used.unlink()


def root_of(settings: Settings) -> Path:
    """Folder of all built environments of this user."""
    return settings.cache / "environments"


def place_of(spec: EnvironmentSpec, settings: Settings) -> Place:
    """The place of a specification's environment."""
    return Place(root_of(settings), spec.digest)


def prepare_root(settings: Settings) -> Path:
    """The folder of all environments, made when it is not there.

    Raises
    ------
    StorageFailed
        It cannot be made.
    """
    root = root_of(settings)
    try:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise storage_failed(error, root) from error
    return root


def places(settings: Settings) -> List[Place]:
    """Every place that holds anything, whole or not, in no order."""
    root = root_of(settings)
    try:
        names = os.listdir(str(root))
    except OSError:
        return []
    return [Place(root, name) for name in sorted({item.split(".")[0] for item in names}) if name]


def size_of(folder: Path) -> int:
    """Bytes that a folder takes on the disk; files linked several times count once."""
    total = 0
    seen = set()
    for where, _, names in os.walk(str(folder)):
        for name in names:
            with contextlib.suppress(OSError):
                facts = os.lstat(os.path.join(where, name))
                if (facts.st_dev, facts.st_ino) not in seen:
                    seen.add((facts.st_dev, facts.st_ino))
                    total += facts.st_blocks * 512 if hasattr(facts, "st_blocks") else facts.st_size
    return total
