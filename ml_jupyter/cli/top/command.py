"""The command: looks every second or so, draws, and does what keys say."""

from __future__ import annotations

import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

import click

from ml_jupyter.cli import context, output, web
from ml_jupyter.cli.workspaces import folder
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import status
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.workspace import Workspace

if TYPE_CHECKING:
    from ml_jupyter.cli.top.look import Look, Looker
    from ml_jupyter.cli.top.screen import Screen
    from ml_jupyter.cli.top.view import View

_PAGE = 10
_MOVES = {"up": -1, "down": 1, "page up": -_PAGE, "page down": _PAGE, "home": -9999, "end": 9999}


@click.command(epilog=output.examples("mlj top", "mlj top --every 5", "mlj top --once"))
@click.option("--every", type=click.FloatRange(0.2, 3600), default=1.0, show_default=True,
              metavar="SECONDS", help="Time between two looks.")  # fmt: skip
@click.option("--once", is_flag=True, help="Print it once; so it is where there is no terminal.")
@output.workspace_option
def top(every: float, once: bool, workspace_name: str | None) -> int:
    """Watch the runs of a workspace, the queue, and this machine's GPUs, live.

    Arrow keys (or j and k) choose a run, c cancels it after asking, o opens its page in
    JupyterLab, q leaves.
    """
    from ml_jupyter.cli.top.look import Looker
    from ml_jupyter.cli.top.view import View

    workspace = context.workspace(workspace_name)
    looker = Looker(WorkspaceFolder(folder(workspace)), Settings.load())
    view = View(colours=output.is_coloured(), is_unicode=output.is_unicode())
    if once or not _is_live():
        click.echo(view.whole(looker.look(), shutil.get_terminal_size().columns))
        return 0
    return _Session(workspace, looker, view).run(every)


class _Session:
    """One use of the screen."""

    def __init__(self, workspace: Workspace, looker: Looker, view: View) -> None:
        self._workspace, self._looker, self._view = workspace, looker, view
        self._look: Look = looker.look()
        self._chosen: str | None = None
        self._said: str | None = None
        self._asked: str | None = None

    def run(self, every: float) -> int:
        """Until it is left; the exit status."""
        from ml_jupyter.cli.top.screen import Screen, Terminated

        try:
            with Screen() as screen:
                self._loop(screen, every)
        except KeyboardInterrupt:
            return 130
        except Terminated as ended:
            return 128 + ended.number
        return 0

    def _loop(self, screen: Screen, every: float) -> None:
        due = 0.0
        while True:
            if time.monotonic() >= due:
                self._look = self._looker.look()
                due = time.monotonic() + every
                self._keep_choice()
            screen.draw(self._view.lines(self._look, *screen.size, self._chosen, self._said))
            key = screen.key(max(0.0, due - time.monotonic()))
            if key == "q" and self._asked is None:
                return
            if key is not None and self._does(key):
                due = 0.0

    def _keep_choice(self) -> None:
        ids = [run.id for run in self._look.runs]
        if self._chosen not in ids:
            self._chosen = ids[0] if ids else None

    def _does(self, key: str) -> bool:
        """Do what a key says; whether things have changed by it."""
        if self._asked is not None:
            return self._answered(key)
        self._said = None
        ids = [run.id for run in self._look.runs]
        if key in _MOVES and ids:
            at = ids.index(self._chosen) if self._chosen in ids else 0
            self._chosen = ids[min(max(0, at + _MOVES[key]), len(ids) - 1)]
        elif key == "c" and self._chosen is not None:
            self._ask()
        elif key == "o" and self._chosen is not None:
            run = Run.get(self._workspace, self._chosen)
            web.in_background(run)
            self._said = run.get_portal_url()
        return False

    def _ask(self) -> None:
        run = next(item for item in self._look.runs if item.id == self._chosen)
        if run.status in status.TERMINAL:
            self._said = f"{run.name} has ended already: {run.status}."
            return
        self._asked = run.id
        self._said = f"Cancel {run.name}, with everything that it started? y/n"

    def _answered(self, key: str) -> bool:
        asked, self._asked, self._said = self._asked, None, None
        if key not in ("y", "Y") or asked is None:
            return False
        try:
            Run.get(self._workspace, asked).cancel()
            self._said = f"{asked} is being canceled."
        except MlJupyterError as error:
            self._said = error.message
        return True


def _is_live() -> bool:
    """Whether there is a terminal that can be drawn on."""
    able = sys.platform != "win32" and os.environ.get("TERM", "dumb") != "dumb"
    return able and sys.stdin.isatty() and sys.stdout.isatty()
