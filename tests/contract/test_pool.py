"""A pool of this machine keeps the contract of compute targets."""

from __future__ import annotations

import pytest

from ml_jupyter.testing.isolation import isolated_settings as isolated_settings
from tests.contract.machine import MachineContract

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90)]


class TestPoolTarget(MachineContract):
    """Through the real queue, on node slots."""

    kind = "amlcompute"
    configuration = {"vm_size": "STANDARD_D2_V2", "max_nodes": 2}


class TestInstanceTarget(MachineContract):
    """The same machine under a name."""

    kind = "computeinstance"
