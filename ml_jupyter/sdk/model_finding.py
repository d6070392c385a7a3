"""Which versions of models are meant: by name, id, labels, run or framework."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, List, Optional, Tuple

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.models.record import ModelRecord
from ml_jupyter.models.store import ModelStore, matches


def matching(
    store: ModelStore,
    name: Optional[str],
    tags: Any,
    properties: Any,
    run_id: Optional[str],
    framework: Optional[str],
    latest: bool = False,
) -> List[ModelRecord]:
    """Versions that have all that is asked for, newest registration first."""
    return [
        record
        for record in store.list(name, latest=latest)
        if matches(record, tags, properties)
        and run_id in (None, record.run_id)
        and framework in (None, record.framework)
    ]


def uses(record: ModelRecord, dataset_id: str) -> bool:
    """Whether a version was made from a dataset."""
    return any(dataset.get("id") == dataset_id for _, dataset in record.datasets)


def parts_of(key: str) -> Tuple[str, str]:
    """Name and version of ``name:version``.

    Raises
    ------
    UserErrorException
        There is no colon in it.
    """
    name, colon, version = str(key).rpartition(":")
    if not colon:
        raise UserErrorException(f"{key!r} is not the id of a model.", hint="Write name:version.")
    return name, version


def number(version: Any) -> Optional[int]:
    """A version as a number; None for none.

    Raises
    ------
    UserErrorException
        It is no whole number.
    """
    if version is None:
        return None
    try:
        return int(version)
    except (TypeError, ValueError) as error:
        raise UserErrorException(f"version must be a whole number, not {version!r}.") from error


def beside(name: str, version: Any) -> Optional[str]:
    """The model in the folder of a service that this code runs in."""
    root = Path(os.environ.get("ML_JUPYTER_MODELS") or "azureml-models")
    folder = root / name
    numbers = sorted(int(item.name) for item in folder.glob("*") if item.name.isdigit())
    wanted = number(version) or (numbers[-1] if numbers else 0)
    if wanted not in numbers:
        return None
    inside = sorted((folder / str(wanted)).iterdir())
    return str(inside[0] if len(inside) == 1 else folder / str(wanted))
