"""Programs of the system that a test needs: found, or installed by apt-get where root may."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest


def installed(program: str, package: str) -> str:
    """Path of a program; the test is skipped where it cannot be had."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
    found = shutil.which(program, path=path)
    if found is None:
        if os.getuid() != 0 or not shutil.which("apt-get"):
            pytest.skip(f"{program} is not installed, and only root can install it with apt-get")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-qq"], ["install", "-y", "-qq", package]):
            subprocess.run(
                ["apt-get", *words], env=environment, check=True, capture_output=True, timeout=600
            )
        found = shutil.which(program, path=path)
    assert found, f"{package} has no {program}"
    return found
