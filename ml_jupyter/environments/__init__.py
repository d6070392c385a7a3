"""Software environments of jobs: what is asked for, how it is made, and what a job gets of it.

``check`` before anything is written, ``ready`` for what is there, ``prepare`` to build, ``use`` by
the process that runs a job in it.
"""

from __future__ import annotations

from ml_jupyter.environments.building import prepare, ready, use
from ml_jupyter.environments.checking import check
from ml_jupyter.environments.commands import BuildCanceled
from ml_jupyter.environments.prepared import Prepared
from ml_jupyter.environments.specification import EnvironmentSpec

__all__ = ["BuildCanceled", "EnvironmentSpec", "Prepared", "check", "prepare", "ready", "use"]
