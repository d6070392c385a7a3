"""The version of a package that can be installed here and is nearest to the one that is wanted."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Optional

from ml_jupyter.environments import pip_settings, tools
from ml_jupyter.exceptions import MissingDependency

_ASK_S = 30.0
_CHOICE = ("--no-deps", "--only-binary", ":all:", "--resolution", "lowest-direct")
_QUIET = ("--no-header", "--no-annotate", "--quiet", "--color", "never")


def nearest(package: str, version: str, python: str) -> Optional[str]:
    """The oldest version from ``version`` on of which there is a wheel for a Python.

    Old versions of the frameworks have no wheels for today's Pythons. A newer one reads what an
    older one has written far more often than the other way round.

    Parameters
    ----------
    package : str
        Name of the distribution.
    version : str
        The one wanted, such as ``2.0``.
    python : str
        Path of the interpreter that it is for.

    Returns
    -------
    str or None
        None when it cannot be told: no index answers, no such version, no uv.
    """
    try:
        program = tools.uv(tools.default_python(), os.environ)
    except MissingDependency:
        return None
    with tempfile.TemporaryDirectory(prefix="ml_jupyter-") as folder:
        wanted = Path(folder) / "wanted.in"
        wanted.write_text(f"{package}>={version}\n", encoding="utf-8")
        command = [program, "pip", "compile", *_CHOICE, *_QUIET, "--python", python, wanted.name]
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env={**os.environ, **pip_settings.variables(os.environ)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_ASK_S,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            return None
    found = re.search(r"^[A-Za-z0-9._-]+==(\S+)", done.stdout.decode("utf-8", "replace"), re.M)
    return found.group(1) if found else None
