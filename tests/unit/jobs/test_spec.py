"""What a job is started with: the specification, its public part, command line and environment."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_jupyter.config import Settings
from ml_jupyter.exceptions import FolderCorrupt, RunConfigurationException
from ml_jupyter.history.records import RunRecord, WorkspaceRecord
from ml_jupyter.jobs.prepare import command_line, environment_of, expand
from ml_jupyter.jobs.spec import LaunchSpec


@given(
    st.lists(st.text(max_size=20)),
    st.dictionaries(st.text(max_size=10), st.text(max_size=10)),
    st.integers(1, 9),
)
def test_json_and_back(arguments: list[str], environment: dict[str, str], slots: int) -> None:
    spec = LaunchSpec(
        script="a.py", arguments=tuple(arguments), environment=environment, slots=slots
    )
    assert LaunchSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec


def test_unknown_keys_of_a_newer_version_are_passed_over() -> None:
    value = {**LaunchSpec(command="true").to_json(), "colour": "blue"}
    assert LaunchSpec.from_json(value) == LaunchSpec(command="true")
    with pytest.raises(FolderCorrupt):
        LaunchSpec.from_json([])


def test_public_part_and_repr_hold_no_secret() -> None:
    spec = LaunchSpec(
        command="train --password hunter2",
        environment={"A": "hunter2"},
        variables={"DB_PASSWORD": "hunter2"},
    )
    assert "hunter2" not in json.dumps(spec.public())
    assert "A" not in spec.public()
    assert "environment" not in spec.public()
    assert "DB_PASSWORD" not in repr(spec)


@pytest.mark.parametrize(
    "wrong",
    [
        LaunchSpec(),
        LaunchSpec(script="a.py", command="true"),
        LaunchSpec(command="true", slots=-1),
        LaunchSpec(command="true", grace_s=-1),
        LaunchSpec(command="true", memory_limit=-1),
        LaunchSpec(command="true", terminal_width=-1),
    ],
)
def test_what_can_never_run_is_refused(wrong: LaunchSpec) -> None:
    with pytest.raises(RunConfigurationException):
        wrong.check()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$A", "1"),
        ("${A}x$A", "1x1"),
        ("$AB", "$AB"),
        ("$NOBODY and $", "$NOBODY and $"),
        ("a b; * 'q' \\", "a b; * 'q' \\"),
        ("$B", "$A"),
    ],
)
def test_names_in_arguments(text: str, expected: str) -> None:
    assert expand(text, {"A": "1", "B": "$A"}) == expected


def test_command_lines() -> None:
    python = LaunchSpec(script="d/a.py", arguments=("$A", "b c"), interpreter="/p/python")
    assert command_line(python, {"A": "1"}) == ["/p/python", "d/a.py", "1", "b c"]
    notebook = LaunchSpec(script="a.ipynb", interpreter="/p/python")
    assert command_line(notebook, {}) == ["/p/python", "-m", "ml_jupyter.jobs.notebook", "a.ipynb"]
    assert command_line(LaunchSpec(script="a.sh", arguments=("x",)), {})[1:] == ["a.sh", "x"]
    shell = LaunchSpec(command="echo $A | cat")
    assert command_line(shell, {"A": "1"})[1:] == ["-c", "echo $A | cat"]


def test_environment_puts_the_run_on_top(tmp_path: Path) -> None:
    settings = Settings.load({"HOME": str(tmp_path)}, cache=tmp_path / "cache")
    record = RunRecord(
        id="run-1", number=1, experiment_id="e1", experiment="digits", type="t", created=1,
        status="Queued", user="me", host="here",
    )  # fmt: skip
    spec = LaunchSpec(
        command="true",
        environment={"AZUREML_RUN_ID": "outer", "TERM": "dumb", "PYTHONPATH": "/mine", "A": "0"},
        variables={"A": "1", "ML_JUPYTER_RUN_ID": "mine"},
        interpreter="/opt/python/bin/python",
    )
    workspace = WorkspaceRecord("w1", "lab", 1, subscription_id="s", resource_group="g")
    found = environment_of(spec, record, workspace, Path("/w"), settings)
    assert (found["AZUREML_RUN_ID"], found["ML_JUPYTER_RUN_ID"]) == ("run-1", "run-1")
    assert (found["AZUREML_ARM_SUBSCRIPTION"], found["AZUREML_ARM_RESOURCEGROUP"]) == ("s", "g")
    assert (found["A"], found["TERM"], found["COLUMNS"]) == ("1", "xterm-256color", "120")
    assert found["PATH"].split(":")[0] == "/opt/python/bin"
    assert found["PYTHONPATH"].startswith("/mine:")
    link = Path(found["PYTHONPATH"].split(":")[1]) / "ml_jupyter"
    assert (link / "jobs" / "spec.py").samefile(sys.modules["ml_jupyter.jobs.spec"].__file__ or "")
