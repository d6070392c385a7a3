"""What the targets of this machine have in common: the user's dispatcher."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from ml_jupyter.compute.base import ComputeTarget
from ml_jupyter.testing.compute import ComputeTargetContract
from ml_jupyter.testing.compute_shop import Shop
from ml_jupyter.testing.isolation import engine_processes, eventually


class MachineContract(ComputeTargetContract):
    """The contract, with the dispatcher as that which may be down."""

    @contextmanager
    def outage(self, target: ComputeTarget, shop: Shop) -> Iterator[None]:
        """Kill the dispatcher; the next submission starts another."""
        facts = json.loads((shop.settings.runtime / "dispatcher.json").read_bytes())
        os.kill(facts["pid"], signal.SIGKILL)
        eventually(
            lambda: facts["pid"] not in engine_processes(shop.settings), what="the dispatcher's end"
        )
        yield
