"""Find a Chromium for the browser tests, or install one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> str | None:
    """Path of a Chromium: ``ML_JUPYTER_CHROMIUM``, one on ``PATH``, or Playwright's; else None."""
    asked = os.environ.get("ML_JUPYTER_CHROMIUM")
    if asked:
        return asked
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    return _of_playwright()


def install() -> str | None:
    """Install a Chromium, by apt where that is allowed, else by Playwright; its path or None."""
    prefix = _as_root()
    if prefix is not None and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _try([*prefix, "apt-get", "update", "-qq"], environment)
        _try([*prefix, "apt-get", "install", "-y", "-qq", "chromium"], environment)
        if find():
            return find()
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if prefix is not None:
        command.insert(4, "--with-deps")
    _try(command, dict(os.environ))
    return find()


def _of_playwright() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _as_root() -> list[str] | None:
    """Words before a command that needs root: none as root, or sudo; None when not allowed."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    allowed = sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    return [sudo, "-n"] if sudo and allowed and allowed.returncode == 0 else None


def _try(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stderr.decode("utf-8", "replace")[-2000:])


def main() -> int:
    """Print the browser's path, installing one when none is there; 1 when that was not possible."""
    path = find()
    if path is None:
        print("No Chromium found: installing one …", flush=True)
        path = install()
    if path is None:
        print("No Chromium could be installed. Set ML_JUPYTER_CHROMIUM to one.", file=sys.stderr)
        return 1
    print(f"Browser: {path}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
