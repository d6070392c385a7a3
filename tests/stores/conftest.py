"""A Python with the real S3 client, and a server that answers as S3 does."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import isolated_settings as isolated_settings
from tests.e2e.lab import eventually

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".cache" / "venvs" / "s3"
PACKAGES = (
    "moto[server,s3]>=5",
    "s3fs>=2024.2",
    "pandas>=2.1",
    "pyarrow>=15",
    "pytest",
    "pathspec",
    "psutil",
)


@pytest.fixture(scope="session")
def s3_python() -> Path:
    """The interpreter; a complete installation is marked, so that a broken one is made again."""
    VENV.parent.mkdir(parents=True, exist_ok=True)
    with open(VENV.parent / "s3.lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # another run of the tests may be making it
        python, mark = VENV / "bin" / "python", VENV / "complete"
        wanted = "\n".join((sys.version, *PACKAGES))
        if not (mark.exists() and mark.read_text() == wanted):
            uv = [sys.executable, "-m", "uv"]
            venv = [*uv, "venv", "-q", "--clear", "--python", sys.executable, str(VENV)]
            subprocess.run(venv, check=True)
            install = [*uv, "pip", "install", "-q", "--python", str(python), *PACKAGES]
            subprocess.run(install, check=True)
            mark.write_text(wanted)
    return python


@pytest.fixture
def s3_variables(s3_python: Path, isolated_settings: Settings) -> Iterator[dict[str, str]]:
    """Environment of a program that reaches the server, as a user of S3 has it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [str(s3_python), "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        eventually(lambda: _answers(port), 30, "the S3 server does not start")
        yield {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "reader",
            "AWS_SECRET_ACCESS_KEY": "a-secret-of-the-reader",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        server.kill()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
