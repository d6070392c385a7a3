"""References in a command: which there are, and putting the values in.

``{inputs.x}`` (May 2021), ``${{inputs.x}}`` (today), for ``inputs``, ``outputs`` and
``search_space``; every other brace stays as it is. ``$[[…]]`` is left out, with all that is in it,
when an optional input inside is not given.
"""

from __future__ import annotations

import re
from typing import Callable, Iterator, NamedTuple, Set

_KINDS = "inputs|outputs|search_space"
_REFERENCE = re.compile(
    rf"\$\{{\{{\s*(?P<kind>{_KINDS})\.(?P<name>[A-Za-z_]\w*)\s*\}}\}}"
    rf"|(?<![{{$])\{{(?P<old_kind>{_KINDS})\.(?P<old_name>[A-Za-z_]\w*)\}}(?!\}})"
)
_OPTIONAL = re.compile(r"\$\[\[(?P<part>.*?)\]\]", re.DOTALL)


class Reference(NamedTuple):
    """``kind`` is ``inputs``, ``outputs`` or ``search_space``; ``is_old``: with single braces."""

    kind: str
    name: str
    is_old: bool
    in_optional: bool


def find(command: str) -> Iterator[Reference]:
    """All references, in their order."""
    optional = [match.span() for match in _OPTIONAL.finditer(command)]
    for match in _REFERENCE.finditer(command):
        inside = any(start <= match.start() < end for start, end in optional)
        yield _reference(match, inside)


def fill(command: str, value_of: Callable[[str, str], str], absent: Set[str]) -> str:
    """The command with the values in place of the references.

    Parameters
    ----------
    command : str
        The command.
    value_of : callable
        Gives the text for a kind and a name; it is put in as it is, unquoted.
    absent : set of str
        Optional inputs that were not given.
    """

    def part(match: re.Match[str]) -> str:
        named = {item.name for item in find(match["part"]) if item.kind == "inputs"}
        return "" if named & absent else match["part"]

    def value(match: re.Match[str]) -> str:
        reference = _reference(match, False)
        return value_of(reference.kind, reference.name)

    return _REFERENCE.sub(value, _OPTIONAL.sub(part, command))


def _reference(match: re.Match[str], inside: bool) -> Reference:
    if match["kind"]:
        return Reference(match["kind"], match["name"], False, inside)
    return Reference(match["old_kind"], match["old_name"], True, inside)
