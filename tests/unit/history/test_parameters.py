"""Parameters of a run, from wherever they came."""

from __future__ import annotations

import json

import pytest

from ml_jupyter.history import records
from ml_jupyter.history.command_line import options_of
from ml_jupyter.history.parameters import number_of, parameters_of
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.history.workspace import WorkspaceFolder


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {}),
        (["--lr", "0.1", "--epochs=3"], {"lr": "0.1", "epochs": "3"}),
        (["--lr", "-0.1", "-v"], {"lr": "-0.1", "v": "true"}),
        (["data", "--fast"], {"fast": "true"}),
        (["--fast", "a", "b"], {"fast": "true"}),
        (["--lr", "1", "--lr", "2"], {"lr": "2"}),
    ],
)
def test_options_of_a_command_line(arguments: list[str], expected: dict[str, str]) -> None:
    assert options_of(arguments) == expected


def test_what_is_nearer_to_the_computation_counts(
    workspace: WorkspaceFolder, experiment: ExperimentRecord
) -> None:
    run = workspace.create_run(
        experiment,
        "r",
        records.SCRIPT,
        "Running",
        definition={"arguments": ["--lr", "1", "--depth", 4, "--opt", "sgd", "--"]},
        tags={"hyperparameters": json.dumps({"--lr": 0.5, "opt": "adam", "fast": True})},
        properties={"param.opt": "lion", "param.a.b": "x", "author": "me"},
    )
    assert parameters_of(run.state()) == {
        "lr": "0.5",
        "depth": "4",
        "opt": "lion",
        "fast": "true",
        "a.b": "x",
    }
    run.add_properties({"param.late": "yes"})
    assert parameters_of(run.state())["late"] == "yes"


@pytest.mark.parametrize("tag", ["no JSON", "[1]", "3", "[" * 100_000, ""])
@pytest.mark.parametrize("definition", [{}, {"arguments": 5}, {"arguments": "--lr 1"}, None])
def test_what_is_damaged_gives_none(
    workspace: WorkspaceFolder, experiment: ExperimentRecord, tag: str, definition: object
) -> None:
    run = workspace.create_run(
        experiment,
        "r",
        records.SCRIPT,
        "Running",
        definition=definition,
        tags={"hyperparameters": tag},
    )
    assert parameters_of(run.state()) == {}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1e-3", 0.001),
        (" -.5 ", -0.5),
        ("7.", 7.0),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("1_000", None),
        ("0x10", None),
        ("٣", None),
        ("adam", None),
        ("", None),
    ],
)
def test_numbers_are_told_from_texts(text: str, number: float | None) -> None:
    assert number_of(text) == number
