"""Jobs on pools, with the real queue: who waits, what the nodes show, what is refused."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Experiment, Run, RunConfiguration, ScriptRunConfig, Workspace
from ml_jupyter.config import Settings
from ml_jupyter.core.compute import AmlCompute, ComputeInstance
from ml_jupyter.core.resource_configuration import ResourceConfiguration
from ml_jupyter.core.runconfig import MpiConfiguration
from ml_jupyter.exceptions import (
    RunConfigurationException,
    TargetNotFound,
    TargetUnavailable,
    UserErrorException,
)
from ml_jupyter.testing.isolation import eventually, isolated
from tests import gpu_lab

pytestmark = pytest.mark.timeout(60)
_HOLDS = "import time, pathlib\nwhile not pathlib.Path(r'{}').exists(): time.sleep(0.02)\n"


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """Jobs of ``holding`` go on until this file is there."""
    return tmp_path / "gate"


@pytest.fixture
def holding(here: Path, gate: Path) -> Callable[..., ScriptRunConfig]:
    (here / "holds.py").write_text(_HOLDS.format(gate))

    def config(target: Any, **values: Any) -> ScriptRunConfig:
        return ScriptRunConfig(str(here), "holds.py", compute_target=target, **values)

    return config


def made(workspace: Workspace, name: str = "pool", **values: Any) -> AmlCompute:
    configuration = AmlCompute.provisioning_configuration(**{"max_nodes": 1, **values})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of what this machine cannot give
        return AmlCompute.create(workspace, name, configuration)


def launch_of(run: Run) -> dict[str, Any]:
    launch: dict[str, Any] = run._folder.record.definition["launch"]
    return launch


def counts(target: AmlCompute) -> tuple[int, int, int]:
    """Running and idle nodes, and the number that the pool is on the way to."""
    status = target.get_status()
    states = status.node_state_counts
    assert states is not None
    running = states.running_node_count + states.preparing_node_count
    return running, states.idle_node_count, status.target_node_count


@pytest.mark.slow
def test_jobs_beyond_the_pool_wait_and_the_nodes_follow(
    experiment: Experiment, holding: Callable[..., ScriptRunConfig], gate: Path
) -> None:
    target = made(experiment.workspace, max_nodes=1)
    assert counts(target) == (0, 0, 0)
    first = experiment.submit(holding(target))
    eventually(lambda: first.get_status() == "Running", what="the first run")
    second = experiment.submit(holding("pool"))
    eventually(lambda: "pool" in (second.get_details().get("reason") or ""), what="the reason")
    assert second.get_status() == "Queued"
    assert counts(target) == (1, 0, 1)
    assert target.list_nodes() == [
        {
            "nodeId": "pool-0",
            "nodeState": "running",
            "runId": first.id,
            "privateIpAddress": "127.0.0.1",
            "publicIpAddress": None,
            "port": None,
        }
    ]
    assert {run.id for run in target.get_active_runs()} == {first.id, second.id}
    gate.touch()
    for run in (first, second):
        run.wait_for_completion()
    eventually(lambda: counts(target) == (0, 1, 1), what="the idle node")
    assert [node["nodeState"] for node in target.list_nodes()] == ["idle"]
    assert list(target.get_active_runs()) == []
    target.update(idle_seconds_before_scaledown=0)
    assert counts(target) == (0, 0, 0)
    target.update(min_nodes=1)
    assert counts(target) == (0, 1, 1)


@pytest.mark.slow
def test_never_more_runs_at_a_time_than_nodes(
    tmp_path: Path, here: Path, settings: Settings
) -> None:
    """Two experiments, one pool, room for four on the machine."""
    (here / "short.py").write_text("import time\ntime.sleep(0.1)\n")
    with isolated(tmp_path / "bigger", slots=4):
        workspace = Workspace.create("lab")
        target = made(workspace, max_nodes=2)
        config = ScriptRunConfig(str(here), "short.py", compute_target=target)
        experiments = [Experiment(workspace, name) for name in ("one", "two")]
        runs = [experiments[at % 2].submit(config) for at in range(6)]
        for run in runs:
            run.wait_for_completion()
        states = [run._folder.state() for run in runs]
    began = [state.started or 0 for state in states]
    spans = [(state.started or 0, state.ended or 0) for state in states]
    together = [sum(1 for start, end in spans if start <= at < end) for at in began]
    assert max(together) == 2


@pytest.mark.slow
def test_waiting_runs_make_the_pool_grow(
    experiment: Experiment, holding: Callable[..., ScriptRunConfig], gate: Path
) -> None:
    """Two nodes are possible, the machine's two slots are taken by one of them and another run."""
    target = made(experiment.workspace, max_nodes=2)
    blocker = experiment.submit(holding("local"))
    first = experiment.submit(holding(target))
    eventually(lambda: first.get_status() == blocker.get_status() == "Running", what="both runs")
    second = experiment.submit(holding(target))
    eventually(lambda: counts(target) == (1, 0, 2), what="a pool on its way to two nodes")
    assert target.get_status().allocation_state == "Resizing"
    second.cancel()
    eventually(lambda: counts(target) == (1, 0, 1), what="a pool that keeps its size")
    gate.touch()


def test_run_names_its_target_and_what_a_node_reserves(
    experiment: Experiment, holding: Callable[..., ScriptRunConfig], gate: Path
) -> None:
    gate.touch()
    target = made(experiment.workspace, vm_size="STANDARD_D2_V2", vm_priority="LowPriority")
    run = experiment.submit(holding(target))
    assert run.get_details()["target"] == "pool"
    launch = launch_of(run)
    pool = launch["pool"]
    assert (pool["name"], pool["max_nodes"], pool["low_priority"]) == ("pool", 1, True)
    assert launch["slots"] == 2
    assert 0 < launch["memory"] <= 7 * 1024**3
    assert launch["gpus"] == 0
    run.wait_for_completion()


def test_target_object_assigned_to_a_run_configuration(
    experiment: Experiment, here: Path, gate: Path, holding: Callable[..., ScriptRunConfig]
) -> None:
    """Seed 000, block 4: ``src.run_config.target = my_compute_target``."""
    gate.touch()
    target = made(experiment.workspace)
    config = holding(None)
    config.run_config.target = target
    assert config.run_config.target == "pool"
    run = experiment.submit(config)
    assert run.get_details()["target"] == "pool"
    run.wait_for_completion()


def test_target_from_the_dictionary_of_the_workspace(
    experiment: Experiment, gate: Path, holding: Callable[..., ScriptRunConfig]
) -> None:
    """Seed 003: ``ws.compute_targets["gpu-cluster"]``."""
    gate.touch()
    made(experiment.workspace, "gpu-cluster")
    target = experiment.workspace.compute_targets["gpu-cluster"]
    experiment.submit(holding(target)).wait_for_completion()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"resources": ResourceConfiguration(cpu=3)}, "3 cores a node, .*Standard_D2_v2. have 2"),
        ({"resources": ResourceConfiguration(gpu=1)}, "1 GPUs a node"),
        ({"resources": ResourceConfiguration(memory_in_gb=8)}, "bytes of memory a node"),
        (
            {"distributed_job_config": MpiConfiguration(node_count=2)},
            "needs 2 nodes, and compute target 'pool' has 1 at most",
        ),
    ],
)
def test_job_that_never_fits_is_refused_and_leaves_no_run(
    experiment: Experiment,
    holding: Callable[..., ScriptRunConfig],
    values: dict[str, Any],
    message: str,
) -> None:
    target = made(experiment.workspace, vm_size="Standard_D2_v2")
    with pytest.raises(RunConfigurationException, match=message):
        experiment.submit(holding(target, **values))
    assert list(experiment.get_runs()) == []


def test_what_was_refused_before_runs_when_the_pool_is_changed(
    experiment: Experiment, holding: Callable[..., ScriptRunConfig], gate: Path
) -> None:
    gate.touch()
    target = made(experiment.workspace)
    config = holding(target, distributed_job_config=MpiConfiguration(node_count=2))
    with pytest.raises(RunConfigurationException, match=r"update\(max_nodes=2\)"):
        experiment.submit(config)
    target.update(max_nodes=2)
    run = experiment.submit(config)
    assert launch_of(run)["nodes"] == 2
    run.wait_for_completion()


def test_deleted_target_is_unknown_to_submissions(
    experiment: Experiment, holding: Callable[..., ScriptRunConfig]
) -> None:
    target = made(experiment.workspace)
    target.delete()
    with pytest.raises(TargetNotFound, match="'pool'") as raised:
        experiment.submit(holding(target))
    assert isinstance(raised.value, UserErrorException)
    assert list(experiment.get_runs()) == []


def test_stopped_instance_takes_no_jobs(
    experiment: Experiment, holding: Callable[..., ScriptRunConfig], gate: Path
) -> None:
    gate.touch()
    configuration = ComputeInstance.provisioning_configuration()
    target = ComputeInstance.create(experiment.workspace, "me", configuration)
    target.stop()
    with pytest.raises(TargetUnavailable, match=r"'me' is stopped\. Call start"):
        experiment.submit(holding(target))
    target.start()
    run = experiment.submit(holding(target))
    assert launch_of(run)["pool"] is None
    run.wait_for_completion()
    assert list(target.get_active_runs()) == []


def test_nodes_that_outnumber_the_gpus_share_them(
    experiment: Experiment,
    holding: Callable[..., ScriptRunConfig],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    gate: Path,
) -> None:
    gate.touch()
    gpu_lab.recorded(monkeypatch, tmp_path, [gpu_lab.device(0)])
    target = made(experiment.workspace, vm_size="STANDARD_NC6", max_nodes=2)
    alone = experiment.submit(holding(target))
    assert launch_of(alone)["gpus"] == 1
    config = MpiConfiguration(node_count=2)
    both = experiment.submit(holding(target, distributed_job_config=config))
    assert launch_of(both)["gpus"] == 0.5
    assert "share the GPUs" in str(both.get_details()["warnings"])
    for run in (alone, both):
        run.wait_for_completion()
    assert "share the GPUs" not in str(alone.get_details().get("warnings"))


# -- what a run asks for


def test_resources_and_priority_of_a_run_reach_the_queue(
    experiment: Experiment, here: Path, gate: Path, holding: Callable[..., ScriptRunConfig]
) -> None:
    gate.touch()
    wanted = ResourceConfiguration(cpu=1.5, memory_in_gb=0.5)
    config = holding("local", resources=wanted)
    config.run_config.priority = 5
    run = experiment.submit(config)
    launch = launch_of(run)
    assert (launch["slots"], launch["memory"], launch["priority"]) == (2, 512 * 1024**2, 5)
    run.wait_for_completion()


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        (ResourceConfiguration(cpu="two"), "cpu must be a number"),  # type: ignore[arg-type]
        (ResourceConfiguration(memory_in_gb=-1), "memory_in_gb must be a number"),
        (ResourceConfiguration(gpu=float("nan")), "gpu must be a number"),
        (ResourceConfiguration(gpu=1.5), "gpus is 1.5; give a whole number"),
        (ResourceConfiguration(gpu_memory_in_gb=True), "gpu_memory_in_gb must be a number"),
        ({"cpu": 1}, "resources must be a ResourceConfiguration, not dict"),
    ],
)
def test_resources_that_cannot_be_are_refused(
    experiment: Experiment, holding: Callable[..., ScriptRunConfig], resources: Any, message: str
) -> None:
    with pytest.raises(RunConfigurationException, match=message):
        experiment.submit(holding("local", resources=resources))
    assert list(experiment.get_runs()) == []


def test_resources_travel_in_a_run_configuration(here: Path) -> None:
    config = RunConfiguration()
    config.resources = ResourceConfiguration(2, 4.5, 0.5, 8)
    config.priority = 3
    config.amlcompute.vm_size = "STANDARD_D2_V2"
    read = RunConfiguration.load(config.save(here, "mine"))
    assert read == config
    assert read.resources.launch_values() == {
        "slots": 2, "memory": 4608 * 1024**2, "gpus": 0.5, "gpu_memory": 8 * 1024**3,
    }  # fmt: skip


def test_resource_configuration_comes_back_from_its_json() -> None:
    wanted = ResourceConfiguration(cpu=1, memory_in_gb=0.5)
    assert wanted.serialize() == {"cpu": 1, "memoryInGB": 0.5, "gpu": None}
    assert ResourceConfiguration.deserialize(wanted.serialize()) == wanted
    assert ResourceConfiguration.deserialize(None) is None
