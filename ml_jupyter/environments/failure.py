"""From an installer's last words to one sentence that names the package."""

from __future__ import annotations

import re
from typing import List, Sequence

from ml_jupyter.environments.requirements import name_of
from ml_jupyter.environments.specification import CONDA, EnvironmentSpec
from ml_jupyter.exceptions import EnvironmentBuildFailed

LAST_LINES = 20
_UNREACHABLE = "error sending request"
_PIP_INSTEAD = (
    "Where conda channels cannot be reached, ML_JUPYTER_ENVIRONMENT_MODE=pip takes the packages "
    "from the package index of pip."
)
_LONGEST = 600
_CAUSE = re.compile(r"^\s*(?:\u00d7|╰─▶|├─▶|[│|]|cause:|Caused by:|error:|[└├]─)\s*")
_NAMED = (
    re.compile(r"Failed to (?:build|download and build|download|prepare|install)[^`\n]*`([\w.-]+)"),
    re.compile(r"Failed to (?:build|download)[^`\n]*`[^`\n]*/([A-Za-z][\w.]*?)-\d[^/`\n]*`"),
    re.compile(r"(?:No candidates were found for|nothing provides(?: requested)?)\s+([\w.-]+)"),
    re.compile(r"error: ([\w.-]+) \S+ cannot be installed"),
    re.compile(r"/simple/([\w.-]+)/"),
)
_CONCLUSION = re.compile(r"^Because |, we can conclude that your requirements are unsatisfiable")
_NO_PACKAGES = ("all", "only", "there", "we", "you", "your")
_WORD = re.compile(r"[A-Za-z0-9][\w.-]*")
_BECAUSE = re.compile(
    r"(?:because|and)\s+(?:only\s+)?(?:there (?:is|are) no versions? of\s+)?([A-Za-z0-9][\w.-]*)",
    re.I,
)


def failed(spec: EnvironmentSpec, tail: str, code: int) -> EnvironmentBuildFailed:
    """The error for an installer that ended with ``code``.

    Parameters
    ----------
    spec : EnvironmentSpec
        What was to be built.
    tail : str
        The end of its output, without credentials.
    """
    lines = [line.rstrip() for line in tail.replace("\r", "\n").splitlines() if line.strip()]
    package = culprit(spec, "\n".join(lines))
    reason = _reason(lines) or f"the installer ended with exit code {code}"
    named = f"package {package!r}: " if package and package not in reason else ""
    return EnvironmentBuildFailed(
        f"Environment {spec.name!r} could not be built: {named}{reason.rstrip('.')}.",
        package=package,
        log="\n".join(lines[-LAST_LINES:]),
        hint=_PIP_INSTEAD if spec.mode == CONDA and _UNREACHABLE in tail else None,
    )


def culprit(spec: EnvironmentSpec, text: str) -> str:
    """The package that a text blames; empty when it blames none."""
    asked = {name_of(item): name_of(item) for item in (*spec.pip, *spec.conda)}
    for pattern in _NAMED:
        found = [name_of(item) for item in pattern.findall(text)]
        if found:
            return next((item for item in found if item in asked), found[0])
    blamed = [name_of(item) for item in _BECAUSE.findall(text) if item not in _NO_PACKAGES]
    words = {name_of(item) for item in _WORD.findall(text.partition("ecause")[2])}
    asked_and_blamed = [item for item in asked if item in words]
    return next(iter([item for item in blamed if item in asked] + asked_and_blamed + blamed), "")


def _reason(lines: Sequence[str]) -> str:
    """The first cause that an installer gives, without its ornaments."""
    start = next((i for i, line in enumerate(lines) if _is_error(line)), None)
    if start is None:
        return lines[-1].strip()[:_LONGEST] if lines else ""
    causes = _paragraphs(lines[start:])
    if len(causes) > 1 and causes[0].startswith("No solution found"):
        return _CONCLUSION.sub("", causes[1])[:_LONGEST]
    built = causes[0].startswith("Failed to build")  # what follows is the package's own output
    ends = causes[:2] if built else [causes[0], *causes[1:][-1:]]
    return ": ".join(item.rstrip(":") for item in ends)[:_LONGEST]


def _is_error(line: str) -> bool:
    return line.lstrip().startswith(("error:", "\u00d7", "Error:"))


def _paragraphs(lines: Sequence[str]) -> List[str]:
    found: List[str] = []
    for line in lines:
        if line.startswith("hint:"):
            break
        text = _CAUSE.sub("", line).strip()
        if _CAUSE.match(line) or not found:
            found.append(text)
        elif text:
            found[-1] = f"{found[-1]} {text}"
    return [item for item in found if item]
