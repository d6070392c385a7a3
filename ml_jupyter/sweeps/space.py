"""Parameters of a search space, as Azure ML's HyperDrive defines their distributions.

Each value is made from one uniform number of [0, 1), so that every sampler draws from the same
distributions. Source of the definitions: the reference of ``azureml.train.hyperdrive``,
``parameter_expressions``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from statistics import NormalDist
from typing import Any, Dict, List, Mapping, Sequence, Tuple

from ml_jupyter.exceptions import RunConfigurationException
from ml_jupyter.jobfile.distributions import CHOICE, NUMBERS

#: Nearest to 0 and 1 that a uniform number comes where infinity would follow.
_EDGE = 1e-12


@dataclass(frozen=True)
class Parameter:
    """One dimension of a search space.

    Attributes
    ----------
    name : str
        Name of the parameter.
    kind : str
        A key of ``NUMBERS``.
    values : tuple
        What ``choice`` chooses from.
    numbers : mapping of str to float
        The numbers of any other distribution.
    """

    name: str
    kind: str
    values: Tuple[Any, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)

    def check(self) -> None:
        """Refuse what is no distribution.

        Raises
        ------
        RunConfigurationException
            Names the parameter and what is wrong with it.
        """
        problem = self._problem()
        if problem is not None:
            raise RunConfigurationException(f"Parameter {self.name!r}: {problem}.")

    @property
    def options(self) -> int:
        """How many different values a finite one has; 0: no finite number."""
        if self.kind == CHOICE:
            return len(self.values)
        return int(self.numbers["upper"]) if self.kind == "randint" else 0

    def value(self, uniform: float) -> Any:
        """The value that belongs to a number of [0, 1)."""
        numbers = self.numbers
        if self.options:
            index = min(int(uniform * self.options), self.options - 1)
            return self.values[index] if self.kind == CHOICE else index
        base = self._base(uniform)
        shown = math.exp(base) if "log" in self.kind else base
        return round(shown / numbers["q"]) * numbers["q"] if "q" in numbers else shown

    def position(self, value: float) -> float:
        """A number of [0, 1] that ``value`` belongs to; the inverse of ``value`` but for rounding.

        For distributions without a finite number of values.
        """
        base = math.log(max(value, 5e-324)) if "log" in self.kind else value
        numbers = self.numbers
        if "sigma" in numbers:
            return NormalDist(numbers["mu"], numbers["sigma"]).cdf(base)
        low, high = numbers["min_value"], numbers["max_value"]
        return min(max((base - low) / (high - low), 0.0), 1.0)

    def with_base(self, base: float) -> Parameter:
        """The same with powers of ``base`` in place of e, where the distribution has such.

        ``base ** x`` is ``exp(x * log(base))``, so the other numbers grow by that factor.
        """
        if "log" not in self.kind:
            return self
        factor = math.log(base)
        numbers = {
            name: value if name == "q" or isinstance(value, bool) else value * factor
            for name, value in self.numbers.items()
        }
        return replace(self, numbers=numbers)

    def to_json(self) -> List[Any]:
        """``[kind, [numbers or values]]``: the form of the SDK's parameter expressions."""
        if self.kind == CHOICE:
            return [CHOICE, [list(self.values)]]
        return [self.kind, [self.numbers[name] for name in NUMBERS[self.kind]]]

    @classmethod
    def from_json(cls, name: str, value: Sequence[Any]) -> Parameter:
        """The parameter that ``to_json`` described."""
        kind, items = value[0], list(value[1])
        if kind == CHOICE:
            options = items[0] if len(items) == 1 and isinstance(items[0], list) else items
            return cls(name, CHOICE, tuple(options))
        return cls(name, kind, numbers=dict(zip(NUMBERS.get(kind, ()), items)))

    def _base(self, uniform: float) -> float:
        numbers = self.numbers
        if "sigma" in numbers:
            inside = min(max(uniform, _EDGE), 1 - _EDGE)
            return NormalDist(numbers["mu"], numbers["sigma"]).inv_cdf(inside)
        low, high = numbers["min_value"], numbers["max_value"]
        return low + uniform * (high - low)

    def _problem(self) -> Any:
        if self.kind not in NUMBERS:
            return f"there is no distribution {self.kind!r}; there are {', '.join(NUMBERS)}"
        if self.kind == CHOICE:
            return None if self.values else "choice needs at least one value"
        wanted = NUMBERS[self.kind]
        if set(self.numbers) != set(wanted):
            return f"{self.kind} takes {', '.join(wanted)}"
        for name, item in self.numbers.items():
            if isinstance(item, bool) or not isinstance(item, (int, float)):
                return f"{name} must be a number, not {item!r}"
            if not math.isfinite(item):
                return f"{name} must be finite"
            if name in ("q", "sigma") and item <= 0:
                return f"{name} must be above 0"
        if self.kind == "randint":
            upper = self.numbers["upper"]
            return None if upper >= 1 and upper == int(upper) else "upper must be at least 1"
        if (
            "min_value" in self.numbers
            and not self.numbers["min_value"] < self.numbers["max_value"]
        ):
            return "min_value must be below max_value"
        return None


def grid(space: Sequence[Parameter]) -> List[Dict[str, Any]]:
    """Every combination, the last parameter changing fastest.

    Raises
    ------
    RunConfigurationException
        A parameter is no ``choice``.
    """
    combinations: List[Dict[str, Any]] = [{}]
    for parameter in space:
        if parameter.kind != CHOICE:
            raise RunConfigurationException(
                f"Parameter {parameter.name!r}: grid sampling takes choice only, not "
                f"{parameter.kind}."
            )
        combinations = [
            {**before, parameter.name: value}
            for before in combinations
            for value in parameter.values
        ]
    return combinations
