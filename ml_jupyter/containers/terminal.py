"""Bytes of a container's terminal as the job wrote them."""

from __future__ import annotations


class Terminal:
    r"""Takes back what the engine's terminal does to the output: a return before each line feed.

    A terminal of the engine turns every ``\n`` into ``\r\n`` (``ONLCR``, termios(3)), and a
    job's own ``\r\n`` into ``\r\r\n``; so dropping exactly one return before each line feed gives
    back what the job wrote.
    """

    def __init__(self) -> None:
        self._held = b""

    def plain(self, data: bytes) -> bytes:
        """What the job wrote; a return at the end is held back until the next byte is known."""
        data = self._held + data
        self._held = b"\r" if data.endswith(b"\r") else b""
        if self._held:
            data = data[:-1]
        return data.replace(b"\r\n", b"\n")

    def rest(self) -> bytes:
        """What is still held back, when nothing more comes."""
        held, self._held = self._held, b""
        return held
