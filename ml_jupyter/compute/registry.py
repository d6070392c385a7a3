"""Which class serves which kind of target: those of this package, and plugins by entry point.

A plugin names its class in the entry point group ``ml_jupyter.compute_targets``; the name of the
entry point is the kind. One that cannot be imported hides nothing else: its kind is then unknown,
and the error says why.
"""

from __future__ import annotations

import importlib
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ml_jupyter.compute.base import ComputeTarget, Handle
from ml_jupyter.compute.record import LOCAL, TargetRecord
from ml_jupyter.compute.store import TargetStore
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import TargetNotFound, TargetUnavailable
from ml_jupyter.history.workspace import WorkspaceFolder

GROUP = "ml_jupyter.compute_targets"
_BUILT_IN = {
    LOCAL: "ml_jupyter.compute.local:LocalTarget",
    "amlcompute": "ml_jupyter.compute.pool:PoolTarget",
    "computeinstance": "ml_jupyter.compute.instance:InstanceTarget",
    "docker": "ml_jupyter.compute.docker:DockerTarget",
}
#: What a registered class is: called with the settings and the record of a target.
TargetClass = Callable[[Settings, TargetRecord], ComputeTarget]


def kinds() -> List[str]:
    """The kinds that have a class, in the order of the alphabet."""
    return sorted({*_BUILT_IN, *_plugins()})


def class_of(kind: str) -> TargetClass:
    """The class that serves a kind.

    Raises
    ------
    TargetUnavailable
        Nothing that is installed brings this kind, or what does cannot be imported.
    """
    place = _BUILT_IN.get(kind) or _plugins().get(kind)
    if place is None:
        raise TargetUnavailable(
            f"Compute targets of kind {kind!r} need a plugin that is not installed here.",
            hint=f"Installed kinds: {', '.join(kinds())}.",
        )
    module, _, name = place.partition(":")
    try:
        found: TargetClass = getattr(importlib.import_module(module), name)
    except Exception as error:  # a plugin may fail in any way
        raise TargetUnavailable(
            f"The plugin for compute targets of kind {kind!r} cannot be used: "
            f"{type(error).__name__}: {error}",
            hint=f"It is {place}.",
        ) from error
    return found


def open_target(settings: Settings, record: TargetRecord) -> ComputeTarget:
    """The target of a record.

    Raises
    ------
    TargetUnavailable
        Nothing that is installed serves its kind.
    """
    return class_of(record.kind)(settings, record)


def resolve(workspace: WorkspaceFolder, settings: Settings, name: str) -> ComputeTarget:
    """The target that a job names.

    Raises
    ------
    TargetNotFound
        The workspace has none of this name.
    TargetUnavailable
        Nothing that is installed serves its kind.
    """
    return open_target(settings, TargetStore(workspace.layout).get(name))


def of_handle(settings: Settings, handle: Handle) -> ComputeTarget:
    """The target of a started job, also when it was deleted meanwhile.

    Raises
    ------
    TargetNotFound
        The handle names none.
    """
    from pathlib import Path

    name, kind = handle.get("target"), handle.get("kind")
    if not isinstance(name, str) or not isinstance(kind, str):
        raise TargetNotFound("The handle of a job names no compute target.")
    workspace = WorkspaceFolder(Path(str(handle.get("workspace"))))
    try:
        record = TargetStore(workspace.layout).get(name)
    except TargetNotFound:
        record = TargetRecord("", name, kind, 0, 0, root=workspace.layout.root)
    return open_target(settings, record)


def check(kind: str, values: Mapping[str, Any], settings: Settings) -> Tuple[str, ...]:
    """What the class of a kind says of the settings of a new target: warnings.

    Raises
    ------
    UserErrorException
        They are wrong.
    TargetUnavailable
        Nothing that is installed serves the kind.
    """
    asked: Optional[Callable[..., Any]] = getattr(class_of(kind), "check", None)
    return () if asked is None else tuple(asked(values, settings))


def _plugins() -> Dict[str, str]:
    """Kind to place of the class; read afresh, since a notebook may install one while it runs."""
    from importlib import metadata

    found: Any = metadata.entry_points()
    chosen = found.select(group=GROUP) if hasattr(found, "select") else found.get(GROUP, ())
    return {item.name: item.value for item in chosen}
