"""Steps that leave a part of a dataset's files; stored with it, so that a part stays the same."""

from __future__ import annotations

import random
import uuid
from typing import Any, List, Optional, Sequence

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.dataset_sources import DataFile


def apply(files: List[DataFile], step: Sequence[Any]) -> List[DataFile]:
    """The files that a step leaves: ``take``, ``skip``, or ``sample`` of an interval of [0, 1)."""
    kind = step[0]
    if kind == "take":
        return files[: step[1]]
    if kind == "skip":
        return files[step[1] :]
    _, low, high, seed = step
    draw = random.Random(seed)
    drawn = [(draw.random(), item) for item in files]
    return [item for number, item in drawn if low <= number < high]


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
