"""``%tensorboard_run``: TensorBoard of runs below the cell."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk import portal
from ml_jupyter.sdk.run import Run
from ml_jupyter.tensorboard import Tensorboard
from ml_jupyter.widgets.magics.notebook import is_vscode

_ANSWER_WITHIN_S = 90.0


class Boards:
    """TensorBoards that this notebook has opened."""

    def __init__(self) -> None:
        self._own: dict[tuple[str, ...], Tensorboard] = {}

    def address(self, runs: Sequence[Run], namespace: Mapping[str, Any]) -> str:
        """Start TensorBoard over runs, or find the one that runs; the address for this page.

        The notebook's own Jupyter server starts it where there is one, so that it is reached
        through that server and ends when nobody looks; else this kernel does.

        Raises
        ------
        UserErrorException
            The runs are of several workspaces.
        MissingDependency, TrainingException
            TensorBoard is not installed, or did not start.
        """
        if len({run._workspace.id for run in runs}) > 1:
            raise UserErrorException("One TensorBoard shows runs of one workspace.")
        server = None if is_vscode(namespace) else portal.own_server()
        found = None if server is None else _asked(server, runs)
        return found or self._here(runs)

    def stop(self) -> int:
        """End those that this kernel started; their number."""
        count = len(self._own)
        for board in self._own.values():
            board.stop()
        self._own.clear()
        return count

    def _here(self, runs: Sequence[Run]) -> str:
        key = tuple(sorted(run.id for run in runs))
        board = self._own.setdefault(key, Tensorboard(list(runs)))
        return board.start()


def frame(address: str, height: int) -> str:
    """HTML that shows the page at an address."""
    source = escape(address, quote=True)
    return (
        f'<iframe src="{source}" title="TensorBoard" width="100%" height="{height}" '
        'style="border:1px solid var(--jp-border-color2, #8884)"></iframe>'
        f'<p><a href="{source}" target="_blank" rel="noopener">Open TensorBoard in a tab</a></p>'
    )


def _asked(server: Mapping[str, Any], runs: Sequence[Run]) -> str | None:
    """Address within the server's site; None when our extension is not there or refuses."""
    body = {"workspace_id": runs[0]._workspace.id, "run_ids": [run.id for run in runs]}
    headers = {"Content-Type": "application/json"}
    if server.get("token"):
        headers["Authorization"] = f"token {server['token']}"
    url = str(server["url"]).rstrip("/") + "/"
    request = urllib.request.Request(
        f"{url}ml-jupyter/tensorboards", json.dumps(body).encode(), headers, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=_ANSWER_WITHIN_S) as answer:
            found = json.load(answer)["url"]
    except (OSError, ValueError, KeyError):  # no extension, no right, no TLS we trust
        return None
    base = str(server.get("base_url") or "/").strip("/")
    return f"/{base}/{found}" if base else f"/{found}"
