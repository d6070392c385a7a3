"""Images: finding, examining, pulling, building and collecting them."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Container, Dict, List, Mapping

from ml_jupyter.config import Settings
from ml_jupyter.containers.building import BUILT, build
from ml_jupyter.containers.client import client_of, mapped, refused
from ml_jupyter.containers.engine import Engine
from ml_jupyter.containers.presence import examine, find, kept
from ml_jupyter.containers.pulling import pull
from ml_jupyter.containers.streams import ImageCanceled

if TYPE_CHECKING:
    from docker import APIClient

__all__ = ["ImageCanceled", "build", "collect", "examine", "find", "pull"]


def collect(
    engine: Engine, settings: Settings, unused_s: float, keep: Container[str] = ()
) -> List[str]:
    """Remove images that were built here and not used for a while; names of those removed.

    Parameters
    ----------
    unused_s : float
        Seconds since the last use.
    keep : container of str
        Digests of environments whose images stay.

    Raises
    ------
    DockerFailed, DockerUnavailable
        The engine cannot be asked.
    """
    client = client_of(engine)
    removed: List[str] = []
    with mapped(), closing(client):
        for item in client.images(filters={"label": BUILT}):
            old = _last_use(item, settings) <= time.time() - unused_s
            if old and item["Labels"].get(BUILT) not in keep:
                removed += [name for name in _names(item) if _removed(client, name)]
    return removed


def _removed(client: APIClient, name: str) -> bool:
    try:
        client.remove_image(name)
    except refused():  # a container uses it
        return False
    return True


def _names(item: Mapping[str, Any]) -> List[str]:
    tags = [tag for tag in item.get("RepoTags") or () if tag != "<none>:<none>"]
    return tags or [str(item["Id"])]


def _last_use(item: Dict[str, Any], settings: Settings) -> float:
    try:
        used = kept(Path(settings.cache), str(item["Id"])).stat().st_mtime
    except OSError:
        used = 0.0
    return max(used, float(item.get("Created", 0)))
