"""What the contract of compute targets submits: small scripts in a workspace of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Mapping, Optional

from ml_jupyter.compute import registry
from ml_jupyter.compute.base import ComputeTarget, Handle, Submission
from ml_jupyter.compute.record import LOCAL, TargetConfiguration
from ml_jupyter.compute.store import TargetStore
from ml_jupyter.config import Settings
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.spec import LaunchSpec

#: Name of the target under test, when it is stored.
NAME = "under-test"
_ELSEWHERE = """
import json, sys
from ml_jupyter.compute import registry
from ml_jupyter.config import Settings
verb, handle = sys.argv[1], json.loads(sys.argv[2])
target = registry.of_handle(Settings.load(), handle)
print(json.dumps(target.poll([handle]) if verb == "poll" else target.stop(handle)))
"""


class Shop:
    """A workspace, an experiment and a source folder.

    Parameters
    ----------
    settings : Settings
        Those of an isolated world.
    folder : Path
        Where the workspace and the sources are made; blanks and other letters are welcome in it.
    changes : mapping
        Fields of the LaunchSpec of every job, such as the container that it needs.
    """

    def __init__(self, settings: Settings, folder: Path, changes: Mapping[str, Any]) -> None:
        self.settings = settings
        self.changes = dict(changes)
        self.workspace = WorkspaceFolder.create(folder / "workspace", "lab")
        self.experiment = self.workspace.create_experiment("contract")
        self.source = folder / "source code"
        self.source.mkdir()

    def target(self, kind: str, configuration: Mapping[str, Any]) -> ComputeTarget:
        """The target of a kind, found as a submission finds it."""
        if kind == LOCAL:
            return registry.resolve(self.workspace, self.settings, LOCAL)
        registry.check(kind, configuration, self.settings)
        store = TargetStore(self.workspace.layout)
        store.create(NAME, TargetConfiguration(kind, dict(configuration)))
        return registry.resolve(self.workspace, self.settings, NAME)

    def script(self, text: str, run_id: Optional[str] = None, **values: Any) -> Submission:
        """A submission of ``text`` as a script."""
        (self.source / "job 1.py").write_text(text, "utf-8")
        given = {"script": "job 1.py", "grace_s": 2.0, **self.changes, **values}
        return self.of(LaunchSpec.of(self.settings, **given), run_id=run_id)

    def of(self, spec: LaunchSpec, **facts: Any) -> Submission:
        """A submission of any specification."""
        return Submission(self.workspace, self.experiment, spec, source=self.source, **facts)


def elsewhere(verb: str, handle: Handle) -> Any:
    """The answer of the handle's target in a new process, which knows nothing but the handle."""
    command = [sys.executable, "-c", _ELSEWHERE, verb, json.dumps(dict(handle))]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return json.loads(answer.stdout)
