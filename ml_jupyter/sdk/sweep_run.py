"""``HyperDriveRun``: a sweep with its trials."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterator, List, Optional, Tuple

from ml_jupyter.history import status
from ml_jupyter.sdk.run import Run
from ml_jupyter.sweeps.plan import MAXIMIZE
from ml_jupyter.sweeps.policies import Progress
from ml_jupyter.sweeps.watching import numbers


class HyperDriveRun(Run):
    """The run of a sweep; its trials are its children."""

    def get_best_run_by_primary_metric(
        self,
        include_failed: bool = True,
        include_canceled: bool = True,
        include_resume_from_runs: bool = True,
    ) -> Optional[Run]:
        """The trial with the best value of the primary metric; None: no trial has logged it.

        Parameters
        ----------
        include_failed, include_canceled : bool
            Whether trials that ended so count.
        """
        left_out = set()
        if not include_failed:
            left_out.add(status.FAILED)
        if not include_canceled:
            left_out.add(status.CANCELED)
        for child, value in self._ranked():
            if value is not None and child.get_status() not in left_out:
                return child
        return None

    def get_children_sorted_by_primary_metric(
        self, top: int = 0, reverse: bool = False, discard_no_metric: bool = False
    ) -> List[Dict[str, Any]]:
        """The trials, best first.

        Parameters
        ----------
        top : int
            At most so many; 0: all.
        reverse : bool
            Worst first.
        discard_no_metric : bool
            Leave out those that did not log the metric; else they come last.

        Returns
        -------
        list of dict
            ``run_id``, ``hyperparameters`` (JSON text), ``best_primary_metric``, ``status``.
        """
        ranked = list(self._ranked())
        with_value = [pair for pair in ranked if pair[1] is not None]
        without = [] if discard_no_metric else [pair for pair in ranked if pair[1] is None]
        ordered = [*(reversed(with_value) if reverse else with_value), *without]
        return [
            {
                "run_id": child.id,
                "hyperparameters": child.get_tags().get("hyperparameters"),
                "best_primary_metric": value,
                "status": child.get_status(),
            }
            for child, value in (ordered[:top] if top else ordered)
        ]

    def get_hyperparameters(self) -> Dict[str, Any]:
        """Parameters of each trial: id of its run to a dict."""
        return {
            child.id: json.loads(child.get_tags().get("hyperparameters") or "{}")
            for child in self.get_children()
        }

    def get_metrics(self, *args: Any, **kwargs: Any) -> Dict[str, Any]:
        """Metrics of all trials: id of its run to its metrics."""
        if args or kwargs:
            return super().get_metrics(*args, **kwargs)
        return {child.id: child.get_metrics() for child in self.get_children()}

    def get_diagnostics(self) -> Dict[str, Any]:
        """What the controller says of its progress: counts of trials, and the best one."""
        return dict(self._folder.state().facts.get("sweep", {}))

    @property
    def hyperdrive_config(self) -> Dict[str, Any]:
        """What was submitted: space, algorithm, metric, goal, limits and policy."""
        found = dict(self._folder.record.definition.get("sweep", {}))
        found.pop("trial", None)
        return found

    def _ranked(self) -> Iterator[Tuple[Run, Optional[float]]]:
        """Trials with their best value, best first, those without one last."""
        plan = self._folder.record.definition.get("sweep", {})
        maximize = plan.get("goal") == MAXIMIZE
        metric = plan.get("metric", "")
        scored = [(child, _best(child, metric, maximize)) for child in self.get_children()]

        def order(pair: Any) -> Any:
            value = pair[1]
            if value is None:
                return (1, 0.0)
            return (0, -value if maximize else value)

        return iter(sorted(scored, key=order))


def _best(run: Run, metric: str, maximize: bool) -> Optional[float]:
    values = numbers(run._folder.series(metric).values)
    return Progress(values, maximize=maximize).overall
