"""Ports of this machine that nobody uses."""

from __future__ import annotations

import random
import socket
from typing import Iterator, List, Tuple

from ml_jupyter.exceptions import ExperimentExecutionException

_FIRST, _LAST = 10_000, 65_535
_EPHEMERAL = "/proc/sys/net/ipv4/ip_local_port_range"
_USUAL_EPHEMERAL = (49_152, 65_535)  # RFC 6335, section 6


def free_ports(count: int) -> List[int]:
    """Different TCP ports on which nobody listens, on any address of this machine.

    They lie outside of the range from which the system takes ports for outgoing connections, so
    that none of them is given away between this look and the moment when a rank listens on it.

    Parameters
    ----------
    count : int
        How many.

    Raises
    ------
    ExperimentExecutionException
        There are not so many.
    """
    found: List[int] = []
    for port in _candidates():
        if len(found) == count:
            return found
        if _is_free(port):
            found.append(port)
    raise ExperimentExecutionException(f"There are no {count} free ports on this machine.")


def _candidates() -> Iterator[int]:
    """Ports from a random one on, those of the ephemeral range last: better these than none."""
    first, last = _ephemeral()
    outside = [port for port in range(_FIRST, _LAST + 1) if not first <= port <= last]
    inside = list(range(max(first, _FIRST), last + 1))
    for ports in (outside, inside):
        begin = random.SystemRandom().randrange(len(ports)) if ports else 0
        yield from ports[begin:] + ports[:begin]


def _ephemeral() -> Tuple[int, int]:
    try:
        with open(_EPHEMERAL, encoding="ascii") as stream:
            first, last = stream.read().split()
        return int(first), int(last)
    except (OSError, ValueError):
        return _USUAL_EPHEMERAL


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True
