"""The anywidget: a run in hosts without our JupyterLab extension, over the kernel's messages."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history.status import TERMINAL
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk import views
from ml_jupyter.widgets.answers import Answers
from ml_jupyter.widgets.following import Follower

BUNDLE = Path(__file__).parent.parent / "static" / "run.js"
_RENEW_EVERY_S = 2.0


class RunWidget(anywidget.AnyWidget):
    """Widget of one run; renews its snapshot until the run has ended or the widget is closed.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Where the run is.
    run_id : str
        The run.
    settings : Settings
        Where index and dispatcher are.
    place : str
        CSS class of the still picture in whose place the page draws the run; empty where an
        output names the widget itself.
    """

    _esm = BUNDLE if BUNDLE.exists() else "export default { render() {} }"

    snapshot = traitlets.Dict(allow_none=True).tag(sync=True)
    workspace_id = traitlets.Unicode().tag(sync=True)
    run_id = traitlets.Unicode().tag(sync=True)
    place = traitlets.Unicode().tag(sync=True)

    def __init__(
        self, workspace: WorkspaceFolder, run_id: str, settings: Settings, *, place: str = ""
    ) -> None:
        run = workspace.run(run_id)
        super().__init__(
            snapshot=views.run_snapshot(workspace, run),
            workspace_id=workspace.id,
            run_id=run_id,
            place=place,
        )
        self._workspace, self._run = workspace, run
        self._answers = Answers(workspace, run_id, settings)
        self._follower = Follower(self._answers, self._push)
        self._closed = threading.Event()
        self.on_msg(self._received)
        if run.state().status not in TERMINAL:
            threading.Thread(target=self._renew, name="ml-jupyter-snapshot", daemon=True).start()

    def close(self) -> None:
        """Stop following the run and close the view."""
        self._closed.set()
        self._follower.close()
        super().close()

    def _received(self, _: Any, message: Any, __: Any) -> None:
        if not isinstance(message, Mapping) or not isinstance(message.get("id"), int):
            return
        verb, args = str(message.get("verb")), message.get("args")
        args = args if isinstance(args, Mapping) else {}
        if verb == "subscribe":
            self._follower.subscribe(message["id"], args)
        elif verb == "unsubscribe":
            self._follower.unsubscribe(int(args.get("subscription", -1)))
        elif verb == "ack":
            self._follower.acknowledge(
                int(args.get("subscription", -1)), int(args.get("offset", 0))
            )
        else:
            self._answer(message["id"], verb, args)

    def _answer(self, number: int, verb: str, args: Mapping[str, Any]) -> None:
        try:
            self.send({"id": number, "answer": self._answers.answer(verb, args)})
        except MlJupyterError as error:
            self.send({"id": number, "error": {"code": error.code, "message": str(error)}})
        except (TypeError, ValueError, OSError) as error:
            self.send({"id": number, "error": {"code": "invalid_argument", "message": str(error)}})

    def _push(self, subscription: int, message: Mapping[str, Any]) -> None:
        if not self._closed.is_set():
            self.send({"subscription": subscription, "message": dict(message)})

    def _renew(self) -> None:
        ended = False
        while not ended and not self._closed.wait(_RENEW_EVERY_S):
            try:
                ended = self._run.state().status in TERMINAL
                self.snapshot = views.run_snapshot(self._workspace, self._run)
            except MlJupyterError:  # deleted meanwhile: the last picture stays
                return
