"""Early termination: which trials to stop, from the values that they have logged so far.

Each value of the primary metric is one interval. A policy is asked about a trial when it has
logged its n-th value; it is applied where n is a multiple of ``evaluation_interval`` and at least
``delay_evaluation``. Source: the reference of ``azureml.train.hyperdrive``, the policies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import Any, Dict, Iterable, List, Mapping, Optional

from ml_jupyter.exceptions import RunConfigurationException

BANDIT, MEDIAN, TRUNCATION, NONE = "Bandit", "MedianStopping", "TruncationSelection", "Default"
#: Why a trial was stopped, as a person reads it.
STOPPED_EARLY = "Stopped by the early termination policy: {}."


class Progress:
    """The values that a trial has logged, with what policies ask of the first ``count`` of them.

    More is better: the values of a metric to minimize are turned round, and what is no finite
    number is worse than all. Each question takes the same time however many values there are, for
    every new value of one trial is compared with all others.

    Parameters
    ----------
    values : iterable of float
        Oldest first.
    maximize : bool
        Whether more of the metric is better.
    """

    def __init__(self, values: Iterable[float] = (), *, maximize: bool) -> None:
        self._sign = 1.0 if maximize else -1.0
        self._values: List[float] = []
        self._bests: List[float] = []
        self._sums: List[float] = []
        for value in values:
            self.add(value)

    def __len__(self) -> int:
        return len(self._values)

    def add(self, value: float) -> None:
        """Take in the next value."""
        turned = self._sign * value if math.isfinite(value) else -math.inf
        self._bests.append(max(turned, self._bests[-1]) if self._bests else turned)
        self._sums.append(turned + self._sums[-1] if self._sums else turned)
        self._values.append(turned)

    def value(self, count: int) -> float:
        """The last one."""
        return self._values[count - 1]

    def best(self, count: int) -> float:
        """The best one."""
        return self._bests[min(count, len(self)) - 1]

    @property
    def overall(self) -> Optional[float]:
        """The best of all, as it was logged; None: there is no finite number."""
        if not self._bests or self._bests[-1] == -math.inf:
            return None
        return self._sign * self._bests[-1]

    def average(self, count: int) -> float:
        """Their average."""
        seen = min(count, len(self))
        return self._sums[seen - 1] / seen


#: What each trial has logged.
Histories = Mapping[str, Progress]


@dataclass(frozen=True)
class Policy:
    """When a trial is stopped.

    Attributes
    ----------
    kind : str
        ``Bandit``, ``MedianStopping``, ``TruncationSelection`` or ``Default`` (never).
    evaluation_interval : int
        Applied at each multiple of it.
    delay_evaluation : int
        Not before so many intervals.
    slack_factor, slack_amount : float, optional
        How far from the best trial is near enough for Bandit, as a ratio or absolute.
    truncation_percentage : int, optional
        Part of the trials that TruncationSelection stops at each evaluation, 1 to 99.
    """

    kind: str = NONE
    evaluation_interval: int = 1
    delay_evaluation: int = 0
    slack_factor: Optional[float] = None
    slack_amount: Optional[float] = None
    truncation_percentage: Optional[int] = None

    def check(self) -> None:
        """Refuse what is no policy.

        Raises
        ------
        RunConfigurationException
            Names the parameter that is wrong.
        """
        if self.kind not in (BANDIT, MEDIAN, TRUNCATION, NONE):
            raise RunConfigurationException(f"policy: there is no policy {self.kind!r}.")
        for name, least in (("evaluation_interval", 1), ("delay_evaluation", 0)):
            value = getattr(self, name)
            if type(value) is not int or value < least:
                raise RunConfigurationException(
                    f"policy: {name} must be a whole number from {least} on, not {value!r}."
                )
        if self.kind == BANDIT:
            self._check_slack()
        part = self.truncation_percentage
        if self.kind == TRUNCATION and not (type(part) is int and 1 <= part <= 99):
            raise RunConfigurationException(
                f"policy: truncation_percentage must be 1 to 99, not {part!r}."
            )

    def is_due(self, count: int) -> bool:
        """Whether the policy is applied to a trial that has logged ``count`` values."""
        if self.kind == NONE or count < max(1, self.delay_evaluation):
            return False
        return count % self.evaluation_interval == 0

    def stops(self, trial: str, count: int, histories: Histories) -> bool:
        """Whether a trial is to be stopped for what it had after ``count`` values.

        Parameters
        ----------
        trial : str
            The trial.
        count : int
            How many of its values count, 1 or more.
        histories : mapping
            The values of all trials, ended ones too.
        """
        if not self.is_due(count):
            return False
        seen = {name: values for name, values in histories.items() if len(values)}
        judges = {BANDIT: self._bandit, MEDIAN: _median_stops, TRUNCATION: self._truncation}
        return judges[self.kind](trial, count, seen)

    def to_json(self) -> Dict[str, Any]:
        """Name and properties, as the SDK writes them."""
        names = ("evaluation_interval", "delay_evaluation", "slack_factor", "slack_amount")
        values = {name: getattr(self, name) for name in (*names, "truncation_percentage")}
        return {
            "name": self.kind,
            "properties": {name: item for name, item in values.items() if item is not None},
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Policy:
        """The policy that ``to_json`` described."""
        return cls(value["name"], **value.get("properties", {}))

    def _check_slack(self) -> None:
        given: List[Any] = [
            item for item in (self.slack_factor, self.slack_amount) if item is not None
        ]
        if len(given) != 1:
            raise RunConfigurationException(
                "policy: a bandit policy takes exactly one of slack_factor and slack_amount."
            )
        if isinstance(given[0], bool) or not isinstance(given[0], (int, float)) or given[0] < 0:
            raise RunConfigurationException(
                f"policy: the slack must be a number from 0 on, not {given[0]!r}."
            )

    def _bandit(self, trial: str, count: int, seen: Histories) -> bool:
        """Compare the trial's best with that of the best trial after as many intervals.

        Azure's documents say the ratio for a metric to maximize: stopped where ``own * (1 + f)`` is
        less than the best. The same ratio between the worse and the better value is used for a
        metric to minimize, ``own > best * (1 + f)``, and where a metric is negative.
        """
        own = seen[trial].best(count)
        best = max(values.best(count) for values in seen.values())
        if self.slack_amount is not None:
            return own + self.slack_amount < best
        ratio = 1 + (self.slack_factor or 0.0)
        return own * ratio < best if best >= 0 else own < best * ratio

    def _truncation(self, trial: str, count: int, seen: Histories) -> bool:
        """Stop it when it is in the worst part of those that have come as far."""
        level = {name: item.value(count) for name, item in seen.items() if len(item) >= count}
        stopped = int(len(level) * (self.truncation_percentage or 0) / 100)
        worst = sorted(level, key=lambda name: (level[name], name != trial))[:stopped]
        return trial in worst


def _median_stops(trial: str, count: int, seen: Histories) -> bool:
    """Compare the trial's best with the median of the averages of all trials so far."""
    return seen[trial].best(count) < median(values.average(count) for values in seen.values())
