"""``mlj open`` and ``--web``: a run's page in the user's JupyterLab, or in one started here."""

from __future__ import annotations

import html
import os
import subprocess
import sys
import time
import webbrowser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from ml_jupyter._files import write_atomic
from ml_jupyter.cli import output, which
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import ServiceException
from ml_jupyter.sdk import portal
from ml_jupyter.sdk.run import Run

_START_S = 60.0
_LOOK_S = 0.1
#: What was started here and goes on: kept, as nobody waits for it.
_started: list[subprocess.Popen[bytes]] = []


@click.command(
    "open", epilog=output.examples("mlj open", "mlj open RUN", "mlj open RUN --no-browser")
)
@which.run_argument
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option("--no-start", is_flag=True, help="Fail when no JupyterLab runs.")
@output.prints("url", "browser", "started")
def open_(
    run_id: str | None,
    named: str | None,
    no_browser: bool,
    no_start: bool,
    workspace_name: str | None,
) -> dict[str, Any]:
    """Open the page of a run, or of the newest, in the running JupyterLab, or start one.

    A JupyterLab that is started here goes on in the background: jupyter lab stop ends it. The
    address is printed without its token, which jupyter server list shows.
    """
    run = which.run(workspace_name, run_id or named)
    return show(run, browser=not no_browser, may_start=not no_start)


def show(run: Run, *, browser: bool, may_start: bool) -> dict[str, Any]:
    """Open a run's page; what was done.

    Raises
    ------
    ServiceException
        No JupyterLab runs, and none may or can be started.
    """
    server, started = portal.server(), False
    if server is None:
        if not may_start:
            raise ServiceException("No JupyterLab is running.", hint="Start one: jupyter lab")
        server, started = _start(), True
    address = portal.page_in(server, run._workspace.id, run.id)
    opened = browser and has_browser()
    if opened:
        opened = webbrowser.open(_door(address, str(server.get("token") or "")).as_uri())
    return {"url": address, "browser": opened, "started": started}


def in_background(run: Run) -> None:
    """Open a run's page without waiting for it; never a reason to fail (``--web``)."""
    if not (sys.stderr.isatty() and has_browser()):
        return
    if portal.server() is None:
        click.echo("JupyterLab is starting; the page opens when it is there.", err=True)
    folder = str(run._workspace._folder.layout.root)
    command = [sys.executable, "-m", "ml_jupyter.cli.main", "open", run.id]
    opener = subprocess.Popen(
        command,
        env={**os.environ, "ML_JUPYTER_WORKSPACE": folder},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    _started.append(opener)


def has_browser() -> bool:
    """Whether a browser with a window can be opened; one in the terminal would take it over."""
    if os.environ.get("BROWSER") or sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _start() -> dict[str, Any]:
    """Start JupyterLab in the background; its facts when it answers.

    Raises
    ------
    ServiceException
        It ended, or did not answer within a minute; names the file with its words.
    """
    click.echo("No JupyterLab is running: one is started.", err=True)
    state = Settings.load().state
    state.mkdir(parents=True, exist_ok=True)
    log = state / "jupyterlab.log"
    with open(log, "wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser"],
            stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip
    _started.append(process)
    deadline = time.monotonic() + _START_S
    while process.poll() is None and time.monotonic() < deadline:
        found = portal.server(pid=process.pid)
        if found is not None and portal.answers(found):
            return found
        time.sleep(_LOOK_S)
    if process.poll() is None:
        process.terminate()
    words = log.read_text("utf-8", "replace").strip().rpartition("\n")[2]
    raise ServiceException(
        f"JupyterLab did not start. Its last words: {words or '(none)'}",
        hint=f"All of them are in {log}.",
    )


def _door(address: str, token: str) -> Path:
    """A file, for this user's eyes only, that leads to the page.

    The token so never stands in the arguments of a process, where other users could read it.
    """
    mark = "&" if "?" in address else "?"
    target = f"{address}{mark}token={quote(token, safe='')}" if token else address
    text = f'<!DOCTYPE html><meta http-equiv="refresh" content="0;url={html.escape(target)}">'
    folder = Settings.load().runtime
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "open.html"
    write_atomic(path, text.encode(), mode=0o600)
    return path
