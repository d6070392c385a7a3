"""Identifiers and the rules for names (surface 1.5 and 4.1)."""

from __future__ import annotations

import re
from hashlib import blake2b

from ml_jupyter import _lazy, _time
from ml_jupyter.exceptions import UserErrorException

uuid = _lazy.Module("uuid")  # it costs more than the rest of this file

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,254}\Z")
_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,199}\Z")
_RUN_ID_BYTES = 200
_READABLE = 200


def new_uuid() -> str:
    """A random UUID as text."""
    return str(uuid.uuid4())


def experiment_id(workspace_id: str, name: str) -> str:
    """Id of the experiment called ``name``: the same in every process and copy of a workspace."""
    return str(uuid.uuid5(uuid.UUID(workspace_id), name))


def script_run_id(experiment: str) -> str:
    """Id of a submitted run: ``<experiment>_<unix seconds>_<8 hex digits>``, at most 200 bytes."""
    tail = f"_{_time.now_ns() // 1_000_000_000}_{uuid.uuid4().hex[:8]}"
    return experiment[: _RUN_ID_BYTES - len(tail)] + tail


def metric_file(name: str) -> str:
    """File name of a series: 16 hex digits of BLAKE2b, so that any text can be its name."""
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def check_name(name: str, what: str) -> str:
    """Return ``name`` when it may name a workspace or an experiment.

    Raises
    ------
    UserErrorException
        Not 1-255 characters of letters, digits, ``-`` and ``_`` beginning with a letter or digit.
    """
    if not _NAME.match(str(name)):
        raise UserErrorException(
            f"{what} name {name!r} is not valid.",
            hint="Use 1-255 letters, digits, '-' and '_', beginning with a letter or a digit.",
        )
    return name


def experiment_name_for(name: str) -> str:
    """``name`` where it may name an experiment, else one made from it, always the same."""
    if _NAME.match(name):
        return name
    readable = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-_")[:_READABLE] or "experiment"
    tail = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{readable}-{tail}"


def check_run_id(run_id: str) -> str:
    """Return ``run_id`` when it may be the id of a run, so that it is safe as a folder's name.

    Raises
    ------
    UserErrorException
        Not 1-200 letters, digits, ``-``, ``_`` and ``.`` beginning with a letter or digit.
    """
    if not _RUN_ID.match(str(run_id)):
        raise UserErrorException(
            f"Run id {run_id!r} is not valid.",
            hint="Use 1-200 letters, digits, '-', '_' and '.', beginning with a letter or a digit.",
        )
    return run_id
