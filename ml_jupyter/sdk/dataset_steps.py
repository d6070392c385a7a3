"""Steps that leave a part of a dataset's files; stored with it, so that a part stays the same."""

from __future__ import annotations

import datetime
import os
import random
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Sequence

from ml_jupyter.datasets.tables import expressions
from ml_jupyter.exceptions import DataMismatch, UserErrorException
from ml_jupyter.sdk.dataset_sources import DataFile, Source

if TYPE_CHECKING:
    from ml_jupyter.sdk.workspace import Workspace


#: Facts of files that conditions may ask for, as the Azure ML SDK names them.
METADATA = ("Size", "LastModifiedTime", "CreatedTime", "CanSeek")
PREFIX = "\x00file."


def files_of(sources: Sequence[Source], workspace: Optional[Workspace]) -> List[DataFile]:
    """The files of several sources, each once; those of one name are put into numbered folders."""
    found: Dict[str, DataFile] = {}
    for number, source in enumerate(sources, 1):
        for item in source.files(workspace):
            known = found.setdefault(item.path, item)
            if (known.url, known.local) != (item.url, item.local):
                path = f"{number}/{item.path}"
                found.setdefault(path, replace(item, path=path))
    return list(found.values())


def apply(
    files: List[DataFile], step: Sequence[Any], partition_format: Optional[str] = None
) -> List[DataFile]:
    """The files that a step leaves.

    Parameters
    ----------
    step : sequence
        ``take``, ``skip``, ``filter``, or ``sample`` of an interval of [0, 1).
    partition_format : str, optional
        Names the columns of the files' paths, for ``filter``.
    """
    kind = step[0]
    if kind == "take":
        return files[: step[1]]
    if kind == "skip":
        return files[step[1] :]
    if kind == "filter":
        return [item for item in files if _holds(step[1], item, partition_format)]
    _, low, high, seed = step
    draw = random.Random(seed)
    drawn = [(draw.random(), item) for item in files]
    return [item for number, item in drawn if low <= number < high]


def _holds(form: Sequence[Any], item: DataFile, partition_format: Optional[str]) -> bool:
    from ml_jupyter.sdk.dataset_partitions import values_of

    values = values_of(item, partition_format)

    def get(name: str) -> Any:
        if name.startswith(PREFIX):
            return _fact(name[len(PREFIX) :], item)
        if name not in values:
            known = ", ".join(values) or "none; give from_files a partition_format"
            raise DataMismatch(f"There is no column {name!r}.", hint=f"Columns: {known}.")
        return values[name]

    return bool(expressions.evaluate(form, get))


def _fact(name: str, item: DataFile) -> Any:
    if item.local is None:
        raise DataMismatch(f"{name} of {item.path} is not known: it is not on this machine.")
    facts = os.stat(item.local)
    if name == "Size":
        return facts.st_size
    if name == "CanSeek":
        return True
    seconds = facts.st_mtime if name == "LastModifiedTime" else facts.st_ctime
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).replace(tzinfo=None)


def natural(value: Any, name: str) -> int:
    """A whole number from 0 on.

    Raises
    ------
    UserErrorException
        Something else; names it.
    """
    if type(value) is not int or value < 0:
        raise UserErrorException(f"{name} must be a whole number from 0 on, not {value!r}.")
    return value


def ratio(value: Any, name: str) -> float:
    """A number from 0 to 1.

    Raises
    ------
    UserErrorException
        Something else; names it.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise UserErrorException(f"{name} must be a number from 0 to 1, not {value!r}.")
    return float(value)


def seed(seed: Optional[int]) -> int:
    """The seed, or one of chance that is stored with the step."""
    return uuid.uuid4().int & 0xFFFFFFFF if seed is None else seed
