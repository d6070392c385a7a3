"""The names and parameters of the Azure ML SDK that this version covers, under our module names.

``names.tsv`` holds facts about azureml-core 1.61 and azureml-widgets, -tensorboard 1.62: names that
their public training and tracking notebooks use, with the parameters they pass.
"""

from __future__ import annotations

import csv
import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.sdk.environment import ContainerRegistry, Environment
from ml_jupyter.sdk.run_configuration import DockerConfiguration, RunConfiguration
from ml_jupyter.sdk.script_run_config import ScriptRunConfig

with (Path(__file__).parent / "names.tsv").open(encoding="utf-8") as file:
    NAMES = list(csv.DictReader(file, delimiter="\t", restval=""))

#: Classes whose instances carry the attributes that the class itself does not have.
INSTANCES = {
    "ml_jupyter.core.ContainerRegistry": ContainerRegistry,
    "ml_jupyter.core.Environment": lambda: Environment("surface"),
    "ml_jupyter.core.RunConfiguration": RunConfiguration,
    "ml_jupyter.core.ScriptRunConfig": lambda: ScriptRunConfig(".", "a.py"),
    "ml_jupyter.core.runconfig.DockerConfiguration": DockerConfiguration,
}


def resolve(name: str) -> Any:
    """The object that a dotted name leads to, by import and then by attributes."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for at in range(cut, len(parts)):
            make = INSTANCES.get(".".join(parts[:at]))
            if make is not None and not hasattr(found, parts[at]):
                found = make()
            elif inspect.isclass(found) and not hasattr(found, parts[at]):
                found = found()
            found = getattr(found, parts[at])
        return found
    raise AssertionError(f"{name} cannot be imported")


@pytest.mark.parametrize("entry", NAMES, ids=lambda entry: entry["name"])
def test_name_and_parameters(entry: dict[str, str]) -> None:
    found = resolve(entry["name"])
    wanted = [name for name in entry["parameters"].split(",") if name]
    if entry["kind"] in ("class", "method"):
        assert callable(found)
        signature = inspect.signature(found)
        taken = set(signature.parameters)
        takes_any = any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())
        missing = [name for name in wanted if name not in taken and not takes_any]
        assert missing == []
    for module in filter(None, entry["also_from"].split(",")):
        assert getattr(importlib.import_module(module), entry["name"].rsplit(".", 1)[1]) is found


def test_everyday_classes_come_straight_from_the_package() -> None:
    import ml_jupyter
    from ml_jupyter import core

    for name in (
        "Workspace",
        "Experiment",
        "Run",
        "ScriptRunConfig",
        "RunConfiguration",
        "Environment",
    ):
        assert getattr(ml_jupyter, name) is getattr(core, name)
    assert ml_jupyter.__version__ == core.VERSION
