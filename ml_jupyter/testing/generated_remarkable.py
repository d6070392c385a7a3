"""The runs that views find hard: each of them is in every generated workspace, once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from ml_jupyter.history import events, records, status
from ml_jupyter.history.packages import Package, PackageList
from ml_jupyter.history.system_log import Channel
from ml_jupyter.testing import generated_log, generated_series, generated_words
from ml_jupyter.testing.generated_run import GeneratedRun

GIB = 1024.0**3
LEVELS = 6
#: Every so many trials one is stopped early, with a quarter of the points.
STOPPED_EVERY = 6
GPU = "GPU-00000000-0000-0000-0000-000000000000"
CPU_CHANNEL = Channel("cpu", "%", "CPU", 1600.0)
MEMORY_CHANNEL = Channel("memory", "bytes", "Memory", 64 * GIB)
GPU_CHANNEL = Channel("gpu.0.utilization", "%", "GPU 0 utilization", 100.0, GPU)

PACKAGES = PackageList(
    "3.11.9",
    "cpython",
    (
        Package("baseline-tools", "0.3.dev4", "file:///home/mara/baseline-tools", True),
        Package("numpy", "2.1.0"),
        Package("pcam", "1.4", "git+https://git.example.org/vision/pcam@8f3c1ad5b2e94c7f8a1d0e6b"),
        *(Package(f"package-{number:03}", f"1.{number}") for number in range(200)),
    ),
)

#: Makes a run: its name, its parent, how long ago it began, and further facts of its record.
Make = Callable[..., GeneratedRun]


def plain(run: GeneratedRun, rng: Random) -> None:
    """A good run with everything that a run can have."""
    losses = generated_series.loss(rng, 60)
    run.start()
    run.metric("loss", losses)
    run.metric("val_accuracy", generated_series.accuracy(rng, 60))
    run.metric("learning_rate", [3e-4 * (1 - i / 60) for i in range(60)], steps=False)
    run.log(generated_log.training(losses, "GPU 0"))
    run.used(CPU_CHANNEL, generated_series.busy(rng, 120, 1600.0, 0.45))
    run.used(MEMORY_CHANNEL, generated_series.busy(rng, 120, 64 * GIB, 0.3))
    run.used(GPU_CHANNEL, generated_series.busy(rng, 120, 100.0, 0.9))
    _confusion(run, rng)
    run.installed(PACKAGES)
    run.file("outputs/model.json", json.dumps({"weights": losses}).encode())
    run.file("outputs/report.md", b"# Report\n\nAll classes above 0.9.\n")
    run.event(events.DETAILS, run.ended, description="The baseline that everybody compares with.")
    run.event(events.WARNING, run.begun, text="The data is read from a slow disk.")
    run.complete()


def _confusion(run: GeneratedRun, rng: Random) -> None:
    labels = [str(digit) for digit in range(10)]
    matrix = [[90 if i == j else rng.randrange(0, 4) for j in range(10)] for i in range(10)]
    content = {
        "schema_type": "confusion_matrix",
        "schema_version": "1.0.0",
        "data": {"class_labels": labels, "matrix": matrix},
    }
    run.file("confusion.json", json.dumps(content).encode())
    run.structured("confusion", "confusion_matrix", {"path": "confusion.json"})


def not_numbers(run: GeneratedRun, rng: Random) -> None:
    """A loss through both infinities to NaN; a metric that never was a number."""
    run.start()
    values = generated_series.broken(rng, 80)
    run.metric("loss", values)
    run.metric("grad_norm", [float("nan")] * 40)
    run.log(generated_log.training(values))
    run.complete()


def long_names(run: GeneratedRun, rng: Random) -> None:
    """Names and tags without a place to break, and many of them."""
    run.start()
    run.metric(generated_words.LONG_METRIC, generated_series.accuracy(rng, 30))
    for number in range(12):
        run.metric(f"class_{number:02d}/dice", generated_series.accuracy(rng, 20))
    run.complete()


def right_to_left(run: GeneratedRun, rng: Random) -> None:
    """Arabic and Hebrew beside Latin letters and numbers, in every place that holds text."""
    run.start()
    run.metric(generated_words.RIGHT_TO_LEFT_METRIC, generated_series.accuracy(rng, 30))
    lines = [generated_words.RIGHT_TO_LEFT_LINE.format(epoch=i) for i in range(1, 31)]
    run.log("\n".join(lines).encode() + b"\n")
    run.complete()


def huge_log(run: GeneratedRun, rng: Random) -> None:
    """Its log is written by the caller, into the folder."""
    run.start()
    run.metric("loss", generated_series.loss(rng, 30))
    run.complete()


def failed(run: GeneratedRun, rng: Random) -> None:
    """Failed in the middle, with a traceback."""
    losses = generated_series.loss(rng, 12)
    run.start()
    run.metric("loss", losses)
    run.log(generated_log.training(losses))
    run.fail(generated_words.FAILURES[0])


def lost(run: GeneratedRun, rng: Random) -> None:
    """Running by its folder, and nobody holds its lock: whoever sees it settles it."""
    run.start()
    run.metric("loss", generated_series.loss(rng, 8))


def live(run: GeneratedRun, rng: Random) -> None:
    """Running; ``GeneratedWorkspace.hold`` holds its lock."""
    losses = generated_series.loss(rng, 18)
    run.start()
    run.metric("loss", losses)
    run.metric("epoch", [float(i) for i in range(18)])
    run.log(generated_log.training(losses))


def queued(run: GeneratedRun, rng: Random) -> None:
    """Waiting, with a reason."""
    reason = "Needs 2 GPUs, 1 is free; GPU 1: 31.2 GB held by kernel “eda.ipynb”."
    run.event(events.STATE, run.record.created + 1_000_000, s=status.QUEUED, reason=reason)


def archived(run: GeneratedRun, rng: Random) -> None:
    """Put away: shown only when asked for."""
    run.start()
    run.metric("loss", generated_series.loss(rng, 10))
    run.complete()
    run.event(events.DETAILS, run.ended, archived=True)


def deep(make: Make, rng: Random) -> Iterator[GeneratedRun]:
    """Children of children, ``LEVELS`` deep."""
    chain: list[GeneratedRun] = []
    for level in range(LEVELS + 1):
        name = "deep" if level == 0 else f"deep-level-{level}"
        run = make(name, parent=chain[-1].record if chain else None, display_name=name)
        if chain:
            chain[-1].event(events.CHILD, run.begun, ids=[run.record.id])
        chain.append(run)
        run.start()
        run.metric("loss", generated_series.loss(rng, 20))
    for run in chain:
        run.complete()
        yield run


class Trials(NamedTuple):
    """What a sweep holds.

    Attributes
    ----------
    runs : int
        Trials in all, at least 2.
    metrics : int
        Metrics of each trial.
    points : int
        Points of a metric of a trial that was not stopped.
    """

    runs: int = 24
    metrics: int = 1
    points: int = 20


def sweep(make: Make, rng: Random, plan: Trials) -> Iterator[GeneratedRun]:
    """A sweep, some of its trials stopped early and one failed."""
    parent = make("sweep", type=records.SWEEP, display_name="digits sweep")
    parent.start()
    trials = [_trial(make, parent, number, rng, plan) for number in range(plan.runs)]
    parent.event(events.CHILD, parent.begun, ids=[trial.record.id for trial, _ in trials])
    best, value = max(trials, key=lambda item: item[1])
    stopped = len(range(0, plan.runs, STOPPED_EVERY))
    told = {"total": plan.runs, "submitted": plan.runs, "running": 0}
    counts = {**told, "failed": 1, "canceled": stopped}
    completed = plan.runs - 1 - stopped
    facts = {"completed": completed, "metric": "val_accuracy", "goal": "maximize"}
    chosen = {"run_id": best.record.id, "value": value, "parameters": {}}
    noted = {"sweep": {**counts, **facts, "best": chosen}}
    parent.event(events.FACTS, parent.ended, set=noted)
    parent.complete()
    yield parent
    for trial, _ in trials:
        yield trial


def _trial(
    make: Make, parent: GeneratedRun, number: int, rng: Random, plan: Trials
) -> tuple[GeneratedRun, float]:
    rate, units = 10 ** rng.uniform(-5, -2), rng.choice((16, 32, 64, 128))
    words = ["--learning-rate", f"{rate:.2e}", "--hidden", str(units)]
    definition = {"script": "train.py", "arguments": words}
    name = f"sweep-trial-{number:02d}"
    trial = make(name, parent=parent.record, display_name=name, definition=definition)
    stopped = number % STOPPED_EVERY == 0
    length = plan.points // 4 if stopped else plan.points
    points = generated_series.accuracy(rng, length)
    trial.start()
    trial.metric("val_accuracy", points)
    for layer in range(1, plan.metrics):
        trial.metric(f"layer_{layer:02d}/grad_norm", generated_series.loss(rng, length))
    if number == 1:
        trial.fail(generated_words.FAILURES[2])
    elif stopped:
        trial.cancel("the early termination policy")
    else:
        trial.complete()
    return trial, max(points)
