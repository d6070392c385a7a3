"""Control groups: where one can be made, and what becomes of one whose maker died."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter.jobs.cgroup import V1, V2, MemoryGroup, group_name, parents
from ml_jupyter.testing.isolation import eventually

#: As systemd lays groups out for a session of a user, a service of a user, and one of the system.
USER = "user.slice/user-1000.slice"
SERVICE = f"{USER}/user@1000.service"
SYSTEMD = {
    "": "cpuset cpu io memory hugetlb pids",
    "user.slice": "cpu memory pids",
    USER: "cpu memory pids",
    f"{USER}/session-3.scope": "",
    SERVICE: "cpu memory pids",
    f"{SERVICE}/app.slice": "cpu memory pids",
    f"{SERVICE}/app.slice/jupyter.scope": "",
    "system.slice": "memory pids",
    "system.slice/jupyterhub.service": "",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for folder, controllers in SYSTEMD.items():
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "cgroup.subtree_control").write_text(f"{controllers}\n")
    return tmp_path


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (f"0::/{SERVICE}/app.slice/jupyter.scope\n", [f"{SERVICE}/app.slice"]),
        (f"0::/{USER}/session-3.scope\n", [USER]),
        ("0::/system.slice/jupyterhub.service\n", ["system.slice"]),
        ("0::/\n", ["."]),
        ("0::/../../system.slice/other.service\n", []),
        ("0::/docker/4f2a\n", ["."]),
        ("", []),
    ],
    ids=["service", "session", "hub", "root", "outside", "host's name", "no groups"],
)
def test_version_2_makes_the_group_where_memory_was_given(
    tree: Path, table: str, expected: list[str]
) -> None:
    assert list(parents(table, tree)) == [(tree / name, V2) for name in expected]


def test_a_container_whose_group_holds_processes_has_no_place(tmp_path: Path) -> None:
    (tmp_path / "cgroup.subtree_control").write_text("\n")
    assert list(parents("0::/\n", tmp_path)) == []


def test_version_1_beside_an_empty_version_2(tmp_path: Path) -> None:
    (tmp_path / "memory" / "lab" / "job").mkdir(parents=True)
    table = "4:memory:/lab/job\n3:cpuset:/\n0::/\n"
    found = [(tmp_path / "memory/lab/job", V1), (tmp_path / "memory/lab", V1)]
    assert list(parents(table, tmp_path)) == found
    named_by_the_host = "4:cpuacct,memory:/docker/4f2a\n"
    assert list(parents(named_by_the_host, tmp_path)) == [(tmp_path / "memory", V1)]


def test_a_copy_of_a_run_has_a_group_of_its_own(tmp_path: Path) -> None:
    run, copy, link = (tmp_path / name / "run-1" for name in ("lab", "copy", "link"))
    run.mkdir(parents=True)
    copy.mkdir(parents=True)
    link.parent.symlink_to(run.parent)
    assert group_name(run) != group_name(copy)
    assert group_name(run) == group_name(link)
    assert group_name(run).startswith("mlj-run-1-")


@pytest.fixture
def version_2(tmp_path: Path) -> Iterator[Path]:
    """A real group of version 2, whichever controllers it has."""
    mount = tmp_path / "groups"
    mount.mkdir()
    command = ["mount", "-t", "cgroup2", "none", str(mount)]
    if os.geteuid() or subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("mounting control groups needs root and a system that allows it")
    made = mount / f"mlj-test-{os.getpid()}"
    made.mkdir()
    try:
        yield made
    finally:
        if made.exists():
            made.rmdir()
        subprocess.run(["umount", str(mount)], check=True)


def test_all_processes_of_a_group_are_killed_at_once(version_2: Path) -> None:
    group = MemoryGroup(version_2, V2)
    if not (version_2 / "cgroup.kill").exists():
        pytest.skip("cgroup.kill came with Linux 5.14")
    program = "import os, time\nos.fork() or os.setsid()\ntime.sleep(600)\n"
    job = subprocess.Popen([sys.executable, "-c", program], preexec_fn=group.join)
    members = version_2 / "cgroup.procs"
    eventually(lambda: len(members.read_text().split()) == 2, what="the forked process")
    group.kill()
    assert job.wait(30) == -9
    eventually(lambda: not members.read_text(), what="the other one's end")
    group.remove()
    assert not version_2.exists()


def test_what_a_dead_supervisor_left_is_removed() -> None:
    name = f"mlj-test-left-{os.getpid()}"
    if MemoryGroup.create(name, 60 * 1024 * 1024) is None:
        pytest.skip("this user may not make control groups here")
    MemoryGroup.end(name)
    assert MemoryGroup.create(name, 60 * 1024 * 1024) is not None, "the name is free again"
    MemoryGroup.end(name)
    MemoryGroup.end(name)
