"""What becomes of a job when it is a trial."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.sweeps.plan import SweepPlan
from ml_jupyter.sweeps.search import RANDOM
from ml_jupyter.sweeps.space import Parameter


def trial(command: str, values: dict[str, Any]) -> LaunchSpec:
    space = tuple(Parameter(name, "choice", (value,)) for name, value in values.items())
    job = LaunchSpec(command=command)
    return SweepPlan(job, "local", space, RANDOM, "loss", "minimize", 1, 1).trial_with(values)


@pytest.mark.parametrize("around", ["%s", "%s\n", "true\n%s \n"])
def test_each_parameter_is_one_word_behind_a_command(around: str) -> None:
    values = {"lr": 0.1, "layers": [64, 32], "--name": "adam w; exit 3"}
    made = trial(around % r"printf '%s\n'", values).command
    said = subprocess.run(["bash", "-c", str(made)], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines() == [
        "--lr", "0.1", "--layers", "[64, 32]", "--name", "adam w; exit 3",
    ]  # fmt: skip


def test_a_parameter_in_its_place_is_put_in_as_it_is() -> None:
    command = "train ${{search_space.lr}} --name '${{search_space.name}}'"
    made = trial(command, {"lr": 1, "name": "a b"})
    assert made.command == "train 1 --name 'a b'"
    assert made.variables == {"AZUREML_SWEEP_lr": "1", "AZUREML_SWEEP_name": "a b"}
