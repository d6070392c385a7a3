"""Values that stand in the paths of a dataset's files."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence
from urllib.parse import urlsplit

from ml_jupyter.datasets.tables.partitions import PartitionFormat
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.dataset_sources import DataFile


def values_of(item: DataFile, text: Optional[str]) -> Dict[str, Any]:
    """The columns of one file; none without a ``partition_format``."""
    return {} if text is None else PartitionFormat(text).values(path_of(item))


def path_of(item: DataFile) -> str:
    """The path that a ``partition_format`` is about."""
    if item.url is not None:
        return urlsplit(item.url).path
    return (item.local or item.path).replace("\\", "/")


def combinations(
    files: Sequence[DataFile], text: Optional[str], keys: Optional[Sequence[str]]
) -> List[Dict[str, Any]]:
    """Each combination of values once, in the order of the files.

    Raises
    ------
    UserErrorException
        The dataset has no partitions, or not this one.
    """
    if text is None:
        raise UserErrorException("The dataset was made without a partition_format.")
    form = PartitionFormat(text)
    wanted = list(form.columns if keys is None else keys)
    for name in wanted:
        if name not in form.columns:
            raise UserErrorException(
                f"{name!r} is no partition key.", hint=f"There are: {', '.join(form.columns)}."
            )
    found: List[Dict[str, Any]] = []
    for item in files:
        values = form.values(path_of(item))
        chosen = {name: values[name] for name in wanted}
        if chosen not in found:
            found.append(chosen)
    return found
