"""What a run was asked to run in, for the views."""

from __future__ import annotations

from typing import Any

import pytest

from ml_jupyter import Experiment
from ml_jupyter.history import records
from ml_jupyter.sdk.views.environment import environment_json

BUILD = {"name": "mine", "mode": "pip", "python_version": "3.11", "pip": ["six==1.16.0"]}
LAUNCH = {"interpreter": "/env/bin/python", "variables": {"A": "b", "KEY": "***"}, "slots": 2}


def environment(experiment: Experiment, definition: dict[str, Any]) -> dict[str, Any] | None:
    folder = experiment.workspace._folder
    record = folder.experiment(experiment.id)
    run = folder.create_run(record, "r", records.SCRIPT, "Queued", definition=definition)
    return environment_json(run)


def test_a_built_one_has_its_requirements_and_python(experiment: Experiment) -> None:
    found = environment(experiment, {"launch": {**LAUNCH, "build": BUILD, "gpus": 1.0}})
    assert found is not None
    assert (found["name"], found["mode"], found["python"]) == ("mine", "pip", "3.11")
    assert found["pip"] == ["six==1.16.0"]
    assert found["variables"] == {"A": "b", "KEY": "***"}
    assert found["limits"] == {"slots": 2, "gpus": 1.0}


def test_the_persons_own_is_the_interpreter(experiment: Experiment) -> None:
    definition = {"environment": {"name": "current-python"}, "launch": {**LAUNCH, "build": None}}
    found = environment(experiment, definition)
    assert found is not None
    assert (found["name"], found["mode"]) == ("current-python", "user")
    assert found["interpreter"] == "/env/bin/python"
    assert found["pip"] == found["conda"] == found["channels"] == []


def test_a_container_says_its_image(experiment: Experiment) -> None:
    found = environment(experiment, {"launch": {**LAUNCH, "container": {"image": "base:1"}}})
    assert found is not None
    assert (found["mode"], found["image"]) == ("docker", "base:1")


@pytest.mark.parametrize("definition", [{}, {"launch": None}, {"launch": "odd"}])
def test_a_run_that_is_no_job_has_none(experiment: Experiment, definition: dict[str, Any]) -> None:
    assert environment(experiment, definition) is None
