"""Installs the test-only plugin as a user would, into a folder of its own."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PLUGIN = Path(__file__).parent / "ml-jupyter-plain"


def install(folder: Path) -> None:
    """Build the plugin and install it into ``folder``; needs no network."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--disable-pip-version-check", "--target", str(folder)]
    environment = {**os.environ, "PIP_NO_COMPILE": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([*command, str(PLUGIN)], check=True, env=environment, timeout=120)


@contextmanager
def on_path(folder: Path) -> Iterator[None]:
    """Inside, this process and those it starts find what is installed in ``folder``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        patch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
        importlib.invalidate_caches()
        yield
    for name in [item for item in sys.modules if item.split(".")[0] == "ml_jupyter_plain"]:
        del sys.modules[name]
