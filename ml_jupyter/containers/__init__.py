"""Jobs in containers: a Docker Engine of this machine, its images, and the life of a container."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict

from ml_jupyter import _lazy

if TYPE_CHECKING:
    from ml_jupyter.containers.checks import check
    from ml_jupyter.containers.engine import Engine, connect, connect_to
    from ml_jupyter.containers.facts import ImageFacts, Outcome
    from ml_jupyter.containers.leftovers import outcome, remove, sweep
    from ml_jupyter.containers.spec import ContainerSpec
    from ml_jupyter.containers.wrapping import Surroundings, folders_of, wrap

__all__ = [
    "ContainerSpec",
    "Engine",
    "ImageFacts",
    "Outcome",
    "Surroundings",
    "check",
    "connect",
    "connect_to",
    "folders_of",
    "outcome",
    "remove",
    "sweep",
    "wrap",
]

_MODULES: Dict[str, str] = {
    "ContainerSpec": "ml_jupyter.containers.spec",
    "Engine": "ml_jupyter.containers.engine",
    "ImageFacts": "ml_jupyter.containers.facts",
    "Outcome": "ml_jupyter.containers.facts",
    "Surroundings": "ml_jupyter.containers.wrapping",
    "check": "ml_jupyter.containers.checks",
    "connect": "ml_jupyter.containers.engine",
    "connect_to": "ml_jupyter.containers.engine",
    "folders_of": "ml_jupyter.containers.wrapping",
    "outcome": "ml_jupyter.containers.leftovers",
    "remove": "ml_jupyter.containers.leftovers",
    "sweep": "ml_jupyter.containers.leftovers",
    "wrap": "ml_jupyter.containers.wrapping",
}

__getattr__, __dir__ = _lazy.exports(globals(), _MODULES)
