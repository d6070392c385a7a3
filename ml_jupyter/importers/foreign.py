"""A run of another tool, as its reader hands it over."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, Mapping, Optional, Tuple

from ml_jupyter.exceptions import ImportSourceInvalid, MlJupyterError
from ml_jupyter.history import status
from ml_jupyter.history.packages import PackageList
from ml_jupyter.importers.run_writer import RunWriter

#: Reason of a run that the other tool holds for running: nobody here can end it.
NOT_ENDED = "It had not ended where it was imported from."


@dataclass
class RunFacts:
    """What is known of a run beside its metrics and files. Times in nanoseconds since the epoch."""

    started: int
    ended: Optional[int] = None
    status: str = status.COMPLETED
    reason: Optional[str] = None
    name: Optional[str] = None
    description: Optional[str] = None
    user: str = ""
    host: str = ""
    target: str = "imported"
    archived: bool = False
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, Optional[str]] = field(default_factory=dict)
    noted: Mapping[str, Any] = field(default_factory=dict)
    git: Mapping[str, Any] = field(default_factory=dict)
    packages: Optional[PackageList] = None


@dataclass
class ForeignRun:
    """A run that can be brought in.

    Attributes
    ----------
    where : str
        How messages name it.
    run_id : str
        Its id here: the same at every import.
    experiment : str
        The other tool's name for what it belongs to.
    fingerprint : str
        Differs when anything of the run does.
    read : callable
        Writes metrics and files, and gives the facts; raises ImportSourceInvalid.
    parent : str, optional
        ``run_id`` of the run above, which comes before this one.
    children : tuple of str
        Ids of the runs below.
    origin : str
        Its id in the other tool, where that is another one.
    """

    where: str
    run_id: str
    experiment: str
    fingerprint: str
    read: Callable[[RunWriter], RunFacts]
    parent: Optional[str] = None
    children: Tuple[str, ...] = ()
    origin: str = ""


def fingerprint(*parts: Any) -> str:
    """A short text that differs when any of the parts does."""
    return blake2b(repr(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def files_fingerprint(paths: Iterable[Path]) -> str:
    """A short text that differs when a file came, went or changed."""
    found = []
    for path in sorted(paths):
        with reading(path):
            facts = path.stat()
        found.append((str(path.name), facts.st_size, facts.st_mtime_ns))
    return fingerprint(*found)


def files_below(folder: Path) -> Iterator[Path]:
    """All files of a folder; links to folders are not followed."""
    for place, _, names in os.walk(folder):
        for name in names:
            yield Path(place) / name


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Name the file when the system refuses to read it.

    Raises
    ------
    ImportSourceInvalid
        It cannot be read.
    """
    try:
        yield
    except OSError as error:
        raise ImportSourceInvalid(f"{path} cannot be read: {error.strerror}.") from error


@contextmanager
def understanding(where: str) -> Iterator[None]:
    """Name what was read when it does not hold what it should, whatever that leads to.

    Raises
    ------
    ImportSourceInvalid
        It is damaged.
    """
    try:
        yield
    except (MlJupyterError, OSError, MemoryError):
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raise ImportSourceInvalid(f"{where} cannot be understood: {said}") from error
