"""Runs whose environment has to be made before they can be placed: two at a time."""

from __future__ import annotations

from typing import Dict, List, Mapping, NamedTuple, Sequence

from ml_jupyter.config import Settings
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import queue
from ml_jupyter.jobs.preparing import Builds
from ml_jupyter.jobs.queue import Waiting

#: Environments that are made for one user at one time.
AT_ONCE = 2
SAME = "Waiting for its environment, which is being prepared for another run."
BEHIND = "Waiting for its environment; others are being prepared."


class Plan(NamedTuple):
    """Runs that can be placed, runs whose environment is to be made now, and why others wait."""

    ready: List[Waiting]
    start: List[str]
    reasons: Dict[str, str]


class BuildQueue:
    """Which environments are made, and for which run.

    Parameters
    ----------
    settings : Settings
        Names the cache of environments.

    Attributes
    ----------
    running : dict of str to str
        Key of a run to the hash of the environment that this dispatcher has made for it.
    """

    def __init__(self, settings: Settings) -> None:
        self._builds = Builds(settings)
        self.running: Dict[str, str] = {}

    def plan(
        self,
        waiting: Sequence[Waiting],
        runs: Mapping[str, RunFolder],
        preparing: Mapping[str, RunFolder],
    ) -> Plan:
        """Sort the runs that wait.

        Parameters
        ----------
        waiting, runs
            The runs, and the same by their keys.
        preparing : mapping of str to RunFolder
            Runs whose environment is being made, by this dispatcher or one before it.
        """
        missing = {item.run_id: self._builds.missing(runs[item.run_id]) for item in waiting}
        ready = [item for item in waiting if missing[item.run_id] is None]
        if len(ready) == len(waiting):
            return Plan(ready, [], {})
        made = set(self.running.values())
        places = AT_ONCE - len(set(preparing) | set(self.running))
        plan = Plan(ready, [], {})
        for item in queue.in_order([item for item in waiting if missing[item.run_id]]):
            digest = missing[item.run_id] or ""
            if digest in made:
                plan.reasons[item.run_id] = SAME
            elif places <= 0:
                plan.reasons[item.run_id] = BEHIND
            else:
                plan.start.append(item.run_id)
                made.add(digest)
                places -= 1
        return plan

    def started(self, key: str, run: RunFolder) -> None:
        """An environment is being made for a run."""
        self.running[key] = self._builds.missing(run) or ""

    def ended(self, key: str) -> bool:
        """The process that saw to a run is gone; whether it was one that made an environment."""
        return self.running.pop(key, None) is not None
