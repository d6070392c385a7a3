"""A condition on a metric's newest value, as people write it: ``loss<0.5``, ``val_acc>=0.9``."""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple, Tuple

from ml_jupyter.exceptions import UserErrorException

_FORM = re.compile(
    r"(?P<name>.+?)\s*(?P<sign>>=|<=|!=|==|=|>|<)\s*(?P<value>[^<>=!]+)\Z", re.DOTALL
)
#: SQL has no ``==`` in its standard.
_SQL = {"==": "="}
_HINT = "Write a name, one of > >= < <= = != and a number, such as val_accuracy>0.9."


class MetricCondition(NamedTuple):
    """``name`` of the metric, ``sign`` to compare by, and the number it is compared with."""

    name: str
    sign: str
    value: float

    @classmethod
    def parse(cls, text: str) -> MetricCondition:
        """The condition that a text states.

        Raises
        ------
        UserErrorException
            Not of the form ``NAME>NUMBER``.

        Examples
        --------
        >>> MetricCondition.parse("loss <= 1e-3")
        MetricCondition(name='loss', sign='<=', value=0.001)
        """
        found = _FORM.match(text.strip())
        try:
            value = float(found.group("value")) if found else math.nan
        except ValueError:
            value = math.nan
        if found is None or not math.isfinite(value):
            raise UserErrorException(
                f"{text!r} is no condition on a metric.", hint=_HINT, details={"field": "metric"}
            )
        return cls(found.group("name"), found.group("sign"), value)

    @property
    def sql(self) -> Tuple[str, Tuple[Any, ...]]:
        """The condition over ``runs r`` with its parameters; runs without the metric fail it."""
        sign = _SQL.get(self.sign, self.sign)
        text = (
            "EXISTS (SELECT 1 FROM metrics c WHERE c.run = r.id AND c.name = ? "
            f"AND c.value {sign} ?)"
        )
        return text, (self.name, self.value)
