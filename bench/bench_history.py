"""The record of runs: logging, many writers, children, reading, import, many runs."""

from __future__ import annotations

import functools
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path

from rows import Row, best_of, median, percentiles

from ml_jupyter.history import records
from ml_jupyter.history.index import Index
from ml_jupyter.history.parameter_condition import ParameterCondition
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder

CALLS = 20_000


def rows(full: bool) -> Iterator[Row]:
    """All rows of this part; ``full`` adds the 100,000 runs (half a minute to make)."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        workspace = WorkspaceFolder.create(root / "w", "bench")
        yield from logging(root, workspace)
        yield from many_writers(workspace)
        yield children(workspace)
        yield reading(workspace)
        yield from importing()
        yield from listing(root, 100_000 if full else 10_000)


def new_run(workspace: WorkspaceFolder, name: str) -> RunFolder:
    """A run to write into."""
    return workspace.create_run(
        workspace.create_experiment("bench"), name, records.INTERACTIVE, "Running"
    )


def logging(root: Path, workspace: WorkspaceFolder) -> Iterator[Row]:
    """``log()`` against one raw ``os.write`` append of the same 32 bytes, interleaved."""
    log = new_run(workspace, "logging").metric_log.log
    log("loss", 0.0)
    fd = os.open(root / "raw", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    data = bytes(32)
    ours, raw = [], []
    for _ in range(5):
        raw.append(percentiles(lambda: os.write(fd, data), CALLS))
        ours.append(percentiles(lambda: log("loss", 0.5), CALLS))
    os.close(fd)
    raw50, raw99 = (median([pair[i] for pair in raw]) for i in (0, 1))
    log50, log99 = (median([pair[i] for pair in ours]) for i in (0, 1))
    yield Row(
        "log() p50", log50 / raw50, "x", 3, f"{log50 * 1e6:.2f} µs; os.write {raw50 * 1e6:.2f} µs"
    )
    yield Row(
        "log() p99", log99 / raw99, "x", 20, f"{log99 * 1e6:.2f} µs; os.write {raw99 * 1e6:.2f} µs"
    )


def many_writers(workspace: WorkspaceFolder) -> Iterator[Row]:
    """Eight processes at once against one alone: points a second for each core, none lost."""
    cores = len(os.sched_getaffinity(0))
    for what, bar, names in (
        ("8 processes, 8 runs, a core", 0.8, [f"writer-{i}" for i in range(8)]),
        ("8 processes, one series, a core", 0.3, ["writer"] * 8),
    ):
        for name in {*names, "alone"}:
            if not workspace.has_run(name):
                new_run(workspace, name)
        alone, together = (
            median([_rate(workspace, ["alone"]) for _ in range(3)]),
            _rate(workspace, names),
        )
        kept = sum(len(workspace.run(name).series("loss")) for name in set(names))
        if kept != 8 * CALLS * 5:
            raise AssertionError(f"lost points: {kept} of {8 * CALLS * 5}")
        share = together / (alone * min(cores, 8))
        yield Row(
            what, share, "x", bar, f"{together:,.0f}/s; one alone {alone:,.0f}/s", at_most=False
        )


def _rate(workspace: WorkspaceFolder, names: list[str]) -> float:
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(names) + 1)
    writers = [
        context.Process(target=_write, args=(workspace.layout.root, name, barrier))
        for name in names
    ]
    for writer in writers:
        writer.start()
    barrier.wait()
    start = time.perf_counter()
    for writer in writers:
        writer.join()
    took = time.perf_counter() - start
    if any(writer.exitcode for writer in writers):
        raise AssertionError("a writer failed")
    return len(names) * CALLS * 5 / took


def _write(root: Path, run_id: str, barrier: Barrier) -> None:
    log = WorkspaceFolder(root).run(run_id).metric_log.log
    barrier.wait()
    for i in range(CALLS * 5):
        log("loss", float(i))


def children(workspace: WorkspaceFolder) -> Row:
    """1,000 children at once."""
    parent = new_run(workspace, "parent")
    experiment = workspace.create_experiment("bench")
    start = time.perf_counter()
    ids = [f"child-{i}" for i in range(1000)]
    facts = [
        {"parent_id": parent.id, "root_id": parent.id, "lock": f"{experiment.id}/{parent.id}"}
    ] * 1000
    workspace.create_runs(experiment, ids, records.INTERACTIVE, "Running", facts)
    parent.add_children(ids)
    return Row("create_children(1000)", time.perf_counter() - start, "s", 0.3)


def reading(workspace: WorkspaceFolder) -> Row:
    """A million points of one metric, read in this process by a fresh object."""
    run = new_run(workspace, "million")
    run.metric_log.log_many("loss", (i * 0.5 for i in range(1_000_000)))
    took = best_of(lambda: workspace.run("million").series("loss").values, 3)
    return Row("read 1,000,000 points", took, "s", 0.1)


def importing() -> Iterator[Row]:
    """``import ml_jupyter`` over bare Python, in fresh processes."""

    def start(code: str) -> float:
        return best_of(lambda: subprocess.run([sys.executable, "-c", code], check=True), 7)

    bare = start("pass")
    names = "from ml_jupyter import Workspace, Experiment, Run, ScriptRunConfig, Environment"
    yield Row(
        "import ml_jupyter",
        1e3 * (start("import ml_jupyter") - bare),
        "ms",
        50,
        f"bare Python {bare * 1e3:.0f} ms",
    )
    yield Row(
        "import its usual names",
        1e3 * (start(names) - bare),
        "ms",
        50,
        f"bare Python {bare * 1e3:.0f} ms",
    )


def listing(root: Path, count: int) -> Iterator[Row]:
    """List, filter, sort and search ``count`` runs through the index."""
    workspace = WorkspaceFolder.create(root / "many", "many")
    experiments = [workspace.create_experiment(f"experiment-{i}") for i in range(10)]
    for start in range(0, count, 1000):
        ids = [f"run-{start + i}" for i in range(1000)]
        facts = [
            {
                "tags": {"rank": str(i % 10)},
                "display_name": f"net-{(start + i) * 7919 % count}",
                "definition": {"script": "train.py", "arguments": _arguments(start + i)},
            }
            for i in range(1000)
        ]
        made = workspace.create_runs(
            experiments[start // 1000 % 10], ids, records.SCRIPT, "Running", facts
        )
        for i, run in enumerate(made):
            run.metric_log.log("loss", float((start + i) * 31 % count))
            if i % 100:
                run.layout.events.write_text(
                    f'{{"e":"state","t":{run.record.created + i * 10**9},"s":"Completed"}}\n'
                )
            run.close()
    index = Index(workspace, root / "cache")
    begun = time.process_time()
    index.refresh()
    filled = (time.process_time() - begun) / count
    yield Row(f"{count:,} runs: index made anew, a run", 1e3 * filled, "ms", 0.6, "processor time")
    questions = {
        "newest 50": RunQuery(limit=50),
        "50 with a tag": RunQuery(limit=50, tags={"rank": "3"}),
        "best 50 by metric": RunQuery(limit=50, sort="metric:loss"),
        "best 50 by parameter": RunQuery(limit=50, sort="param:lr"),
        "50 by a parameter of texts": RunQuery(limit=50, sort="-param:model"),
        "50 with a parameter": RunQuery(limit=50, parameters=[ParameterCondition.parse("lr<1e-3")]),
        "50 by name": RunQuery(limit=50, sort="name"),
        "50 longest": RunQuery(limit=50, sort="-duration"),
        "text search": RunQuery(limit=50, text="net-99 experiment-1"),
    }
    for what, query in questions.items():
        index.query(query)
        took = median([best_of(functools.partial(index.query, query), 1) for _ in range(5)])
        yield Row(f"{count:,} runs: {what}", 1e3 * took, "ms", 50)


def _arguments(number: int) -> list[str]:
    """Ten options, of which one is a different number for each run."""
    lr, model = f"{number + 1}e-6", f"net{number % 7}"
    others = [word for i in range(8) for word in (f"--option-{i}", str(number % (i + 2)))]
    return ["--lr", lr, "--model", model, *others]
