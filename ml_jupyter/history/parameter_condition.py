"""A condition on a parameter, as people write it: ``lr<0.01``, ``optimizer=adam``."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, Tuple, Union

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.parameters import number_of

_FORM = re.compile(r"(?P<name>.+?)\s*(?P<sign>>=|<=|!=|==|=|>|<|~)\s*(?P<value>.+)\Z", re.DOTALL)
_ORDERING = frozenset({">", ">=", "<", "<="})
_HINT = "Write a name, one of > >= < <= = != ~ and a value, such as lr<0.01 or optimizer=adam."


class ParameterCondition(NamedTuple):
    """``name`` of the parameter, ``sign`` to compare by, and what it is compared with.

    A number is compared with numbers, whichever way they are written: ``0.001`` is ``1e-3``. Text
    is compared letter by letter; ``~`` holds where the value contains it, in whichever case.
    """

    name: str
    sign: str
    value: Union[float, str]

    @classmethod
    def parse(cls, text: str) -> ParameterCondition:
        """The condition that a text states.

        Raises
        ------
        UserErrorException
            Not of the form, or a text is to be greater or less than something.

        Examples
        --------
        >>> ParameterCondition.parse("lr <= 1e-3")
        ParameterCondition(name='lr', sign='<=', value=0.001)
        >>> ParameterCondition.parse("optimizer=adam")
        ParameterCondition(name='optimizer', sign='=', value='adam')
        """
        found = _FORM.match(text.strip())
        number = None if found is None else number_of(found.group("value"))
        if found is None or (number is None and found.group("sign") in _ORDERING):
            raise UserErrorException(
                f"{text!r} is no condition on a parameter.", hint=_HINT, details={"field": "param"}
            )
        name, sign, value = found.group("name", "sign", "value")
        sign = "=" if sign == "==" else sign  # SQL has no ``==`` in its standard
        return cls(name, sign, value if number is None or sign == "~" else number)

    @property
    def sql(self) -> Tuple[str, Tuple[Any, ...]]:
        """The condition over ``runs r`` with its values; runs without the parameter fail it."""
        test, values = self._test()
        text = f"r.id IN (SELECT c.run FROM parameters c WHERE c.name = ? AND {test})"
        return text, (self.name, *values)

    def _test(self) -> Tuple[str, Tuple[Union[float, str], ...]]:
        if self.sign == "~":
            return "instr(lower(c.value), lower(?)) > 0", (self.value,)
        if isinstance(self.value, str):
            if self.sign == "!=":
                return "c.value != ?", (self.value,)
            # The index knows texts without their case.
            test = "c.number IS NULL AND c.value = ? COLLATE NOCASE AND c.value = ?"
            return test, (self.value, self.value)
        sign = "IS NOT" if self.sign == "!=" else self.sign  # a text is another value, too
        return f"c.number {sign} ?", (self.value,)
