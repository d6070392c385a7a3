"""A workspace as a team leaves it after weeks: thousands of runs, and all that views find hard.

::

    from ml_jupyter.testing.generator import WorkspacePlan, generate

    made = generate(folder, WorkspacePlan(runs=10_000, seed=7))
    with made.hold():                       # the live runs have an owner as long as this lasts
        open_in_a_browser(made.run_id("right-to-left"))

The same plan gives the same bytes: names, numbers, times and ids come from the seed. Runs are
written as folders, a few calls each, so that 10,000 of them take some seconds.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from ml_jupyter import _ids
from ml_jupyter._files import write_json
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history import lock, records, status
from ml_jupyter.history.layout import STD_LOG, WorkspaceLayout
from ml_jupyter.history.records import ExperimentRecord, RunRecord, WorkspaceRecord
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.testing import generated_log, generated_remarkable, generated_words
from ml_jupyter.testing.generated_people import Facts, usual
from ml_jupyter.testing.generated_run import GeneratedRun

__all__ = ["GeneratedWorkspace", "WorkspacePlan", "generate"]

MINUTE = 60 * 1_000_000_000
#: 2026-01-02T12:00:00Z, the newest time in a generated workspace unless the plan says another.
UNTIL = 1_767_355_200_000_000_000
_SINGLE = {
    "plain": generated_remarkable.plain,
    "not-numbers": generated_remarkable.not_numbers,
    "long-names": generated_remarkable.long_names,
    "right-to-left": generated_remarkable.right_to_left,
    "huge-log": generated_remarkable.huge_log,
    "failed": generated_remarkable.failed,
    "lost": generated_remarkable.lost,
    "live": generated_remarkable.live,
    "queued": generated_remarkable.queued,
    "archived": generated_remarkable.archived,
}
_FAMILIES = 2  # deep and sweep
_LABELS: Mapping[str, Mapping[str, Any]] = {
    "plain": {"display_name": "baseline", "tags": {"stage": "baseline", "keep": None}},
    "long-names": {
        "display_name": generated_words.LONG_NAME,
        "tags": {"note": generated_words.LONG_TAG, **{f"label-{i}": str(i) for i in range(12)}},
    },
    "right-to-left": {
        "display_name": generated_words.RIGHT_TO_LEFT_NAME,
        "tags": generated_words.RIGHT_TO_LEFT_TAGS,
    },
    "queued": {"status": status.QUEUED},
}


@dataclass(frozen=True)
class WorkspacePlan:
    """What a generated workspace holds.

    Attributes
    ----------
    runs : int
        Top-level runs in all, the remarkable ones among them; children come on top. At least 12.
    seed : int
        Another seed gives other names, numbers and ids.
    live : int
        Runs that are running, besides the remarkable one; held by ``GeneratedWorkspace.hold``.
    points : int
        Points of each metric of a usual run.
    trials : int
        Trials of the run ``sweep``, at least 2.
    trial_metrics : int
        Metrics of each of them, at least 1.
    trial_points : int
        Points of each of these, at least 8.
    huge_log_bytes : int
        Least size of the log of the run ``huge-log``.
    until_ns : int
        The newest time, nanoseconds since the Unix epoch. Runs lie up to 60 days before it.
    name : str
        Name of the workspace.
    """

    runs: int = 200
    seed: int = 0
    live: int = 0
    points: int = 20
    trials: int = 24
    trial_metrics: int = 1
    trial_points: int = 20
    huge_log_bytes: int = 5_000_000
    until_ns: int = UNTIL
    name: str = "generated"

    def __post_init__(self) -> None:
        least = len(_SINGLE) + _FAMILIES
        if self.runs < least + self.live:
            raise UserErrorException(
                f"A generated workspace needs at least {least + self.live} runs, not {self.runs}.",
                hint=f"{least} are the remarkable ones, {self.live} the live ones.",
            )
        if min(self.live, self.points - 1, self.huge_log_bytes) < 0:
            raise UserErrorException("live, points and huge_log_bytes must not be negative.")
        if self.trials < 2 or self.trial_metrics < 1 or self.trial_points < 8:
            raise UserErrorException(
                "A sweep needs at least 2 trials of 1 metric of 8 points.",
                hint="Raise trials, trial_metrics or trial_points.",
            )


@dataclass(frozen=True)
class GeneratedWorkspace:
    """A workspace that was generated.

    Attributes
    ----------
    folder : WorkspaceFolder
        The workspace, opened.
    remarkable : mapping of str to str
        Ids of the runs that views find hard: ``plain``, ``not-numbers``, ``long-names``,
        ``right-to-left``, ``huge-log``, ``failed``, ``lost``, ``live``, ``queued``, ``archived``,
        ``deep``, ``sweep``.
    live : tuple of str
        Ids of the running runs.
    total : int
        Runs with their children.
    """

    folder: WorkspaceFolder
    remarkable: Mapping[str, str]
    live: tuple[str, ...]
    total: int

    def run_id(self, name: str) -> str:
        """Id of a remarkable run.

        Raises
        ------
        UserErrorException
            No such name; says which there are.
        """
        try:
            return self.remarkable[name]
        except KeyError as error:
            known = ", ".join(sorted(self.remarkable))
            raise UserErrorException(f"No remarkable run {name!r}; there are {known}.") from error

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Own the live runs: without this they count as lost, and a reader settles them."""
        with ExitStack() as held:
            for run_id in self.live:
                held.callback(lock.acquire(self.folder.run(run_id).layout.lock, 5).release)
            yield


def generate(root: Path, plan: WorkspacePlan = WorkspacePlan()) -> GeneratedWorkspace:
    """Make a workspace of many runs in an empty or missing folder.

    Parameters
    ----------
    root : Path
        Becomes the workspace's folder.
    plan : WorkspacePlan
        How many runs, from which seed.

    Raises
    ------
    UserErrorException
        The folder holds something.
    OSError
        It cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> made = generate(Path(tempfile.mkdtemp()) / "ws", WorkspacePlan(runs=20, huge_log_bytes=99))
    >>> made.folder.run(made.run_id("deep")).state().status
    'Completed'
    """
    if root.exists() and any(root.iterdir()):
        raise UserErrorException(f"{root} is not empty.", hint="Name a new folder.")
    return _Writer(root, plan).write()


class _Writer:
    """Writes one workspace."""

    def __init__(self, root: Path, plan: WorkspacePlan) -> None:
        self._layout = WorkspaceLayout(root)
        self._plan = plan
        self._rng = Random(f"workspace {plan.seed}")
        self._id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{plan.name} {plan.seed}"))
        self._experiments: dict[str, str] = {}
        self._counts: dict[str, int] = {}
        self._remarkable: dict[str, str] = {}
        self._live: list[str] = []
        self._total = 0

    def write(self) -> GeneratedWorkspace:
        self._begin()
        usual_ones = self._plan.runs - len(_SINGLE) - _FAMILIES
        for number in range(usual_ones):
            self._write(self._usual(number, live=number >= usual_ones - self._plan.live))
        plan = self._plan
        trials = generated_remarkable.Trials(plan.trials, plan.trial_metrics, plan.trial_points)
        self._write(*generated_remarkable.deep(self._make, self._rng))
        self._write(*generated_remarkable.sweep(self._make, self._rng, trials))
        for name, fill in _SINGLE.items():
            run = self._make(name, **_LABELS.get(name, {}))
            fill(run, self._rng)
            self._write(run)
        generated_log.write_huge(
            self._folder_of("huge-log") / "files" / STD_LOG, self._plan.huge_log_bytes
        )
        self._live.append(self._remarkable["live"])
        return self._finish()

    def _begin(self) -> None:
        for folder in (self._layout.journal, self._layout.experiments, self._layout.queue):
            folder.mkdir(parents=True)
        self._layout.root.chmod(0o700)
        oldest = self._plan.until_ns - 60 * 24 * 60 * MINUTE
        record = WorkspaceRecord(self._id, self._plan.name, oldest)
        write_json(self._layout.record, records.to_json(record))
        for name in generated_words.EXPERIMENTS:
            self._experiments[name] = _ids.experiment_id(self._id, name)
            experiment = ExperimentRecord(self._experiments[name], name, oldest)
            path = self._layout.experiments / f"{experiment.id}.json"
            write_json(path, records.to_json(experiment))

    def _usual(self, number: int, *, live: bool) -> GeneratedRun:
        rng = Random(f"run {self._plan.seed} {number}")
        facts = usual(rng, number, self._plan.runs)
        run = self._new(f"run-{number:06d}", facts, live=live)
        facts.fill(run, rng, self._plan.points, live=live)
        if live:
            self._live.append(run.record.id)
        return run

    def _make(self, name: str, parent: RunRecord | None = None, **changes: Any) -> GeneratedRun:
        """A remarkable run, or a child of one."""
        if parent is None:
            self._remarkable[name] = name
        facts = Facts.remarkable(name, len(self._remarkable), parent, changes)
        return self._new(name, facts, live=name in ("live", "lost"))

    def _new(self, run_id: str, facts: Facts, *, live: bool) -> GeneratedRun:
        experiment = facts.experiment
        self._counts[experiment] = self._counts.get(experiment, 0) + 1
        created = self._plan.until_ns - int(facts.minutes_ago * MINUTE)
        record = RunRecord(
            id=run_id,
            number=self._counts[experiment],
            experiment_id=self._experiments[experiment],
            experiment=experiment,
            created=created,
            **facts.of_record,
        )
        begun = created + 2_000_000_000
        took = int(facts.minutes * MINUTE)
        return GeneratedRun(record, begun, self._plan.until_ns if live else begun + took)

    def _write(self, *runs: GeneratedRun) -> None:
        for run in runs:
            run.write(self._layout)
            self._total += 1

    def _folder_of(self, name: str) -> Path:
        experiments: Iterable[str] = self._experiments.values()
        paths = (self._layout.run(item, self._remarkable[name]).path for item in experiments)
        return next(path for path in paths if path.is_dir())

    def _finish(self) -> GeneratedWorkspace:
        for name, count in self._counts.items():
            counter = self._layout.experiments / f"{self._experiments[name]}.count"
            counter.write_bytes(b"\n" * count)
        return GeneratedWorkspace(
            WorkspaceFolder(self._layout.root),
            MappingProxyType(dict(self._remarkable)),
            tuple(self._live),
            self._total,
        )
