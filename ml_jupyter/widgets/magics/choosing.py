"""From the words of a magic to experiments and runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ml_jupyter.exceptions import ExperimentNotFound, RunNotFound
from ml_jupyter.sdk.experiment import Experiment
from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.workspace import Workspace


def listed(text: str | None) -> list[str]:
    """Names separated by commas.

    Examples
    --------
    >>> listed("a, b,"), listed(None)
    (['a', 'b'], [])
    """
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def experiment_of(workspace: Workspace, name: str) -> Experiment:
    """An experiment that exists.

    Raises
    ------
    ExperimentNotFound
        There is none of this name.
    """
    found = Experiment.list(workspace, name, view_type="All")
    if not found:
        known = ", ".join(item.name for item in Experiment.list(workspace)[-10:]) or "none yet"
        raise ExperimentNotFound(f"There is no experiment {name!r}.", hint=f"Experiments: {known}.")
    return found[0]


def run_of(word: str, namespace: Mapping[str, Any], workspace: Callable[[], Workspace]) -> Run:
    """The run that a word means: a variable that holds one, a run's id, or its beginning.

    Raises
    ------
    RunNotFound
        It means none, or several.
    """
    value = namespace.get(word)
    if isinstance(value, Run):
        return value
    opened = workspace()
    try:
        return Run.get(opened, word)
    except RunNotFound:
        near = [run for run in opened.get_runs(include_children=True) if run.id.startswith(word)]
    if len(near) == 1:
        return near[0]
    why = f"{len(near)} runs begin with it" if near else f"none in workspace {opened.name!r}"
    raise RunNotFound(
        f"{word!r} is no run: {why}.", hint="Give a variable, or an id that %runs shows."
    )


def runs_of(
    words: Sequence[str], namespace: Mapping[str, Any], workspace: Callable[[], Workspace]
) -> list[Run]:
    """The runs that words mean; without words the newest of the workspace.

    Raises
    ------
    RunNotFound
        One means none, or there is no run yet.
    """
    if words:
        found: list[Run] = []
        for word in words:
            value = namespace.get(word)
            many = isinstance(value, (list, tuple)) and all(isinstance(v, Run) for v in value)
            found += list(value) if many and value else [run_of(word, namespace, workspace)]
        return found
    newest = next(iter(workspace().get_runs()), None)
    if newest is None:
        raise RunNotFound("There is no run yet.", hint="Submit one: put %%submit above a cell.")
    return [newest]
