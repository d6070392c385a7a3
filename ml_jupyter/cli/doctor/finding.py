"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

OK = "ok"
#: Worth knowing, nothing to mend.
NOTE = "note"
#: Works, but not as well as it could, or not for long.
WARNING = "warning"
#: Something does not work.
PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """What was found.

    Attributes
    ----------
    check : str
        What was looked at: ``docker``, ``disk`` …
    state : str
        ``OK``, ``NOTE``, ``WARNING`` or ``PROBLEM``.
    message : str
        One sentence.
    mend : str, optional
        What to do.
    """

    check: str
    state: str
    message: str
    mend: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON."""
        return asdict(self)
