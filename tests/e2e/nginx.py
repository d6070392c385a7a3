"""A real nginx before a JupyterLab, as departments put one before theirs."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

from tests.e2e.debian import installed
from tests.e2e.lab import eventually, free_port

_CONFIGURATION = """
worker_processes 1;
pid {place}/nginx.pid;
error_log {place}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {place}/body; proxy_temp_path {place}/proxy;
  fastcgi_temp_path {place}/fastcgi; uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
  server {{
    listen 127.0.0.1:{port};
    location {base_url} {{
      proxy_pass {behind};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
    }}
  }}
}}
"""


class Nginx:
    """nginx on a free port; installed from Debian when root may.

    Parameters
    ----------
    place : Path
        Folder for its configuration and temporary files.
    behind : str
        Origin of the server behind it.
    base_url : str
        The prefix that it passes on; everything else is not found.
    """

    def __init__(self, place: Path, behind: str, base_url: str) -> None:
        self._place = place
        self._place.mkdir(parents=True)
        self._port = free_port()
        self._program = installed("nginx", "nginx-light")
        words = {"place": place, "port": self._port, "behind": behind, "base_url": base_url}
        self._file = place / "nginx.conf"
        self._file.write_text(_CONFIGURATION.format(**words), "utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Nginx:
        command = [self._program, "-p", str(self._place), "-c", str(self._file)]
        self._process = subprocess.Popen([*command, "-g", "daemon off;"])
        eventually(self._answers, 20, "nginx does not answer")
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(20)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._place / "error.log").read_text("utf-8")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0
