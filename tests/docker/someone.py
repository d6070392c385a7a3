"""Run by ``test_user`` as another user: submits a job in a container, says what became of it."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from ml_jupyter.config import Settings
from ml_jupyter.containers import ContainerSpec
from ml_jupyter.history import status
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import submit

JOB = """
import json, os
from pathlib import Path
from ml_jupyter import Run
Run.get_context().log("uid", os.getuid())
Path(os.environ["HOME"], "cached").write_text("1")
facts = [os.getuid(), os.getgid(), sorted(os.getgroups()), os.environ["USER"]]
Path("outputs/facts.json").write_text(json.dumps(facts))
"""


def main(image: str, host: str) -> None:
    """Submit, wait, print one JSON object."""
    home = Path(os.environ["HOME"])
    settings = Settings.load()
    workspace = WorkspaceFolder.create(home / "workspace", "lab")
    source = home / "source"
    source.mkdir()
    (source / "job.py").write_text(JOB)
    container = ContainerSpec(image=image, engine=host).to_json()
    spec = LaunchSpec.of(settings, script="job.py", interpreter="python", container=container)
    experiment = workspace.create_experiment("digits")
    run = submit(workspace, settings, experiment, spec, source=source, definition={})
    deadline = time.monotonic() + 60
    while run.state().status not in status.TERMINAL and time.monotonic() < deadline:
        time.sleep(0.05)
    facts = run.layout.files / "outputs" / "facts.json"
    answer = {
        "status": run.state().status,
        "reason": run.state().reason,
        "uid": list(run.series("uid").values),
        "facts": json.loads(facts.read_text()) if facts.exists() else None,
        "owner": facts.stat().st_uid if facts.exists() else None,
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
