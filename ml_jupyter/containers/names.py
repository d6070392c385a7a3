"""Names of containers, and the private folder of those who look after them."""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import Path

from ml_jupyter.config import Settings


def name_of(run_id: str, workspace: Path) -> str:
    """How the names of a run's containers begin: another one in each copy of a workspace."""
    text = f"{workspace}\0{run_id}".encode("utf-8", "surrogateescape")
    short = re.sub(r"[^A-Za-z0-9_.-]", "_", run_id)[:60]
    return f"mlj-{short}-{blake2b(text, digest_size=4).hexdigest()}"


def folder_of(settings: Settings) -> Path:
    """Private folder for what is told to and by the processes that look after containers."""
    return settings.runtime / "containers"
