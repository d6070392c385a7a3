"""Going on with a stream that broke, from what the engine wrote down of it."""

from __future__ import annotations

_TAIL_BYTES = 256 * 1024


class Seen:
    """The output that has been seen: how much, and its end.

    An engine that is killed may not have written down the last of what it had handed on, so that
    the number of bytes alone does not tell where to go on: the end of what was seen does.
    """

    def __init__(self) -> None:
        self.size = 0
        self._tail = bytearray()

    def add(self, data: bytes) -> None:
        """More was seen."""
        self.size += len(data)
        self._tail += data
        if len(self._tail) > 2 * _TAIL_BYTES:
            del self._tail[:-_TAIL_BYTES]

    def beyond(self, written: bytes) -> bytes:
        """What was written down after the part that was seen.

        Parameters
        ----------
        written : bytes
            From the beginning: what was seen, perhaps without the last of it, and what came then.
        """
        start = self.size - len(self._tail)
        return written[start + common(bytes(self._tail), written[start:]) :]


def common(first: bytes, second: bytes) -> int:
    """Length of the common beginning."""
    low, high = 0, min(len(first), len(second))
    while low < high:
        middle = (low + high + 1) // 2
        if first[:middle] == second[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def overlap(first: bytes, second: bytes) -> int:
    """Length of the longest beginning of ``second`` that ``first`` ends with."""
    for size in range(min(len(first), len(second)), 0, -1):
        if first.endswith(second[:size]):
            return size
    return 0
