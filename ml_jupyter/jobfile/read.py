"""From a job file to a job: the entry of this package."""

from __future__ import annotations

import posixpath
import re
import sys
from pathlib import Path
from typing import Optional, Sequence, Tuple

from ml_jupyter._files import PathLike
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.jobfile import document, overrides, references
from ml_jupyter.jobfile.command import read_command_job
from ml_jupyter.jobfile.context import PREVIEW, RUNCONFIG, V2, Context
from ml_jupyter.jobfile.cursor import Cursor
from ml_jupyter.jobfile.findings import Report
from ml_jupyter.jobfile.model import COMMAND, SWEEP, Job, JobFile
from ml_jupyter.jobfile.runconfig import read_runconfig
from ml_jupyter.jobfile.sweep import read_sweep_job

_TYPES = {"command": COMMAND, "command_job": COMMAND, "sweep": SWEEP, "sweep_job": SWEEP}
_SCHEMAS = {"commandjob.schema.json": COMMAND, "sweepjob.schema.json": SWEEP}
_UNSUPPORTED = re.compile(
    r"(pipeline|spark|automl|parallel|import|labeling|commandcomponent)\w*", re.IGNORECASE
)


def load(
    path: PathLike, settings: Sequence[str] = (), *, check_paths: bool = True, text: str = ""
) -> JobFile:
    """Read a job file.

    Parameters
    ----------
    path : path
        The file; ``-``: standard input, with paths relative to the current folder.
    settings : sequence of str
        ``KEY=VALUE`` changes that are put in first.
    check_paths : bool
        Report local paths that are not there.
    text : str
        The content, when it was read already.

    Returns
    -------
    JobFile
        The job, the dialect of the file, and its warnings.

    Raises
    ------
    JobFileInvalid
        With everything that is wrong, each with its place.
    UserErrorException
        The file cannot be read.
    """
    name = str(path)
    data, folder = _content(name, text)
    report = Report()
    tree = document.parse(data, name, report)
    report.raise_errors()
    if tree is None:
        raise UserErrorException(f"{name} holds no job.")
    if not isinstance(tree.value, dict):
        report.error(tree.place, "", "the file does not hold a map", "a job has at least a command")
        report.raise_errors()
    overrides.apply(tree, settings, report)
    root = Cursor(tree, "", report)
    dialect = _dialect(root, name)
    job = _job(root, Context(folder, dialect, check_paths))
    report.raise_errors()
    if job is None:
        raise UserErrorException(f"{name} holds no job.")
    return JobFile(dialect, job, tuple(report.warnings))


def _content(name: str, text: str) -> Tuple[bytes, Path]:
    if text:
        return text.encode("utf-8"), Path.cwd() if name == "-" else Path(name).absolute().parent
    if name == "-":
        return sys.stdin.buffer.read(document.MAX_BYTES + 1), Path.cwd()
    path = Path(name)
    try:
        with open(path, "rb") as file:
            return file.read(document.MAX_BYTES + 1), path.absolute().parent
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserErrorException(f"--file {name}: {reason}.") from error


def _dialect(root: Cursor, name: str) -> str:
    if name.endswith(".runconfig") or any(
        root.member(key) is not None for key in ("script", "framework", "communicator")
    ):
        return RUNCONFIG
    trial = root.get("trial")
    for job in (root, *([trial] if trial is not None and trial.is_map else [])):
        if _is_preview(job):
            return PREVIEW
    return V2


def _is_preview(job: Cursor) -> bool:
    compute, environment, inputs = (job.get(n) for n in ("compute", "environment", "inputs"))
    if compute is not None and compute.is_map:
        return True
    if environment is not None and environment.is_map and environment.get("docker") is not None:
        return True
    given = inputs.members() if inputs is not None and inputs.is_map else {}
    if any(item.is_map and item.get("data") is not None for item in given.values()):
        return True
    command = job.get("command")
    text = "" if command is None else command.plain
    return isinstance(text, str) and any(item.is_old for item in references.find(text))


def _job(root: Cursor, context: Context) -> Optional[Job]:
    if context.dialect == RUNCONFIG:
        return read_runconfig(root, context)
    kind = _kind(root)
    if kind is None:
        return None
    return read_sweep_job(root, context) if kind == SWEEP else read_command_job(root, context)


def _kind(root: Cursor) -> Optional[str]:
    hinted = _schema(root)
    given = root.get("type")
    if given is not None:
        text = given.text() or ""
        if _UNSUPPORTED.fullmatch(text.replace("_", "")):
            given.error(f"jobs of type {text} are not supported", "command or sweep")
            return None
        chosen = given.choice(tuple(_TYPES))
        if chosen is not None:
            return _TYPES[chosen]
        # What else is wrong is told too, as of the job that this looks like.
        return SWEEP if root.member("trial") is not None else COMMAND
    if hinted == "":
        return None
    if hinted is not None:
        return hinted
    if root.member("trial") is not None:
        return SWEEP
    if root.member("command") is not None:
        return COMMAND
    root.error("neither command nor trial is there", "what is to be run?")
    return None


def _schema(root: Cursor) -> Optional[str]:
    """The kind that ``$schema`` tells; empty when it is one that is not supported."""
    cursor = root.get("$schema")
    if cursor is None:
        return None
    if not isinstance(cursor.plain, str):
        cursor.error("$schema is not a text")
        return None
    base = posixpath.basename(cursor.plain.split("#", 1)[0].split("?", 1)[0])
    if base.lower() in _SCHEMAS:
        return _SCHEMAS[base.lower()]
    stem = base.split(".", 1)[0]
    if _UNSUPPORTED.fullmatch(stem):
        cursor.error(f"{stem} is not supported", "commandJob or sweepJob")
        return ""
    cursor.warn(f"the schema {base!r} is not known", "commandJob or sweepJob")
    return None
