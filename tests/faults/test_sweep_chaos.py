"""A sweep whose processes are killed at random moments ends as if nothing had happened."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time

import pytest

from ml_jupyter import Experiment, Run
from ml_jupyter._files import read_json
from ml_jupyter.jobs.election import DispatcherPaths
from ml_jupyter.testing.isolation import eventually

from .test_sweep_faults import controller, started, supervisor, sweep
from .test_sweep_faults import experiment as experiment

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]
TRIALS = 14
#: Each of them may be killed five times before the sweep gives up.
KILLS = ["controller"] * 4 + ["supervisor"] * 4 + ["dispatcher"] * 3


def dispatcher(run: Run) -> int:
    """Process id of the dispatcher of the queue."""
    return int(read_json(DispatcherPaths(run._workspace._settings).facts)["pid"])


PROCESSES = {"controller": controller, "supervisor": supervisor, "dispatcher": dispatcher}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_kills_at_random_moments(experiment: Experiment, seed: int) -> None:
    chance = random.Random(seed)
    run = sweep(experiment, TRIALS, 0.7)
    looking = threading.Thread(target=run.wait_for_completion, daemon=True)
    looking.start()  # where all is dead at once, who looks brings it to life again
    for victim in chance.sample(KILLS, len(KILLS)):
        moment = time.monotonic() + chance.uniform(0, 0.5)
        eventually(lambda moment=moment: time.monotonic() > moment, what="the moment")
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            os.kill(PROCESSES[victim](run), signal.SIGKILL)
    assert run.wait_for_completion()["status"] == "Completed"
    wanted = {f"{run.id}_{number}" for number in range(TRIALS)}
    assert started(run) == dict.fromkeys(wanted, 1)
    assert {child.id for child in run.get_children()} == wanted
    assert {child.get_status() for child in run.get_children()} == {"Completed"}
