"""A package of the submitter's Python, for a job whose own Python does not have it.

Jobs run in any Python, without anything of ours installed; a job that submits further ones needs
what the first submitter had. Only packages of pure Python can be lent.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from types import ModuleType

from ml_jupyter.jobs.spec import TOOLS

_ASK_S = 20.0


def module(name: str) -> ModuleType:
    """The module called ``name``: this Python's own, else the one of the submitter's Python.

    Raises
    ------
    ImportError
        Neither has it, or this Python cannot read it.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        folder = _folder_of(name)
        if not folder:
            raise
    sys.path.append(folder)
    try:
        return importlib.import_module(name)
    except Exception as error:  # made for newer Pythons: whatever it stumbles over
        raise ImportError(f"{name} of the submitter cannot be read here: {error}") from error
    finally:
        sys.path.remove(folder)


def _folder_of(name: str) -> str:
    """Where the submitter's Python has a package; empty when it has none."""
    tools = os.environ.get(TOOLS, "")
    if not tools or tools == sys.executable:
        return ""
    program = f"import {name}, os; print(os.path.dirname({name}.__path__[0]))"
    clean = {key: item for key, item in os.environ.items() if not key.startswith("PYTHON")}
    try:
        done = subprocess.run(
            [tools, "-c", program], env=clean, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=_ASK_S, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
