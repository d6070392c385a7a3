"""Killed writers, full disks, read-only folders: nothing acknowledged is lost."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ml_jupyter.exceptions import StorageFailed
from ml_jupyter.history import records
from ml_jupyter.history.index import Index
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder

WRITER = """
import sys
from pathlib import Path
from ml_jupyter.history.workspace import WorkspaceFolder
run = WorkspaceFolder(Path(sys.argv[1])).run("victim")
i = 0
while True:
    run.metric_log.log("loss", float(i))
    run.metric_log.log("text", f"line {i}")
    run.set_tags({"i": str(i)})
    sys.stdout.write(f"{i}\\n")
    sys.stdout.flush()
    i += 1
"""


@pytest.fixture
def workspace(tmp_path: Path) -> WorkspaceFolder:
    return WorkspaceFolder.create(tmp_path / "workspace", "lab")


@pytest.fixture
def victim(workspace: WorkspaceFolder) -> RunFolder:
    experiment = workspace.create_experiment("faults")
    return workspace.create_run(experiment, "victim", records.INTERACTIVE, "Running")


@pytest.mark.parametrize("trial", range(8))
def test_kill_9_loses_no_acknowledged_point(
    workspace: WorkspaceFolder, victim: RunFolder, trial: int
) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(workspace.layout.root)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(random.Random(trial).uniform(0.0, 0.2))
    writer.kill()
    acknowledged = int([first, *writer.communicate()[0].splitlines()][-1])
    fresh = workspace.run("victim")
    assert fresh.series("loss").values[: acknowledged + 1] == [
        float(i) for i in range(acknowledged + 1)
    ]
    assert fresh.series("text").values[acknowledged] == f"line {acknowledged}"
    assert int(fresh.state().tags["i"] or -1) >= acknowledged


LIMITED = """
import resource, signal, sys
from pathlib import Path
from ml_jupyter.exceptions import StorageFailed
from ml_jupyter.history.workspace import WorkspaceFolder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
run = WorkspaceFolder(Path(sys.argv[1])).run("victim")
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
written = 0
try:
    for i in range(1000):
        run.metric_log.log("loss", float(i))
        written += 1
except StorageFailed as error:
    assert "Cannot write" in str(error), error
for i in range(3):
    try:
        run.metric_log.log("loss", -1.0)
        raise AssertionError("no error at a full disk")
    except StorageFailed:
        pass
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
run.metric_log.log("loss", 42.0)
run.set_tags({"after": "yes"})
print(written)
"""


def test_a_full_disk_harms_nothing_and_writing_goes_on_when_there_is_space(
    workspace: WorkspaceFolder, victim: RunFolder
) -> None:
    """A file-size limit makes the system cut a record short, as a full disk does."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(workspace.layout.root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    written = int(done.stdout)
    assert written == 1000 // 32
    assert victim.series("loss").values == [float(i) for i in range(written)] + [42.0]
    assert victim.state().tags == {"after": "yes"}


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)


def log_for_ever(run: RunFolder) -> None:
    while True:
        run.metric_log.log("loss", 2.0)


@contextmanager
def small_disk(mount: Path) -> Iterator[None]:
    """A file system of 512 KiB at ``mount``."""
    mount.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(mount)]
    if os.geteuid() != 0 or subprocess.run(command, check=False).returncode:
        pytest.skip("mounting a small file system needs root and a machine that allows it")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(mount)], check=True)


def test_a_really_full_file_system(tmp_path: Path) -> None:
    mount = tmp_path / "small"
    with small_disk(mount):
        workspace = WorkspaceFolder.create(mount / "w", "lab")
        run = workspace.create_run(
            workspace.create_experiment("e"), "r", records.INTERACTIVE, "Running"
        )
        run.metric_log.log("loss", 1.0)
        filler = mount / "filler"
        with pytest.raises(OSError, match="No space"):
            fill(filler)
        with pytest.raises(StorageFailed, match="No space left") as caught:
            log_for_ever(run)
        assert caught.value.hint
        kept = len(run.series("loss"))
        with pytest.raises(StorageFailed, match="Cannot write"):
            workspace.create_run(
                workspace.create_experiment("e"), "r2", records.INTERACTIVE, "Running"
            )
        filler.unlink()
        run.metric_log.log("loss", 3.0)
        assert run.series("loss").values == [1.0] + [2.0] * (kept - 1) + [3.0]
        assert [run_id for _, run_id in workspace.run_folders()] == ["r"]
        run.close()
        workspace.journal.close()


def test_a_full_cache_folder_is_told_and_costs_no_index(tmp_path: Path) -> None:
    workspace = WorkspaceFolder.create(tmp_path / "w", "lab")
    experiment = workspace.create_experiment("e")
    workspace.create_run(experiment, "first", records.INTERACTIVE, "Running")
    with small_disk(tmp_path / "cache"):
        index = Index(workspace, tmp_path / "cache")
        assert [row.id for row in index.query(RunQuery()).rows] == ["first"]
        made, filler = index.path.stat().st_ino, tmp_path / "cache" / "filler"
        with pytest.raises(OSError, match="No space"):
            fill(filler)
        tags = {"note": "x" * 5_000}
        workspace.create_run(experiment, "second", records.INTERACTIVE, "Running", tags=tags)
        with pytest.raises(StorageFailed, match="Cannot write the index") as caught:
            index.query(RunQuery())
        assert caught.value.hint
        assert index.path.stat().st_ino == made
        filler.unlink()
        assert [row.id for row in index.query(RunQuery()).rows] == ["second", "first"]
        index.close()


READ_ONLY = """
import json, os, sys, uuid  # all, while the interpreter's library can be read for sure
from pathlib import Path
from ml_jupyter.exceptions import StorageFailed
from ml_jupyter.history.workspace import WorkspaceFolder
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
workspace = WorkspaceFolder(Path(sys.argv[1]))
run = workspace.run("victim")
print(run.series("loss").values, run.state().status)
for change in (
    lambda: run.metric_log.log("loss", 2.0),
    lambda: run.metric_log.log("new", 2.0),
    lambda: run.set_tags({"a": "1"}),
    lambda: run.set_status("Completed"),
    lambda: workspace.create_experiment("new"),
):
    try:
        change()
        raise AssertionError("written into a read-only folder")
    except StorageFailed as error:
        assert "Permission denied" in str(error), error
"""


def test_a_read_only_folder_is_read_and_refuses_changes_with_a_reason(
    workspace: WorkspaceFolder, victim: RunFolder
) -> None:
    victim.metric_log.log("loss", 1.0)
    root = workspace.layout.root
    parents = [path for path in root.parents if path.stat().st_uid == os.geteuid()]
    modes = {path: path.stat().st_mode for path in parents}
    try:
        for path in parents:
            path.chmod(modes[path] | 0o055)
        for folder, _, names in os.walk(root, topdown=False):
            for name in names:
                (Path(folder) / name).chmod(0o444)
            Path(folder).chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(root)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.split("\n")[0] == "[1.0] Running"
    finally:
        for folder, _, _ in os.walk(root):
            Path(folder).chmod(0o755)
        for path, mode in modes.items():
            path.chmod(mode)
