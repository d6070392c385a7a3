"""Reads a sweep: a trial, the space of its parameters, and how to search it."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Tuple

from ml_jupyter.jobfile.command import read_trial
from ml_jupyter.jobfile.common import JOB_KEYS, READ_ONLY, TRIAL_KEYS, read_facts, read_timeout
from ml_jupyter.jobfile.context import Context
from ml_jupyter.jobfile.cursor import Cursor, one_of, optional
from ml_jupyter.jobfile.distributions import NUMBERS
from ml_jupyter.jobfile.model import CommandJob, EarlyTermination, Parameter, SweepJob

KEYS = (
    *JOB_KEYS, *READ_ONLY, "trial", "inputs", "outputs", "compute", "resources", "search_space",
    "objective", "algorithm", "sampling_algorithm", "limits", "max_total_trials",
    "max_concurrent_trials", "timeout_minutes", "early_termination",
)  # fmt: skip
ALGORITHMS = ("random", "grid", "bayesian")
ALGORITHM_KEYS = ("type", "rule", "seed", "logbase")
RULES = ("random", "sobol")
LIMITS = ("max_total_trials", "max_concurrent_trials", "timeout", "trial_timeout")
MOST_TRIALS = 1000
POLICIES = ("bandit", "median_stopping", "truncation", "truncation_selection")


def read_sweep_job(job: Cursor, context: Context) -> SweepJob:
    """The job of a file of type sweep."""
    job.expect_keys(KEYS)
    facts = read_facts(job)
    space = _space(job)
    algorithm, how = _algorithm(job, context)
    if algorithm == "grid":
        _refuse_without_choice(job, space)
    metric, goal = _objective(job)
    times = read_timeout(job, context, LIMITS)
    total, concurrent = _counts(job, context, algorithm)
    return SweepJob(
        trial=_trial(job, context, space),
        search_space=space,
        algorithm=algorithm,
        **how,
        primary_metric=metric,
        goal=goal,
        max_total_trials=total,
        max_concurrent_trials=concurrent,
        early_termination=_policy(job.get("early_termination")),
        **times,
        **facts,
    )


def _trial(job: Cursor, context: Context, space: Mapping[str, Parameter]) -> CommandJob:
    trial = job.get("trial")
    if trial is None:
        job.error("there is no trial", "trial: with a command")
        return CommandJob("")
    if not trial.is_map:
        named = "a component is not supported" if _is_component(trial) else "the trial is no map"
        trial.error(named, "trial: with a command")
        return CommandJob("")
    trial.expect_keys(TRIAL_KEYS)
    return read_trial(trial, context, outer=job, parameters=space)


def _is_component(cursor: Cursor) -> bool:
    return str(cursor.plain).startswith("azureml:")


def _space(job: Cursor) -> Dict[str, Parameter]:
    cursor = job.get("search_space")
    if cursor is None:
        job.error("there is no search_space", "search_space: with at least one parameter")
        return {}
    read = {name: _parameter(name, item) for name, item in cursor.members().items()}
    if cursor.is_map and not read:
        cursor.error("the search space is empty")
    return {name: item for name, item in read.items() if item is not None}


def _parameter(name: str, cursor: Cursor) -> Optional[Parameter]:
    if not cursor.is_map:
        cursor.error("a parameter is a map", "type: choice with values:, or another distribution")
        return None
    kind_at = cursor.get("type")
    if kind_at is None:
        cursor.error("the parameter has no type", f"one of {', '.join(NUMBERS)}")
        return None
    kind = kind_at.choice(tuple(NUMBERS))
    if kind is None:
        return None
    if kind == "choice":
        return _choice(name, cursor)
    wanted = NUMBERS[kind]
    spelled = {"q": ("q", "quantization")}
    cursor.expect_keys(("type", *(s for item in wanted for s in spelled.get(item, (item,)))))
    numbers = {}
    for item in wanted:
        given = one_of([cursor.get(s) for s in spelled.get(item, (item,))])
        if given is None:
            cursor.error(f"{kind} has no {item}", f"it takes {', '.join(wanted)}")
            continue
        value = given.integer(1) if item == "upper" else given.number()
        if value is not None:
            numbers[item] = value
    _check_numbers(cursor, numbers)
    return Parameter(name, kind, numbers=numbers)


def _choice(name: str, cursor: Cursor) -> Optional[Parameter]:
    cursor.expect_keys(("type", "values"))
    values = cursor.get("values")
    if values is None:
        cursor.error("choice has no values", "values: with a list")
        return None
    if not values.is_list:
        values.error("values is not a list")
        return None
    items = tuple(item.plain for item in values.items())
    if not items:
        values.error("values is empty", "at least one")
    return Parameter(name, "choice", values=items)


def _check_numbers(cursor: Cursor, numbers: Mapping[str, float]) -> None:
    least, most = numbers.get("min_value"), numbers.get("max_value")
    if least is not None and most is not None and not least < most:
        cursor.error("min_value is not below max_value")
    for name in ("sigma", "q"):
        if name in numbers and not numbers[name] > 0:
            cursor.error(f"{name} is {numbers[name]}", "above 0")


def _algorithm(job: Cursor, context: Context) -> Tuple[str, Dict[str, Any]]:
    old = job.get("algorithm")
    if old is not None:
        context.old_spelling(old, "sampling_algorithm:")
    cursor = one_of([job.get("sampling_algorithm"), old])
    if cursor is None:
        return "random", {}
    if not cursor.is_map:
        return cursor.choice(ALGORITHMS) or "random", {}
    cursor.expect_keys(ALGORITHM_KEYS)
    kind = optional(cursor.get("type"), lambda item: item.choice(ALGORITHMS), "random")
    for name in ("rule", "logbase"):
        at = cursor.get(name)
        if at is not None and kind != "random":
            at.warn(f"{kind} search has no {name}", "it has no effect")
    return kind, {
        "seed": optional(cursor.get("seed"), lambda item: item.integer(0)),
        "rule": optional(cursor.get("rule"), lambda item: item.choice(RULES)),
        "logbase": optional(cursor.get("logbase"), _logbase),
    }


def _logbase(cursor: Cursor) -> Any:
    return "e" if cursor.plain == "e" else cursor.above(1)


def _refuse_without_choice(job: Cursor, space: Mapping[str, Parameter]) -> None:
    cursor = job.get("search_space")
    for name, item in space.items():
        at = None if cursor is None else cursor.get(name)
        if item.kind != "choice" and at is not None:
            at.error(f"grid cannot search {item.kind}", "choice, or algorithm random")


def _objective(job: Cursor) -> Tuple[str, str]:
    cursor = job.get("objective")
    if cursor is None:
        job.error("there is no objective", "objective: with primary_metric and goal")
        return "", "maximize"
    cursor.expect_keys(("primary_metric", "goal"))
    found: Dict[str, str] = {}
    for name in ("primary_metric", "goal"):
        item = cursor.get(name)
        if item is None:
            cursor.error(f"the objective has no {name}")
        elif name == "goal":
            found[name] = item.choice(("minimize", "maximize")) or "maximize"
        else:
            found[name] = item.text() or ""
    return found.get("primary_metric", ""), found.get("goal", "maximize")


def _counts(job: Cursor, context: Context, algorithm: str) -> Tuple[Optional[int], Optional[int]]:
    limits = job.get("limits")
    total_at = _count_at(job, limits, "max_total_trials", context)
    concurrent_at = _count_at(job, limits, "max_concurrent_trials", context)
    total = optional(total_at, lambda item: item.integer(1, MOST_TRIALS))
    concurrent = optional(concurrent_at, lambda item: item.integer(1))
    if total_at is None and algorithm != "grid":
        job.error("there is no max_total_trials", f"a {algorithm} search would never end")
    if concurrent_at is not None and total and concurrent and concurrent > total:
        concurrent_at.warn(f"{concurrent} trials at once of {total} in all", f"{total} is used")
        concurrent = total
    return total, concurrent


def _count_at(
    job: Cursor, limits: Optional[Cursor], name: str, context: Context
) -> Optional[Cursor]:
    old = job.get(name)
    if old is not None:
        context.old_spelling(old, f"limits.{name}")
    return one_of([None if limits is None else limits.get(name), old])


def _policy(cursor: Optional[Cursor]) -> Optional[EarlyTermination]:
    if cursor is None:
        return None
    kind_at = cursor.get("type")
    if kind_at is None:
        cursor.error("early_termination has no type", f"one of {', '.join(POLICIES[:3])}")
        return None
    kind = kind_at.choice(POLICIES)
    if kind is None:
        return None
    kind = "truncation" if kind.startswith("truncation") else kind
    own = {"bandit": ("slack_factor", "slack_amount"), "truncation": ("truncation_percentage",)}
    cursor.expect_keys(("type", "evaluation_interval", "delay_evaluation", *own.get(kind, ())))
    slack = {name: cursor.get(name) for name in own["bandit"]}
    if kind == "bandit" and sum(item is not None for item in slack.values()) != 1:
        cursor.error("bandit takes exactly one of slack_factor and slack_amount")
    part = cursor.get("truncation_percentage")
    if kind == "truncation" and part is None:
        cursor.error("truncation has no truncation_percentage", "1 to 99")
    return EarlyTermination(
        kind,
        evaluation_interval=optional(
            cursor.get("evaluation_interval"), lambda item: item.integer(1), 1
        ),
        delay_evaluation=optional(cursor.get("delay_evaluation"), lambda item: item.integer(0), 0),
        slack_factor=optional(slack["slack_factor"], lambda item: item.above(0)),
        slack_amount=optional(slack["slack_amount"], lambda item: item.above(0)),
        truncation_percentage=optional(part, lambda item: item.integer(1, 99)),
    )
