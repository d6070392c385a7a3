"""What it costs a run to record its use of the machine."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rows import Row

from ml_jupyter.history import system_log
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.jobs.telemetry import SHARE, Sampler

EVERY_S = 5.0


def rows(full: bool) -> Iterator[Row]:
    """All rows of this part."""
    with tempfile.TemporaryDirectory(prefix="mlj-bench-") as folder:
        yield sample(Path(folder), 50 if full else 10)


def sample(folder: Path, count: int) -> Row:
    """Samples of a run with eight processes, as a share of the time between two."""
    layout = RunLayout(folder / "experiment" / "run")
    layout.path.mkdir(parents=True)
    children = [subprocess.Popen(["sleep", "600"]) for _ in range(8)]
    try:
        sampler = Sampler(layout, 0.001)
        while len(system_log.read_series(layout, "memory").values) < count:
            sampler.tick()
    finally:
        for child in children:
            child.kill()
            child.wait()
    each_s = sampler.cost_s / len(system_log.read_series(layout, "memory").values)
    reference = f"{each_s * 1000:.2f} ms every {EVERY_S:g} s, 8 processes"
    return Row(
        "recording a run's use", each_s / EVERY_S * 100, "% of a core", SHARE * 100, reference
    )
