"""How a magic is declared: its options, which make its help text, and its errors in one line."""

from __future__ import annotations

import functools
import shlex
from collections.abc import Callable
from typing import Any, TypeVar

from IPython.core import magic, magic_arguments
from IPython.core.error import UsageError

from ml_jupyter.exceptions import MlJupyterError

_Result = TypeVar("_Result")
_KINDS: dict[str, Any] = {"line": magic.line_magic, "cell": magic.cell_magic}
_argument: Any = magic_arguments.argument
_with_arguments: Any = magic_arguments.magic_arguments


def option(*names: str, **facts: Any) -> Any:
    """One option, as for ``argparse``."""
    return _argument(*names, **facts)


def declared(
    kind: str, *options: Any
) -> Callable[[Callable[..., _Result]], Callable[..., _Result]]:
    """Make a method a magic.

    Parameters
    ----------
    kind : str
        ``line`` or ``cell``.
    *options
        What ``option`` gave, in the order of the help text.
    """

    def declare(method: Callable[..., _Result]) -> Callable[..., _Result]:
        made: Any = _KINDS[kind](_told(method))
        for item in reversed(options):
            made = item(made)
        found: Callable[..., _Result] = _with_arguments()(made)
        return found

    return declare


def parsed(method: Any, line: str) -> Any:
    """The options of a magic's line; quotes keep blanks together, as in a shell.

    Raises
    ------
    UsageError
        An option is unknown, or a quote is not closed.
    """
    try:
        return method.parser.parse_args(shlex.split(line))
    except ValueError as error:
        raise UsageError(f"{line}: {error}") from error


def _told(method: Callable[..., _Result]) -> Callable[..., _Result]:
    """Errors without a traceback through this package."""

    @functools.wraps(method)
    def speaking(*args: Any, **kwargs: Any) -> _Result:
        try:
            return method(*args, **kwargs)
        except MlJupyterError as error:
            raise UsageError(str(error)) from error

    return speaking
