"""Search spaces as notebooks write them: ``choice(1, 2)``, ``uniform(0, 1)``, and samplings."""

from __future__ import annotations

import math
from typing import Any, Dict, List, Mapping, Tuple

from ml_jupyter.exceptions import RunConfigurationException
from ml_jupyter.sweeps.search import BAYESIAN, BY_CHANCE, GRID, RANDOM
from ml_jupyter.sweeps.space import Parameter

Expression = List[Any]
_PROPERTIES = ("seed", "rule", "logbase")


def choice(*options: Any) -> Expression:
    """One of ``options``, which may also be given as one list or range."""
    if len(options) == 1 and isinstance(options[0], (list, tuple, range)):
        options = tuple(options[0])
    return ["choice", [list(options)]]


def randint(upper: int) -> Expression:
    """A whole number of [0, ``upper``)."""
    return ["randint", [upper]]


def uniform(min_value: float, max_value: float) -> Expression:
    """A number between two others."""
    return ["uniform", [min_value, max_value]]


def quniform(min_value: float, max_value: float, q: float) -> Expression:
    """``round(uniform(min_value, max_value) / q) * q``."""
    return ["quniform", [min_value, max_value, q]]


def loguniform(min_value: float, max_value: float) -> Expression:
    """``exp(uniform(min_value, max_value))``."""
    return ["loguniform", [min_value, max_value]]


def qloguniform(min_value: float, max_value: float, q: float) -> Expression:
    """``round(exp(uniform(min_value, max_value)) / q) * q``."""
    return ["qloguniform", [min_value, max_value, q]]


def normal(mu: float, sigma: float) -> Expression:
    """A normally distributed number."""
    return ["normal", [mu, sigma]]


def qnormal(mu: float, sigma: float, q: float) -> Expression:
    """``round(normal(mu, sigma) / q) * q``."""
    return ["qnormal", [mu, sigma, q]]


def lognormal(mu: float, sigma: float) -> Expression:
    """``exp(normal(mu, sigma))``."""
    return ["lognormal", [mu, sigma]]


def qlognormal(mu: float, sigma: float, q: float) -> Expression:
    """``round(exp(normal(mu, sigma)) / q) * q``."""
    return ["qlognormal", [mu, sigma, q]]


class HyperParameterSampling:
    """How the parameters of the next trial are found.

    Parameters
    ----------
    parameter_space : dict
        Name of each parameter to an expression, such as ``uniform(0, 1)``.
    properties : dict, optional
        ``seed``: makes the proposals repeatable. ``rule``: ``random``, or ``sobol`` for trials that
        are spread evenly. ``logbase``: base of logarithmic distributions, a number above 1; ``e``.

    Raises
    ------
    RunConfigurationException
        A parameter is no expression, or its numbers cannot be.
    """

    SAMPLING_NAME = ""

    def __init__(self, parameter_space: Any, properties: Any = None) -> None:
        if not isinstance(parameter_space, Mapping) or not parameter_space:
            raise RunConfigurationException(
                "parameter_space must be a dict with at least one parameter."
            )
        self._space = dict(parameter_space)
        self._properties = dict(properties or {})
        unknown = sorted(set(self._properties) - set(_PROPERTIES))
        if unknown:
            raise RunConfigurationException(
                f"properties: there is no {', '.join(unknown)}; there are {', '.join(_PROPERTIES)}."
            )
        for parameter in self.parameters:
            parameter.check()

    @property
    def parameters(self) -> Tuple[Parameter, ...]:
        """The space, in its order."""
        made = (_parameter(name, value) for name, value in self._space.items())
        base = self._properties.get("logbase")
        return tuple(item if base is None else item.with_base(_number(base)) for item in made)

    @property
    def seed(self) -> Any:
        """The seed, when one was given."""
        return self._properties.get("seed")

    @property
    def rule(self) -> str:
        """``random`` or ``sobol``."""
        return str(self._properties.get("rule", BY_CHANCE))

    def to_json(self) -> Dict[str, Any]:
        """Name, space and properties, as the Azure ML SDK writes them."""
        value = {"name": self.SAMPLING_NAME, "parameter_space": self._space}
        return {**value, "properties": self._properties} if self._properties else value


class RandomParameterSampling(HyperParameterSampling):
    """Each trial is drawn from the distributions."""

    SAMPLING_NAME = RANDOM


class GridParameterSampling(HyperParameterSampling):
    """Every combination of choices; takes ``choice`` only."""

    SAMPLING_NAME = GRID

    def __init__(self, parameter_space: Any, properties: Any = None) -> None:
        super().__init__(parameter_space, properties)
        for parameter in self.parameters:
            if parameter.kind != "choice":
                raise RunConfigurationException(
                    f"Parameter {parameter.name!r}: grid sampling takes choice only, not "
                    f"{parameter.kind}."
                )


class BayesianParameterSampling(HyperParameterSampling):
    """Each trial is proposed from how good the ones before it were; takes no policy."""

    SAMPLING_NAME = BAYESIAN


def _number(base: Any) -> float:
    if base == "e":
        return math.e
    if isinstance(base, bool) or not isinstance(base, (int, float)) or not 1 < base < math.inf:
        raise RunConfigurationException(f"logbase must be a number above 1 or 'e', not {base!r}.")
    return float(base)


def _parameter(name: str, value: Any) -> Parameter:
    is_expression = isinstance(value, (list, tuple)) and len(value) == 2
    if not is_expression or not isinstance(value[1], (list, tuple)):
        raise RunConfigurationException(
            f"Parameter {name!r}: {value!r} is no expression, such as uniform(0, 1)."
        )
    return Parameter.from_json(str(name), value)
