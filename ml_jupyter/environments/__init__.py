"""Software environments of jobs: what is asked for, how it is made, and what a job gets of it.

``check`` before anything is written, ``ready`` for what is there, ``prepare`` to build, ``use`` by
the process that runs a job in it. Loaded when used: a notebook that only names an environment does
not pay for the builders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict

from ml_jupyter import _lazy

if TYPE_CHECKING:
    from ml_jupyter.environments.building import prepare, ready, use
    from ml_jupyter.environments.checking import check
    from ml_jupyter.environments.commands import BuildCanceled
    from ml_jupyter.environments.prepared import Prepared
    from ml_jupyter.environments.specification import EnvironmentSpec

__all__ = ["BuildCanceled", "EnvironmentSpec", "Prepared", "check", "prepare", "ready", "use"]

_MODULES: Dict[str, str] = {
    "BuildCanceled": "ml_jupyter.environments.commands",
    "EnvironmentSpec": "ml_jupyter.environments.specification",
    "Prepared": "ml_jupyter.environments.prepared",
    "check": "ml_jupyter.environments.checking",
    "prepare": "ml_jupyter.environments.building",
    "ready": "ml_jupyter.environments.building",
    "use": "ml_jupyter.environments.building",
}
__getattr__, __dir__ = _lazy.exports(globals(), _MODULES)
