"""Ending and removing the containers of a run, whatever became of those who looked after them."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path
from typing import Any, Dict, List, Optional

from ml_jupyter import _time
from ml_jupyter._files import write_json
from ml_jupyter.config import Settings
from ml_jupyter.containers import endpoint
from ml_jupyter.containers.engine import Engine, Query
from ml_jupyter.containers.facts import Outcome
from ml_jupyter.containers.names import folder_of, name_of
from ml_jupyter.containers.plan import RUN, WORKSPACE
from ml_jupyter.exceptions import DockerFailed, DockerUnavailable, MlJupyterError

_REMOVE_S = 10.0
_POLL_S = 0.02


def remove(settings: Settings, host: str, run_id: str, workspace: Path) -> bool:
    """End and remove all containers of a run, and what was noted for and by their keepers.

    Parameters
    ----------
    host : str
        Address of the engine.

    Returns
    -------
    bool
        False: the engine cannot be asked now; ``sweep`` will do it.
    """
    labels = [f"{RUN}={run_id}", f"{WORKSPACE}={workspace}"]
    for path in folder_of(settings).glob(f"{name_of(run_id, workspace)}*.json"):
        with contextlib.suppress(OSError):
            path.unlink()
    if not endpoint.is_here(host):  # of a run that was copied: ours never ran there
        return True
    try:
        _remove_all(Engine(host), labels)
    except (DockerFailed, DockerUnavailable):
        _postpone(settings, host, run_id, workspace)
        return False
    return True


def sweep(settings: Settings) -> int:
    """Remove the containers that could not be removed in their time; how many runs are left."""
    left = 0
    for path in _postponed(settings).glob("*.json"):
        try:
            item: Dict[str, Any] = json.loads(path.read_bytes())
            labels = [f"{RUN}={item['run']}", f"{WORKSPACE}={item['workspace']}"]
            _remove_all(Engine(item["engine"]), labels)
        except (DockerFailed, DockerUnavailable):
            left += 1
            continue
        except (OSError, ValueError, KeyError):
            pass
        with contextlib.suppress(OSError):
            path.unlink()
    return left


def outcome(settings: Settings, run_id: str, workspace: Path) -> Optional[Outcome]:
    """What became of a run's containers; None when nothing was left behind to tell.

    Of several the first with an error of the engine, else the first that ran out of memory, else
    the first one.
    """
    found: List[Outcome] = []
    for path in sorted(folder_of(settings).glob(f"{name_of(run_id, workspace)}*.outcome.json")):
        with contextlib.suppress(OSError, ValueError, TypeError):
            found.append(Outcome.from_json(json.loads(path.read_bytes())))
    blamed = [item for item in found if item.error] or [item for item in found if item.oom]
    return next(iter(blamed or found), None)


def remove_one(engine: Engine, container: str) -> None:
    """End and remove a container; returns when it is gone.

    Raises
    ------
    DockerFailed
        The engine cannot do so.
    """
    deadline = _time.monotonic() + _REMOVE_S
    while True:
        try:
            engine.call("DELETE", f"/containers/{container}", {"force": True, "v": True})
        except DockerFailed as error:
            if error.status == 404:
                return
            if error.status != 409 or _time.monotonic() > deadline:  # 409: somebody removes it
                raise
        time.sleep(_POLL_S)


def _remove_all(engine: Engine, labels: List[str]) -> None:
    query: Query = {"all": True, "filters": {"label": labels}}
    for item in engine.call("GET", "/containers/json", query) or ():
        remove_one(engine, str(item["Id"]))


def _postpone(settings: Settings, host: str, run_id: str, workspace: Path) -> None:
    folder = _postponed(settings)
    value = {"engine": host, "run": run_id, "workspace": str(workspace)}
    with contextlib.suppress(OSError, MlJupyterError):
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / f"{name_of(run_id, workspace)}.json", value, mode=0o600)


def _postponed(settings: Settings) -> Path:
    return settings.state / "containers"
