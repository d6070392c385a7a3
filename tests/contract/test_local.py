"""The target ``local`` keeps the contract of compute targets."""

from __future__ import annotations

import pytest

from ml_jupyter.testing.isolation import isolated_settings as isolated_settings
from tests.contract.machine import MachineContract

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90)]


class TestLocalTarget(MachineContract):
    """Through the real queue."""
