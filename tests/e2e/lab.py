"""A real JupyterLab as a child process, in a world of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "e2e"
START_S = 60.0
STOP_S = 20.0
NOTIFICATIONS = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": False}


class Lab:
    """JupyterLab on a free port, with folders below ``place``; started and stopped by hand.

    Parameters
    ----------
    place : Path
        An empty folder: notebooks, configuration, runtime files and workspaces go below it.
    base_url : str
        Prefix of every address, beginning and ending with ``/``.
    app : str
        ``lab`` or ``notebook``.
    program : Path, optional
        The Python whose JupyterLab is started. Default: ``ML_JUPYTER_TEST_LAB``, else this one.
    variables : mapping of str to str, optional
        Further variables of its environment.
    extension : bool
        False: a JupyterLab that has the widgets of its kernels, but not this project's extensions.
    """

    def __init__(
        self,
        place: Path,
        base_url: str = "/",
        app: str = "lab",
        program: str | None = None,
        variables: Mapping[str, str] | None = None,
        *,
        extension: bool = True,
    ) -> None:
        self.place = place
        self.base_url = base_url
        self.app = app
        self.notebooks = place / "notebooks"
        self.log = place / "lab.log"
        self.port = free_port()
        default = os.environ.get("ML_JUPYTER_TEST_LAB", sys.executable)
        self._program = Path(program or default)
        self._variables = dict(variables or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._prepare()
        if not extension:
            self._disable_extensions()

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Process id of the server, which is running."""
        assert self._process is not None, "the server is not running"
        return self._process.pid

    def url(self, path: str = "") -> str:
        """Address of a page of the server, with the token."""
        mark = "&" if "?" in path else "?"
        return f"{self.origin}{self.base_url}{path}{mark}token={TOKEN}"

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises
        ------
        AssertionError
            It ended, or did not answer in time; with the end of its log.
        """
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command(),
                cwd=self.notebooks,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        eventually(self._answers, START_S, lambda: f"no answer; its log:\n{self.tail()}")

    def stop(self) -> None:
        """End the server and its kernels, as Ctrl-C twice does."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def api(self, path: str, method: str = "GET", body: Mapping[str, Any] | None = None) -> Any:
        """Ask the server; what its JSON says, or None for an empty answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"}
        request = urllib.request.Request(
            f"{self.origin}{self.base_url}{path}", data=data, headers=headers, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def python(self, program: str) -> str:
        """Run a program as a kernel of this server would; what it printed."""
        command = [str(self._program), "-c", program]
        return subprocess.run(
            command,
            cwd=self.notebooks,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        ).stdout

    def runs(self, **query: str) -> list[dict[str, Any]]:
        """Runs of the default workspace, newest first."""
        if not self.api("ml-jupyter/workspaces")["workspaces"]:
            return []
        workspace = self.workspace()
        asked = "&".join(f"{key}={value}" for key, value in query.items())
        found: list[dict[str, Any]] = self.api(f"ml-jupyter/workspaces/{workspace}/runs?{asked}")[
            "runs"
        ]
        return found

    def workspace(self) -> str:
        """Id of the default workspace."""
        return str(self.api("ml-jupyter/workspaces")["workspaces"][0]["id"])

    def tail(self) -> str:
        """The end of the server's log."""
        return self.log.read_text("utf-8", "replace")[-4000:]

    def environment(self) -> dict[str, str]:
        """Variables of the server, its kernels and the jobs they submit."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "ML_JUPYTER_"))}
        mine = {f"ML_JUPYTER_{n.upper()}": str(self.place / n) for n in ("home", "cache", "state")}
        # A socket's path has a limit, so this one folder is short.
        runtime = {"ML_JUPYTER_RUNTIME": str(self._runtime()), "ML_JUPYTER_SLOTS": "2"}
        jupyter = {
            "JUPYTER_CONFIG_DIR": str(self.place / "config"),
            "JUPYTER_DATA_DIR": str(self.place / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.place / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(self.place / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(self.place / "workspaces"),
            "IPYTHONDIR": str(self.place / "ipython"),
            "PATH": os.pathsep.join([str(self._program.parent), os.environ.get("PATH", "")]),
        }
        slots = {"ML_JUPYTER_SLOT_DIR": str(self.place / "slots")}
        return {**kept, **mine, **runtime, **slots, **jupyter, **self._variables}

    def _runtime(self) -> Path:
        return self.place / "mlj"

    def _command(self) -> list[str]:
        program = self._program.with_name(f"jupyter-{self.app}")
        return [
            str(program),
            "--no-browser",
            "--allow-root",
            "--ServerApp.port_retries=0",
            f"--ServerApp.port={self.port}",
            f"--ServerApp.base_url={self.base_url}",
            f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={self.notebooks}",
            "--LabApp.news_url=None",
            "--LabApp.expose_app_in_browser=True",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        ]

    def _prepare(self) -> None:
        ignored = shutil.ignore_patterns("outputs", "logs", "downloads", "__pycache__")
        shutil.copytree(ROOT / "notebooks", self.notebooks, ignore=ignored)
        settings = self.place / "settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True)
        file = settings / "notification.jupyterlab-settings"
        file.write_text(json.dumps(NOTIFICATIONS), "utf-8")

    def _disable_extensions(self) -> None:
        config = self.place / "config"
        for file, value in (
            ("labconfig/page_config.json", {"disabledExtensions": {"ml-jupyter": True}}),
            (
                "jupyter_server_config.json",
                {"ServerApp": {"jpserver_extensions": {"ml_jupyter": False}}},
            ),
        ):
            (config / file).parent.mkdir(parents=True, exist_ok=True)
            (config / file).write_text(json.dumps(value), "utf-8")

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"the server ended; its log:\n{self.tail()}"
        try:
            self.api("api/status")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        return True


def eventually(
    condition: Callable[[], Any], timeout_s: float, what: str | Callable[[], str]
) -> Any:
    """The first true value of ``condition()``; an AssertionError saying ``what`` when late."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(what if isinstance(what, str) else what())
        time.sleep(0.02)


def free_port() -> int:
    """A port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
