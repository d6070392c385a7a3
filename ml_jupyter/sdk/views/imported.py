"""Where a run comes from that was brought in from another tool."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

from ml_jupyter.history.run_folder import RunFolder

_FACT = "import"


def imported_json(run: RunFolder) -> Optional[Dict[str, Any]]:
    """The **imported** of ``docs/http-api.md``; None for a run that was made here.

    Runs that were brought in before this was noted have neither ``id`` nor ``imported_ms``.
    """
    found = run.state().facts.get(_FACT)
    if not isinstance(found, Mapping) or not found.get("tool"):
        return None
    time = found.get("time")
    return {
        "tool": str(found["tool"]),
        "source": str(found.get("source") or ""),
        "id": str(found["id"]) if found.get("id") else None,
        "imported_ms": time / 1_000_000 if isinstance(time, int) else None,
    }
