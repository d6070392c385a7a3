"""Submitting and running jobs: first line, log latency, a burst of output, stop, snapshots."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from pathlib import Path

from rows import Row, best_of, median

from ml_jupyter.config import Settings
from ml_jupyter.history import status, stream
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import snapshot, stat_cache
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import cancel, submit
from ml_jupyter.testing.isolation import eventually, isolated, job_processes

HELLO = "print('hello')\n"
CLOCK = (
    "import time\nfor _ in range(60):\n    print(time.time(), flush=True)\n    time.sleep(0.05)\n"
)
BURST = "import os\nlines = (b'x' * 99 + b'\\n') * 1000\nfor _ in range(1000): os.write(1, lines)\n"
PRINTS = "line = 'x' * 99\nfor _ in range(200_000): print(line)\n"
DEAF = "import signal, time\nsignal.signal(15, signal.SIG_IGN)\nprint('up')\ntime.sleep(600)\n"
FILES = 10_000


def rows(full: bool) -> Iterator[Row]:
    """All rows of this part."""
    with tempfile.TemporaryDirectory(prefix="mlj-bench-") as folder:
        root = Path(folder)
        with isolated(root / "world", slots=2, dispatcher_idle_s=60.0) as settings:
            bench = Bench(settings, root)
            yield first_line(bench)
            yield line_latency(bench)
            yield from bursts(bench)
            yield stopping(bench)
        yield unchanged_snapshot(root)


class Bench:
    """A workspace whose source folder holds the programs above."""

    def __init__(self, settings: Settings, root: Path) -> None:
        self.settings = settings
        self.workspace = WorkspaceFolder.create(root / "workspace", "bench")
        self.experiment = self.workspace.create_experiment("bench")
        self.source = root / "source"
        self.source.mkdir()

    def write(self, name: str, text: str) -> Path:
        """Put a program into the source folder."""
        path = self.source / name
        path.write_text(text)
        return path

    def submit(self, name: str, **values: object) -> RunFolder:
        """Submit a program of the source folder."""
        spec = LaunchSpec.of(self.settings, script=name, **values)
        return submit(
            self.workspace, self.settings, self.experiment, spec, source=self.source, definition={}
        )

    def ends(self, run: RunFolder) -> None:
        """Wait for a run's end."""
        eventually(lambda: run.state().status in status.TERMINAL, 120, f"the end of {run.id}")


def vanishes(bench: Bench, run: RunFolder) -> None:
    """Wait until no process of a run is left."""
    eventually(lambda: not job_processes(bench.settings, run.id), 30, "the end of its processes")


def follow(run: RunFolder) -> Iterator[bytes]:
    """The log of a run as a client sees it, to the run's end."""
    log = run.layout.files / STD_LOG
    return stream.follow(log, ended=lambda: run.state().status in status.TERMINAL, timeout_s=120)


def first_line(bench: Bench) -> Row:
    """From the call of ``submit`` to the first line, against ``Popen`` of the same script."""
    path = bench.write("hello.py", HELLO)
    bench.ends(bench.submit("hello.py"))
    ours, popen = [], []
    for _ in range(15):
        begun = time.perf_counter()
        with subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            popen.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        run = bench.submit("hello.py")
        next(follow(run))
        ours.append(time.perf_counter() - begun)
        bench.ends(run)
    extra = (median(ours) - median(popen)) * 1000
    reference = f"{median(ours) * 1000:.1f} ms, Popen {median(popen) * 1000:.1f} ms"
    return Row("submit → first line, beyond Popen", extra, "ms", 100, reference)


def line_latency(bench: Bench) -> Row:
    """A flushed line with its own clock, to a client that follows the log."""
    bench.write("clock.py", CLOCK)
    late: list[float] = []
    for chunk in follow(bench.submit("clock.py")):
        now = time.time()
        late.extend(now - float(line) for line in chunk.split())
    late.sort()
    p50 = late[len(late) // 2] * 1000
    return Row("flushed line → client, p50", p50, "ms", 10, f"worst {late[-1] * 1000:.1f} ms")


def bursts(bench: Bench) -> Iterator[Row]:
    """Output as fast as it goes, against the same program into a pipe and into a bare pty."""
    for name, text, what in (
        ("burst.py", BURST, "100 MB burst"),
        ("prints.py", PRINTS, "200,000 printed lines"),
    ):
        path = bench.write(name, text)
        pipes, ptys, ours = [], [], []
        for _ in range(5):
            pipes.append(_through_pipe(path))
            ptys.append(_through_pty(path))
            ours.append(_through_queue(bench, name))
        mine = f"{min(ours) * 1000:.0f} ms"
        if name == "burst.py":  # the bar of DESIGN.md, out of a pty's reach: decision 12
            reference = f"{mine}, pipe {min(pipes) * 1000:.0f} ms"
            yield Row(what, min(pipes) / min(ours), "x a pipe", 0.5, reference, at_most=False)
        reference = f"{mine}, cat {min(ptys) * 1000:.0f} ms, pipe {min(pipes) * 1000:.0f} ms"
        ratio = min(ptys) / min(ours)
        yield Row(what, ratio, "x cat on a pty", 0.5, reference, at_most=False)
    yield burst_into_a_pipe(bench)


def burst_into_a_pipe(bench: Bench) -> Row:
    """The burst of a job that asked for a pipe instead of a terminal: ``terminal_width=0``."""
    path = bench.source / "burst.py"
    pipes, ours = [], []
    for _ in range(5):
        pipes.append(_through_pipe(path))
        ours.append(_through_queue(bench, "burst.py", terminal_width=0))
    reference = f"{min(ours) * 1000:.0f} ms, pipe {min(pipes) * 1000:.0f} ms"
    ratio = min(pipes) / min(ours)
    return Row("100 MB burst, terminal_width 0", ratio, "x a pipe", 0.5, reference, at_most=False)


def _through_pty(path: Path) -> float:
    """Seconds from the first byte to the last with nothing but ``cat`` at the pty's other end."""
    master, slave = os.openpty()
    mode = termios.tcgetattr(slave)
    mode[1] &= ~termios.OPOST
    termios.tcsetattr(slave, termios.TCSANOW, mode)
    command = [sys.executable, str(path)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=slave) as process:
        os.close(slave)
        os.read(master, 1)
        begun = time.perf_counter()
        quiet = subprocess.DEVNULL
        subprocess.run(["cat"], stdin=master, stdout=quiet, stderr=quiet, check=False)
        seconds = time.perf_counter() - begun
        process.wait()
    os.close(master)
    return seconds


def _through_pipe(path: Path) -> float:
    """Seconds from the first byte to the last, read by lines as a client does."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        process.stdout.readline()
        begun = time.perf_counter()
        for _ in process.stdout:
            pass
        return time.perf_counter() - begun


def _through_queue(bench: Bench, name: str, **values: object) -> float:
    run = bench.submit(name, **values)
    chunks = follow(run)
    size = len(next(chunks))
    begun = time.perf_counter()
    expected = 100_000_000 if name == "burst.py" else 20_000_000
    for chunk in chunks:
        size += len(chunk)
        if size == expected:
            break
    seconds = time.perf_counter() - begun
    bench.ends(run)
    return seconds


def stopping(bench: Bench) -> Row:
    """From ``cancel`` of a deaf job to the end of its last process, beyond the grace period."""
    bench.write("deaf.py", DEAF)
    beyond = []
    for _ in range(3):
        run = bench.submit("deaf.py", grace_s=0.5)
        next(follow(run))
        begun = time.perf_counter()
        cancel(run, bench.settings)
        bench.ends(run)
        vanishes(bench, run)
        beyond.append(time.perf_counter() - begun - 0.5)
    worst = max(beyond)
    reference = "worst of 3, the job ignores SIGTERM"
    return Row("cancel → no process, beyond grace", worst, "s", 1, reference)


def unchanged_snapshot(root: Path) -> Row:
    """A snapshot of 10,000 files of which none has changed, with sixty ignore patterns."""
    workspace = WorkspaceFolder.create(root / "snapshots", "bench").layout
    source = root / "large"
    for at in range(FILES):
        path = source / f"pkg{at // 100}" / f"module{at}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"value = {at}\n" * 20)
    (source / ".gitignore").write_text("".join(f"*.ext{at}\n" for at in range(60)))
    time.sleep(stat_cache.RACY_NS / 1e9)
    snapshot.take(workspace, root / "cache", source)
    seconds = best_of(lambda: snapshot.take(workspace, root / "cache", source), 5)
    return Row("unchanged snapshot, 10,000 files", seconds, "s", 0.5, "60 ignore patterns")
