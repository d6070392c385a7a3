"""Sweeps: what a trial takes more than the same job by itself."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from rows import Row, best_of, median

from ml_jupyter import Experiment, HyperDriveConfig, Run, ScriptRunConfig, Workspace
from ml_jupyter.sweeps.policies import MEDIAN, Policy, Progress
from ml_jupyter.sweeps.search import BAYESIAN, search
from ml_jupyter.sweeps.space import Parameter
from ml_jupyter.testing.isolation import isolated
from ml_jupyter.train.hyperdrive import RandomParameterSampling, choice, uniform

TRAIN = "from ml_jupyter import Run\nRun.get_context().log('loss', 0.5)\n"


def rows(full: bool) -> Iterator[Row]:
    """All rows of this part."""
    before = Path.cwd()
    with (
        tempfile.TemporaryDirectory(prefix="mlj-bench-") as folder,
        isolated(Path(folder) / "world", slots=2, dispatcher_idle_s=60.0),
    ):
        os.chdir(folder)  # configurations are looked for from here
        try:
            yield overhead(Path(folder), 60 if full else 20)
        finally:
            os.chdir(before)
    yield proposals(1000 if full else 200)
    yield judgement()


def overhead(folder: Path, count: int) -> Row:
    """From the end of one trial to the end of the next, less the job from its submission on."""
    source = folder / "source"
    source.mkdir()
    (source / "train.py").write_text(TRAIN, "utf-8")
    experiment = Experiment(Workspace.create("bench"), "sweeps")
    job = ScriptRunConfig(str(source), "train.py", ["--lr", 0.5, "--kind", "a"])
    alone = []
    for _ in range(count):
        run = experiment.submit(job)
        run.wait_for_completion()
        alone.append((ended(run) - run._folder.record.created) / 1e6)
    space = RandomParameterSampling({"lr": uniform(0, 1), "kind": choice("a", "b")})
    job = ScriptRunConfig(str(source), "train.py")
    sweep = experiment.submit(HyperDriveConfig(space, "loss", "minimize", count, 1, run_config=job))
    sweep.wait_for_completion()
    ends = sorted(ended(trial) for trial in sweep.get_children())
    each = [(end - begun) / 1e6 for begun, end in pairwise(ends)]
    reference = f"{median(each):.0f} ms from end to end; the job {median(alone):.0f} ms"
    return Row("a trial, more than its job", median(each) - median(alone), "ms", 50, reference)


def proposals(count: int) -> Row:
    """What Bayesian search thinks about for one more trial after many."""
    space = [
        Parameter(name, "uniform", numbers={"min_value": 0, "max_value": 1}) for name in "abcd"
    ]
    found = search(BAYESIAN, space, maximize=True, seed=1)
    for number in range(count):
        found.tell(number, sum((found.ask() or {}).values()))
    took = best_of(found.ask, 5)
    return Row(f"a proposal after {count} trials, Bayesian", took * 1000, "ms", 50)


def judgement() -> Row:
    """What a policy thinks about when one of many trials logs one more value."""
    values = [1 / (1 + step) for step in range(500)]
    trials = {str(number): Progress(values, maximize=False) for number in range(1000)}
    policy = Policy(MEDIAN)
    took = best_of(lambda: policy.stops("7", 400, trials), 20)
    return Row("a value judged among 1,000 trials of 500", took * 1000, "ms", 5)


def ended(run: Run) -> int:
    """When it ended, in nanoseconds since the Unix epoch."""
    return int(run._folder.state().ended or 0)
