"""What the contract of history readers asks of one."""

from __future__ import annotations

from typing import Any, Mapping, Protocol, Sequence, Tuple


class ReadRun(Protocol):
    """What a reader tells of a run, as it is at the moment of asking."""

    def facts(self) -> Mapping[str, Any]:
        """``run.json``: the documented keys, with their defaults where they are missing."""
        ...

    def state(self) -> Mapping[str, Any]:
        """The present state, as a mapping.

        ``status``, ``reason``, ``error``, ``exit_code``, ``tags``, ``properties``,
        ``display_name``, ``description``, ``archived``, ``warnings``, ``children``, ``noted``
        (what the software noted), ``started`` and ``ended`` (nanoseconds; None: not yet).
        """
        ...

    def parameters(self) -> Mapping[str, str]:
        """The parameters: options of the arguments, those of a sweep, those that were logged."""
        ...

    def metric_names(self) -> Sequence[str]:
        """Names of the metrics in the order of their first use."""
        ...

    def points(self, name: str) -> Sequence[Tuple[int, Any]]:
        """A scalar metric as (step, value)."""
        ...

    def structured(self, name: str) -> Sequence[Mapping[str, Any]]:
        """The entries of a row, table or image."""
        ...

    def log(self, offset: int = 0) -> bytes:
        """The terminal's log from an offset on."""
        ...
