"""Which parameters to try next: Optuna's samplers over the uniform numbers behind the space."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Mapping, Optional, Protocol, Sequence, Tuple

from ml_jupyter.exceptions import MissingDependency
from ml_jupyter.sweeps.space import Parameter, grid

RANDOM, GRID, BAYESIAN = "RANDOM", "GRID", "BayesianOptimization"
#: How a random search draws: each trial by itself, or spread evenly by Sobol's sequence.
BY_CHANCE, SOBOL = "random", "sobol"


class Search(Protocol):
    """Proposes parameters. The same calls in the same order may be repeated after a restart."""

    def ask(self) -> Optional[Dict[str, Any]]:
        """The parameters of the next trial; None: there is nothing left to try."""
        ...

    def remember(self, parameters: Mapping[str, Any]) -> None:
        """Take in a trial that was proposed before a restart, in the order of the trials."""
        ...

    def tell(self, number: int, value: Optional[float]) -> None:
        """How good the trial of this number (from 0) was; None: it failed or logged nothing."""
        ...


def search(
    algorithm: str,
    space: Sequence[Parameter],
    *,
    maximize: bool,
    seed: Optional[int] = None,
    rule: str = BY_CHANCE,
) -> Search:
    """A search of the space.

    Parameters
    ----------
    algorithm : str
        ``RANDOM``, ``GRID`` or ``BayesianOptimization``.
    space : sequence of Parameter
        What is searched.
    maximize : bool
        Whether more is better.
    seed : int, optional
        Makes the proposals repeatable. With it a random search that remembers n trials goes on with
        the one that it would have proposed next.
    rule : str
        How ``RANDOM`` draws.

    Raises
    ------
    MissingDependency
        Optuna, or SciPy for ``SOBOL``, is not installed.
    RunConfigurationException
        A grid over something that is no choice.
    """
    if algorithm == GRID:
        return _Grid(space)
    if algorithm == RANDOM and rule == SOBOL:
        return _Sobol(space, seed)
    return _Optuna(algorithm, space, maximize, seed)


def study(
    space: Sequence[Parameter],
    scored: Sequence[Tuple[Mapping[str, Any], float]],
    *,
    maximize: bool,
) -> Any:
    """The trials that were scored as a study of Optuna, for its analyses.

    Each parameter is on the scale it was drawn on: a ``loguniform`` one on a logarithmic scale.

    Parameters
    ----------
    space : sequence of Parameter
        What was searched.
    scored : sequence of (parameters, value)
        Trials; one whose parameters are none of the space is left out.
    maximize : bool
        Whether more is better.

    Raises
    ------
    MissingDependency
        Optuna is not installed.
    """
    made = _Optuna(RANDOM, space, maximize, None)
    for parameters, value in scored:
        made.take_in(parameters, value)
    return made.study


class _Grid:
    def __init__(self, space: Sequence[Parameter]) -> None:
        self._rest = grid(space)

    def ask(self) -> Optional[Dict[str, Any]]:
        return self._rest.pop(0) if self._rest else None

    def remember(self, parameters: Mapping[str, Any]) -> None:
        wanted = _key(parameters)
        self._rest = [item for item in self._rest if _key(item) != wanted]

    def tell(self, number: int, value: Optional[float]) -> None:
        """Nothing is learned: all are tried."""


class _Sobol:
    """Fills the space evenly, however many trials there are.

    Source: I. M. Sobol', USSR Computational Mathematics and Mathematical Physics 7 (1967) 86-112;
    scrambled as SciPy does.
    """

    def __init__(self, space: Sequence[Parameter], seed: Optional[int]) -> None:
        try:
            import numpy
            from scipy.stats import qmc
        except ImportError as error:
            raise MissingDependency("scipy", "sweeps", "Searching by Sobol's sequence") from error
        self._space = list(space)
        self._points = qmc.Sobol(len(self._space), seed=numpy.random.default_rng(seed))

    def ask(self) -> Optional[Dict[str, Any]]:
        (point,) = self._points.random(1)
        return {item.name: item.value(float(place)) for item, place in zip(self._space, point)}

    def remember(self, parameters: Mapping[str, Any]) -> None:
        self._points.fast_forward(1)

    def tell(self, number: int, value: Optional[float]) -> None:
        """Nothing is learned."""


class _Optuna:
    """Each parameter is a number of [0, 1), or the index of one of a few values."""

    def __init__(
        self, algorithm: str, space: Sequence[Parameter], maximize: bool, seed: Optional[int]
    ) -> None:
        optuna = _optuna()
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._optuna = optuna
        self._space = list(space)
        self._learns = algorithm == BAYESIAN
        self._seed = seed
        self._remembered = 0
        self._study = optuna.create_study(
            direction="maximize" if maximize else "minimize", sampler=self._sampler()
        )
        self._distributions = {item.name: self._distribution(item) for item in space}

    def ask(self) -> Optional[Dict[str, Any]]:
        trial = self._study.ask(self._distributions)
        return {item.name: self._value(item, trial.params[item.name]) for item in self._space}

    def remember(self, parameters: Mapping[str, Any]) -> None:
        if not self._learns:
            self._study.ask(self._distributions)  # only to be past it
            return
        self._remembered += 1
        self._study.sampler = self._sampler()  # else the first proposals would come once more
        params = {item.name: self._position(item, parameters[item.name]) for item in self._space}
        state = self._optuna.trial.TrialState.RUNNING
        self._study.add_trial(
            self._optuna.trial.create_trial(
                state=state, params=params, distributions=self._distributions
            )
        )

    @property
    def study(self) -> Any:
        """What Optuna knows."""
        return self._study

    def take_in(self, parameters: Mapping[str, Any], value: float) -> None:
        """A trial that was scored; one with parameters of another space is passed over."""
        try:
            params = {
                item.name: self._position(item, parameters[item.name]) for item in self._space
            }
        except (KeyError, ValueError, TypeError):
            return
        self._study.add_trial(
            self._optuna.trial.create_trial(
                params=params, distributions=self._distributions, value=value
            )
        )

    def tell(self, number: int, value: Optional[float]) -> None:
        if value is None or value != value:
            self._study.tell(number, state=self._optuna.trial.TrialState.FAIL)
        else:
            self._study.tell(number, value)

    def _sampler(self) -> Any:
        if not self._learns:
            return self._optuna.samplers.RandomSampler(seed=self._seed)
        seed = None if self._seed is None else self._seed + self._remembered
        return self._optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=True)

    def _distribution(self, parameter: Parameter) -> Any:
        if parameter.kind == "choice":
            return self._optuna.distributions.CategoricalDistribution(range(parameter.options))
        if parameter.kind == "randint":
            return self._optuna.distributions.IntDistribution(0, parameter.options - 1)
        return self._optuna.distributions.FloatDistribution(0.0, 1.0)

    def _value(self, parameter: Parameter, position: Any) -> Any:
        if parameter.kind == "choice":
            return parameter.values[position]
        return position if parameter.options else parameter.value(position)

    def _position(self, parameter: Parameter, value: Any) -> Any:
        if parameter.kind == "choice":
            keys: List[str] = [_key(item) for item in parameter.values]
            return keys.index(_key(value))
        return value if parameter.options else parameter.position(value)


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _optuna() -> Any:
    try:
        import optuna
    except ImportError as error:
        raise MissingDependency("optuna", "sweeps", "Searching parameters") from error
    return optuna
