"""The words of a command line: options with their values, and the others."""

from __future__ import annotations

from typing import Dict, List, Sequence


def options_of(arguments: Sequence[str]) -> Dict[str, str]:
    """Options of a command line by name: ``--lr 0.1``, ``--lr=0.1``; a flag reads ``"true"``.

    Examples
    --------
    >>> options_of(["--lr", "-0.1", "--fast", "--seed=3", "data"])
    {'lr': '-0.1', 'fast': 'true', 'seed': '3'}
    """
    found: Dict[str, str] = {}
    words = list(arguments)
    starts = [*map(_is_option, words), True, True]  # as if an option followed
    for index, word in enumerate(words):
        if not starts[index]:
            continue
        name, equals, value = word.lstrip("-").partition("=")
        if not equals:
            alone = starts[index + 1] or not starts[index + 2]
            value = "true" if alone else words[index + 1]
        found[name] = value
    return found


def positional_of(arguments: Sequence[str]) -> List[str]:
    """What of a command line is neither an option nor the value of one.

    Examples
    --------
    >>> positional_of(["in.csv", "--lr", "0.1", "--fast", "a", "b"])
    ['in.csv', 'a', 'b']
    """
    words, found = list(arguments), []
    options = options_of(words)
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        is_value = _is_option(before) and options.get(before.lstrip("-")) == word
        if not _is_option(word) and not is_value:
            found.append(word)
    return found


def _is_option(word: str) -> bool:
    return word.startswith("-") and len(word) > 1 and not _is_number(word)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
