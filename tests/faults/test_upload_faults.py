"""An upload that is killed leaves a whole file or none, in runs, jobs and datastores."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter import Dataset, Datastore, Experiment, Run, ScriptRunConfig, Workspace
from ml_jupyter.testing.isolation import eventually, isolated

pytestmark = pytest.mark.slow

#: Uploads what it reads from its standard input, to a run or a datastore.
UPLOADS = """\
import sys
from ml_jupyter import Workspace
ws = Workspace.from_config()
run = ws.get_run(sys.argv[1])
run.upload_file(sys.argv[2], sys.stdin.buffer)
"""
#: Puts one file after another into the datastore until it is killed.
STORES = """\
import sys
from ml_jupyter import Workspace
store = Workspace.from_config().get_default_datastore()
for number in range(10_000):
    print(number, flush=True)
    store.upload_files([sys.argv[1]], target_path=str(number), show_progress=False)
"""
HOLDS = "import os, time\nwhile not os.path.exists('outputs/go'):\n    time.sleep(0.02)\n"


@pytest.fixture
def ws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    with isolated(tmp_path / "world"):
        (tmp_path / "here").mkdir()
        monkeypatch.chdir(tmp_path / "here")
        made = Workspace.create("lab")
        made.write_config()
        yield made


def killed_in_the_middle(run: Run, name: str, folder: Path) -> None:
    """Upload half of a file to a run, and be killed."""
    before = set(folder.iterdir()) if folder.is_dir() else set()
    with subprocess.Popen(
        [sys.executable, "-c", UPLOADS, run.id, name], stdin=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        process.stdin.write(b"x" * 3_000_000)
        process.stdin.flush()
        eventually(
            lambda: any(item.stat().st_size for item in _new(folder, before)), 30, "a part of it"
        )
        process.send_signal(signal.SIGKILL)


def _new(folder: Path, before: set[Path]) -> set[Path]:
    found = set(folder.iterdir()) - before if folder.is_dir() else set()
    return {item for item in found if item.is_file()}


def test_a_run_has_nothing_of_an_upload_that_was_killed(ws: Workspace) -> None:
    run = Experiment(ws, "uploads").start_logging(outputs=False, snapshot_directory=None)
    folder = run._folder.layout.files / "net"
    killed_in_the_middle(run, "net/weights.bin", folder)
    assert run.get_file_names() == []
    Path("weights.bin").write_bytes(b"whole")
    run.upload_file("net/weights.bin", "weights.bin")
    assert run.get_file_names() == ["net/weights.bin"]
    model = run.register_model("net", "net")
    assert [item.path for item in model._record.files] == ["net/weights.bin"]
    run.complete()


def test_what_a_killed_upload_left_goes_after_a_day(ws: Workspace) -> None:
    run = Experiment(ws, "uploads").start_logging(outputs=False, snapshot_directory=None)
    folder = run._folder.layout.files / "net"
    killed_in_the_middle(run, "net/weights.bin", folder)
    (part,) = folder.iterdir()
    os.utime(part, (time.time() - 25 * 3600,) * 2)
    Path("weights.bin").write_bytes(b"whole")
    run.upload_file("net/weights.bin", "weights.bin")
    assert [item.name for item in folder.iterdir()] == ["weights.bin"]
    run.complete()


def test_a_job_keeps_nothing_of_an_upload_that_was_killed(ws: Workspace) -> None:
    Path("src").mkdir()
    Path("src/holds.py").write_text(HOLDS)
    run = Experiment(ws, "uploads").submit(ScriptRunConfig("src", "holds.py"))
    outputs = run._folder.layout.work / "outputs"
    eventually(outputs.is_dir, 30, "the job")
    killed_in_the_middle(run, "outputs/weights.bin", outputs)
    (outputs / "go").touch()
    run.wait_for_completion()
    assert "outputs/go" in run.get_file_names()
    assert [name for name in run.get_file_names() if "weights" in name or "part" in name] == []


def test_a_datastore_has_whole_files_only(ws: Workspace) -> None:
    Path("large.bin").write_bytes(os.urandom(20_000_000))
    with subprocess.Popen(
        [sys.executable, "-c", STORES, "large.bin"], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) == 2:
                break
        process.send_signal(signal.SIGKILL)
    store = Datastore.get_default(ws)
    assert store.download("back", show_progress=False) >= 2
    files = [path for path in Path("back").rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"large.bin"}
    assert {path.stat().st_size for path in files} == {20_000_000}
    paths = Dataset.File.from_files((store, "**")).to_path()
    assert {path.rpartition("/")[2] for path in paths} == {"large.bin"}
