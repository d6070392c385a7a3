"""The wheel built from the source distribution, and a clean environment that holds only it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 280


@dataclass(frozen=True)
class CleanEnvironment:
    """A virtual environment with our wheel, and nothing else on ``PATH``."""

    folder: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run one of the environment's programs to its end; both outputs come as text."""
        variables = {
            "HOME": str(self.folder / "home"),
            "PATH": str(self.folder / "bin"),
            "JUPYTER_CONFIG_DIR": str(self.folder / "home" / "jupyter"),
            "JUPYTER_PLATFORM_DIRS": "1",
            "LANG": "C.UTF-8",
        }
        program = self.folder / "bin" / command[0]
        return subprocess.run(
            [program, *command[1:]],
            env=variables,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def _check(command: Sequence[str | Path], **variables: str) -> None:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


@pytest.fixture(scope="session")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the source distribution and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    # The front ends are in the tree by now (`make` builds them), so this build needs no Node.
    _check([sys.executable, "-m", "build", "--outdir", folder, ROOT])
    return folder


@pytest.fixture(scope="session")
def wheel(distributions: Path) -> Path:
    """The wheel file."""
    (found,) = distributions.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def clean(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> CleanEnvironment:
    """A new environment into which the wheel was installed by pip."""
    folder = tmp_path_factory.mktemp("clean")
    venv.create(folder, with_pip=True, symlinks=True)
    (folder / "home").mkdir()
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    _check([folder / "bin" / "python", *install, wheel])
    return CleanEnvironment(folder)
