"""The packages that Weights & Biases found installed: ``requirements.txt`` beside a run's files."""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional

from ml_jupyter.history.packages import Package, PackageList

_MOST_BYTES = 1 << 20


def installed(folder: Path, python: str) -> Optional[PackageList]:
    """The list in a run's folder ``files``; None where there is none.

    Parameters
    ----------
    folder : Path
        Where W&B keeps the run's files.
    python : str
        Implementation and version, as W&B notes them: ``CPython 3.11.7``.
    """
    try:
        with open(folder / "requirements.txt", encoding="utf-8", errors="replace") as file:
            text = file.read(_MOST_BYTES)
    except OSError:
        return None
    found: List[Package] = []
    for line in text.splitlines():
        name, mark, version = line.strip().partition("==")
        if mark and name and version and not name.startswith("#"):
            found.append(Package(name.strip(), version.strip()))
    found.sort(key=lambda item: item.name.lower())
    implementation, _, version = python.rpartition(" ")
    return PackageList(version, implementation.lower(), tuple(found)) if found else None
