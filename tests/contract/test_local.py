"""The target ``local`` keeps the contract of compute targets."""

from __future__ import annotations

import pytest

from ml_jupyter.compute.base import ComputeTarget
from ml_jupyter.compute.local import LocalTarget
from ml_jupyter.config import Settings
from ml_jupyter.testing.compute import ComputeTargetContract
from ml_jupyter.testing.isolation import isolated_settings as isolated_settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90)]


class TestLocalTarget(ComputeTargetContract):
    """Through the real queue."""

    @pytest.fixture
    def target(self, isolated_settings: Settings) -> ComputeTarget:
        return LocalTarget(isolated_settings)
