"""Where a run can be seen: the address of its page in the Jupyter server of this user."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Dict, Iterator, Mapping, Optional

from ml_jupyter._alive import is_alive
from ml_jupyter.sdk.views.detail import page_address

#: Set by Jupyter in every kernel: the process that started it.
_SERVER_PROCESS = "JPY_PARENT_PID"


def run_url(workspace_id: str, run_id: str) -> str:
    """Address of a run's page; relative to the server's base URL where none is known to run."""
    return (server_url() or "") + page_address(workspace_id, run_id)


def server_url() -> Optional[str]:
    """Base URL of a running Jupyter server of this user, ending in ``/``, without its token.

    The server that started this kernel is preferred.
    """
    found = server()
    return None if found is None else base_url(found)


def base_url(server: Mapping[str, Any]) -> str:
    """Base URL of a server, ending in ``/``, without its token."""
    return str(server["url"]).rstrip("/") + "/"


def server(pid: Optional[int] = None) -> Optional[Dict[str, Any]]:
    """A running Jupyter server of this user, as it describes itself; with its token.

    Parameters
    ----------
    pid : int, optional
        Only the one with this process id; default: the one that started this kernel, or any.

    Source: jupyter_server's ``jpserver-<pid>.json`` in Jupyter's runtime folder.
    """
    found = None
    for item in _servers():
        if pid is None:
            found = item
            if str(item["pid"]) == os.environ.get(_SERVER_PROCESS):
                return found
        elif item["pid"] == pid:
            return item
    return found


def own_server() -> Optional[Dict[str, Any]]:
    """What Jupyter's file of the server that started this kernel says: ``url``, ``token``."""
    parent = os.environ.get(_SERVER_PROCESS)
    return next((item for item in _servers() if str(item["pid"]) == parent), None)


def page_in(server: Mapping[str, Any], workspace_id: str, run_id: str) -> str:
    """Address of a run's page in a server."""
    return base_url(server) + page_address(workspace_id, run_id)


def answers(server: Mapping[str, Any]) -> bool:
    """Whether a server takes requests by now."""
    import urllib.error
    import urllib.request

    try:
        urllib.request.urlopen(base_url(server) + "api", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _servers() -> Iterator[Dict[str, Any]]:
    try:
        from jupyter_core.paths import jupyter_runtime_dir
    except ImportError:
        return
    for path in sorted(Path(jupyter_runtime_dir()).glob("jpserver-*.json")):
        try:
            server = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(server, dict) and server.get("url") and is_alive(server.get("pid")):
            yield server
