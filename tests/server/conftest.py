"""A real Jupyter server with the extension, over folders of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jupyter_server.auth import Authorizer
from pytest_jupyter.jupyter_server import *  # noqa: F403  (fixtures, for these tests alone)

from ml_jupyter.config import Settings
from ml_jupyter.history import lock, records
from ml_jupyter.history.lock import HeldLock
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import registry
from ml_jupyter.server.app import MlJupyterApp
from ml_jupyter.testing.isolation import isolated
from tests.server.socket_page import Client

PREFIX = "ml-jupyter"


class ReadOnly(Authorizer):
    """Allows reading, and nothing else."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return action == "read"


@pytest.fixture
def read_only(jp_serverapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the user may only read."""
    authorizer = ReadOnly(parent=jp_serverapp)
    monkeypatch.setitem(jp_serverapp.web_app.settings, "authorizer", authorizer)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Folders below the test's own; its dispatcher is ended afterwards."""
    with isolated(tmp_path / "isolated") as found:
        yield found


@pytest.fixture
def workspace(settings: Settings) -> WorkspaceFolder:
    """The user's default workspace."""
    folder = WorkspaceFolder.create(settings.home / "workspaces" / "default", "default")
    registry.register(settings, folder)
    return folder


@pytest.fixture
def jp_server_config(settings: Settings) -> dict[str, Any]:
    return {
        "ServerApp": {
            "jpserver_extensions": {"ml_jupyter": True, "jupyter_server_terminals": False},
            "allow_unauthenticated_access": False,
        }
    }


@pytest.fixture
def app(jp_serverapp: Any) -> MlJupyterApp:
    """The extension in the running server."""
    (found,) = jp_serverapp.extension_manager.extension_apps["ml_jupyter"]
    return found


@pytest.fixture
def fetch(jp_fetch: Any, app: MlJupyterApp) -> Any:
    """``await fetch("workspaces", …)`` → status, headers, body, json; no status raises."""

    async def call(*parts: str, json_body: Any = None, **kwargs: Any) -> SimpleNamespace:
        if json_body is not None:
            kwargs["body"] = json.dumps(json_body)
        if kwargs.get("method") in ("POST", "PATCH", "PUT"):
            kwargs.setdefault("body", "")
        response = await jp_fetch(PREFIX, *parts, raise_error=False, **kwargs)
        found = SimpleNamespace(status=response.code, headers=response.headers, body=response.body)
        kind = response.headers.get("Content-Type", "")
        found.json = json.loads(response.body) if "json" in kind and response.body else None
        return found

    return call


@pytest.fixture
def connect(jp_ws_fetch: Any, app: MlJupyterApp) -> Iterator[Callable[..., Any]]:
    """``await connect()`` → a page's side of a WebSocket."""
    opened = []

    async def call(**kwargs: Any) -> Client:
        client = Client(await jp_ws_fetch("ml-jupyter", "socket", **kwargs))
        opened.append(client)
        return client

    yield call
    for client in opened:
        client.connection.close()


@pytest.fixture
def live(workspace: WorkspaceFolder) -> Iterator[tuple[RunFolder, HeldLock]]:
    """A live interactive run, and what keeps it so: its lock, held by this process."""
    experiment = workspace.create_experiment("explore")
    found = workspace.create_run(experiment, "run-1", records.INTERACTIVE, "Running")
    (found.layout.files / "user_logs").mkdir(parents=True)
    held = lock.acquire(found.lock_path)
    yield found, held
    held.release()


@pytest.fixture
def run(live: tuple[RunFolder, HeldLock]) -> RunFolder:
    """A live interactive run."""
    return live[0]


@pytest.fixture
def owner(live: tuple[RunFolder, HeldLock]) -> HeldLock:
    """What keeps ``run`` alive."""
    return live[1]
