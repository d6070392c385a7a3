"""``HyperDriveConfig``: what ``experiment.submit`` takes to search for the best parameters."""

from __future__ import annotations

from enum import Enum
from typing import Any, Optional

from ml_jupyter.exceptions import RunConfigurationException, UserErrorException
from ml_jupyter.sdk.script_run_config import ScriptRunConfig
from ml_jupyter.sdk.sweep_policies import EarlyTerminationPolicy, NoTerminationPolicy
from ml_jupyter.sdk.sweep_space import BayesianParameterSampling, HyperParameterSampling
from ml_jupyter.sweeps.plan import MAXIMIZE, MINIMIZE


class PrimaryMetricGoal(Enum):
    """Whether more or less of the primary metric is better."""

    MAXIMIZE = "MAXIMIZE"
    MINIMIZE = "MINIMIZE"

    @staticmethod
    def from_str(goal: str) -> PrimaryMetricGoal:
        """The goal that a text names, whatever its case.

        Raises
        ------
        RunConfigurationException
            There is no such goal.
        """
        try:
            return PrimaryMetricGoal[str(goal).upper()]
        except KeyError as error:
            raise RunConfigurationException(
                f"primary_metric_goal must be MINIMIZE or MAXIMIZE, not {goal!r}."
            ) from error


class HyperDriveConfig:
    """A sweep: a job, the space of its parameters, and how to search it.

    Parameters
    ----------
    hyperparameter_sampling : RandomParameterSampling, GridParameterSampling or \
BayesianParameterSampling
        How parameters are found. Each one is added to the script's arguments as ``--name value``.
    primary_metric_name : str
        Metric that the script logs.
    primary_metric_goal : PrimaryMetricGoal
        Whether more or less is better.
    max_total_runs : int
        Trials in all.
    max_concurrent_runs : int, optional
        Trials at a time; default: all. The queue still gives each its turn.
    max_duration_minutes : float
        The sweep is stopped after so many minutes; 7 days by default.
    policy : EarlyTerminationPolicy, optional
        Which trials are stopped early; default: none.
    run_config : ScriptRunConfig
        The job.
    estimator : Estimator, optional
        Instead of ``run_config``.
    resume_from, resume_child_runs, pipeline : optional
        Of the cloud service; refused when given.

    Raises
    ------
    RunConfigurationException
        A parameter of the wrong kind or out of its range; names it.
    """

    def __init__(
        self,
        hyperparameter_sampling: HyperParameterSampling,
        primary_metric_name: str,
        primary_metric_goal: Any,
        max_total_runs: int,
        max_concurrent_runs: Optional[int] = None,
        max_duration_minutes: float = 10080,
        policy: Optional[EarlyTerminationPolicy] = None,
        estimator: Any = None,
        run_config: Optional[ScriptRunConfig] = None,
        resume_from: Any = None,
        resume_child_runs: Any = None,
        pipeline: Any = None,
        debug_flag: Any = None,
        custom_run_id: Optional[str] = None,
    ) -> None:
        _refuse(
            pipeline=pipeline,
            resume_from=resume_from,
            resume_child_runs=resume_child_runs,
        )
        run_config = estimator if run_config is None else run_config
        if not isinstance(run_config, ScriptRunConfig):
            raise RunConfigurationException(
                f"run_config must be a ScriptRunConfig, not {type(run_config).__name__}."
            )
        if not isinstance(hyperparameter_sampling, HyperParameterSampling):
            raise RunConfigurationException(
                "hyperparameter_sampling must be a RandomParameterSampling, "
                "GridParameterSampling or BayesianParameterSampling, not "
                f"{type(hyperparameter_sampling).__name__}."
            )
        if isinstance(hyperparameter_sampling, BayesianParameterSampling) and not isinstance(
            policy, (type(None), NoTerminationPolicy)
        ):
            raise RunConfigurationException(
                "Bayesian sampling takes no early termination policy: it learns from whole trials."
            )
        if isinstance(primary_metric_goal, str):
            primary_metric_goal = PrimaryMetricGoal.from_str(primary_metric_goal)
        self.sampling = hyperparameter_sampling
        self.primary_metric_name = primary_metric_name
        self.primary_metric_goal = primary_metric_goal
        self.max_total_runs = max_total_runs
        self.max_concurrent_runs = max_concurrent_runs
        self.max_duration_minutes = max_duration_minutes
        self.policy = policy or NoTerminationPolicy()
        self.custom_run_id = custom_run_id
        self._run_config = run_config

    @property
    def run_config(self) -> ScriptRunConfig:
        """The job."""
        return self._run_config

    @property
    def estimator(self) -> Any:
        """The job, if it is an estimator; else None."""
        from ml_jupyter.sdk.estimator import Estimator

        return self._run_config if isinstance(self._run_config, Estimator) else None

    @property
    def pipeline(self) -> None:
        """Always None: pipelines are not supported."""
        return

    @property
    def source_directory(self) -> Any:
        """Source folder of the job."""
        return self._run_config.source_directory

    @property
    def goal(self) -> str:
        """``minimize`` or ``maximize``."""
        return MAXIMIZE if self.primary_metric_goal is PrimaryMetricGoal.MAXIMIZE else MINIMIZE


def _refuse(**given: Any) -> None:
    names = [name for name, value in given.items() if value is not None]
    if names:
        raise UserErrorException(
            f"{', '.join(names)} cannot be used here.", hint="Give run_config, a ScriptRunConfig."
        )
