"""What a job needs to know of an environment that is ready."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Mapping, Optional, Tuple


@dataclass(frozen=True)
class Prepared:
    """An environment that a job can be started in.

    Attributes
    ----------
    interpreter : str
        Python program that runs scripts; in a container, the path inside it.
    path : tuple of str
        Folders that come first on ``PATH``, before the interpreter's own.
    variables : mapping of str to str
        Variables of the environment; those of the run's configuration go on top.
    image : str, optional
        Id or name of the image that the job runs in; None: no container.
    warnings : tuple of str
        What the user should know, such as a Python version that could not be had.
    """

    interpreter: str
    path: Tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    image: Optional[str] = None
    warnings: Tuple[str, ...] = ()
