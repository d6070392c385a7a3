"""The controller of a sweep: the program that its job runs.

It keeps nothing that the run folders do not hold. Started again after whatever ended it, it reads
which trials were decided on, submits those that had not been, and goes on watching the others.

Source of the order of things: ``azureml.train.hyperdrive``; a failed trial does not end a sweep.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import zlib
from pathlib import Path
from typing import Any, Dict, List, Optional, Set

from ml_jupyter import _time
from ml_jupyter._files import read_json
from ml_jupyter.compute import registry
from ml_jupyter.compute.base import Submission
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError, NameTaken, RunNotFound
from ml_jupyter.history import status
from ml_jupyter.history.parameters import DRAWN
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.watch import Watcher
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import submit as jobs
from ml_jupyter.sweeps.plan import MAXIMIZE, SweepPlan
from ml_jupyter.sweeps.policies import STOPPED_EARLY, Progress
from ml_jupyter.sweeps.search import search
from ml_jupyter.sweeps.trials import Trial, TrialLog
from ml_jupyter.sweeps.watching import Followed

#: Seconds between looks at what gives no sign, such as a trial whose supervisor was killed.
_LOOK_S = 1.0
_STOP_S = 8.0


class Controller:
    """Brings one sweep to its end.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Where it is recorded.
    run : RunFolder
        The sweep's own run.
    plan : SweepPlan
        What to try.
    settings : Settings
        The queue that the trials go to.
    """

    def __init__(
        self, workspace: WorkspaceFolder, run: RunFolder, plan: SweepPlan, settings: Settings
    ) -> None:
        self._workspace, self._run, self._plan, self._settings = workspace, run, plan, settings
        self._maximize = plan.goal == MAXIMIZE
        self._search = search(
            plan.algorithm,
            plan.space,
            maximize=self._maximize,
            seed=_seed_of(run) if plan.seed is None else plan.seed,
            rule=plan.rule,
        )
        self._log = TrialLog(run.layout.path / "sweep" / "trials")
        self._target = registry.resolve(workspace, settings, plan.target)
        self._live: Dict[int, Followed] = {}
        self._ended: Dict[int, Followed] = {}
        self._progress: Dict[str, Progress] = {}
        self._told: Set[int] = set()
        self._asked = 0
        self._exhausted = False
        self._noted: Dict[str, Any] = {}
        self._stopping = False

    def stop(self, *_: object) -> None:
        """End all trials and leave, as soon as possible."""
        self._stopping = True

    def work(self) -> int:
        """See to the trials until all have ended; the exit status."""
        with Watcher() as watcher:
            try:
                self._see_through(watcher)
            except MlJupyterError:
                self._end_all(watcher)  # nobody would look after them
                raise
            if self._stopping:
                self._end_all(watcher)
        return self._outcome()

    def _see_through(self, watcher: Watcher) -> None:
        self._go_on(watcher)
        while not self._stopping:
            self._follow(watcher)
            self._fill_up(watcher)
            self._note()
            if not self._live:
                return
            watcher.wait(_LOOK_S)

    # -- trials

    def _go_on(self, watcher: Watcher) -> None:
        """Take up what an earlier controller had decided on."""
        for trial in self._log.read():
            self._search.remember(trial.parameters)
            self._asked += 1
            self._take_in(trial, watcher)
            followed = self._live[trial.number]
            followed.read()
            followed.judged = len(followed.progress)  # each was compared when it came
        self._told = {number for number, item in self._live.items() if item.has_ended}
        if self._live:
            print(f"Going on: {len(self._told)} of {self._asked} trials have ended.", flush=True)

    def _fill_up(self, watcher: Watcher) -> None:
        plan = self._plan
        while len(self._live) < plan.max_concurrent and self._asked < plan.max_total:
            parameters = None if self._exhausted or self._stopping else self._search.ask()
            if parameters is None:
                self._exhausted = True
                return
            trial = Trial(self._asked, parameters)
            self._log.add(trial)
            self._asked += 1
            self._take_in(trial, watcher)

    def _take_in(self, trial: Trial, watcher: Watcher) -> None:
        run, metric = self._run_of(trial), self._plan.metric
        followed = Followed(trial, run, metric, maximize=self._maximize)
        self._progress[str(trial.number)] = followed.progress
        self._live[trial.number] = followed
        followed.watch(watcher)

    def _run_of(self, trial: Trial) -> RunFolder:
        """The run of a trial, submitted when it is not there."""
        run_id = trial.run_id(self._run.id)
        try:
            return self._workspace.run(run_id)
        except RunNotFound:
            pass
        record = self._run.record
        try:
            handle = self._target.start(
                Submission(
                    self._workspace,
                    self._workspace.experiment(record.experiment_id),
                    self._plan.trial_with(trial.parameters),
                    snapshot_id=record.snapshot_id,
                    definition=self._plan.definition,
                    run_id=run_id,
                    display_name=f"{self._plan.name} {trial.number}",
                    parent=record,
                    tags={DRAWN: json.dumps(trial.parameters)},
                    properties={"ml_jupyter.trial": str(trial.number)},
                )
            )
        except NameTaken:
            return self._workspace.run(run_id)
        return self._workspace.run(handle["run_id"], handle["experiment_id"])

    def _follow(self, watcher: Watcher) -> None:
        for followed in list(self._live.values()):
            ended = followed.has_ended  # before its values are read: the last ones count
            followed.read()
            if not ended:
                self._judge(followed)
            if ended:
                self._close(followed, watcher)
            else:
                jobs.settle_if_lost(followed.run, self._settings)

    def _judge(self, followed: Followed) -> None:
        """Ask the policy about each value that came."""
        name = str(followed.trial.number)
        while followed.judged < len(followed.progress):
            followed.judged += 1
            if self._plan.policy.stops(name, followed.judged, self._progress):
                followed.run.warn(STOPPED_EARLY.format(self._plan.policy.kind))
                jobs.cancel(followed.run, self._settings)
                return

    def _close(self, followed: Followed, watcher: Watcher) -> None:
        number = followed.trial.number
        del self._live[number]
        self._ended[number] = followed
        followed.unwatch(watcher)
        best = followed.progress.overall
        self._search.tell(number, best)
        if number not in self._told:
            self._tell_of(followed, best)

    def _end_all(self, watcher: Watcher) -> None:
        for followed in self._live.values():
            jobs.cancel(followed.run, self._settings)
        deadline = _time.monotonic() + _STOP_S
        while self._live and _time.monotonic() < deadline:
            self._follow(watcher)
            watcher.wait(0.05)
        self._note()

    # -- what is told

    def _best(self) -> Optional[Followed]:
        scored = [
            (value, item)
            for item in (*self._ended.values(), *self._live.values())
            for value in [item.progress.overall]
            if value is not None
        ]
        if not scored:
            return None
        pick = max if self._maximize else min
        return pick(scored, key=lambda pair: pair[0])[1]

    def _tell_of(self, followed: Followed, value: Optional[float]) -> None:
        """A line in the sweep's log about a trial that has ended."""
        trial, metric = followed.trial, self._plan.metric
        shown = f"no {metric}" if value is None else f"{metric} {value:.6g}"
        if value is not None and self._best() is followed:
            shown += ", the best so far"
        parameters = json.dumps(trial.parameters)
        print(f"Trial {trial.number} {followed.status}: {shown} {parameters}", flush=True)

    def _note(self) -> None:
        """Keep the counts and the best trial with the sweep's run, when they have changed."""
        states: List[str] = [item.status for item in self._ended.values()]
        best = self._best()
        facts: Dict[str, Any] = {
            "total": self._plan.max_total,
            "submitted": self._asked,
            "running": len(self._live),
            "completed": states.count(status.COMPLETED),
            "failed": states.count(status.FAILED),
            "canceled": states.count(status.CANCELED),
            "metric": self._plan.metric,
            "goal": self._plan.goal,
            "best": None,
        }
        if best is not None:
            facts["best"] = {
                "run_id": best.run.id,
                "value": best.progress.overall,
                "parameters": best.trial.parameters,
            }
        if facts != self._noted:
            self._noted = facts
            self._run.note(sweep=facts)

    def _outcome(self) -> int:
        best, ended = self._best(), list(self._ended.values())
        failed = [item for item in ended if item.status == status.FAILED]
        print(f"{len(ended)} of {self._plan.max_total} trials ended, {len(failed)} of them failed.")
        if best is not None:
            value = best.progress.overall
            print(f"Best {self._plan.metric}: {value} in {best.run.id} {best.trial.parameters}")
        if ended and len(failed) == len(ended):
            reason = failed[0].run.state().reason or "no reason is known"
            print(f"Every trial failed; the first: {reason}", file=sys.stderr)
            return 1
        return 0


def _seed_of(run: RunFolder) -> int:
    """A number that another controller of the same sweep finds again, and no other sweep has."""
    return zlib.crc32(f"{run.id} {run.record.created}".encode())


def main() -> int:
    """Entry point inside the sweep's job."""
    settings = Settings.load()
    workspace = WorkspaceFolder(Path(os.environ["ML_JUPYTER_WORKSPACE"]))
    run = workspace.run(os.environ["ML_JUPYTER_RUN_ID"], os.environ.get("ML_JUPYTER_EXPERIMENT_ID"))
    try:
        plan = SweepPlan.from_json(read_json(run.layout.payload))
        controller = Controller(workspace, run, plan, settings)
        signal.signal(signal.SIGTERM, controller.stop)
        return controller.work()
    except MlJupyterError as error:
        print(f"The sweep cannot go on: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
