"""The queue: choosing among 1,000 runs, and what the dispatcher takes with them waiting."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rows import Row, best_of

from ml_jupyter.config import Settings
from ml_jupyter.devices.gpu import Gpu
from ml_jupyter.devices.owners import Owner
from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.queue import Waiting, choose
from ml_jupyter.jobs.queue_limits import Capacity
from ml_jupyter.jobs.queue_reasons import reasons
from ml_jupyter.jobs.queue_request import Request
from ml_jupyter.jobs.queue_standing import stand
from ml_jupyter.jobs.slots import Holder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import cancel, submit
from ml_jupyter.testing.isolation import eventually, isolated

GB = 1_000_000_000
QUEUED = 1000
RUNNING = 50
MIXED = (
    Request(), Request(slots=4, memory=8 * GB), Request(gpus=1), Request(gpus=0.25),
    Request(gpus=4, slots=8), Request(gpus=1, gpu_memory=40 * GB, nodes=2),
    Request(gpus=1, pool="p", max_nodes=4),
)  # fmt: skip


def placement() -> Iterator[Row]:
    """1,000 runs of seven kinds on a machine of 64 cores and 8 GPUs, from data to data."""
    gpus = tuple(Gpu(at, f"GPU-{at}", "H100", 80 * GB) for at in range(8))
    have = Capacity(64, 512 * GB, gpus)
    waiting = [Waiting(f"r{at}", MIXED[at % len(MIXED)], at) for at in range(QUEUED)]
    held = {f"gpu-GPU-{at}": Holder(os.getuid(), f"l{at}", f"l{at}") for at in range(6)}
    standing = stand(have, held, Owner)
    chosen = len(choose(waiting, [], standing.room(), have))
    took = best_of(lambda: choose(waiting, [], standing.room(), have), 20)
    ordered = best_of(lambda: sorted(waiting, key=lambda item: (item.priority, item.created)), 20)
    reference = f"{took * 1000:.1f} ms, {chosen} placed; sorting them {ordered * 1000:.2f} ms"
    yield Row("placement of 1,000 queued runs", took * 1000, "ms", 10, reference)
    said = best_of(lambda: reasons(waiting, standing), 20)
    yield Row("reasons of 1,000 queued runs", said * 1000, "ms", 10)


class Bench:
    """A dispatcher with runs that wait and runs that run."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.workspace = WorkspaceFolder.create(folder / "workspace", "bench")
        self.experiment = self.workspace.create_experiment("queue")

    def shell(self, command: str) -> RunFolder:
        """Submit a command."""
        spec = LaunchSpec.of(self.settings, command=command, grace_s=1.0)
        return submit(
            self.workspace, self.settings, self.experiment, spec, source=None, definition={}
        )

    def dispatcher(self) -> int:
        """Process id of the dispatcher."""
        facts = json.loads((self.settings.runtime / "dispatcher.json").read_bytes())
        return int(facts["pid"])


def processor_s(pid: int) -> float:
    """Seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def private_bytes(pid: int) -> int:
    """Memory of a process, shared pages divided among those who share them (proc(5), Pss)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def resident_bytes(pid: int) -> int:
    """Memory of a process, shared pages included."""
    pages = int(Path(f"/proc/{pid}/statm").read_bytes().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def dispatcher(seconds: float) -> Iterator[Row]:
    """Memory and processor of the dispatcher while nothing changes."""
    with (
        tempfile.TemporaryDirectory() as folder,
        isolated(Path(folder) / "world", slots=RUNNING) as settings,
    ):
        bench = Bench(settings, Path(folder))
        running = [bench.shell("sleep 3600") for _ in range(RUNNING)]
        for run in running:
            eventually(lambda run=run: run.state().status == status.RUNNING, 60, "50 running")
        empty = resident_bytes(bench.dispatcher())
        begun = time.perf_counter()
        for _ in range(QUEUED):
            last = bench.shell("true")
        submitted = time.perf_counter() - begun
        eventually(lambda: last.state().reason, 60, "a reason")
        pid = bench.dispatcher()
        before, since = processor_s(pid), time.perf_counter()
        time.sleep(seconds)
        share = (processor_s(pid) - before) / (time.perf_counter() - since) * 100
        what = f"dispatcher, {QUEUED} queued, {RUNNING} running"
        yield Row(f"{what}: processor", share, "% of a core", 3)
        rss, pss = resident_bytes(pid) / 1e6, private_bytes(pid) / 1e6
        reference = f"Pss {pss:.0f} MB; with none queued {empty / 1e6:.0f} MB"
        yield Row(f"{what}: memory", rss, "MB", 64, reference)
        reference = f"{submitted / QUEUED * 1000:.1f} ms each to submit"
        begun = time.perf_counter()
        cancel(running[0], settings)
        eventually(
            lambda: any(item.state().status in status.TERMINAL for item in running[:1]),
            10, "the end of a run",
        )  # fmt: skip
        yield Row("a slot that is free → next run", _next(bench, begun), "ms", 1500, reference)


def _next(bench: Bench, begun: float) -> float:
    """Milliseconds until the first of those that waited has started."""
    runs = bench.workspace.layout.queue
    count = len(list(runs.iterdir()))
    eventually(lambda: len(list(runs.iterdir())) < count - 1, 20, "the start of the next run")
    return (time.perf_counter() - begun) * 1000


def rows(full: bool) -> Iterator[Row]:
    """All measurements of this part."""
    yield from placement()
    yield from dispatcher(20 if full else 5)
