"""Removing built environments that nobody has used for long, or that take too much room."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import List, Optional

from ml_jupyter.config import Settings
from ml_jupyter.environments import commands, store
from ml_jupyter.environments.store import Place
from ml_jupyter.exceptions import RunLocked, WorkspaceException
from ml_jupyter.history import lock

_DAY_S = 86_400.0
#: One that was used so short ago stays: a run may be just about to start in it.
_FRESH_S = 600.0


@dataclass(frozen=True)
class Removed:
    """An environment that was removed."""

    digest: str
    name: str
    bytes: int


def collect(
    settings: Settings, days: Optional[float] = None, limit: Optional[int] = None
) -> List[Removed]:
    """Remove environments unused for ``days``; then the longest unused ones, down to ``limit``.

    What a run uses now, or used within ten minutes, stays; so does what is being built. What a
    killed build left is removed in any case.

    Parameters
    ----------
    days : float, optional
        Default: the setting ``environment_days``.
    limit : int, optional
        Bytes that all may take; 0: no limit. Default: the setting ``environment_limit``.
    """
    oldest = time.time() - (settings.environment_days if days is None else days) * _DAY_S
    most = settings.environment_limit if limit is None else limit
    removed: List[Removed] = []
    kept: List[Place] = []
    for place in sorted(store.places(settings), key=lambda item: item.last_use()):
        if not place.folder.exists():
            continue
        if not place.is_whole or place.last_use() <= oldest:
            removed.extend(_remove(place))
        if place.folder.exists():
            kept.append(place)
    sizes = {place.digest: store.size_of(place.folder) for place in kept} if most else {}
    for place in kept:
        if most and sum(sizes.values()) > most:
            gone = _remove(place)
            removed.extend(gone)
            if gone:
                del sizes[place.digest]
    return removed


def _remove(place: Place) -> List[Removed]:
    if place.is_whole and time.time() - place.last_use() < _FRESH_S:
        return []
    try:
        held = lock.acquire(place.lock, 0)
    except (RunLocked, WorkspaceException):
        return []
    try:
        name = str((place.facts() or {}).get("name", ""))
        size = store.size_of(place.folder)
        commands.end_left(place.digest)
        place.clear()
        return [Removed(place.digest, name, size)]
    finally:
        held.release()
