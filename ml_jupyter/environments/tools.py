"""The programs that build, found through the Python that has this product's dependencies."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from functools import lru_cache
from typing import Mapping

from ml_jupyter.config import PREFIX
from ml_jupyter.environments import commands
from ml_jupyter.exceptions import MissingDependency

_ASK_S = 30.0
_FIND_UV = "import uv; print(uv.find_uv_bin())"


def default_python() -> str:
    """The Python that has this product's dependencies: the first submitter's, inside its jobs."""
    return os.environ.get(f"{PREFIX}TOOLS") or sys.executable


@lru_cache(maxsize=8)
def has_module(tools: str, name: str) -> bool:
    """Whether a Python can import a module, without importing it."""
    if tools == sys.executable and not sys.flags.no_site:  # the queue's processes have no packages
        return importlib.util.find_spec(name) is not None
    program = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({name!r}) is None)"
    done = subprocess.run(
        [tools, "-c", program],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_ASK_S,
        check=False,
    )
    return done.returncode == 0


def uv(tools: str, variables: Mapping[str, str]) -> str:
    """Path of the program ``uv``.

    Raises
    ------
    MissingDependency
        That Python does not have it.
    """
    try:
        return commands.answer([tools, "-c", _FIND_UV], variables, _ASK_S).strip()
    except (OSError, subprocess.SubprocessError) as error:
        missing = MissingDependency("uv", "", "Building a pip environment")
        missing.hint = f"Install it with: {tools} -m pip install uv"
        raise missing from error


def check_conda(tools: str) -> None:
    """See that conda environments can be built.

    Raises
    ------
    MissingDependency
        ``py-rattler`` is not there.
    """
    if not has_module(tools, "rattler"):
        raise MissingDependency("rattler", "conda", "Building a conda environment")
