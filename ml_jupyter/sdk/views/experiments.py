"""Experiments as JSON."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from ml_jupyter.history.index import Index
from ml_jupyter.history.index_experiments import ExperimentFacts
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.history.summary import lower_is_better
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk.views.values import ms


def experiments_json(
    workspace: WorkspaceFolder, index: Index, *, archived: bool = False
) -> List[Dict[str, Any]]:
    """The experiments of a workspace, newest first, as ``docs/http-api.md`` shows them.

    Parameters
    ----------
    archived : bool
        The archived ones instead of the others.
    """
    counts, facts = index.experiment_counts(), index.experiment_facts()
    found = [item for item in workspace.experiments() if item.archived == archived]
    return [
        experiment_json(item, counts.get(item.id, (0, 0)), facts.get(item.id))
        for item in reversed(found)
    ]


def experiment_json(
    record: ExperimentRecord,
    counts: Tuple[int, int] = (0, 0),
    facts: Optional[ExperimentFacts] = None,
) -> Dict[str, Any]:
    """One experiment; ``counts`` are its runs and those that have not ended."""
    known = facts or ExperimentFacts()
    return {
        "id": record.id,
        "name": record.name,
        "archived": record.archived,
        "tags": dict(record.tags),
        "description": record.description,
        "created_ms": ms(record.created),
        "run_count": counts[0],
        "active_count": counts[1],
        "states": known.states,
        "targets": known.targets,
        "users": known.users,
        "last_run_ms": ms(known.last) if known.last else None,
        "primary_metric": _best(known),
    }


def _best(facts: ExperimentFacts) -> Optional[Dict[str, Any]]:
    if facts.metric is None or facts.best is None:
        return None
    return {
        "name": facts.metric,
        "best": facts.best,
        "lower": lower_is_better(facts.metric),
        "run_id": facts.best_run,
    }
