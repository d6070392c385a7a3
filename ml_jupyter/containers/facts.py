"""Facts of images, and of containers that have ended."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Dict, Mapping, Optional


@dataclass(frozen=True)
class ImageFacts:
    """An image that the engine has.

    Attributes
    ----------
    id : str
        Its content's hash: ``sha256:…``.
    python : str
        Path of its Python; empty: it has none, or it is not known yet.
    version : str
        Of that Python: ``3.11.2``.
    shell : str
        ``/bin/bash``, ``/bin/sh`` or empty.
    variables : mapping of str to str
        The image's own environment.
    labels : mapping of str to str
        The image's labels.
    size : int
        Bytes.
    """

    id: str
    python: str = ""
    version: str = ""
    shell: str = ""
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    size: int = 0


@dataclass(frozen=True)
class Outcome:
    """What became of a job's container.

    Attributes
    ----------
    exit_code : int
        Of the job.
    oom : bool
        The engine ended a process of it for want of memory, and the job failed.
    memory : int
        Its limit in bytes; 0: none.
    error : mapping, optional
        ``code`` and ``message`` when the engine, not the job, is to blame.
    """

    exit_code: int = 0
    oom: bool = False
    memory: int = 0
    error: Optional[Mapping[str, str]] = None

    def to_json(self) -> Dict[str, Any]:
        """All of it."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Outcome:
        """What ``to_json`` gave."""
        names = {item.name for item in fields(cls)}
        return cls(**{key: item for key, item in value.items() if key in names})
