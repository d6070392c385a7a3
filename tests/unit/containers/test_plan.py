"""What the engine is asked for."""

from __future__ import annotations

import socket
from dataclasses import replace

from ml_jupyter.containers.facts import ImageFacts
from ml_jupyter.containers.plan import PYTHON, ContainerPlan, body_of, command_of

IMAGE = ImageFacts("sha256:1", "/usr/bin/python3", "3.11.2", "/bin/bash", {"PATH": "/bin"})
PLAN = ContainerPlan("unix:///x", "image", "mlj-1-0", ("python", "train.py"), user="1000:1000")


def host(plan: ContainerPlan) -> dict[str, object]:
    return body_of(plan, IMAGE)["HostConfig"]


def test_command_is_what_the_image_has() -> None:
    assert command_of(PLAN, IMAGE)[-2:] == ["/usr/bin/python3", "train.py"]
    assert command_of(PLAN, IMAGE)[:3] == ["/bin/sh", "-c", 'umask 0022; exec "$@" </dev/null']
    shell = replace(PLAN, command=("/usr/bin/bash", "-c", "echo"))
    assert command_of(shell, replace(IMAGE, shell="/bin/sh"))[-3:] == ["/bin/sh", "-c", "echo"]


def test_image_without_a_shell_runs_the_program_itself() -> None:
    assert command_of(replace(PLAN, command=("/program", "a b")), ImageFacts("1")) == [
        "/program",
        "a b",
    ]


def test_gpus_are_asked_for_by_their_ids() -> None:
    plan = replace(PLAN, gpus=("GPU-1", "MIG-2"))
    wanted = [{"DeviceIDs": ["GPU-1", "MIG-2"], "Capabilities": [["gpu"]]}]
    assert host(plan)["DeviceRequests"] == wanted
    assert "DeviceRequests" not in host(PLAN)


def test_memory_is_without_swap_unless_the_user_says_so() -> None:
    assert host(replace(PLAN, memory=100))["MemorySwap"] == 100
    mine = replace(PLAN, memory=100, arguments=("--memory-swap", "-1"))
    assert host(mine)["MemorySwap"] == -1
    assert host(replace(PLAN, memory=100, arguments=("--memory", "1k")))["Memory"] == 1024


def test_ranks_share_network_and_memory_unless_the_user_says_so() -> None:
    ranks = host(replace(PLAN, ranks=2))
    assert (ranks["NetworkMode"], ranks["IpcMode"]) == ("host", "host")
    assert "NetworkMode" not in host(PLAN)
    assert host(replace(PLAN, ranks=2, arguments=("--ipc", "private")))["IpcMode"] == "private"


def test_user_is_the_caller_whatever_kind_of_engine() -> None:
    assert body_of(PLAN, IMAGE)["User"] == "1000:1000"
    assert host(replace(PLAN, options=("userns",)))["UsernsMode"] == "host"
    assert host(replace(PLAN, options=("selinux",)))["SecurityOpt"] == ["label=disable"]


def test_variables_add_to_those_of_the_image() -> None:
    image = replace(IMAGE, variables={"PATH": "/opt/bin:/bin", "PYTHONPATH": "/own"})
    plan = replace(PLAN, path=("/env/bin",), environment={"A": "1"})
    variables = dict(item.split("=", 1) for item in body_of(plan, image)["Env"])
    assert variables["PATH"] == "/env/bin:/opt/bin:/bin"
    assert variables["PYTHONPATH"] == f"/own:{PYTHON}"
    assert variables["A"] == "1"


def test_machines_name_is_kept_for_journals_and_hosts() -> None:
    assert body_of(PLAN, IMAGE)["Hostname"] == socket.gethostname()
    assert "Hostname" not in body_of(replace(PLAN, arguments=("--uts", "host")), IMAGE)


def test_paths_with_colons_are_mounted() -> None:
    plan = replace(PLAN, mounts=(("/a:b", "/c:d", False),))
    (mount,) = host(plan)["Mounts"]
    assert (mount["Source"], mount["Target"], mount["ReadOnly"]) == ("/a:b", "/c:d", True)


def test_private_home_is_gone_at_the_end() -> None:
    home = host(replace(PLAN, private_home=True))["Tmpfs"]
    assert home == {"/opt/ml_jupyter/home": "mode=0700,uid=1000,gid=1000"}
    hidden = host(replace(PLAN, hidden=("/secret",), arguments=("--tmpfs", "/mine")))["Tmpfs"]
    assert hidden == {"/secret": "mode=0700,size=64k", "/mine": ""}


def test_plan_survives_json() -> None:
    plan = replace(PLAN, mounts=(("/a", "/b", True),), gpus=("GPU-1",), environment={"A": "1"})
    assert ContainerPlan.from_json(plan.to_json()) == plan
