"""Options of a command line, as parameters of a run."""

from __future__ import annotations

from typing import Dict, List, Sequence


def parameters_of(arguments: Sequence[str]) -> Dict[str, str]:
    """Options of a command line by name: ``--lr 0.1``, ``--lr=0.1``; a flag reads ``"true"``.

    Examples
    --------
    >>> parameters_of(["--lr", "-0.1", "--fast", "--seed=3", "data"])
    {'lr': '-0.1', 'fast': 'true', 'seed': '3'}
    """
    found: Dict[str, str] = {}
    words = list(arguments)
    for index, word in enumerate(words):
        if not _is_option(word):
            continue
        name, equals, value = word.lstrip("-").partition("=")
        following = words[index + 1 : index + 2]
        last = index + 2 >= len(words) or _is_option(words[index + 2])
        if not equals:
            value = following[0] if following and not _is_option(following[0]) and last else "true"
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
    options = parameters_of(words)
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
