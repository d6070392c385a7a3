"""The package ``docker`` as client of an engine, imported where it is used, its errors mapped."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Iterator, Type

from ml_jupyter.containers import endpoint
from ml_jupyter.containers.engine import Engine, broken
from ml_jupyter.exceptions import DockerFailed

if TYPE_CHECKING:
    from docker import APIClient

_ANSWER_S = 60


def client_of(engine: Engine) -> APIClient:
    """A client of an engine, to be used by one thread.

    Raises
    ------
    DockerUnavailable
        The engine does not answer, or this Python has no package ``docker``; says why.
    """
    if not engine.version:
        engine.ping()
    try:
        import docker
    except ImportError as error:
        text = "This Python has no package 'docker', which starts containers."
        raise endpoint.unavailable(
            "no_client", text, "Install it with: pip install docker"
        ) from error
    with mapped():
        return docker.APIClient(base_url=engine.host, version=engine.version, timeout=_ANSWER_S)


@contextmanager
def mapped() -> Iterator[None]:
    """Errors of the package as ``DockerFailed``, in the engine's own words."""
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError

    try:
        yield
    except APIError as error:
        text = str(error.explanation or error).strip()
        text = text if text.endswith((".", "!", "?")) else f"{text}."
        raise DockerFailed(text, details={"status": error.status_code or 0}) from error
    except (RequestException, HTTPError, OSError) as error:
        raise broken(error) from error
    except DockerException as error:  # its own: a configuration that it cannot read, a bad name
        raise DockerFailed(f"{error}.") from error


def refused() -> Type[Exception]:
    """The error by which the package says that the engine refused, for ``except`` clauses."""
    from docker.errors import APIError

    return APIError
