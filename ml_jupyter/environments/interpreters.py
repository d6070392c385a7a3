"""The Pythons of this machine, and the one that is nearest to a wished version."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from glob import glob
from typing import Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ml_jupyter.environments import commands

Version = Tuple[int, ...]
#: The oldest Python in which ``Run.get_context()`` works.
OLDEST: Version = (3, 8)
_ASK_S = 10.0
_ASK = (
    "import json, os, sys; print(json.dumps([list(sys.version_info[:3]), sys.implementation.name,"
    " getattr(sys, '_base_executable', '') or sys.executable, getattr(sys, 'abiflags', '')]))"
)
_NAME = re.compile(r"python3(\.\d+)?\Z")
_NUMBERS = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?")


@dataclass(frozen=True)
class Interpreter:
    """A Python that environments can be based on."""

    path: str
    version: Version

    @property
    def shown(self) -> str:
        """Its version as text."""
        return ".".join(map(str, self.version))


def parse(version: str) -> Version:
    """``3.6.2``, ``=3.8``, ``>=3.8,<4`` or ``3.8.*`` as numbers; ``()`` when there are none."""
    match = _NUMBERS.search(version)
    return () if match is None else tuple(int(part) for part in match.groups() if part is not None)


def is_too_old(version: Version) -> bool:
    """Whether jobs cannot run in it; False where the minor version is not said."""
    return version < OLDEST[: len(version)]


def find(variables: Mapping[str, str], first: Sequence[str] = ()) -> List[Interpreter]:
    """CPython interpreters from ``OLDEST`` on, each once; those of ``first`` come first."""
    found: Dict[str, Interpreter] = {}
    for path in _candidates(variables, first):
        known = _look(path, variables)
        if known is not None and known.version >= OLDEST:
            found.setdefault(os.path.realpath(known.path), known)
    return list(found.values())


def nearest(wanted: Version, present: Sequence[Interpreter]) -> Optional[Interpreter]:
    """The best of ``present`` for a wish; None when there is none at all.

    The same version; else the same minor version, its newest; else the next newer minor version
    (the oldest there is, for a version that is too old); else the newest one.
    """
    if not present:
        return None
    if not wanted:
        return present[0]
    exact = [item for item in present if item.version[: len(wanted)] == wanted]
    minor = [item for item in present if item.version[:2] == wanted[:2]]
    for group in (exact, minor):
        if group:
            return max(group, key=lambda item: item.version)
    newer = [item for item in present if item.version[:2] > wanted[:2]]
    least = min((item.version[:2] for item in newer), default=())
    group = [item for item in newer if item.version[:2] == least] or list(present)
    return max(group, key=lambda item: item.version)


def _candidates(variables: Mapping[str, str], first: Sequence[str]) -> Iterator[str]:
    yield from first
    home = variables.get("HOME") or os.path.expanduser("~")
    data = variables.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    for folder in variables.get("PATH", os.defpath).split(os.pathsep):
        if "shims" not in folder:  # pyenv's, which choose a version of their own
            yield from _in_folder(folder)
    pyenv = variables.get("PYENV_ROOT") or os.path.join(home, ".pyenv")
    own = variables.get("UV_PYTHON_INSTALL_DIR") or os.path.join(data, "uv", "python")
    for pattern in (
        os.path.join(pyenv, "versions", "*", "bin"),
        os.path.join(own, "*", "bin"),
        "/usr/local/bin",
        "/usr/bin",
        "/opt/homebrew/bin",
        "/opt/python/*/bin",
    ):
        for folder in sorted(glob(pattern)):
            yield from _in_folder(folder)


def _in_folder(folder: str) -> Iterator[str]:
    try:
        names = sorted(name for name in os.listdir(folder or ".") if _NAME.match(name))
    except OSError:
        return
    seen = set()
    for name in names:
        path = os.path.join(folder, name)
        if os.path.realpath(path) not in seen:
            seen.add(os.path.realpath(path))
            yield path


_known: Dict[Tuple[str, int], Optional[Interpreter]] = {}


def _look(path: str, variables: Mapping[str, str]) -> Optional[Interpreter]:
    try:
        key = (path, os.stat(path).st_mtime_ns)
    except OSError:
        return None
    if key not in _known:
        _known[key] = _ask(path, variables)
    return _known[key]


def _ask(path: str, variables: Mapping[str, str]) -> Optional[Interpreter]:
    quiet = {"PATH": variables.get("PATH", os.defpath)}
    try:
        text = commands.answer([path, "-I", "-S", "-c", _ASK], quiet, _ASK_S)
        version, name, base, flags = json.loads(text)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    if name != "cpython" or "t" in flags:
        return None
    return Interpreter(base if os.path.exists(base) else path, tuple(version))


def own_version() -> str:
    """Major and minor version of the Python that asks."""
    return ".".join(map(str, sys.version_info[:2]))
