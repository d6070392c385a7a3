"""The bytes of a container's terminal, as the job wrote them."""

from __future__ import annotations

import os
import termios

from hypothesis import given, settings
from hypothesis import strategies as st

from ml_jupyter.containers.terminal import Terminal

_PIECES = st.lists(st.sampled_from([b"a", b"\r", b"\n", b"\r\n", b"\x1b[K", b"\xff"]), max_size=60)


def through_pty(data: bytes) -> bytes:
    """What a terminal as the engine makes them gives out."""
    master, slave = os.openpty()
    mode = termios.tcgetattr(slave)
    mode[1] = termios.OPOST | termios.ONLCR
    termios.tcsetattr(slave, termios.TCSANOW, mode)
    os.write(slave, data)
    os.close(slave)
    found = b""
    try:
        while piece := os.read(master, 4096):
            found += piece
    except OSError:  # the end: pty(7)
        pass
    os.close(master)
    return found


@given(_PIECES, st.integers(1, 7))
@settings(max_examples=200, deadline=None)
def test_output_comes_back_unchanged_however_it_is_cut(pieces: list[bytes], size: int) -> None:
    written = b"".join(pieces)
    data, terminal = through_pty(written), Terminal()
    cut = [data[at : at + size] for at in range(0, len(data), size)]
    assert b"".join(map(terminal.plain, cut)) + terminal.rest() == written
