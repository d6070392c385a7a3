"""A real JupyterHub with its proxy on loopback, and an environment that every user may run."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.lab import ROOT, eventually, free_port

ADMIN = "admin-token-of-the-tests"
PASSWORD = "of-the-tests"
_CONFIGURATION = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}/"
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.db_url = "sqlite:///{place}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{place}/cookie"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.pid_file = "{place}/proxy.pid"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allowed_users = {names!r}
c.LocalProcessSpawner.cmd = ["{bin}/jupyterhub-singleuser"]
c.LocalProcessSpawner.popen_kwargs = {{"umask": 0o002}}
c.Spawner.environment = {variables!r}
c.Spawner.default_url = "/lab"
c.JupyterHub.services = [{{"name": "tests", "api_token": {admin!r}}}]
c.JupyterHub.load_roles = [
    {{"name": "tests", "services": ["tests"], "scopes": ["admin:users", "admin:servers", "tokens"]}}
]
"""


class Hub:
    """JupyterHub for some users of the system.

    Parameters
    ----------
    place : Path
        Folder for its files.
    environment : Path
        Virtual environment with JupyterHub, JupyterLab and this package.
    names : sequence of str
        Who may log in, with ``PASSWORD``.
    variables : mapping of str to str
        Variables of all single-user servers.
    """

    def __init__(
        self, place: Path, environment: Path, names: list[str], variables: Mapping[str, str]
    ) -> None:
        place.mkdir()
        self._place = place
        self._bin = environment / "bin"
        self._port = free_port()
        words = {
            "port": self._port,
            "hub_port": free_port(),
            "proxy_port": free_port(),
            "place": place,
            "proxy": _proxy(place / "npm"),
            "password": PASSWORD,
            "names": set(names),
            "bin": self._bin,
            "variables": dict(variables),
            "admin": ADMIN,
        }
        (place / "config.py").write_text(_CONFIGURATION.format(**words), "utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Hub:
        path = os.pathsep.join([str(self._bin), os.environ["PATH"]])
        with (self._place / "hub.log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._bin / "jupyterhub", "-f", self._place / "config.py"],
                cwd=self._place,
                env={**os.environ, "PATH": path},
                stdout=log,
                stderr=log,
            )
        eventually(self._answers, 60, lambda: f"no answer; its log:\n{self.tail()}")
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(60)

    def ask(self, path: str, token: str = ADMIN, method: str = "GET", body: Any = None) -> Any:
        """Ask the hub or a server behind it; what the JSON of the answer says."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(
            f"{self.origin}/{path}", data=data, headers=headers, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def refusal(self, path: str, token: str) -> int:
        """The status with which a question is refused; 0: it was answered."""
        try:
            self.ask(path, token)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        return 0

    def start_server(self, name: str) -> str:
        """Start a user's server and wait until it is ready; a token of that user."""
        self.ask(f"hub/api/users/{name}/server", method="POST")
        eventually(
            lambda: self.ask(f"hub/api/users/{name}")["server"],
            90,
            lambda: f"the server of {name} did not start:\n{self.tail()}",
        )
        return str(self.ask(f"hub/api/users/{name}/tokens", method="POST", body={})["token"])

    def tail(self) -> str:
        """The end of the hub's log."""
        return (self._place / "hub.log").read_text("utf-8", "replace")[-5000:]

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.tail()
        try:
            self.ask("hub/api/")
        except (urllib.error.URLError, ConnectionError):
            return False
        return True


def environment(place: Path) -> Path:
    """A virtual environment with JupyterHub and this package that every user may run."""
    uv = [sys.executable, "-m", "uv"]
    for command in (
        ["venv", "-q", "--python", _for_everybody(), str(place)],
        ["pip", "install", "-q", "--python", str(place / "bin" / "python"), "jupyterhub", "."],
    ):
        variables = {**os.environ, "SKIP_JUPYTER_BUILDER": "1"}
        done = subprocess.run(
            [*uv, *command], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
    return place


def _for_everybody() -> str:
    """A Python below folders that every user may enter."""
    for path in (Path(sys.executable).resolve(), Path("/usr/bin/python3").resolve()):
        open_to_all = [folder for folder in path.parents if folder.stat().st_mode & stat.S_IXOTH]
        if path.exists() and len(open_to_all) == len(path.parents):
            return str(path)
    pytest.skip("no Python on this machine that users other than this one may run")


def _proxy(place: Path) -> list[str]:
    """The command of configurable-http-proxy, from npm."""
    place.mkdir()
    bins = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    npm, node = shutil.which("npm", path=bins), shutil.which("node", path=bins)
    assert npm, "there is no npm: run `make prepare`"
    assert node, "there is no Node: run `make prepare`"
    quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--no-package-lock"]
    subprocess.run(
        [npm, "install", *quiet, "configurable-http-proxy@5"],
        cwd=place,
        env={**os.environ, "PATH": bins},
        check=True,
        capture_output=True,
        timeout=300,
    )
    script = place / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
    return [node, str(script)]
