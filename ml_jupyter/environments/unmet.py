"""What a Python that is taken as it is lacks of the packages that an environment names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Dict, Tuple

from ml_jupyter.environments import commands
from ml_jupyter.environments.requirements import name_of
from ml_jupyter.environments.specification import EnvironmentSpec

_ASK_S = 20.0
_LIST = """
import json, re
try:
    from importlib import metadata
except ImportError:
    import importlib_metadata as metadata
names = ((d.metadata["Name"], d.version) for d in metadata.distributions())
print(json.dumps({re.sub(r"[-_.]+", "-", n).lower(): v for n, v in names if n}))
"""


def warnings(spec: EnvironmentSpec) -> Tuple[str, ...]:
    """One sentence that names the packages that are missing or of another version; or nothing."""
    if not spec.pip:
        return ()
    python = spec.interpreter or sys.executable
    try:
        text = commands.answer([python, "-c", _LIST], os.environ, _ASK_S)
        present: Dict[str, str] = json.loads(text.splitlines()[-1])
    except (OSError, ValueError, IndexError, subprocess.SubprocessError):
        return ()
    lacking = [problem for problem in (_problem(item, present) for item in spec.pip) if problem]
    if not lacking:
        return ()
    return (f"Environment {spec.name!r} is taken as it is, and lacks: {', '.join(lacking)}.",)


def _problem(requirement: str, present: Dict[str, str]) -> str:
    version = present.get(name_of(requirement))
    try:
        from packaging.requirements import InvalidRequirement, Requirement
    except ImportError:
        return "" if version is not None else requirement
    try:
        wanted = Requirement(requirement)
    except InvalidRequirement:
        return ""
    if wanted.marker is not None and not wanted.marker.evaluate():
        return ""
    if version is None:
        return requirement
    fits = wanted.specifier.contains(version, prereleases=True)
    return "" if fits else f"{requirement} (it has {version})"
