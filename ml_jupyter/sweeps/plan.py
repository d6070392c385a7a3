"""A sweep, complete: what its controller needs and nothing else has."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field, replace
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ml_jupyter.exceptions import RunConfigurationException
from ml_jupyter.jobfile import references
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.sweeps.policies import Policy
from ml_jupyter.sweeps.search import BAYESIAN, BY_CHANCE, GRID, RANDOM, SOBOL
from ml_jupyter.sweeps.space import Parameter, grid

MINIMIZE, MAXIMIZE = "minimize", "maximize"
#: Trials of a sweep at most; more than a person can look at, and a bound for a mistyped number.
MOST_TRIALS = 100_000
_VARIABLE = "AZUREML_SWEEP_"


@dataclass(frozen=True)
class SweepPlan:
    """A search for the best parameters of a job.

    Attributes
    ----------
    trial : LaunchSpec
        The job, without the parameters. Private: it holds the submitter's environment.
    target : str
        Compute target of the trials.
    space : tuple of Parameter
        What is searched.
    algorithm : str
        ``RANDOM``, ``GRID`` or ``BayesianOptimization``.
    metric, goal : str
        Metric that the trials log, and ``minimize`` or ``maximize``.
    max_total, max_concurrent : int
        Trials in all and at a time.
    policy : Policy
        Which trials are stopped early.
    definition : mapping
        Stored with each trial.
    name : str
        What people call a trial, before its number.
    seed : int, optional
        Makes the proposals repeatable.
    rule : str
        How ``RANDOM`` draws: ``random`` or ``sobol``.
    """

    trial: LaunchSpec
    target: str
    space: Tuple[Parameter, ...]
    algorithm: str
    metric: str
    goal: str
    max_total: int
    max_concurrent: int
    policy: Policy = Policy()
    definition: Mapping[str, Any] = field(default_factory=dict)
    name: str = "trial"
    seed: Optional[int] = None
    rule: str = BY_CHANCE

    def check(self) -> None:
        """Refuse what can never run.

        Raises
        ------
        RunConfigurationException
            Names the parameter that is wrong.
        """
        if not self.space:
            raise RunConfigurationException("parameter_space is empty; give at least one.")
        for parameter in self.space:
            parameter.check()
        if self.algorithm not in (RANDOM, GRID, BAYESIAN):
            raise RunConfigurationException(f"There is no sampling {self.algorithm!r}.")
        if self.algorithm == GRID:
            grid(self.space)
        self._check_drawing()
        if self.goal not in (MINIMIZE, MAXIMIZE):
            raise RunConfigurationException(
                f"primary_metric_goal must be minimize or maximize, not {self.goal!r}."
            )
        if not self.metric:
            raise RunConfigurationException("primary_metric_name is empty.")
        for name in ("max_total", "max_concurrent"):
            value = getattr(self, name)
            if type(value) is not int or not 1 <= value <= MOST_TRIALS:
                raise RunConfigurationException(
                    f"{name}_runs must be a whole number from 1 to {MOST_TRIALS}, not {value!r}."
                )
        self.policy.check()

    def _check_drawing(self) -> None:
        if self.rule not in (BY_CHANCE, SOBOL):
            raise RunConfigurationException(f"rule must be random or sobol, not {self.rule!r}.")
        if self.rule == SOBOL and self.algorithm != RANDOM:
            raise RunConfigurationException(
                f"rule sobol goes with random sampling only, not with {self.algorithm}."
            )
        if self.seed is not None and (type(self.seed) is not int or self.seed < 0):
            raise RunConfigurationException(
                f"seed must be a whole number from 0 on, not {self.seed!r}."
            )

    def trial_with(self, parameters: Mapping[str, Any]) -> LaunchSpec:
        """The job of a trial: parameters in the command's places as they are, else at its end.

        There each is one word for the shell, whatever it holds.

        Each is also in the variable ``AZUREML_SWEEP_<name>``, as in Azure ML's SDK v2.
        """
        told = {f"{_VARIABLE}{name.lstrip('-')}": _text(item) for name, item in parameters.items()}
        spec = replace(self.trial, variables={**self.trial.variables, **told})
        words: List[str] = []
        for name, value in parameters.items():
            # Notebooks of the SDK write the dashes themselves as often as not.
            words += [name if name.startswith("-") else f"--{name}", _text(value)]
        if spec.command is None:
            return replace(spec, arguments=(*spec.arguments, *words))
        if any(item.kind == "search_space" for item in references.find(spec.command)):
            return replace(spec, command=_filled(spec.command, parameters))
        ends = [spec.command.rstrip(), *map(shlex.quote, words)]
        return replace(spec, command=" ".join(ends))

    def to_json(self) -> Dict[str, Any]:
        """All of it, the private environment too."""
        return {
            **{key: value for key, value in vars(self).items() if key not in _OBJECTS},
            "trial": self.trial.to_json(),
            "space": {item.name: item.to_json() for item in self.space},
            "policy": self.policy.to_json(),
        }

    def public(self) -> Dict[str, Any]:
        """What is stored for good and shown."""
        value = self.to_json()
        del value["definition"]
        return {**value, "trial": self.trial.public()}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> SweepPlan:
        """The sweep that ``to_json`` described."""
        space = tuple(Parameter.from_json(name, item) for name, item in value["space"].items())
        return cls(
            **{
                **value,
                "trial": LaunchSpec.from_json(value["trial"]),
                "space": space,
                "policy": Policy.from_json(value["policy"]),
            }
        )


_OBJECTS = frozenset({"trial", "space", "policy"})


def _filled(command: str, parameters: Mapping[str, Any]) -> str:
    def value_of(kind: str, name: str) -> str:
        if kind != "search_space":
            return f"${{{{{kind}.{name}}}}}"  # filled later, where the path is known
        return _text(parameters[name])

    return references.fill(command, value_of, set())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
