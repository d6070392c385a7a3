"""Policies as notebooks write them."""

from __future__ import annotations

from typing import Any, Dict, Optional

from ml_jupyter.sweeps import policies
from ml_jupyter.sweeps.policies import Policy


class EarlyTerminationPolicy:
    """When a trial is stopped because others are better."""

    POLICY_NAME = ""

    def __init__(self, policy: Policy) -> None:
        policy.check()
        self._policy = policy

    @property
    def evaluation_interval(self) -> int:
        """Values of the metric between two applications of the policy."""
        return self._policy.evaluation_interval

    @property
    def delay_evaluation(self) -> int:
        """Values of the metric before the first application."""
        return self._policy.delay_evaluation

    def to_json(self) -> Dict[str, Any]:
        """Name and properties, as the Azure ML SDK writes them."""
        return self._policy.to_json()


class BanditPolicy(EarlyTerminationPolicy):
    """Stops trials that are not near enough to the best one.

    Parameters
    ----------
    evaluation_interval : int
        Applied at each multiple of so many values of the metric.
    slack_factor, slack_amount : float
        How far is near enough: a ratio, or an amount. Exactly one of them.
    delay_evaluation : int
        Not before so many values.

    Raises
    ------
    RunConfigurationException
        Not exactly one slack, or a number out of its range.
    """

    POLICY_NAME = policies.BANDIT

    def __init__(
        self,
        evaluation_interval: int = 1,
        slack_factor: Optional[float] = None,
        slack_amount: Optional[float] = None,
        delay_evaluation: int = 0,
    ) -> None:
        super().__init__(
            Policy(
                policies.BANDIT, evaluation_interval, delay_evaluation, slack_factor, slack_amount
            )
        )

    @property
    def slack_factor(self) -> Optional[float]:
        """The ratio."""
        return self._policy.slack_factor

    @property
    def slack_amount(self) -> Optional[float]:
        """The amount."""
        return self._policy.slack_amount


class MedianStoppingPolicy(EarlyTerminationPolicy):
    """Stops trials whose best value is worse than the median of the averages of all."""

    POLICY_NAME = policies.MEDIAN

    def __init__(self, evaluation_interval: int = 1, delay_evaluation: int = 0) -> None:
        super().__init__(Policy(policies.MEDIAN, evaluation_interval, delay_evaluation))


class TruncationSelectionPolicy(EarlyTerminationPolicy):
    """Stops the worst part of the trials at each evaluation.

    Parameters
    ----------
    truncation_percentage : int
        The part, 1 to 99.
    evaluation_interval, delay_evaluation : int
        As for ``BanditPolicy``.
    """

    POLICY_NAME = policies.TRUNCATION

    def __init__(
        self, truncation_percentage: int, evaluation_interval: int = 1, delay_evaluation: int = 0
    ) -> None:
        super().__init__(
            Policy(
                policies.TRUNCATION,
                evaluation_interval,
                delay_evaluation,
                truncation_percentage=truncation_percentage,
            )
        )

    @property
    def truncation_percentage(self) -> Optional[int]:
        """The part that is stopped."""
        return self._policy.truncation_percentage


class NoTerminationPolicy(EarlyTerminationPolicy):
    """Lets every trial go on to its end."""

    POLICY_NAME = policies.NONE

    def __init__(self) -> None:
        super().__init__(Policy())
