"""``--set a.b.c=value``: changes to a job file before it is looked at."""

from __future__ import annotations

import re
from typing import Any, List, Sequence, Tuple, Union

from ml_jupyter.jobfile.document import Entry, scalar
from ml_jupyter.jobfile.findings import Place, Report

#: Stands in findings for a file's name.
SET = Place("--set")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_MAX_INDEX = 1000


def apply(root: Entry, settings: Sequence[str], report: Report) -> None:
    """Put ``KEY=VALUE`` texts into the tree.

    The value is read as YAML; ``null`` takes the key out. Maps on the way are made. A list's
    element is named by its index in brackets, ``values[0]``. A key that a sweep has not at its
    top but in its trial is that of the trial: the same setting then fits a job and its sweep.
    """
    for setting in settings:
        key, equals, text = setting.partition("=")
        key = key.strip()
        steps = _steps(key)
        if not equals or not steps:
            report.error(SET, key, f"{setting!r} is not KEY=VALUE", "such as compute.target=local")
            continue
        _put(_owner(root, steps[0]), steps, _entry(scalar(text), text), key, report)


def _steps(key: str) -> List[Union[str, int]]:
    steps: List[Union[str, int]] = []
    at = 0
    while at < len(key):
        match = _STEP.match(key, at)
        if match is None:
            return []
        steps.append(match[1] if match[1] is not None else int(match[2]))
        at = match.end()
        if at < len(key) and key[at] == ".":
            at += 1
            if at == len(key):
                return []
    return steps


def _owner(root: Entry, first: Union[str, int]) -> Entry:
    trial = root.value.get("trial")
    if first in root.value or trial is None or not isinstance(trial.value, dict):
        return root
    return trial if first in trial.value else root


def _put(
    root: Entry, steps: Sequence[Union[str, int]], new: Entry, key: str, report: Report
) -> None:
    here = root
    for step, following in zip(steps, steps[1:]):
        made: Any = [] if isinstance(following, int) else {}
        found = _child(here, step)
        if found is None or not isinstance(found.value, type(made)):
            found = Entry(made, SET)
            if not _set(here, step, found):
                report.error(SET, key, "there is no such element")
                return
        here = found
    last = steps[-1]
    if new.value is None:
        _remove(here, last)
    elif not _set(here, last, new):
        report.error(SET, key, "there is no such element", "the next index is one past the last")


def _child(entry: Entry, step: Union[str, int]) -> Any:
    if isinstance(step, str):
        return entry.value.get(step) if isinstance(entry.value, dict) else None
    if isinstance(entry.value, list) and step < len(entry.value):
        return entry.value[step]
    return None


def _set(entry: Entry, step: Union[str, int], new: Entry) -> bool:
    if isinstance(step, str):
        if not isinstance(entry.value, dict):
            return False
        entry.value[step] = new
        entry.keys[step] = SET
        return True
    if not isinstance(entry.value, list) or step > min(len(entry.value), _MAX_INDEX):
        return False
    entry.value[step : step + 1] = [new]
    return True


def _remove(entry: Entry, step: Union[str, int]) -> None:
    if isinstance(step, str) and isinstance(entry.value, dict):
        entry.value.pop(step, None)
        entry.keys.pop(step, None)
    elif isinstance(step, int) and isinstance(entry.value, list):
        del entry.value[step : step + 1]


def _entry(value: Any, raw: str) -> Entry:
    if isinstance(value, dict):
        items = {str(key): _entry(item, _text(item)) for key, item in value.items()}
        return Entry(items, SET, keys=dict.fromkeys(items, SET))
    if isinstance(value, list):
        return Entry([_entry(item, _text(item)) for item in value], SET)
    if value is not None and not isinstance(value, (str, int, float, bool)):
        return Entry(raw, SET, raw)  # a date stays the text that it was written as
    return Entry(value, SET, raw)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def split(setting: str) -> Tuple[str, str]:
    """Key and value of a ``KEY=VALUE`` text; the value is empty without an equals sign."""
    key, _, value = setting.partition("=")
    return key.strip(), value
