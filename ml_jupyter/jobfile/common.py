"""Keys that every kind of job has, and the keys of what a job or a trial runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

from ml_jupyter import _ids
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.jobfile import references
from ml_jupyter.jobfile.context import Context
from ml_jupyter.jobfile.cursor import Cursor, one_of, optional
from ml_jupyter.jobfile.model import Input, Output

#: Keys of all jobs.
JOB_KEYS = (
    "$schema", "type", "name", "display_name", "description", "experiment_name", "tags",
    "properties", "identity", "queue_settings", "parent_job_name",
)  # fmt: skip
READ_ONLY = ("id", "creation_context", "status", "resource_group")
#: Keys of what is run.
TRIAL_KEYS = (
    "code", "command", "inputs", "outputs", "environment", "environment_variables", "compute",
    "distribution", "distributed", "resources",
)  # fmt: skip
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}\Z")
_URI = re.compile(r"git\+|azureml:|https?:")


def read_facts(job: Cursor) -> Dict[str, Any]:
    """Name, description, experiment, tags and properties, as arguments of the model."""
    for name in READ_ONLY:
        item = job.member(name)
        if item is not None:
            item.error("set by the system", "leave it out")
    identity = job.get("identity")
    if identity is not None:
        identity.warn("has no effect on this machine")
    return {
        "name": optional(job.get("name"), _job_id),
        "display_name": optional(job.get("display_name"), Cursor.text),
        "description": optional(job.get("description"), Cursor.text),
        "experiment_name": optional(job.get("experiment_name"), _experiment),
        "tags": texts(job.get("tags"), empty_allowed=True),
        "properties": texts(job.get("properties")),
    }


def texts(cursor: Optional[Cursor], *, empty_allowed: bool = False) -> Dict[str, Any]:
    """A map of single values, each as text."""
    found: Dict[str, Any] = {}
    for name, item in {} if cursor is None else cursor.members().items():
        if item.is_empty:
            found[name] = None if empty_allowed else ""
        else:
            text = item.scalar_text()
            if text is not None:
                found[name] = text
    return found


def read_code(job: Cursor, context: Context) -> Tuple[Optional[Path], Optional[str]]:
    """Folder or file of the source code, or the URI of one."""
    cursor = job.get("code")
    if cursor is None:
        return None, None
    if cursor.is_map:
        context.old_spelling(cursor, "code: PATH")
        cursor.expect_keys(("local_path",))
        inner = cursor.get("local_path")
        if inner is None:
            cursor.error("code has no local_path")
            return None, None
        cursor = inner
    text = cursor.text()
    if text is not None and _URI.match(text):
        return None, text
    return context.local(cursor), None


def read_command(job: Cursor) -> Optional[str]:
    """The command; one line of text for the shell."""
    cursor = job.member("command")
    if cursor is None or cursor.is_empty:
        job.error("there is no command", "command: what to run")
        return None
    if cursor.is_list:
        cursor.error("the command is a list", "one text, the words joined with blanks")
        return None
    text = cursor.text()
    if text is not None and not text.strip():
        cursor.error("the command is empty")
        return None
    return text


def check_references(
    job: Cursor,
    command: str,
    inputs: Mapping[str, Input],
    outputs: Mapping[str, Output],
    parameters: Optional[Mapping[str, Any]],
) -> None:
    """Report names in the command that are not there, and what is there and not used."""
    cursor = job.get("command")
    if cursor is None:
        return
    known: Dict[str, Mapping[str, Any]] = {"inputs": inputs, "outputs": outputs}
    known["search_space"] = parameters or {}
    used = set()
    for item in references.find(command):
        used.add((item.kind, item.name))
        if item.name not in known[item.kind]:
            there = ", ".join(sorted(known[item.kind])) or "none"
            cursor.error(f"there is no {item.kind}.{item.name}", f"known: {there}")
        elif item.kind == "inputs" and not item.in_optional:
            named = inputs[item.name]
            if named.optional and not named.is_given:
                cursor.error(f"inputs.{item.name} may be missing", "put that part in $[[ ]]")
    _warn_unused(job, used, inputs, parameters)


def _warn_unused(
    job: Cursor, used: Any, inputs: Mapping[str, Input], parameters: Optional[Mapping[str, Any]]
) -> None:
    for name, item in inputs.items():
        if ("inputs", name) not in used:
            job.report.warn(item.place, f"inputs.{name}", "the command does not use it")
    for name in parameters or {}:
        if ("search_space", name) not in used:
            cursor = job.get("command")
            if cursor is not None:
                cursor.warn(f"it does not use search_space.{name}", "each trial would be the same")


def read_timeout(job: Cursor, context: Context, limits: Tuple[str, ...]) -> Dict[str, Any]:
    """``limits`` of a file of today, ``timeout_minutes`` of 2021: seconds and counts by name."""
    inside = job.get("limits")
    if inside is not None:
        inside.expect_keys(limits)
    minutes = job.get("timeout_minutes")
    if minutes is not None:
        context.old_spelling(minutes, "limits.timeout in seconds")
    seconds = None if inside is None else inside.get("timeout")
    chosen = one_of([seconds, minutes])
    value = optional(chosen, lambda item: item.above(0), 0.0)
    trial = None if inside is None else inside.get("trial_timeout")
    return {
        "timeout_s": value * 60 if chosen is minutes else value,
        "trial_timeout_s": optional(trial, lambda item: item.above(0), 0.0),
    }


def _job_id(cursor: Cursor) -> Optional[str]:
    text = cursor.text()
    if text is not None and not _ID.match(text):
        cursor.error(f"{text!r} cannot be the name of a job", "letters, digits, - and _, up to 255")
        return None
    return text


def _experiment(cursor: Cursor) -> Optional[str]:
    text = cursor.text()
    try:
        if text is not None:
            _ids.check_name(text, "Experiment")
    except MlJupyterError as error:
        cursor.error(error.message)
        return None
    return text
