"""Causes of failures that are told by exit codes, signals and builds: from data to data."""

from __future__ import annotations

import re
from typing import Any, Mapping

from ml_jupyter.jobs.finding_cause import Advice, Cause
from ml_jupyter.jobs.finding_facts import last_lines

_SHORT = 160


def by_exit_code(code: int, reason: str, tail: bytes) -> Cause:
    """A job that ended with an exit code and no traceback: its last line usually says why."""
    lines = last_lines(tail)
    last = lines[-1] if lines else ""
    if code == 127:
        advice = Advice("Name a program that is on the PATH of the job, or install it.")
        return Cause("exit_code", "The command was not found.", last or None, (advice,))
    if code == 126:
        advice = Advice("Make the file executable (chmod +x), or start it with its interpreter.")
        return Cause("exit_code", "The command may not be executed.", last or None, (advice,))
    refused = re.match(r"\S+: error: (.+)$", last)
    if code == 2 and refused is not None:  # as argparse says it
        title = f"The arguments were refused: {refused.group(1).rstrip('.')}."
        return Cause("exit_code", title, None, (Advice("Correct the arguments of the run."),))
    if last and len(last) <= _SHORT:
        return Cause("exit_code", f"{reason.rstrip('.')}: {last.rstrip('.')}.")
    return Cause("exit_code", reason, f"The last line was: {last}" if last else None)


def by_signal(signal: Mapping[str, Any], reason: str, tail: bytes) -> Cause:
    """A job that a signal ended; of a crash of its own the last line may say why."""
    own = signal["sender"] == "job"
    memory = signal["sender"] in ("kernel", "limit")
    last = last_lines(tail)[-1:]
    said = f" The last line was: {last[0]}" if own and last else ""
    return Cause(
        "crash" if own else "memory" if memory else "signal", reason, signal["sentence"] + said
    )


def by_build(reason: str, error: Mapping[str, Any]) -> Cause:
    """A failed build: the package that could not be had, where it is known which."""
    details = error.get("details")
    package = details.get("package") if isinstance(details, dict) else error.get("package")
    if not package:
        return Cause("environment", reason)
    text = f"Correct or remove {package} in the environment, and submit again."
    return Cause("environment", reason, text, (Advice(text, package=str(package)),))
