"""Sweeps that were looked at lately: their trials, and which parameters mattered."""

from __future__ import annotations

import importlib.util
import json
import math
import subprocess
import sys
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.sdk.views import Trials, sweep_json
from ml_jupyter.server.errors import TimedOut
from ml_jupyter.sweeps.importance import LEAST_TRIALS, METHOD, best_part

if TYPE_CHECKING:
    from ml_jupyter.server.workspaces import OpenWorkspace

_KEPT = 32
#: Trials that importance is computed from at most, the newest; more take longer than a page waits.
_MOST_SCORED = 5000
_SECONDS = 25.0
_ALL_ALIKE = "No parameter made a difference to how good a trial was."
_NO_LIBRARY = "Importance needs Optuna where the server runs: pip install 'ml-jupyter[sweeps]'."


class Sweep:
    """One sweep as pages see it. Threads may share it."""

    def __init__(self, workspace: OpenWorkspace, run: RunFolder) -> None:
        self._workspace = workspace
        self._run = run
        self._trials = Trials(workspace.folder, run)
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._importance: tuple[int, dict[str, float]] | None = None

    def head(self) -> dict[str, Any]:
        """What it looks for, and how."""
        return sweep_json(self._run) or {}

    def rows(self) -> list[dict[str, Any]]:
        """Its trials."""
        page = self._workspace.index.query(RunQuery(parent=self._run.id, sort="number"))
        with self._lock:
            return self._trials.rows(page.rows)

    def importance(self) -> dict[str, Any]:
        """The **importance** of ``docs/http-api.md``; computed when trials have ended since."""
        ended = [row for row in self.rows() if row["ended_ms"] is not None]
        scored = [
            [row["parameters"], row["best"]]
            for row in ended
            if isinstance(row["best"], (int, float)) and math.isfinite(row["best"])
        ][-_MOST_SCORED:]
        count = len(scored)
        answer: dict[str, Any] = {"method": METHOD, "trials": count, "least_trials": LEAST_TRIALS}
        if count < LEAST_TRIALS:
            note = f"Told after {LEAST_TRIALS} trials with a value; there are {count}."
            return {**answer, "best_part": None, "parameters": [], "note": note}
        answer["best_part"] = best_part(count)
        if importlib.util.find_spec("optuna") is None:
            return {**answer, "parameters": [], "note": _NO_LIBRARY}
        found = self._computed(scored)
        listed = [{"name": name, "importance": share} for name, share in found.items()]
        return {**answer, "parameters": listed, "note": None if found else _ALL_ALIKE}

    def _computed(self, scored: list[Any]) -> dict[str, float]:
        with self._asking:
            if self._importance is None or self._importance[0] != len(scored):
                plan = self._trials.plan
                question = {"space": plan["space"], "goal": plan["goal"], "trials": scored}
                self._importance = (len(scored), _ask(question))
            return self._importance[1]


class Sweeps:
    """Those looked at lately. Threads may share it."""

    def __init__(self, workspace: OpenWorkspace) -> None:
        self._workspace = workspace
        self._kept: OrderedDict[str, tuple[RunFolder, Sweep]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, run: RunFolder) -> Sweep:
        """The sweep of a run.

        Raises
        ------
        UserErrorException
            The run is none.
        """
        with self._lock:
            kept = self._kept.get(run.id)
            if kept is None or kept[0] is not run:
                kept = (run, Sweep(self._workspace, run))
                self._kept[run.id] = kept
            self._kept.move_to_end(run.id)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return kept[1]


def _ask(question: dict[str, Any]) -> dict[str, float]:
    """Importance by a process of its own: what it loads stays out of the server.

    Raises
    ------
    TimedOut
        It took too long.
    """
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "ml_jupyter.sweeps.importance"],
            input=json.dumps(question).encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise TimedOut("Computing the importance of parameters took too long.") from error
    found: dict[str, float] = json.loads(answer.stdout)
    return found
