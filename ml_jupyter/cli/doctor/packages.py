"""The packages of this Python: all there, and new enough."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator

from ml_jupyter._version import __version__
from ml_jupyter.cli.doctor.finding import OK, PROBLEM, WARNING, Finding

_NAME = "ml_jupyter"


def check() -> Iterator[Finding]:
    """Look at what this product needs."""
    yield Finding("python", OK, f"ml_jupyter {__version__} in Python {_version()}, {sys.prefix}")
    try:
        installed = importlib.metadata.version(_NAME)
        needed = importlib.metadata.requires(_NAME) or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding(
            "packages", WARNING, "ml_jupyter is imported from a folder and is not installed.",
            "Install it: python -m pip install ml-jupyter",
        )  # fmt: skip
        return
    wrong = [said for text in needed if (said := _missing(text))]
    if installed != __version__:
        yield Finding(
            "packages", WARNING, f"Version {installed} is installed, {__version__} is running.",
            "Install it again: python -m pip install --force-reinstall ml-jupyter",
        )  # fmt: skip
    if wrong:
        mend = f"Install what it needs: {sys.executable} -m pip install --upgrade ml-jupyter"
        yield Finding("packages", PROBLEM, f"Not as needed: {'; '.join(wrong)}.", mend)
    else:
        yield Finding("packages", OK, "All packages that it needs are there.")


def _missing(text: str) -> str | None:
    """What is wrong with a requirement; None: it is met, or not for this system."""
    from packaging.requirements import Requirement

    needed = Requirement(text)
    if needed.marker is not None and not needed.marker.evaluate({"extra": ""}):
        return None
    try:
        version = importlib.metadata.version(needed.name)
    except importlib.metadata.PackageNotFoundError:
        return f"{needed.name} is not installed"
    if needed.specifier.contains(version, prereleases=True):
        return None
    return f"{needed.name} is {version}, needed is {needed.specifier}"


def _version() -> str:
    return ".".join(map(str, sys.version_info[:3]))
