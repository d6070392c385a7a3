"""``python -m ml_jupyter.serving``: serve what the payload of this job's run says."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from ml_jupyter._files import read_json
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.models.plan import ServingPlan
from ml_jupyter.serving.service import Service


def main() -> int:
    """Serve until the job is stopped; 1 when the model cannot be loaded."""
    workspace = WorkspaceFolder(Path(os.environ["ML_JUPYTER_WORKSPACE"]))
    run = workspace.run(os.environ["ML_JUPYTER_RUN_ID"], os.environ["ML_JUPYTER_EXPERIMENT_ID"])
    try:
        plan = ServingPlan.from_json(read_json(run.layout.payload))
    except FileNotFoundError:  # a run that was repeated as if it were a job like others
        print("Start a service with its reload(), or mlj service restart.", file=sys.stderr)
        return 1
    try:
        return asyncio.run(Service(workspace, run, plan).serve())
    except MlJupyterError as error:
        print(f"The service cannot be started: {error}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
