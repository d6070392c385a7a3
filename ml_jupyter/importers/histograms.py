"""Histograms of a run, one table each: how the quantiles moved over the steps."""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Sequence, Tuple

from ml_jupyter.importers.run_writer import RunWriter

_QUANTILES = (("p5", 0.05), ("p50", 0.5), ("p95", 0.95))
Bar = Tuple[float, float, float]


class Spread(NamedTuple):
    """A histogram at a step: least, quantiles, greatest and number of values."""

    step: int
    low: float
    quantiles: Tuple[float, ...]
    high: float
    total: float


class Histograms:
    """Collects histograms and writes them at the end.

    Parameters
    ----------
    writer : RunWriter
        Where they go.
    """

    def __init__(self, writer: RunWriter) -> None:
        self._writer = writer
        self._found: Dict[str, List[Spread]] = {}

    def add(
        self,
        name: str,
        step: int,
        starts: Sequence[float],
        ends: Sequence[float],
        counts: Sequence[float],
    ) -> None:
        """Add one, given by its bars; one without values is passed over."""
        bars = [bar for bar in zip(starts, ends, counts) if bar[2] > 0]
        if bars:
            total = sum(bar[2] for bar in bars)
            middle = tuple(_quantile(bars, share * total) for _, share in _QUANTILES)
            spread = Spread(step, bars[0][0], middle, bars[-1][1], total)
            self._found.setdefault(name, []).append(spread)

    def finish(self) -> None:
        """Write a table for each name."""
        for name, found in self._found.items():
            columns: Dict[str, List[float]] = {
                "step": [item.step for item in found],
                "min": [item.low for item in found],
            }
            for at, (quantile, _) in enumerate(_QUANTILES):
                columns[quantile] = [item.quantiles[at] for item in found]
            columns["max"] = [item.high for item in found]
            columns["count"] = [item.total for item in found]
            last = self._writer.last
            self._writer.add_structured(name, "table", found[-1].step, last, columns)


def _quantile(bars: Sequence[Bar], wanted: float) -> float:
    """Where ``wanted`` values lie below, taking those of a bar as spread evenly over it."""
    below = 0.0
    for start, end, count in bars:
        if below + count >= wanted:
            return start + (end - start) * (wanted - below) / count
        below += count
    return bars[-1][1]
