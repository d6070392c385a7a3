"""A Docker daemon for these tests, and a world of its own for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import isolated
from tests.docker.daemon import Daemon, shared
from tests.docker.lab import DockerLab


@pytest.fixture
def daemon(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Daemon:
    """The daemon that all tests of this process share, as the user's own."""
    found = shared(request.config)
    monkeypatch.setenv("DOCKER_HOST", found.host)
    return found


@pytest.fixture
def settings(tmp_path: Path, daemon: Daemon) -> Iterator[Settings]:
    """Folders and a dispatcher for this test only."""
    with isolated(tmp_path / "world") as found:
        yield found


@pytest.fixture
def lab(settings: Settings, tmp_path: Path, daemon: Daemon) -> DockerLab:
    """Jobs in containers."""
    return DockerLab(settings, tmp_path, daemon)
