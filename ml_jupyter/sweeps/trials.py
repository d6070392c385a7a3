"""``sweep/trials`` of a run folder: the trials that were decided on, one JSON line each.

A line is written before its trial is submitted, so that a controller that is started again knows
what it had decided: nothing is lost and nothing is tried twice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List

from ml_jupyter.history import stream
from ml_jupyter.history.append import Appender


@dataclass(frozen=True)
class Trial:
    """A trial: its number from 0, and its parameters."""

    number: int
    parameters: Dict[str, Any]

    def run_id(self, sweep_id: str) -> str:
        """Id of its run; the same whenever it is asked for."""
        return f"{sweep_id}_{self.number}"


class TrialLog:
    """The list of trials of one sweep.

    Parameters
    ----------
    path : Path
        The file; made with the first trial.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._log = Appender(path)

    def read(self) -> List[Trial]:
        """All trials, in order; a torn last line, of a crash, is none."""
        data = stream.read(self._path)
        trials: List[Trial] = []
        for line in data[: data.rfind(b"\n") + 1].splitlines():
            try:
                value = json.loads(line)
            except ValueError:
                continue
            trials.append(Trial(len(trials), value["parameters"]))
        return trials

    def add(self, trial: Trial) -> None:
        """Append a trial.

        Raises
        ------
        StorageFailed
            The system refused to write.
        """
        line = json.dumps({"number": trial.number, "parameters": trial.parameters})
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._log.append(line.encode("utf-8") + b"\n")
