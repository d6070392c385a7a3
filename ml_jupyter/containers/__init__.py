"""Jobs in containers: a Docker Engine of this machine, its images, and the life of a container."""

from __future__ import annotations

from ml_jupyter.containers.checks import check
from ml_jupyter.containers.engine import Engine, connect, connect_to
from ml_jupyter.containers.facts import ImageFacts, Outcome
from ml_jupyter.containers.leftovers import outcome, remove, sweep
from ml_jupyter.containers.spec import ContainerSpec
from ml_jupyter.containers.wrap import Surroundings, folders_of, wrap

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
