"""Sweeps as notebooks use them, with real trials."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Experiment, HyperDriveConfig, PyTorchConfiguration, Run, ScriptRunConfig
from ml_jupyter.exceptions import RunConfigurationException, UserErrorException
from ml_jupyter.jobs.submit import rerun
from ml_jupyter.train.hyperdrive import (
    BanditPolicy,
    BayesianParameterSampling,
    GridParameterSampling,
    HyperDriveRun,
    PrimaryMetricGoal,
    RandomParameterSampling,
    choice,
    uniform,
)

SCRIPT = """
import sys
from ml_jupyter import Run
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
run = Run.get_context()
for step in range(3):
    run.log("loss", float(given["--lr"]) + 1 / (step + 1))
    #
if given.get("--kind") == "bad":
    raise ValueError("a bad kind")
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "train.py").write_text(SCRIPT, "utf-8")
    return tmp_path


def config(source: Path, sampling: Any, total: int = 4, **more: Any) -> HyperDriveConfig:
    goal = more.pop("goal", PrimaryMetricGoal.MINIMIZE)
    job = ScriptRunConfig(str(source), "train.py", ["--epochs", 3])
    return HyperDriveConfig(sampling, "loss", goal, total, run_config=job, **more)


def test_a_grid_is_searched_to_its_end(experiment: Experiment, source: Path) -> None:
    space = {"lr": choice(0.1, 0.5), "kind": choice("good", "bad")}
    run = experiment.submit(config(source, GridParameterSampling(space), 100))
    assert isinstance(run, HyperDriveRun)
    assert run.id.startswith("HD_")
    assert run.wait_for_completion(raise_on_error=False)["status"] == "Completed"
    found = run.get_hyperparameters()
    assert sorted(found) == [f"{run.id}_{number}" for number in range(4)]
    assert sorted(map(json.dumps, found.values())) == sorted(
        json.dumps({"lr": lr, "kind": kind}) for lr in (0.1, 0.5) for kind in ("good", "bad")
    )
    best = run.get_best_run_by_primary_metric(include_failed=False)
    assert best is not None
    assert best.get_metrics()["loss"][-1] == pytest.approx(0.1 + 1 / 3)
    assert best.parent is not None
    assert best.parent.id == run.id
    assert best.get_details()["runDefinition"]["arguments"] == ["--epochs", "3"]
    ranked = run.get_children_sorted_by_primary_metric()
    values = [item["best_primary_metric"] for item in ranked]
    assert values == sorted(values)
    assert {item["status"] for item in ranked} == {"Completed", "Failed"}
    assert len(run.get_children_sorted_by_primary_metric(top=1)) == 1
    assert set(run.get_metrics()) == set(found)
    log = Path(run.get_all_logs()[0]).read_text("utf-8")
    told = re.findall(r"Trial (\d) (Completed|Failed): loss 0\.\d+(, the best so far)? \{", log)
    assert sorted(number for number, *_ in told) == ["0", "1", "2", "3"]
    assert told[0][2]
    facts = run.get_diagnostics()
    assert (facts["completed"], facts["failed"], facts["running"]) == (2, 2, 0)
    assert facts["best"]["value"] == values[0]
    assert isinstance(Run.get(experiment.workspace, run.id), HyperDriveRun)
    workspace = experiment.workspace
    with pytest.raises(UserErrorException, match="is a sweep"):
        rerun(workspace._folder, workspace._settings, run._folder)


def test_a_policy_stops_a_bad_trial(experiment: Experiment, source: Path) -> None:
    endless = "range(3 if given['--lr'] == '0.0' else 100_000)"
    slow = SCRIPT.replace("range(3)", endless).replace("#", "__import__('time').sleep(0.01)")
    (source / "train.py").write_text(slow, "utf-8")
    sampling = GridParameterSampling({"lr": choice(0.0, 50.0)})
    policy = BanditPolicy(slack_factor=0.5, evaluation_interval=1, delay_evaluation=2)
    run = experiment.submit(config(source, sampling, 2, max_concurrent_runs=1, policy=policy))
    run.wait_for_completion(raise_on_error=False)
    first, second = sorted(run.get_children(), key=lambda child: child.id)
    assert (first.get_status(), second.get_status()) == ("Completed", "Canceled")
    assert "early termination" in str(second.get_details()["warnings"])


def test_a_sweep_of_failing_trials_fails(experiment: Experiment, source: Path) -> None:
    space = {"lr": uniform(0, 1), "kind": choice("bad")}
    run = experiment.submit(config(source, RandomParameterSampling(space, {"seed": 1}), 2))
    details = run.wait_for_completion(raise_on_error=False)
    assert details["status"] == "Failed"
    assert "ValueError: a bad kind" in run.get_details_with_logs()["logFiles"][
        "user_logs/std_log.txt"
    ]  # fmt: skip


def test_a_command_gets_its_parameters_in_their_places(
    experiment: Experiment, source: Path
) -> None:
    job = ScriptRunConfig(
        str(source), command="python train.py --lr ${{search_space.lr}} --kind {search_space.kind}"
    )
    space = GridParameterSampling({"lr": choice(0.25), "kind": choice("good")})
    run = experiment.submit(HyperDriveConfig(space, "loss", "minimize", 1, run_config=job))
    assert run.wait_for_completion()["status"] == "Completed"
    (child,) = run.get_children()
    assert child.get_metrics()["loss"][0] == 1.25


def test_trials_of_several_processes(experiment: Experiment, tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        "import os\nfrom ml_jupyter import Run\nrank = int(os.environ['RANK'])\n"
        "print('size', os.environ['WORLD_SIZE'])\n"
        "if rank == 1:\n"
        "    Run.get_context().log('loss', float(os.environ['AZUREML_SWEEP_lr']))\n",
        "utf-8",
    )
    job = ScriptRunConfig(
        str(tmp_path),
        "train.py",
        distributed_job_config=PyTorchConfiguration(process_count=2, node_count=2),
    )
    space = GridParameterSampling({"--lr": choice(0.5, 0.25)})
    run = experiment.submit(HyperDriveConfig(space, "loss", "minimize", 2, run_config=job))
    assert run.wait_for_completion()["status"] == "Completed"
    best = run.get_best_run_by_primary_metric()
    assert best.get_metrics()["loss"] == 0.25
    assert "user_logs/std_log_process_1.txt" in best.get_file_names()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"total": 0}, "max_total_runs"),
        ({"max_concurrent_runs": 0}, "max_concurrent_runs"),
        ({"max_duration_minutes": -1}, "max_duration_minutes"),
        ({"goal": "best"}, "primary_metric_goal"),
        ({"resume_from": object()}, "resume_from cannot be used"),
        ({"properties": {"seed": 1.5}}, "seed must be a whole number"),
        ({"properties": {"rule": "halton"}}, "rule must be random or sobol"),
        ({"properties": {"rule": "sobol"}}, "rule sobol goes with random sampling only"),
        ({"properties": {"logbase": 0.5}}, "logbase must be a number above 1"),
        ({"properties": {"sed": 1}}, "there is no sed; there are seed, rule, logbase"),
        ({"policy": BanditPolicy(slack_amount=1)}, "no early termination policy"),
    ],
)
def test_what_is_refused(
    experiment: Experiment, source: Path, changes: dict[str, Any], said: str
) -> None:
    properties = changes.pop("properties", None)
    with pytest.raises((RunConfigurationException, UserErrorException), match=said):
        experiment.submit(
            config(source, BayesianParameterSampling({"lr": uniform(0, 1)}, properties), **changes)
        )
    assert list(experiment.get_runs(include_children=True)) == []


@pytest.mark.parametrize(
    ("space", "said"),
    [
        ({}, "at least one parameter"),
        ({"lr": 3}, "'lr': 3 is no expression"),
        ({"lr": ["beta", [1]]}, "no distribution 'beta'"),
        ({"lr": uniform(1, 0)}, "min_value must be below"),
        ({"lr": choice()}, "at least one value"),
    ],
)
def test_spaces_that_are_refused(space: Any, said: str) -> None:
    with pytest.raises(RunConfigurationException, match=said):
        RandomParameterSampling(space)
