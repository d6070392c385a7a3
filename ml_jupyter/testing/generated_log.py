"""Terminal output as trainings give it: bars that return, colours, and as long as one likes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

_BLOCK_LINES = 20_000


def training(losses: Sequence[float], device: str = "cpu") -> bytes:
    """The log of a training, a line an epoch, with a bar that the terminal draws over."""
    lines = [f"Training on {device}, {len(losses)} epochs\n"]
    for epoch, value in enumerate(losses, 1):
        for done in (25, 50, 100):
            bar = "━" * (done // 5)
            lines.append(f"\repoch {epoch:>3}/{len(losses)} \x1b[32m{bar:<20}\x1b[0m {done:>3} %")
        lines.append(f"  loss {value:.4f}\n")
    return "".join(lines).encode()


def write_huge(path: Path, size: int) -> None:
    """Write a log of at least ``size`` bytes; its last line is ``this is the very last line``.

    Parameters
    ----------
    path : Path
        File to write; its folder is made.
    size : int
        Bytes. Memory stays flat: the file is written in blocks of some megabytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    first = 0
    with path.open("wb") as log:
        while log.tell() < size:
            left = max(1, (size - log.tell()) // 72 + 1)
            count = min(_BLOCK_LINES, left)
            log.write(b"".join(_line(i) for i in range(first, first + count)))
            first += count
        log.write(b"this is the very last line\n")


def _line(number: int) -> bytes:
    if number % 997 == 0:
        return b"\x1b[33mWARNING\x1b[0m step %09d: gradient norm above 10, clipped\n" % number
    return b"step %09d: batch read in 4.1 ms, forward 11.2 ms, backward 23.9 ms\n" % number
