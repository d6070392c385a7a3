"""Submitting a sweep: everything that can be wrong is found before anything is written."""

from __future__ import annotations

import importlib.util
import shlex
import uuid
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional

from ml_jupyter.compute.base import Submission
from ml_jupyter.distributed.distribution import PARALLEL, Distribution
from ml_jupyter.exceptions import MissingDependency, RunConfigurationException
from ml_jupyter.history.records import SWEEP
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import submit as submit_job
from ml_jupyter.sdk import labels
from ml_jupyter.sdk.submission import Prepared, prepared
from ml_jupyter.sdk.sweep_config import HyperDriveConfig
from ml_jupyter.sweeps.plan import SweepPlan
from ml_jupyter.sweeps.search import GRID, SOBOL

if TYPE_CHECKING:
    from ml_jupyter.sdk.experiment import Experiment
    from ml_jupyter.sdk.run import Run

#: How often a controller that was killed is started again.
_RETRIES = 5


def submit(
    experiment: Experiment,
    config: HyperDriveConfig,
    tags: Optional[Mapping[str, Any]] = None,
    *,
    parent: Optional[Run] = None,
    trial: Optional[Prepared] = None,
) -> Run:
    """Submit a sweep; see ``Experiment.submit``.

    Parameters
    ----------
    trial : Prepared, optional
        The job, when it was made ready already; default: made from ``config.run_config``.

    Raises
    ------
    RunConfigurationException, UserErrorException
        Names the parameter that is wrong; nothing was submitted.
    MissingDependency
        The library that searches is not installed.
    """
    from ml_jupyter.sdk.run import Run

    trial = trial or prepared(experiment, config.run_config)
    plan = _plan(config, trial.submission, trial.target.name)
    plan.check()
    _check_library(plan)
    first = replace(
        trial.submission, spec=plan.trial_with({item.name: item.value(0.5) for item in plan.space})
    )
    trial.target.validate(first)
    workspace = experiment.workspace
    run = submit_job(
        workspace._folder,
        workspace._settings,
        experiment._record,
        _controller(config, plan, workspace._settings),
        source=trial.submission.source,
        snapshot_id=trial.submission.snapshot_id,
        definition={**trial.submission.definition, "sweep": plan.public()},
        run_id=config.custom_run_id or f"HD_{uuid.uuid4()}",
        type_=SWEEP,
        display_name=f"{trial.submission.display_name or 'job'} sweep",
        parent=None if parent is None else parent._folder.record,
        tags={"_aml_system_max_total_jobs": str(plan.max_total), **labels.tags_of(tags)},
    )
    for text in trial.remarks:
        warnings.warn(text, UserWarning, stacklevel=4)
        run.warn(text)
    return Run._of(experiment, run)


def _plan(config: HyperDriveConfig, trial: Submission, target: str) -> SweepPlan:
    total: Any = _whole(config)
    concurrent: Any = total if config.max_concurrent_runs is None else config.max_concurrent_runs
    if isinstance(concurrent, int) and isinstance(total, int) and concurrent > total:
        concurrent = total
    return SweepPlan(
        trial=trial.spec,
        target=target,
        space=config.sampling.parameters,
        algorithm=config.sampling.SAMPLING_NAME,
        metric=config.primary_metric_name,
        goal=config.goal,
        max_total=total,
        max_concurrent=concurrent,
        policy=config.policy._policy,
        definition=dict(trial.definition),
        name=trial.display_name or "trial",
        seed=config.sampling.seed,
        rule=config.sampling.rule,
    )


def _whole(config: HyperDriveConfig) -> Any:
    """Trials in all; a grid has no more than its combinations."""
    total: Any = config.max_total_runs
    if config.sampling.SAMPLING_NAME != GRID or not isinstance(total, int):
        return total
    combinations = 1
    for parameter in config.sampling.parameters:
        combinations *= max(1, parameter.options)
    return min(total, combinations)


def _controller(config: HyperDriveConfig, plan: SweepPlan, settings: Any) -> LaunchSpec:
    minutes: Any = config.max_duration_minutes
    if isinstance(minutes, bool) or not isinstance(minutes, (int, float)) or minutes <= 0:
        raise RunConfigurationException(
            f"max_duration_minutes must be a number above 0, not {minutes!r}."
        )
    restarts: Dict[str, Any] = Distribution(
        PARALLEL, max_retries=_RETRIES, terminal_exit_codes=tuple(range(1, 256))
    ).to_json()
    spec = LaunchSpec.of(settings, command="", distribution=restarts)
    return replace(
        spec,
        command=f"exec {shlex.quote(spec.tools)} -m ml_jupyter.sweeps.controller",
        interpreter=spec.tools,
        max_run_duration_s=minutes * 60.0,
        payload=plan.to_json(),
        slots=0,
        resumes=True,
    )


def _check_library(plan: SweepPlan) -> None:
    if plan.algorithm == GRID:
        return
    needed = "scipy" if plan.rule == SOBOL else "optuna"
    if importlib.util.find_spec(needed) is None:
        raise MissingDependency(needed, "sweeps", "Searching parameters")
