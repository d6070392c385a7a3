"""A sweep of a job file as a ``HyperDriveConfig``."""

from __future__ import annotations

from typing import Any, Dict, Optional

from ml_jupyter.jobfile.model import EarlyTermination, SweepJob
from ml_jupyter.sdk.script_run_config import ScriptRunConfig
from ml_jupyter.sdk.sweep_config import HyperDriveConfig, PrimaryMetricGoal
from ml_jupyter.sdk.sweep_policies import (
    BanditPolicy,
    EarlyTerminationPolicy,
    MedianStoppingPolicy,
    TruncationSelectionPolicy,
)
from ml_jupyter.sdk.sweep_space import (
    BayesianParameterSampling,
    GridParameterSampling,
    RandomParameterSampling,
)
from ml_jupyter.sweeps.plan import MOST_TRIALS
from ml_jupyter.sweeps.space import Parameter

_SAMPLINGS = {
    "random": RandomParameterSampling,
    "grid": GridParameterSampling,
    "bayesian": BayesianParameterSampling,
}
_DEFAULT_MINUTES = 10080


def hyperdrive_config(
    job: SweepJob, run_config: ScriptRunConfig, run_id: Optional[str]
) -> HyperDriveConfig:
    """What ``experiment.submit`` takes for the sweep of a file.

    Raises
    ------
    RunConfigurationException
        A parameter, a policy or a limit that cannot be.
    """
    space: Dict[str, Any] = {
        item.name: Parameter(item.name, item.kind, item.values, item.numbers).to_json()
        for item in job.search_space.values()
    }
    how: Dict[str, Any] = {"seed": job.seed}
    if job.algorithm == "random":
        how.update(rule=job.rule, logbase=job.logbase)
    properties = {name: value for name, value in how.items() if value is not None}
    run_config.run_config.max_run_duration_seconds = job.trial_timeout_s or None
    return HyperDriveConfig(
        _SAMPLINGS[job.algorithm](space, properties),
        job.primary_metric,
        PrimaryMetricGoal.from_str(job.goal),
        job.max_total_trials or MOST_TRIALS,
        job.max_concurrent_trials,
        max_duration_minutes=job.timeout_s / 60 if job.timeout_s else _DEFAULT_MINUTES,
        policy=_policy(job.early_termination),
        run_config=run_config,
        custom_run_id=run_id,
    )


def _policy(asked: Optional[EarlyTermination]) -> Optional[EarlyTerminationPolicy]:
    if asked is None:
        return None
    when = (asked.evaluation_interval, asked.delay_evaluation)
    if asked.kind == "bandit":
        return BanditPolicy(when[0], asked.slack_factor, asked.slack_amount, when[1])
    if asked.kind == "median_stopping":
        return MedianStoppingPolicy(*when)
    return TruncationSelectionPolicy(asked.truncation_percentage or 0, *when)
