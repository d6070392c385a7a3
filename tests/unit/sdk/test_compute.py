"""Compute targets as notebooks use them: found or made, described, changed, deleted."""

from __future__ import annotations

import json
import pickle
import shutil
import warnings
from pathlib import Path
from typing import Any

import pytest

import ml_jupyter
from ml_jupyter import Workspace, core, exceptions
from ml_jupyter.config import Settings
from ml_jupyter.core import compute_target as compute_target_module
from ml_jupyter.core.compute import (
    AksCompute,
    AmlCompute,
    ComputeInstance,
    ComputeTarget,
    DatabricksCompute,
    DockerCompute,
    RemoteCompute,
)
from ml_jupyter.core.compute.amlcompute import AmlComputeStatus, ScaleSettings
from ml_jupyter.core.compute_target import ComputeTargetException
from ml_jupyter.core.environment import Environment
from ml_jupyter.exceptions import FolderCorrupt, TargetUnavailable, UserErrorException
from ml_jupyter.testing.isolation import isolated


def pool(**values: Any) -> Any:
    return AmlCompute.provisioning_configuration(**{"max_nodes": 2, **values})


def test_seed_makes_the_cluster_once_and_finds_it_then(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seeds 002 and 004, block 4 and 5: the same cell run twice."""
    for _ in range(2):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                compute_target = ComputeTarget(workspace=workspace, name="gpu-cluster")
                print("Found existing compute target")
            except ComputeTargetException:
                print("Creating a new compute target...")
                compute_config = AmlCompute.provisioning_configuration(
                    vm_size="STANDARD_NC6", max_nodes=4
                )
                compute_target = ComputeTarget.create(workspace, "gpu-cluster", compute_config)
                compute_target.wait_for_completion(
                    show_output=True, min_node_count=None, timeout_in_minutes=20
                )
    assert isinstance(compute_target, AmlCompute)
    assert capsys.readouterr().out.splitlines() == [
        "Creating a new compute target...",
        "Succeeded",
        "AmlCompute wait for completion finished",
        "",
        "Minimum number of nodes requested have been provisioned",
        "Found existing compute target",
    ]


def test_error_and_class_are_the_same_object_everywhere() -> None:
    assert ComputeTargetException is exceptions.ComputeTargetException
    assert compute_target_module.ComputeTarget is ComputeTarget is core.ComputeTarget
    assert ml_jupyter.ComputeTarget is ComputeTarget
    assert ml_jupyter.AmlCompute is AmlCompute
    assert ml_jupyter.RemoteCompute is RemoteCompute


def test_targets_of_a_workspace_by_name(workspace: Workspace) -> None:
    assert workspace.compute_targets == {}
    ComputeTarget.create(workspace, "pool-1", pool())
    ComputeTarget.create(workspace, "me", ComputeInstance.provisioning_configuration())
    found = workspace.compute_targets
    assert {name: type(target) for name, target in found.items()} == {
        "me": ComputeInstance,
        "pool-1": AmlCompute,
    }
    assert found["pool-1"].name == "pool-1"
    with pytest.raises(KeyError, match="gpu-cluster"):
        found["gpu-cluster"]
    assert "local" not in found
    assert found["local"].type == "local"
    assert [item.name for item in AmlCompute.list(workspace)] == ["pool-1"]
    assert [item.name for item in ComputeTarget.list(workspace)] == ["me", "pool-1"]


def test_class_that_does_not_fit_is_refused(workspace: Workspace) -> None:
    ComputeTarget.create(workspace, "me", ComputeInstance.provisioning_configuration())
    with pytest.raises(ComputeTargetException, match="is a ComputeInstance, not a AmlCompute"):
        AmlCompute(workspace, "me")
    with pytest.raises(UserErrorException, match="of AmlCompute, not of ComputeInstance"):
        ComputeInstance.create(workspace, "pool-1", pool())
    assert AmlCompute.create(workspace, "pool-1", pool()) == AmlCompute(workspace, "pool-1")


def test_copy_of_the_workspace_has_the_target_too(workspace: Workspace, tmp_path: Path) -> None:
    made = ComputeTarget.create(workspace, "pool-1", pool())
    shutil.copytree(workspace.get_details()["folder"], tmp_path / "copy")
    copy = Workspace.get("lab", location=tmp_path / "copy")
    assert copy.compute_targets["pool-1"].id == made.id


def test_corrupt_file_is_named_and_the_others_are_there(workspace: Workspace) -> None:
    ComputeTarget.create(workspace, "pool-1", pool())
    (workspace._folder.layout.targets / "bad.json").write_text("{")
    with pytest.warns(UserWarning, match=r"bad\.json is not readable"):
        assert list(workspace.compute_targets) == ["pool-1"]
    with pytest.raises(FolderCorrupt, match=r"bad\.json"):
        ComputeTarget(workspace, "bad")


def test_kind_of_a_missing_plugin_is_shown_and_refuses_jobs(workspace: Workspace) -> None:
    made = ComputeTarget.create(workspace, "pool-1", pool())
    path = workspace._folder.layout.targets / "pool-1.json"
    path.write_text(path.read_text().replace("amlcompute", "abacus"))
    found = workspace.compute_targets["pool-1"]
    assert (found.type, found.id) == ("abacus", made.id)
    status = found.get_status()
    assert status.state == "Unusable"
    assert "'abacus' need a plugin that is not installed" in status.errors[0]
    with pytest.raises(TargetUnavailable, match="Installed kinds: amlcompute, computeinstance"):
        found._change({})


# -- pools


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"vm_priority": "cheap"}, "vm_priority cannot be 'cheap'"),
        ({"max_nodes": 0}, "max_nodes must be at least 1"),
        ({"max_nodes": -1}, "max_nodes must be a whole number"),
        ({"max_nodes": "4"}, "max_nodes must be a whole number"),
        ({"max_nodes": 2, "min_nodes": 3}, "min_nodes is 3, and max_nodes is 2"),
        ({"min_nodes": 0.5}, "min_nodes must be a whole number"),
        ({"idle_seconds_before_scaledown": "long"}, "idle_seconds_before_scaledown must be"),
        ({"idle_seconds_before_scaledown": -1}, "idle_seconds_before_scaledown must be"),
    ],
)
def test_configuration_that_cannot_be_is_refused(
    settings: Settings, values: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserErrorException, match=message):
        pool(**values)


def test_unknown_size_gives_one_warning(workspace: Workspace) -> None:
    with pytest.warns(UserWarning, match="a node is one CPU slot") as warned:
        ComputeTarget.create(workspace, "pool-1", pool(vm_size="Standard_X99"))
    assert len(warned) == 1
    assert str(warned[0].message).startswith("Compute target 'pool-1': vm_size 'Standard_X99' is")
    assert warned[0].filename == __file__


def test_size_beyond_the_machine_gives_one_warning(workspace: Workspace) -> None:
    with pytest.warns(UserWarning, match="Standard_ND40rs_v2 has 40 cores, 672 GiB") as warned:
        target = ComputeTarget.create(workspace, "pool-1", pool(vm_size="standard_nd40rs_v2"))
    assert len(warned) == 1
    assert target.vm_size == "STANDARD_ND40RS_V2"
    again = pool(vm_size="Standard_ND40rs_v2")
    assert ComputeTarget.create(workspace, "pool-1", again) == target


def test_secrets_are_not_stored(workspace: Workspace) -> None:
    configuration = pool(
        admin_username="root", admin_user_password="hunter2", admin_user_ssh_key="ssh-rsa AAA"
    )
    ComputeTarget.create(workspace, "pool-1", configuration)
    stored = (workspace._folder.layout.targets / "pool-1.json").read_text()
    assert "hunter2" not in stored
    assert "ssh-rsa" not in stored


def test_status_of_an_idle_pool(workspace: Workspace) -> None:
    target = ComputeTarget.create(workspace, "pool-1", pool(min_nodes=1, tags={"for": "tests"}))
    status = target.get_status().serialize()
    assert status["currentNodeCount"] == status["targetNodeCount"] == 1
    assert status["nodeStateCounts"] == {
        "preparingNodeCount": 0, "runningNodeCount": 0, "idleNodeCount": 1,
        "unusableNodeCount": 0, "leavingNodeCount": 0, "preemptedNodeCount": 0,
    }  # fmt: skip
    assert status["scaleSettings"] == {
        "minNodeCount": 1, "maxNodeCount": 2, "nodeIdleTimeBeforeScaleDown": "PT1800S",
    }  # fmt: skip
    assert (status["allocationState"], status["errors"]) == ("Steady", None)
    assert (status["vmPriority"], status["vmSize"]) == ("dedicated", "")
    assert target.provisioning_state == status["provisioningState"] == "Succeeded"
    whole = json.loads(json.dumps(target.serialize()))
    assert whole["properties"]["status"] == status
    assert whole["tags"] == target.tags == {"for": "tests"}
    assert whole["properties"]["properties"]["scaleSettings"] == status["scaleSettings"]


def test_status_comes_back_from_its_json(workspace: Workspace) -> None:
    status = ComputeTarget.create(workspace, "pool-1", pool()).get_status()
    assert AmlComputeStatus.deserialize(status.serialize()) == status
    settings = ScaleSettings(1, 4, 90)
    assert ScaleSettings.deserialize(settings.serialize()) == settings
    assert AmlComputeStatus.deserialize(None) is None
    with pytest.raises(UserErrorException, match="'allocationState' is missing"):
        AmlComputeStatus.deserialize({})


def test_update_is_seen_by_everybody_and_checked(workspace: Workspace) -> None:
    target = ComputeTarget.create(workspace, "pool-1", pool())
    other = AmlCompute(workspace, "pool-1")
    target.update(min_nodes=1, max_nodes=3, idle_seconds_before_scaledown=60)
    assert other.get().scale_settings == ScaleSettings(1, 3, 60)
    with pytest.raises(UserErrorException, match="min_nodes is 4"):
        target.update(min_nodes=4)
    assert other.get_status().scale_settings == ScaleSettings(1, 3, 60)


def test_deleted_target_is_gone(workspace: Workspace) -> None:
    target = ComputeTarget.create(workspace, "pool-1", pool())
    target.delete()
    target.wait_for_completion(is_delete_operation=True)
    assert target.provisioning_state == "Deleting"
    assert workspace.compute_targets == {}
    for verb in (target.get_status, target.delete, target.wait_for_completion, target.get):
        with pytest.raises(ComputeTargetException):
            verb()


def test_more_nodes_than_the_pool_will_ever_have_are_not_waited_for(workspace: Workspace) -> None:
    target = ComputeTarget.create(workspace, "pool-1", pool())
    target.wait_for_completion(min_node_count=2)
    with pytest.raises(UserErrorException, match=r"min_node_count is 3, .* 2 nodes at most"):
        target.wait_for_completion(min_node_count=3)


def test_sizes_are_listed(workspace: Workspace) -> None:
    sizes = {item["name"]: item for item in AmlCompute.supported_vmsizes(workspace)}
    assert sizes["Standard_NC6"] == {
        "name": "Standard_NC6", "vCPUs": 6, "memoryGB": 56.0, "gpus": 1,
    }  # fmt: skip
    assert ComputeInstance.supported_vmsizes(workspace) == AmlCompute.supported_vmsizes(workspace)


def test_target_shows_itself_and_travels(workspace: Workspace) -> None:
    target = ComputeTarget.create(workspace, "pool-1", pool(vm_size="", description="small"))
    assert "name='pool-1'" in repr(target)
    assert "pool-1" in target._repr_html_()
    assert target.description == "small"
    assert target.__getnewargs__() == (workspace, "pool-1")
    assert hash(target) == hash(ComputeTarget(workspace, "pool-1"))


def test_size_is_known_by_the_machine_that_reads_it(workspace: Workspace, tmp_path: Path) -> None:
    """A pool without ``max_nodes`` has as many nodes as the machine holds that looks at it."""
    ComputeTarget.create(workspace, "pool-1", pool(vm_size="Standard_D1", max_nodes=None))
    folder = workspace.get_details()["folder"]
    with isolated(tmp_path / "bigger", slots=12):
        there = Workspace.get("lab", location=Path(folder))
        assert there.compute_targets["pool-1"].scale_settings.maximum_node_count == 12
    here = workspace.compute_targets["pool-1"].scale_settings
    assert here.maximum_node_count == 2


# -- other kinds


def test_instance_is_stopped_and_started(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    configuration = ComputeInstance.provisioning_configuration(vm_size="STANDARD_DS3_V2")
    target = ComputeTarget.create(workspace, "me", configuration)
    target.wait_for_completion(show_output=True)
    assert capsys.readouterr().out.endswith(
        'Provisioning operation finished, operation "Succeeded"\n'
    )
    assert target.get_status().serialize()["state"] == "Running"
    target.stop(show_output=True)
    assert ComputeInstance(workspace, "me").get_status().state == "Stopped"
    target.restart()
    assert target.get().get_status().state == "Running"
    assert capsys.readouterr().out == "Stopped\n"
    target.delete(wait_for_completion=True)
    assert workspace.compute_targets == {}


def test_docker_target_without_an_engine_says_why(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path / 'nowhere.sock'}")
    configuration = DockerCompute.provisioning_configuration(image="busybox", shm_size="1g")
    with pytest.warns(UserWarning, match=r"Docker.*Until then its jobs are refused\.") as warned:
        target = ComputeTarget.create(workspace, "boxes", configuration)
    assert len(warned) == 1
    status = target.get_status()
    assert (target.type, status.state) == ("Docker", "Unusable")
    assert "Docker" in status.errors[0]
    assert target.serialize()["properties"]["properties"]["image"] == "busybox"


@pytest.mark.parametrize("values", [{"image": 3}, {"image": " "}, {"arguments": "--rm"}])
def test_docker_configuration_that_cannot_be_is_refused(
    settings: Settings, values: dict[str, Any]
) -> None:
    with pytest.raises(UserErrorException, match=next(iter(values))):
        DockerCompute.provisioning_configuration(**values)


def test_local_cannot_be_deleted_or_made(workspace: Workspace) -> None:
    with pytest.raises(UserErrorException, match="'local' cannot be deleted"):
        ComputeTarget(workspace, "local").delete()
    with pytest.raises(UserErrorException, match="cannot be made"):
        ComputeTarget.create(workspace, "local", pool())


@pytest.mark.parametrize("kind", [RemoteCompute, AksCompute, DatabricksCompute])
def test_cloud_only_targets_say_what_to_use(workspace: Workspace, kind: Any) -> None:
    """The try/except of notebooks goes on to the attach configuration, which explains."""
    with pytest.raises(ComputeTargetException, match=f"no {kind.__name__} 'far'"):
        kind(workspace, "far")
    with pytest.raises(UserErrorException, match=r"Use AmlCompute|ScriptRunConfig"):
        kind.attach_configuration(username="me", address="10.0.0.1", ssh_port=22)
    with pytest.raises(UserErrorException):
        kind.attach(workspace, "far", None)
    assert kind.list(workspace) == []


@pytest.mark.parametrize(
    "verb",
    [
        lambda pool, ws: pool.add_identity("SystemAssigned"),
        lambda pool, ws: pool.remove_identity(),
        lambda pool, ws: AmlCompute.list_usages(ws),
        lambda pool, ws: AmlCompute.list_quotas(ws),
        lambda pool, ws: AmlCompute.update_quotas(ws, "standardNCFamily", 4),
    ],
)
def test_verbs_of_a_cloud_say_so(workspace: Workspace, verb: Any) -> None:
    target = ComputeTarget.create(workspace, "pool-1", pool())
    with pytest.raises(UserErrorException):
        verb(target, workspace)


def test_what_is_no_configuration_is_refused(workspace: Workspace) -> None:
    for wrong in (None, {"vm_size": "x"}, Environment("e")):
        with pytest.raises(UserErrorException, match="provisioning_configuration cannot be"):
            ComputeTarget.create(workspace, "pool-1", wrong)


def test_pickled_target_is_the_stored_one(workspace: Workspace) -> None:
    target = ComputeTarget.create(workspace, "pool-1", pool())
    copy = pickle.loads(pickle.dumps(target))
    assert copy == target
