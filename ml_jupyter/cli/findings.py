"""Findings of job files: each on a line of standard error, all of them as the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ml_jupyter.cli.output import Result
from ml_jupyter.exceptions import JobFileInvalid
from ml_jupyter.jobfile.model import JobFile

_COLUMNS = ("line", "column", "severity", "key", "message")


def told(read: Callable[[], JobFile]) -> Result:
    """What ``validate`` prints of a file: that it is good, or everything that is wrong."""
    try:
        made = read()
    except JobFileInvalid as invalid:
        return refused(invalid)
    for finding in made.warnings:
        click.echo(str(finding), err=True)
    value: dict[str, Any] = {"valid": True, "dialect": made.dialect, "type": made.job.type}
    return Result({**value, "warnings": [item.to_json() for item in made.warnings]})


def refused(invalid: JobFileInvalid) -> Result:
    """What a command prints of a file that it does not take."""
    for finding in invalid.findings:
        click.echo(str(finding), err=True)
    return Result([item.to_json() for item in invalid.findings], 2, _COLUMNS)
