"""Where the demo keeps everything: one folder, so that deleting it leaves nothing behind."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".demo"
NOTEBOOKS = PLACE / "notebooks"


def enter() -> None:
    """Point ml_jupyter at the demo's folders, for this process and those it starts."""
    for name in ("home", "cache", "state", "runtime"):
        os.environ[f"ML_JUPYTER_{name.upper()}"] = str(PLACE / name)
    # Two slots show the queue on any machine; the third of three jobs has to wait.
    os.environ.setdefault("ML_JUPYTER_SLOTS", "2")


def copy_notebooks() -> None:
    """Lay out the tutorials, keeping notebooks that the user has worked on."""
    for source in sorted((ROOT / "notebooks").rglob("*")):
        parts = source.relative_to(ROOT / "notebooks").parts
        if source.is_dir() or {"outputs", "logs", "downloads", "__pycache__"} & set(parts):
            continue
        target = NOTEBOOKS.joinpath(*parts)
        if target.suffix == ".ipynb" and target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
