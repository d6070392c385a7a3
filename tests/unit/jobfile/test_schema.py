"""The schemas for editors say what the readers say."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import textwrap
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match

from ml_jupyter.exceptions import JobFileInvalid
from ml_jupyter.jobfile import document, schema
from ml_jupyter.jobfile.environment_file import load_environment
from ml_jupyter.jobfile.findings import Report
from ml_jupyter.jobfile.read import load

ROOT = Path(__file__).parents[3]
COMMAND = """
    $schema: https://example.invalid/latest/commandJob.schema.json
    type: command
    code: src
    command: python main.py --csv ${{inputs.table}} --lr ${{inputs.lr}} $[[${{inputs.seed}}]]
    name: first-job
    display_name: 3
    experiment_name: digits
    description:
    tags: {a: 1, b: true, c: null}
    inputs:
      table: {type: URI_FILE, path: https://example.invalid/t.csv, mode: download}
      lr: 0.01
      seed: {type: integer, optional: true}
    outputs:
      model:
      scores: {type: uri_file, mode: upload, name: scores, version: 2}
    environment: {image: python:3.11, conda_file: {dependencies: [python, {pip: [numpy]}]}}
    environment_variables: {A: 1}
    compute: azureml:pool
    resources: {instance_count: 2, shm_size: 2g}
    distribution: {type: PyTorch, process_count_per_instance: 2}
    services: {board: {type: tensor_board, log_dir: logs}}
    limits: {timeout: 1e3}
"""
PREVIEW = """
    code: {local_path: src}
    command: python main.py {inputs.iris} {outputs.out}
    inputs:
      iris: {data: {path: https://example.invalid/iris.csv}, mode: mount}
      more: {data: azureml:table:1}
    outputs: {out: {data: {path: somewhere}}}
    environment: {conda_file: file:environment.yml, docker: {image: base}}
    compute: {target: azureml:cpu-cluster, instance_count: 2}
    distributed: {type: tensorflow, worker_count: 2, parameter_server_count: 1}
    timeout_minutes: 30
"""
SWEEP = """
    type: sweep
    sampling_algorithm: {type: bayesian, seed: 7}
    trial:
      code: src
      command: python main.py --lr ${{search_space.lr}} ${{search_space.depth}} {search_space.k}
      environment: azureml:trees@latest
    compute: local
    inputs: {table: {path: https://example.invalid/t.csv}}
    search_space:
      lr: {type: loguniform, min_value: -6, max_value: 1e-1}
      depth: {type: choice, values: [2, 4, 8]}
      k: {type: randint, upper: 4}
      m: {type: qnormal, mu: 0, sigma: 1, quantization: 0.5}
    objective: {primary_metric: loss, goal: Minimize}
    limits: {max_total_trials: 20, max_concurrent_trials: 4, timeout: 7200, trial_timeout: 60}
    early_termination: {type: bandit, slack_factor: 0.1, evaluation_interval: 2}
"""
SWEEP_2021 = """
    type: sweep_job
    algorithm: grid
    trial:
      code: {local_path: src}
      command: python main.py --lr {search_space.lr}
      compute: {target: local}
    search_space: {lr: {type: choice, values: [0.1, 0.2]}}
    objective: {primary_metric: loss, goal: minimize}
    max_total_trials: 2
    timeout_minutes: 20
    early_termination: {type: truncation, truncation_percentage: 20}
"""
RUNCONFIG = """
    script: train.py
    arguments: [--lr, 0.5]
    target: local
    framework: PyTorch
    communicator: Nccl
    nodeCount: 2
    pytorch: {communicationBackend: Nccl, processCount: 4}
    environment:
      python: {userManagedDependencies: true, interpreterPath: python}
      docker: {enabled: false, baseImage: base}
      environmentVariables: {A: 1}
    history: {outputCollection: true}
    somethingNew: 1
"""
VALID = {
    "command": [COMMAND, PREVIEW, "command: ls\n"],
    "sweep": [SWEEP, SWEEP_2021],
    "runconfig": [RUNCONFIG],
}
CASES = [(kind, text) for kind, texts in VALID.items() for text in texts]
#: A change of a valid file that its structure forbids: where, and the value; None removes the key.
BROKEN: list[tuple[str, str, tuple[Any, ...], Any]] = [
    ("command", COMMAND, ("comand",), "ls"),
    ("command", COMMAND, ("command",), None),
    ("command", COMMAND, ("command",), ["python", "main.py"]),
    ("command", COMMAND, ("type",), "comand"),
    ("command", COMMAND, ("name",), "a b"),
    ("command", COMMAND, ("status",), "Running"),
    ("command", COMMAND, ("tags", "a"), {"b": 1}),
    ("command", COMMAND, ("inputs", "table", "mode"), "teleport"),
    ("command", COMMAND, ("inputs", "9"), 1),
    ("command", COMMAND, ("inputs", "table", "patth"), "x"),
    ("command", COMMAND, ("outputs", "scores", "type"), "integer"),
    ("command", COMMAND, ("environment",), "sklearn"),
    ("command", COMMAND, ("environment", "conda_file"), {"channels": []}),
    ("command", COMMAND, ("compute",), "<my cluster>"),
    ("command", COMMAND, ("resources", "instance_count"), 1.5),
    ("command", COMMAND, ("resources", "shm_size"), "much"),
    ("command", COMMAND, ("distribution",), {"type": "mpi", "process_count": 2}),
    ("command", COMMAND, ("distribution", "type"), "telepathy"),
    ("command", COMMAND, ("limits", "timeout"), -1),
    ("command", COMMAND, ("services", "board", "type"), "telnet"),
    ("command", PREVIEW, ("code",), {}),
    ("command", PREVIEW, ("compute", "instance_count"), 0),
    ("sweep", SWEEP, ("objective", "goal"), "better"),
    ("sweep", SWEEP, ("objective",), None),
    ("sweep", SWEEP, ("search_space",), {}),
    ("sweep", SWEEP, ("search_space", "depth", "values"), []),
    ("sweep", SWEEP, ("search_space", "lr", "max_value"), None),
    ("sweep", SWEEP, ("search_space", "lr", "sigma"), 1),
    ("sweep", SWEEP, ("search_space", "m", "quantization"), None),
    ("sweep", SWEEP, ("search_space", "m", "sigma"), 0),
    ("sweep", SWEEP, ("search_space", "k", "upper"), "4"),
    ("sweep", SWEEP, ("limits", "max_total_trials"), 5000),
    ("sweep", SWEEP, ("sampling_algorithm", "type"), "guess"),
    ("sweep", SWEEP, ("early_termination", "slack_factor"), None),
    ("sweep", SWEEP_2021, ("early_termination", "truncation_percentage"), 100),
    ("sweep", SWEEP, ("trial", "command"), None),
    ("sweep", SWEEP, ("trial", "limits"), {"timeout": 1}),
    ("runconfig", RUNCONFIG, ("framework",), "PySpark"),
    ("runconfig", RUNCONFIG, ("nodeCount",), 0),
    ("runconfig", RUNCONFIG, ("environment", "python", "userManagedDependencies"), "maybe"),
]


def tree_of(text: str) -> Any:
    """The values of a text, as the reader takes them from YAML."""
    made = document.parse(textwrap.dedent(text), "job.yml", Report())
    assert made is not None
    return made.plain()


@cache
def validator(kind: str) -> Draft7Validator:
    """The schema, ready to check with."""
    return Draft7Validator(schema.document(kind))


def fits(kind: str, value: Any) -> str:
    """Empty, or what the schema has against it."""
    worst = best_match(validator(kind).iter_errors(value))
    return "" if worst is None else f"{list(worst.absolute_path)}: {worst.message}"


def is_read(kind: str, value: Any) -> bool:
    """Whether the reader takes it."""
    name = "job.runconfig" if kind == "runconfig" else "job.yml"
    try:
        load(name, text=json.dumps(value), check_paths=False)
    except JobFileInvalid:
        return False
    return True


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with one value put in or taken out."""
    made = copy.deepcopy(value)
    here = made
    for step in path[:-1]:
        here = here[step]
    if new is None:
        del here[path[-1]]
    else:
        here[path[-1]] = new
    return made


@pytest.mark.parametrize("kind", schema.KINDS)
def test_the_schemas_in_the_package_are_the_ones_that_the_readers_make(kind):
    made = schema.document(kind)
    Draft7Validator.check_schema(made)
    assert json.loads(schema.path(kind).read_text("utf-8")) == made, "run scripts/job_schemas.py"


def test_the_script_finds_none_of_them_stale():
    command = [sys.executable, str(ROOT / "scripts/job_schemas.py"), "--check"]
    assert subprocess.run(command, timeout=60, check=False).returncode == 0


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_what_is_right_is_right_for_both(kind, text):
    value = tree_of(text)
    assert is_read(kind, value)
    assert fits(kind, value) == ""


@pytest.mark.parametrize(("kind", "text", "path", "new"), BROKEN)
def test_what_is_wrong_in_structure_is_wrong_for_both(kind, text, path, new):
    value = changed(tree_of(text), path, new)
    assert not is_read(kind, value)
    assert fits(kind, value) != ""


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 2000),
    st.integers(),
    st.floats(),
    st.sampled_from([[], {}, "", " ", "1e-3", "a b", "random", "MPI", "uri_file", "file:a.yml"]),
)


@settings(deadline=timedelta(seconds=10), suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_schema_refuses_nothing_that_is_read(data):
    kind, text = data.draw(st.sampled_from(CASES))
    value = tree_of(text)
    for _ in range(data.draw(st.integers(1, 2))):
        value = _mutated(value, data)
    if is_read(kind, value):
        assert fits(kind, value) == ""


def _mutated(value: Any, data: Any) -> Any:
    """The same with one place changed, taken out, or a key added."""
    made = copy.deepcopy(value)
    maps = list(_maps(made))
    here = data.draw(st.sampled_from(maps))
    if not here:
        return made
    key = data.draw(st.sampled_from(sorted(here)))
    how = data.draw(st.sampled_from(["change", "remove", "add"]))
    if how == "change":
        here[key] = data.draw(SCALARS)
    elif how == "remove":
        del here[key]
    else:
        here[data.draw(st.sampled_from(ADDED))] = data.draw(SCALARS)
    return made


ADDED = (
    "path", "mode", "type", "extra", "data", "file", "default", "value", "optional", "name",
    "version", "description", "image", "q", "quantization", "seed", "rule", "logbase", "code",
)  # fmt: skip


def _maps(value: Any) -> Any:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _maps(item)


def test_a_file_of_an_environment(tmp_path):
    text = """
        $schema: ./environment.schema.json
        name: trees
        image: python:3.11
        conda_file: {channels: [conda-forge], dependencies: [python=3.11, {pip: [lightgbm]}]}
    """
    assert fits("environment", tree_of(text)) == ""
    path = tmp_path / "environment.yml"
    path.write_text(textwrap.dedent(text), "utf-8")
    assert load_environment(path).name == "trees"
    for wrong in ("imag: x", "build: {folder: .}", "conda_file: {channels: []}"):
        path.write_text(f"name: trees\n{wrong}\n", "utf-8")
        assert fits("environment", tree_of(path.read_text("utf-8"))) != ""
        with pytest.raises(JobFileInvalid):
            load_environment(path)
