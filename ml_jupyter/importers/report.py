"""What an import has done."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Callable, Dict, List, Optional, Tuple

#: Told of each run: how many were looked at, of how many, and its name.
Progress = Callable[[int, int, str], None]


@dataclass
class ImportReport:
    """Counts of an import, and what could not be taken over.

    Attributes
    ----------
    new, renewed, unchanged : int
        Runs that were added; that had gone on in the source and were read again; that were here.
    points, files, models : int
        Points of metrics, files of runs, and versions of registered models that were added.
    left : list of (str, str)
        Things that were passed over, and why. The rest of the run is here.
    failed : list of (str, str)
        Runs, experiments and models that could not be read, and why. Nothing of them is here.
    """

    new: int = 0
    renewed: int = 0
    unchanged: int = 0
    points: int = 0
    files: int = 0
    models: int = 0
    left: List[Tuple[str, str]] = field(default_factory=list)
    failed: List[Tuple[str, str]] = field(default_factory=list)

    @property
    def runs(self) -> int:
        """Runs of the source that are here now."""
        return self.new + self.renewed + self.unchanged

    def leave(self, what: str, why: str) -> None:
        """Note something that is passed over, once."""
        if (what, why) not in self.left:
            self.left.append((what, why))

    def serialize(self) -> Dict[str, Any]:
        """As JSON: lists of ``{"what", "why"}`` in the place of pairs."""
        value = asdict(self)
        for key in ("left", "failed"):
            value[key] = [{"what": what, "why": why} for what, why in value[key]]
        return value


def silent(done: int, total: int, name: str) -> None:
    """Tell nobody."""


def told(progress: Optional[Progress]) -> Progress:
    """The function to tell, or one that tells nobody."""
    return silent if progress is None else progress
