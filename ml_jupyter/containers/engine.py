"""The few questions to the Docker Engine that are asked where the package ``docker`` cannot be.

Dispatcher, supervisors and settlers have the standard library only, and yet must remove what is
left of a run; and a submission should not wait for an import (decision 0046). All else goes
through ``containers.client``. Source: Docker Engine API v1.41, docs.docker.com.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
from typing import Any, Dict, Mapping, Optional, Union
from urllib.parse import quote, urlencode, urlsplit

from ml_jupyter.containers import endpoint
from ml_jupyter.exceptions import DockerFailed

#: The newest version of the API that this client was written for; older engines get their own.
_NEWEST = (1, 47)
_ANSWER_S = 60.0

Query = Mapping[str, Union[str, bool, Mapping[str, Any]]]


class _Connection(http.client.HTTPConnection):
    """HTTP over the engine's socket."""

    def __init__(self, host: str, timeout_s: Optional[float]) -> None:
        super().__init__("docker", timeout=timeout_s)
        self._address = host

    def connect(self) -> None:
        self.sock = connected(self._address, self.timeout)


class Engine:
    """A Docker Engine of this machine. Keeps no connection; any thread may use it.

    Parameters
    ----------
    host : str
        Its address as ``DOCKER_HOST`` writes it.
    version : str
        Version of the API to speak; empty: it is asked.
    """

    def __init__(self, host: str, version: str = "") -> None:
        self.host = host
        self.version = version

    def ping(self) -> None:
        """Ask whether it answers, and which version of the API it speaks.

        Raises
        ------
        DockerUnavailable
            It does not; says why.
        """
        try:
            with self._request("GET", "/_ping") as answer:
                answer.read()
        except OSError as error:
            raise endpoint.explain(self.host, error) from error
        except http.client.HTTPException as error:
            broken = ConnectionRefusedError(str(error))
            raise endpoint.explain(self.host, broken) from error
        self.version = _usable(answer.getheader("Api-Version") or "")

    def call(self, method: str, path: str, query: Optional[Query] = None) -> Any:
        """Ask, and take the whole answer: JSON as values, None when it is empty.

        Raises
        ------
        DockerFailed
            The engine refused, or the connection broke.
        DockerUnavailable
            It does not answer; says why.
        """
        if not self.version:
            self.ping()
        try:
            with self._request(method, f"/v{self.version}{path}", query) as answer:
                status, data = answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise broken(error) from error
        if status >= 400:
            raise DockerFailed(_message(data), details={"status": status})
        return json.loads(data) if data.strip() else None

    def _request(
        self, method: str, path: str, query: Optional[Query] = None
    ) -> http.client.HTTPResponse:
        connection = _Connection(self.host, _ANSWER_S)
        target = f"{path}?{_query(query)}" if query else path
        try:  # with "close" the answer owns the socket and closes it
            connection.request(method, target, headers={"Connection": "close"})
            return connection.getresponse()
        except BaseException:
            connection.close()
            raise


def connect(environ: Optional[Mapping[str, str]] = None) -> Engine:
    """The engine of the user whose variables these are (default: this process's).

    Raises
    ------
    DockerUnavailable
        There is none that can be used from here; says why.
    """
    return connect_to(endpoint.host_of(os.environ if environ is None else environ))


def connect_to(host: str) -> Engine:
    """The engine at an address.

    Raises
    ------
    DockerUnavailable
        It cannot be used from here; says why.
    """
    endpoint.refuse_remote(host)
    engine = Engine(host)
    engine.ping()
    return engine


def connected(host: str, timeout_s: Optional[float]) -> socket.socket:
    """A connection to the engine at an address.

    Raises
    ------
    OSError
        Nobody answers there.
    """
    parts = urlsplit(host)
    if parts.scheme == "tcp":
        return socket.create_connection((parts.hostname or "", parts.port or 2375), timeout_s)
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        link.settimeout(timeout_s)
        link.connect(parts.path)
    except BaseException:
        link.close()
        raise
    return link


def broken(error: BaseException) -> DockerFailed:
    """The error for a connection that broke, or that nobody takes."""
    text = f"The connection to the Docker engine broke: {str(error) or type(error).__name__}."
    return DockerFailed(text, details={"status": 0})


def _usable(offered: str) -> str:
    """The version to speak with an engine whose newest is ``offered``."""
    try:
        major, minor = (int(part) for part in offered.split("."))
    except ValueError:
        return "1.41"
    return "{}.{}".format(*min((major, minor), _NEWEST))


def _query(query: Query) -> str:
    parts: Dict[str, str] = {}
    for name, value in query.items():
        if isinstance(value, bool):
            parts[name] = "1" if value else "0"
        else:
            parts[name] = json.dumps(value) if isinstance(value, Mapping) else str(value)
    return urlencode(parts, quote_via=quote)


def _message(data: bytes) -> str:
    """The engine's own words."""
    try:
        text = str(json.loads(data)["message"])
    except (ValueError, KeyError, TypeError):
        text = data.decode("utf-8", "replace")
    text = text.strip() or "The Docker engine refused without saying why"
    return text if text.endswith((".", "!", "?")) else f"{text}."
