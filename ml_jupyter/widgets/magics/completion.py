"""What the Tab key offers behind our magics: options, experiments, targets, environments, runs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.sdk.environment import Environment
from ml_jupyter.sdk.experiment import Experiment
from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.workspace import Workspace

_SUBMIT = "--experiment --target --gpus --cpus --memory --env --name --vars --files --wait"
_OPTIONS = {
    "%%submit": _SUBMIT,
    "%runs": "--last --status --tag --children",
    "%run_log": "--lines --follow --file",
    "%tensorboard_run": "--experiment --height --stop",
}
_RECENT = 20


def register(shell: Any) -> None:
    """Let a shell ask us about the lines of our magics."""
    for magic in _OPTIONS:
        shell.set_hook("complete_command", complete, str_key=magic)


def complete(shell: Any, event: Any) -> list[str]:
    """Words that may follow.

    Parameters
    ----------
    shell : InteractiveShell
        Its variables that hold runs are offered.
    event : namespace
        IPython's: ``line``, ``symbol`` (the word that was begun), ``text_until_cursor``.
    """
    words = str(event.text_until_cursor).split(" ")
    magic, before = words[0], words[-2] if len(words) > 1 else ""
    with suppress(MlJupyterError, OSError):
        return _after(magic, before, shell.user_ns)
    return []


def _after(magic: str, before: str, namespace: Mapping[str, Any]) -> list[str]:
    valued: dict[str, Callable[[], list[str]]] = {
        "--experiment": _experiments,
        "--target": lambda: ["local", *Workspace.from_config().compute_targets],
        "--env": lambda: [*Environment.list(Workspace.from_config())],
        "--vars": lambda: [name for name in namespace if not name.startswith("_")],
        "--status": lambda: ["Running", "Queued", "Completed", "Failed", "Canceled"],
    }
    if before in valued:
        return valued[before]()
    options = _OPTIONS.get(magic, "").split()
    if magic == "%runs":
        return options + _experiments()
    if magic == "%%submit":
        return options
    held = [name for name, value in namespace.items() if isinstance(value, Run)]
    recent = itertools.islice(Workspace.from_config().get_runs(), _RECENT)
    return options + held + [run.id for run in recent]


def _experiments() -> list[str]:
    return [item.name for item in Experiment.list(Workspace.from_config())]
