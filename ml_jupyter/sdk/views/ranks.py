"""The processes of a distributed job, as JSON."""

from __future__ import annotations

from typing import Any, Dict, List

from ml_jupyter._files import confine
from ml_jupyter.exceptions import PathOutside
from ml_jupyter.history import stream
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder


def ranks_json(run: RunFolder) -> List[Dict[str, Any]]:
    """The **ranks** of ``docs/http-api.md``; empty for a job of one process."""
    noted = run.state().facts.get("ranks")
    return [_rank(run, item) for item in noted] if isinstance(noted, list) else []


def log_of_rank(run: RunFolder, rank: int) -> str:
    """Name of a rank's log among the run's files; the whole log for what is not known."""
    found = next((item for item in ranks_json(run) if item["rank"] == rank), None)
    return STD_LOG if found is None else str(found["log"])


def _rank(run: RunFolder, facts: Dict[str, Any]) -> Dict[str, Any]:
    log = str(facts.get("log") or STD_LOG)
    return {
        "rank": int(facts.get("rank", 0)),
        "name": str(facts.get("name", "")),
        "node": int(facts.get("node") or 0),
        "log": log,
        "size": _size(run, log),
        "exit_code": facts.get("exit_code"),
        "failed_first": bool(facts.get("failed_first")),
    }


def _size(run: RunFolder, log: str) -> int:
    try:
        return stream.size(confine(run.layout.files, log))
    except PathOutside:
        return 0
