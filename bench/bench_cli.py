"""The command line: its start, a job's first line against the SDK, lists of many runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rows import Row, best_of, median

from ml_jupyter.history import records
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.testing.isolation import isolated

MLJ = [sys.executable, "-m", "ml_jupyter.cli.main"]
JOB = "command: echo first\ncompute: local\nexperiment_name: bench\n"
SDK = """
from ml_jupyter import Experiment, ScriptRunConfig, Workspace
run = Experiment(Workspace.get("bench"), "bench").submit(ScriptRunConfig(".", "hello.py"))
run.wait_for_completion(show_output=True)
"""


def rows(full: bool) -> Iterator[Row]:
    """All rows of this part; ``full`` lists 100,000 runs instead of 10,000."""
    yield from starting()
    with tempfile.TemporaryDirectory(prefix="mlj-bench-") as folder:
        root = Path(folder)
        with isolated(root / "world", slots=2, dispatcher_idle_s=60.0):
            before = Path.cwd()
            os.chdir(root)
            try:
                yield first_line(root)
                yield listing(100_000 if full else 10_000)
            finally:
                os.chdir(before)


def starting() -> Iterator[Row]:
    """``mlj --version`` and ``mlj --help``, against a Python that does nothing."""
    bare = best_of(lambda: called([sys.executable, "-c", "pass"]), 10) * 1000
    for words, bar in (("--version", 150), ("--help", 300)):
        took = best_of(lambda words=words: called([*MLJ, words]), 10) * 1000
        yield Row(f"mlj {words}", took, "ms", bar, f"python -c pass: {bare:.0f} ms")


def first_line(root: Path) -> Row:
    """``mlj job create --stream`` to the job's first line, against the same with the SDK."""
    called([*MLJ, "workspace", "create", "-w", "bench"])
    (root / "job.yml").write_text(JOB)
    (root / "hello.py").write_text("print('first')\n")
    command = [*MLJ, "job", "create", "-f", "job.yml", "--stream", "-w", "bench"]
    ours, theirs = [], []
    for _ in range(5):
        ours.append(until_first(command))
        theirs.append(until_first([sys.executable, "-c", SDK]))
    ratio = median(ours) / median(theirs)
    reference = f"{median(ours) * 1000:.0f} ms; the SDK's {median(theirs) * 1000:.0f} ms"
    return Row("job create to the first line", ratio, "of the SDK", 1.5, reference)


def until_first(command: list[str]) -> float:
    """Seconds from the start of a program to a line ``first`` of what it writes."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == "first":
                took = time.perf_counter() - start
                process.stdout.read()
                return took
    raise RuntimeError(f"{command} never printed the job's first line")


def listing(count: int) -> Row:
    """``mlj job list`` in a workspace of many runs whose index is there."""
    called([*MLJ, "workspace", "create", "-w", "many", "--location", "many"])
    workspace = WorkspaceFolder(Path("many"))
    experiment = workspace.create_experiment("many")
    for start in range(0, count, 1000):
        facts = [{"display_name": f"net-{start + number}"} for number in range(1000)]
        ids = [f"run_{start + number}" for number in range(1000)]
        for run in workspace.create_runs(experiment, ids, records.SCRIPT, "Completed", facts):
            run.close()
    command = [*MLJ, "job", "list", "-w", "many", "-o", "table"]
    first = time.perf_counter()
    called(command)  # makes the index
    first = time.perf_counter() - first
    took = best_of(lambda: called(command), 5) * 1000
    reference = f"the first time, with its index: {first:.1f} s"
    return Row(f"mlj job list of {count:,} runs", took, "ms", 1000, reference)


def called(command: list[str]) -> None:
    """Run a program to its end."""
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
