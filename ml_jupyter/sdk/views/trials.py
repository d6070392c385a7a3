"""The trials of a sweep, each with its parameters and how good it was."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set

from ml_jupyter.exceptions import MlJupyterError, UserErrorException
from ml_jupyter.history.parameters import DRAWN
from ml_jupyter.history.query import RunRow
from ml_jupyter.history.records import SWEEP
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.status import CANCELED, TERMINAL
from ml_jupyter.history.summary import SeriesSummary
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk.views.values import ms, safe
from ml_jupyter.sweeps.plan import MAXIMIZE
from ml_jupyter.sweeps.policies import STOPPED_EARLY

#: Property of a trial with its number.
_NUMBER = "ml_jupyter.trial"
_STOPPED = STOPPED_EARLY.partition("{}")[0]
_NO_POLICY = "Default"


class Trials:
    """The trials of one sweep. Values are read as they grow, those of an ended trial once.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Where the sweep is.
    sweep : RunFolder
        Its run.

    Raises
    ------
    UserErrorException
        The run is no sweep.
    """

    def __init__(self, workspace: WorkspaceFolder, sweep: RunFolder) -> None:
        if sweep.record.type != SWEEP:
            raise UserErrorException(
                f"Run {sweep.id} is no sweep: only a sweep has trials.",
                hint="Children of other runs are listed with GET …/runs?parent=RUN.",
                details={"field": "run"},
            )
        self._workspace = workspace
        self.plan: Mapping[str, Any] = sweep.record.definition.get("sweep", {})
        self._values: Dict[str, SeriesSummary] = {}
        self._stopped: Set[str] = set()
        self._done: Set[str] = set()

    @property
    def maximize(self) -> bool:
        """Whether more is better."""
        return bool(self.plan.get("goal") == MAXIMIZE)

    def rows(self, found: Sequence[RunRow]) -> List[Dict[str, Any]]:
        """Each **trial** of ``docs/http-api.md``, in the order of the trials.

        Parameters
        ----------
        found : sequence of RunRow
            The sweep's children as the index knows them.
        """
        trials = [row for row in found if DRAWN in row.tags]
        return [self._row(row) for row in sorted(trials, key=_number)]

    def _row(self, row: RunRow) -> Dict[str, Any]:
        values = self._read(row)
        best = values.greatest if self.maximize else values.least
        step = values.greatest_step if self.maximize else values.least_step
        return {
            "run_id": row.id,
            "trial": _number(row),
            "number": row.number,
            "display_name": row.display_name or row.experiment,
            "status": row.status,
            "reason": row.reason,
            "stopped_early": row.id in self._stopped,
            "parameters": _parameters(row),
            "best": safe(best),
            "best_step": step,
            "last": safe(values.last),
            "count": values.count,
            "created_ms": ms(row.created),
            "started_ms": ms(row.started),
            "ended_ms": ms(row.ended),
        }

    def _read(self, row: RunRow) -> SeriesSummary:
        values = self._values.setdefault(row.id, SeriesSummary())
        if row.id in self._done:
            return values
        try:
            run = self._workspace.run(row.id, row.experiment_id)
            values.update(run, self.plan.get("metric", ""))
            if row.status in TERMINAL:
                self._close(row, run)
            run.close()
        except (MlJupyterError, OSError):  # deleted meanwhile, or nothing logged yet
            pass
        return values

    def _close(self, row: RunRow, run: RunFolder) -> None:
        self._done.add(row.id)
        warnings = run.state().warnings if row.status == CANCELED else ()
        if any(text.startswith(_STOPPED) for text in warnings):
            self._stopped.add(row.id)


def sweep_json(sweep: RunFolder) -> Optional[Dict[str, Any]]:
    """What a sweep looks for, and how: the **sweep** of ``docs/http-api.md``; None for others."""
    if sweep.record.type != SWEEP:
        return None
    plan: Mapping[str, Any] = sweep.record.definition.get("sweep", {})
    policy = dict(plan.get("policy") or {})
    return {
        "metric": str(plan.get("metric", "")),
        "goal": str(plan.get("goal", "")),
        "sampling": str(plan.get("algorithm", "")),
        "policy": None if policy.get("kind", _NO_POLICY) == _NO_POLICY else safe(policy),
        "limit": plan.get("max_total"),
        "concurrent": plan.get("max_concurrent"),
        "parameters": [_parameter(*item) for item in plan.get("space", {}).items()],
    }


def _parameter(name: str, expression: Sequence[Any]) -> Dict[str, Any]:
    kind, items = expression[0], list(expression[1])
    choices = kind == "choice"
    options = items[0] if choices and len(items) == 1 and isinstance(items[0], list) else items
    return {
        "name": name,
        "kind": kind,
        "values": safe(options) if choices else None,
        "numbers": None if choices else safe(items),
        "log": "log" in kind,
    }


def _parameters(row: RunRow) -> Dict[str, Any]:
    try:
        value = json.loads(row.tags.get(DRAWN) or "{}")
    except ValueError:  # somebody changed the tag
        return {}
    return safe(value) if isinstance(value, dict) else {}


def _number(row: RunRow) -> int:
    text = row.properties.get(_NUMBER, "")
    return int(text) if text.isdigit() else row.number
