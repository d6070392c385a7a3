"""Mean and peak of what a job used, kept true by reading only what is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional

from ml_jupyter.history import stream, system_log
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.history.system_log import SystemNames

#: A GPU that is busy for less than this share of a sample, in percent, counts as idle.
IDLE_BELOW = 5.0


@dataclass
class Use:
    """One channel over the whole run.

    A value holds for the time since the sample before it.

    Attributes
    ----------
    samples : int
        How many there are.
    last, peak : float
        Newest and greatest value, in the channel's unit.
    first, until : int
        Times of the first and the newest sample, nanoseconds since the epoch.
    """

    samples: int = 0
    last: float = 0.0
    peak: float = 0.0
    first: int = 0
    until: int = 0
    _end: int = 0
    _area: float = 0.0
    _weight: float = 0.0
    _idle: float = 0.0

    @property
    def mean(self) -> float:
        """Mean over the time; the value itself when there is one only."""
        return self._area / self._weight if self._weight else self.last

    @property
    def idle_percent(self) -> float:
        """Percent of the time in which the value was below ``IDLE_BELOW``."""
        if self._weight:
            return 100.0 * self._idle / self._weight
        return 100.0 if self.last < IDLE_BELOW else 0.0

    def update(self, layout: RunLayout, name: str, begun: int) -> None:
        """Read what is new.

        Parameters
        ----------
        begun : int
            When the job started: what the first sample holds for.
        """
        points = system_log.read_series(layout, name, self._end, self.samples)
        before = self.until or begun
        for time, value in zip(points.times, points.values):
            weight = float(max(0, time - before))
            self._area += value * weight
            self._weight += weight
            self._idle += weight if value < IDLE_BELOW else 0.0
            self.peak = max(self.peak, value) if self.samples else value
            self.first = self.first or time
            self.last, self.until, before = value, time, time
            self.samples += 1
        self._end = points.end or self._end


class SystemUse:
    """All channels of one run; ``refresh`` reads on from where it was.

    Parameters
    ----------
    layout : RunLayout
        The run's folder.
    """

    def __init__(self, layout: RunLayout) -> None:
        self._layout = layout
        self._size = -1
        self.names = SystemNames()
        self.channels: Dict[str, Use] = {}

    def refresh(self, begun: Optional[int]) -> SystemUse:
        """Read what is new. ``begun``: when the job started, nanoseconds; None: it has not."""
        size = stream.size(system_log.folder_of(self._layout) / "names")
        if size != self._size:
            self.names, self._size = system_log.read_names(self._layout), size
        for name in self.names.channels:
            self.channels.setdefault(name, Use()).update(self._layout, name, begun or 0)
        return self

    @property
    def memory_peak(self) -> Optional[float]:
        """The most bytes of memory, counting also what lay between two samples as far as known."""
        largest = self.names.facts.get("largest_process")
        found: List[float] = [float(largest)] if isinstance(largest, (int, float)) else []
        if "memory" in self.channels:
            found.append(self.channels["memory"].peak)
        return max(found) if found else None
