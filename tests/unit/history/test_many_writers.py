"""Threads, forked and spawned processes write to one run: nothing is lost or mixed up."""

from __future__ import annotations

import multiprocessing
import resource
import threading
from collections import Counter
from pathlib import Path

import pytest

from ml_jupyter.history import records
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder

POINTS = 300


def write_points(root: Path, run_id: str, writer: int) -> None:
    """What each writer does: numbers and texts in turn, its own and shared series, and a tag."""
    write(WorkspaceFolder(root).run(run_id), writer)


def write(run: RunFolder, writer: int) -> None:
    for i in range(POINTS):
        run.metric_log.log("shared", float(writer * POINTS + i))
        run.metric_log.log("text", f"{writer}:{i}")
        run.metric_log.log(f"own/{writer}", i, step=i)
    run.set_tags({f"writer {writer}": str(writer)})


def assert_all_there(run: RunFolder, writers: int) -> None:
    assert Counter(run.series("shared").values) == Counter(
        float(v) for v in range(writers * POINTS)
    )
    texts = run.series("text").values
    for writer in range(writers):
        assert [t for t in texts if t.startswith(f"{writer}:")] == [
            f"{writer}:{i}" for i in range(POINTS)
        ]
        assert run.series(f"own/{writer}").values == list(range(POINTS))
    assert run.state().tags == {f"writer {w}": str(w) for w in range(writers)}


def test_threads_on_one_object(workspace: WorkspaceFolder, run: RunFolder) -> None:
    threads = [threading.Thread(target=write, args=(run, i)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_all_there(workspace.run(run.id), 4)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes(workspace: WorkspaceFolder, run: RunFolder, method: str) -> None:
    run.metric_log.log("before the fork", 1.0)
    context = multiprocessing.get_context(method)
    writers = [
        context.Process(target=write_points, args=(workspace.layout.root, run.id, i))
        for i in range(3)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
        assert writer.exitcode == 0
    assert_all_there(workspace.run(run.id), 3)


def test_a_forked_child_goes_on_with_its_parents_object(
    workspace: WorkspaceFolder, run: RunFolder
) -> None:
    run.metric_log.log("text", "0:before")
    context = multiprocessing.get_context("fork")
    child = context.Process(target=write, args=(run, 1))
    child.start()
    write(run, 0)
    child.join(60)
    fresh = workspace.run(run.id)
    assert child.exitcode == 0
    assert len(fresh.series("text")) == 2 * POINTS + 1
    assert Counter(fresh.series("shared").values) == Counter(float(v) for v in range(2 * POINTS))


def test_ten_thousand_series_need_few_descriptors(
    workspace: WorkspaceFolder, run: RunFolder
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 1024), hard))
    try:
        for i in range(10_000):
            run.metric_log.log(f"m{i}", i)
        for i in range(0, 10_000, 100):
            run.metric_log.log(f"m{i}", i + 1)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    fresh = workspace.run(run.id)
    assert len(fresh.metric_names()) == 10_000
    assert fresh.series("m9900").values == [9900, 9901]


def test_numbers_are_unique_over_processes(
    workspace: WorkspaceFolder, experiment: ExperimentRecord
) -> None:
    context = multiprocessing.get_context("fork")
    makers = [context.Process(target=make_runs, args=(workspace.layout.root, i)) for i in range(4)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join(60)
    numbers = sorted(workspace.run(run, exp).record.number for exp, run in workspace.run_folders())
    assert numbers == list(range(1, 81))


def make_runs(root: Path, maker: int) -> None:
    workspace = WorkspaceFolder(root)
    experiment = workspace.create_experiment("digits")
    for i in range(20):
        workspace.create_run(experiment, f"m{maker}-{i}", records.INTERACTIVE, "Running")
