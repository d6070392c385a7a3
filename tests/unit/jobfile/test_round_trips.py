"""Whatever a job is, each dialect says it, and the reader understands the same job again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml_jupyter import MpiConfiguration, PyTorchConfiguration, RunConfiguration
from ml_jupyter.jobfile.distributions import NUMBERS
from ml_jupyter.jobfile.findings import Place
from ml_jupyter.jobfile.model import (
    CommandJob,
    Compute,
    Distribution,
    EarlyTermination,
    EnvironmentChoice,
    Input,
    Output,
    Parameter,
    SweepJob,
)
from ml_jupyter.jobfile.read import load

from . import dialects

soon = settings(
    max_examples=50, deadline=timedelta(seconds=10), suppress_health_check=list(HealthCheck)
)
NOWHERE = Place("job.yml")
#: What YAML has a meaning for, and what its punctuation could break.
ODD = st.sampled_from(
    ["yes", "null", "~", "1e3", "0x1f", "010", "1_000", "2021-05-25", "- a", "a: b", "# c", "'",
     '"', "{x}", "[y", "&a", "*a", "!!int 3", "%", "@", "`", "|", ">-", "a\nb", " a", "é ✓", "\\n"]
)  # fmt: skip
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))
TEXTS = ODD | st.text(LETTERS, min_size=1, max_size=12)
NAMES = st.from_regex(re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,7}", re.ASCII), fullmatch=True)
LABELS = st.from_regex(re.compile(r"[a-z][a-z0-9-]{0,9}", re.ASCII), fullmatch=True)
MINUTES_S = st.just(0.0) | st.integers(1, 10_000).map(lambda minutes: minutes * 60.0)
FINITE = st.floats(-1e6, 1e6)
LITERALS = st.booleans() | st.integers(-(2**60), 2**60) | FINITE | TEXTS


def literal(name: str, value: Any) -> Input:
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string"}
    return Input(name, NOWHERE, type=kinds[type(value)], literal=value)


def inputs(name: str) -> st.SearchStrategy[Input]:
    types = st.sampled_from(["uri_file", "uri_folder", "mltable"])
    modes = st.sampled_from(["mount", "download", "direct"])
    remote = st.sampled_from(["https://example.org/a.csv", "azureml:iris:3", "wasbs://a@b/c"])
    local = LABELS.map(lambda label: Path.cwd() / label)
    return st.one_of(
        st.builds(Input, st.just(name), st.just(NOWHERE), types, path=remote, mode=modes),
        st.builds(Input, st.just(name), st.just(NOWHERE), types, local_path=local, mode=modes),
    )


@st.composite
def runs(draw: Any, parameters: tuple[str, ...] = ()) -> CommandJob:
    """What is run: a command that names all its inputs, outputs and parameters."""
    names = draw(st.lists(NAMES, max_size=4, unique=True))
    given = {name: draw(inputs(name)) for name in names[:2]}
    made = {name: Output(name) for name in names[2:]}
    words = [f"${{{{inputs.{name}}}}}" for name in given]
    words += [f"${{{{outputs.{name}}}}}" for name in made]
    words += [f"${{{{search_space.{name}}}}}" for name in parameters]
    words += draw(
        st.lists(st.sampled_from(["awk '{print $1}'", "${HOME}", "x=1", "# é"]), max_size=2)
    )
    nodes = draw(st.integers(1, 4))
    kinds = st.builds(Distribution, st.sampled_from(["pytorch", "mpi"]), st.integers(1, 4))
    return CommandJob(
        "python main.py " + " ".join(draw(st.permutations(words))),
        code=draw(st.none() | LABELS.map(lambda label: Path.cwd() / label)),
        inputs=given,
        outputs=made,
        environment=draw(
            st.none() | LABELS.map(lambda label: EnvironmentChoice(label, "3", is_reference=True))
        ),
        environment_variables=draw(st.dictionaries(NAMES, TEXTS, max_size=3)),
        compute=Compute(draw(st.none() | LABELS.filter(lambda x: x != "serverless")), nodes),
        distribution=draw(st.none() | kinds),
    )


def facts() -> st.SearchStrategy[dict[str, Any]]:
    """What every kind of job has."""
    return st.fixed_dictionaries(
        {
            "name": st.none() | LABELS,
            "display_name": st.none() | TEXTS,
            "description": st.none() | TEXTS,
            "experiment_name": st.none() | LABELS,
            "tags": st.dictionaries(TEXTS, TEXTS, max_size=3),
            "properties": st.dictionaries(TEXTS, TEXTS, max_size=2),
            "timeout_s": MINUTES_S,
        }
    )


commands = st.builds(lambda job, more: replace(job, **more), runs(), facts())


@st.composite
def parameters(draw: Any, name: str) -> Parameter:
    kind = draw(st.sampled_from(sorted(NUMBERS)))
    if kind == "choice":
        return Parameter(name, kind, tuple(draw(st.lists(LITERALS, min_size=1, max_size=4))))
    low = draw(st.floats(-1e5, 1e5))
    positive = st.floats(1e-3, 1e3)
    drawn = {
        "upper": draw(st.integers(1, 100)), "min_value": low, "max_value": low + draw(positive),
        "mu": low, "sigma": draw(positive), "q": draw(positive),
    }  # fmt: skip
    return Parameter(name, kind, numbers={number: drawn[number] for number in NUMBERS[kind]})


POLICIES = st.none() | st.one_of(
    st.builds(
        EarlyTermination, st.just("bandit"), st.integers(1, 9), slack_factor=st.floats(0.01, 9)
    ),
    st.builds(EarlyTermination, st.just("median_stopping"), st.integers(1, 9)),
    st.builds(
        EarlyTermination, st.just("truncation"), delay_evaluation=st.integers(0, 9),
        truncation_percentage=st.integers(1, 99),
    ),
)  # fmt: skip


@st.composite
def sweeps(draw: Any) -> SweepJob:
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    total = draw(st.integers(1, 1000))
    return SweepJob(
        draw(runs(tuple(names))),
        {name: draw(parameters(name)) for name in names},
        draw(st.sampled_from(["random", "bayesian"])),
        draw(TEXTS),
        draw(st.sampled_from(["minimize", "maximize"])),
        total,
        draw(st.none() | st.integers(1, total)),
        early_termination=draw(POLICIES),
        **draw(facts()),
    )


def read(value: Any) -> Any:
    """The job of a file, without the places where its inputs stand."""
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    job = load("job.yml", text=text, check_paths=False).job
    run = job.trial if isinstance(job, SweepJob) else job
    bare = {name: replace(item, place=NOWHERE) for name, item in run.inputs.items()}
    if isinstance(job, SweepJob):
        return replace(job, trial=replace(run, inputs=bare))
    return replace(job, inputs=bare)


Writer = Callable[[Any], dict[str, Any]]


@pytest.mark.parametrize("write", [dialects.today, dialects.preview])
@soon
@given(job=commands)
def test_a_job(write: Writer, job: CommandJob) -> None:
    assert read(write(job)) == replace(job, command=written(write, job.command))


@pytest.mark.parametrize("write", [dialects.today, dialects.preview])
@soon
@given(job=sweeps())
def test_a_sweep(write: Writer, job: SweepJob) -> None:
    trial = replace(job.trial, command=written(write, job.trial.command))
    assert read(write(job)) == replace(job, trial=trial)


@soon
@given(
    job=commands,
    values=st.dictionaries(NAMES, LITERALS, min_size=1, max_size=4),
)
def test_literals_of_today(job: CommandJob, values: dict[str, Any]) -> None:
    given = {name: literal(name, value) for name, value in values.items()}
    command = " ".join(f"${{{{inputs.{name}}}}}" for name in given)
    wanted = replace(job, command=command, inputs=given, outputs={})
    assert read(dialects.today(wanted)) == wanted


@soon
@given(
    arguments=st.lists(TEXTS | st.integers() | FINITE, max_size=4),
    variables=st.dictionaries(NAMES, TEXTS, max_size=3),
    nodes=st.integers(1, 4),
    each=st.integers(1, 4),
    kind=st.sampled_from(["none", "mpi", "pytorch"]),
)
def test_a_run_configuration(
    tmp_path_factory: pytest.TempPathFactory,
    arguments: list[Any],
    variables: dict[str, str],
    nodes: int,
    each: int,
    kind: str,
) -> None:
    config = RunConfiguration()
    config.script, config.arguments = "train.py", arguments
    config.environment_variables = variables
    config.node_count = nodes
    if kind == "mpi":
        config.communicator, config.mpi = "OpenMpi", MpiConfiguration(each, nodes)
    elif kind == "pytorch":
        config.communicator = "Gloo"
        config.pytorch = PyTorchConfiguration(process_count=each * nodes, node_count=nodes)
    path = config.save(tmp_path_factory.mktemp("saved"), "saved")
    again = RunConfiguration.load(path)
    assert again.to_dict() == config.to_dict()
    job = load(path).job
    assert isinstance(job, CommandJob)
    assert job.script == "train.py"
    assert list(job.arguments) == [str(item) for item in arguments]
    assert job.environment_variables == variables
    assert job.compute.instance_count == nodes
    processes = None if kind == "none" else Distribution(kind, process_count_per_instance=each)
    assert job.distribution == processes


def written(write: Writer, command: str) -> str:
    """The command in the spelling of the dialect, which the job keeps."""
    return str(command if write is dialects.today else dialects.NEW_REFERENCE.sub(r"{\1}", command))
