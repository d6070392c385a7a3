"""The core runs in jobs, in whatever Python from 3.8 on they bring."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, ROOT, core_modules


def test_core_needs_no_more_than_python_3_8():
    files = [str(path) for path in core_modules()]
    vermin = Path(sys.executable).with_name("vermin")
    options = ["--target=3.8-", "--violations", "--no-tips", "--backport", "typing"]
    done = subprocess.run(
        [vermin, *options, *files], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout


def test_core_never_evaluates_its_annotations():
    late = [str(path.relative_to(PACKAGE)) for path in core_modules() if not _postpones(path)]
    assert late == []


def _postpones(path: Path) -> bool:
    body = ast.parse(path.read_text("utf-8")).body
    names = [
        alias.name
        for node in body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    ]
    only_text = all(isinstance(node, ast.Expr) for node in body)
    return only_text or "annotations" in names


@pytest.mark.slow
def test_core_imports_under_the_oldest_python(tmp_path):
    old = _oldest_python()
    if old is None:
        pytest.skip("no Python 3.8 on this machine")
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in core_modules()
        if path.name != "__main__.py"
    ]
    program = f"import importlib\nfor name in {names!r}:\n    importlib.import_module(name)\n"
    place = tmp_path / "path"
    place.mkdir()
    (place / "ml_jupyter").symlink_to(PACKAGE, target_is_directory=True)
    done = subprocess.run(
        [old, "-S", "-W", "error", "-c", program],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def _oldest_python() -> str | None:
    """A Python 3.8: on ``PATH``, or one that pyenv keeps."""
    kept = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for candidate in ["python3.8", *map(str, sorted(kept.glob("3.8.*/bin/python3.8")))]:
        try:
            done = subprocess.run(
                [candidate, "-c", "import sys; print(sys.version_info[:2])"],
                capture_output=True,
                text=True,
                timeout=30,
                check=False,
            )
        except OSError:
            continue
        if done.stdout.strip() == "(3, 8)":
            return candidate
    return None
