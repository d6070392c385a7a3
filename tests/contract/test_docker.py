"""The target ``docker`` keeps the contract of compute targets, with a real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import isolated
from tests.contract.machine import MachineContract
from tests.docker.daemon import IMAGE, shared

pytestmark = [pytest.mark.full, pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
def isolated_settings(
    tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Settings of a world of its own, in which Docker can be used."""
    monkeypatch.setenv("DOCKER_HOST", shared(request.config).host)
    with isolated(tmp_path / "world") as settings:
        yield settings


class TestDockerTarget(MachineContract):
    """Each job in a container of the test image."""

    kind = "docker"
    configuration = {"image": IMAGE}
