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
from uv import find_uv_bin

PLUGIN = Path(__file__).parent / "ml-jupyter-plain"


def install(folder: Path) -> None:
    """Build the plugin and install it into ``folder``; uv needs nothing else for both."""
    command = [find_uv_bin(), "pip", "install", "--quiet", "--offline", "--no-index", "--no-deps"]
    command += ["--no-cache", "--python", sys.executable, "--target", str(folder)]
    subprocess.run([*command, str(PLUGIN)], check=True, timeout=120)


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
