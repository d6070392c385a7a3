"""The supervisor for schedulers of others: sees one run through where they start it.

::

    python -m ml_jupyter.compute.agent HANDLE     # the handle of the run, as JSON

A target that has a scheduler of its own records the run with ``jobs.submit.submit(queued=False)``
and has this command started, on a node that sees the workspace's folder. The environment is made
ready first; what the scheduler gave to the job (cores, ``CUDA_VISIBLE_DEVICES``) stays as it is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import List, Optional

from ml_jupyter.compute.base import Handle
from ml_jupyter.compute.handles import run_of
from ml_jupyter.config import Settings
from ml_jupyter.jobs.grant import Grant, NodeGrant
from ml_jupyter.jobs.preparing import Builds, prepare_run
from ml_jupyter.jobs.supervisor import Assignment, supervise


def see_through(handle: Handle, settings: Settings) -> None:
    """Run the job of a handle to its end. Does nothing when it was started or cancelled before.

    Raises
    ------
    RunNotFound
        There is no such run.
    """
    run = run_of(handle)
    root = Path(handle["workspace"])
    launch = run.record.definition.get("launch", {})
    if Builds(settings).missing(run) is not None:
        prepare_run(root, run.record.experiment_id, run.id, settings)
    slots = tuple(range(int(launch.get("slots", 1))))
    nodes = tuple(NodeGrant(index, slots) for index in range(int(launch.get("nodes", 1))))
    supervise(Assignment(root, run.record.experiment_id, run.id, settings, Grant(nodes)))


def main(words: Optional[List[str]] = None) -> int:
    """Read the handle from the command line; the exit status."""
    given = sys.argv[1:] if words is None else words
    if len(given) != 1:
        print("usage: python -m ml_jupyter.compute.agent HANDLE", file=sys.stderr)
        return 2
    see_through(json.loads(given[0]), Settings.load())
    return 0


if __name__ == "__main__":
    sys.exit(main())
