"""``mlj compute …``: targets made, looked at and forgotten from a terminal."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Workspace
from ml_jupyter.cli.main import main

Mlj = Callable[..., Any]


def test_pool_is_made_changed_listed_and_forgotten(mlj: Mlj, workspace: Workspace) -> None:
    made = mlj("compute", "create", "-n", "pool", "--max-instances", "2", "--tier", "low_priority")
    assert (made["name"], made["type"], made["max_nodes"]) == ("pool", "AmlCompute", 2)
    assert made["properties"]["vmPriority"] == "lowpriority"
    assert made["status"]["nodeStateCounts"]["runningNodeCount"] == 0
    assert workspace.compute_targets["pool"].id == made["id"]
    assert mlj("compute", "update", "-n", "pool", "--min-instances", "1")["nodes"] == 1
    assert mlj("compute", "list") == [
        {
            "name": "pool", "type": "AmlCompute", "size": "", "state": "Succeeded",
            "nodes": 1, "max_nodes": 2,
        }
    ]  # fmt: skip
    nodes = mlj("compute", "list-nodes", "-n", "pool")
    assert [(node["nodeId"], node["nodeState"]) for node in nodes] == [("pool-0", "idle")]
    assert mlj("compute", "delete", "-n", "pool", "-y") == {"name": "pool", "state": "Deleting"}
    assert mlj("compute", "list") == []


def test_pool_from_a_file_and_flags_win(mlj: Mlj, tmp_path: Path) -> None:
    file = tmp_path / "compute.yml"
    file.write_text(
        "$schema: https://azuremlschemas.azureedge.net/latest/amlCompute.schema.json\n"
        "name: from-file\ntype: amlcompute\nsize: STANDARD_D1\nmax_instances: 4\n"
        "idle_time_before_scale_down: 120\ntags: {team: vision}\n"
    )
    made = mlj("compute", "create", "-f", str(file), "--max-instances", "1")
    assert (made["name"], made["size"], made["max_nodes"]) == ("from-file", "STANDARD_D1", 1)
    assert made["tags"] == {"team": "vision"}
    scale = made["properties"]["scaleSettings"]
    assert scale["nodeIdleTimeBeforeScaleDown"] == "PT120S"


def test_instance_is_stopped_and_started(mlj: Mlj) -> None:
    assert mlj("compute", "create", "-n", "me", "--type", "ComputeInstance")["state"] == "Running"
    assert mlj("compute", "stop", "-n", "me")["state"] == "Stopped"
    assert mlj("compute", "start", "-n", "me")["state"] == "Running"


def test_sizes_are_listed(mlj: Mlj) -> None:
    found = mlj("compute", "list-sizes", "--query", "[?name=='Standard_NC6'] | [0].gpus")
    assert found == 1


def test_what_this_machine_cannot_give_is_one_line_on_the_error_stream(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["create", "-n", "big", "--size", "Standard_ND40rs_v2", "-o", "none", "-w", "lab"]
    assert main(["compute", *words]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("mlj: warning: Compute target 'big': Standard_ND40rs_v2 has 40")
    assert len(told.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["show", "-n", "nobody"], 3, "no compute target 'nobody'"),
        (["create"], 2, "Say its name"),
        (["create", "-n", "x1", "--max-instances", "0"], 2, "max_nodes must be at least 1"),
        (["create", "-n", "x1", "--type", "slurm"], 1, "kind 'slurm' need a plugin"),
        (["create", "-n", "x1", "--type", "docker", "--size", "D1"], 2, "docker has no 'size'"),
        (["create", "-n", "local"], 2, "cannot be made"),
        (["stop", "-n", "local"], 1, "not a ComputeInstance"),
        (["delete", "-n", "local", "-y"], 2, "cannot be deleted"),
    ],
)
def test_what_cannot_be_is_told(
    workspace: Workspace,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    message: str,
) -> None:
    assert main(["compute", *words, "-w", "lab"]) == status
    assert message in capsys.readouterr().err


def test_deleting_asks_first(
    workspace: Workspace, mlj: Mlj, monkeypatch: pytest.MonkeyPatch
) -> None:
    mlj("compute", "create", "-n", "pool", "--max-instances", "1")
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert main(["compute", "delete", "-n", "pool", "-w", "lab"]) == 130
    assert [item["name"] for item in mlj("compute", "list")] == ["pool"]
