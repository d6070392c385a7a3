"""A generated workspace as the default one of a JupyterLab."""

from __future__ import annotations

from ml_jupyter.config import Settings
from ml_jupyter.sdk import session
from ml_jupyter.testing.generator import GeneratedWorkspace, WorkspacePlan, generate
from tests.e2e.lab import Lab


def fill(lab: Lab, plan: WorkspacePlan) -> GeneratedWorkspace:
    """Generate the default workspace of a lab that has none yet, and open it."""
    settings = Settings.load(lab.environment())
    made = generate(session.named_root(settings, session.DEFAULT_NAME), plan)
    lab.python("from ml_jupyter.core import Workspace\nWorkspace.from_config()")
    return made
