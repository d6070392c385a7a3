"""Noting which packages a job finds in its image; asked once for each image.

The image is started a first time for it, before the job: later the job's own container may have
ended, and what is started beside it would have to be looked after whoever is killed. An image
never changes, so what it said is remembered for good.
"""

from __future__ import annotations

import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, List

from ml_jupyter.containers import leftovers
from ml_jupyter.containers.client import client_of, mapped
from ml_jupyter.containers.engine import Engine
from ml_jupyter.containers.facts import ImageFacts
from ml_jupyter.containers.plan import (
    EXPERIMENT,
    PYTHONS,
    RANK,
    RUN,
    WORKSPACE,
    ContainerPlan,
    variables_of,
)
from ml_jupyter.exceptions import DockerFailed, DockerUnavailable
from ml_jupyter.history import inventory, packages
from ml_jupyter.history.workspace import WorkspaceFolder

#: Seconds after which a Python that has not answered is not waited for: a job waits for it.
_PATIENCE_S = 10.0


def note(engine: Engine, plan: ContainerPlan, image: ImageFacts) -> None:
    """Note the packages of a job's image with its run; whatever goes wrong with it is let go.

    Parameters
    ----------
    engine : Engine
        Which has the image.
    plan : ContainerPlan
        The job; only its first rank notes anything.
    image : ImageFacts
        The image that it is to run in, examined.
    """
    python = image.python if plan.python in PYTHONS else plan.python
    if python and plan.labels.get(RANK) == "0":
        with suppress(Exception):  # it must not touch the job
            _note(engine, plan, image, python)


def _note(engine: Engine, plan: ContainerPlan, image: ImageFacts, python: str) -> None:
    variables = dict(item.split("=", 1) for item in variables_of(plan, image))
    given = inventory.given_to(python, variables)
    memory = inventory.Memory(Path(plan.cache), ["image", image.id, python, *given])
    found = memory.recall()
    if found is None:
        with memory.asking():
            found = memory.recall()
            if found is None:
                said = _said(engine, _config(plan, image, python, given))
                found, _ = inventory.answer_of(said)
                memory.keep(found, [])
    workspace = WorkspaceFolder(Path(plan.labels[WORKSPACE]))
    packages.store(workspace.layout, found.fact["digest"], found.content)
    experiment = plan.environment.get(EXPERIMENT)
    workspace.run(plan.labels[RUN], experiment).note(**{packages.FACT: found.fact})


def _config(plan: ContainerPlan, image: ImageFacts, python: str, given: List[str]) -> Any:
    return {
        "Image": image.id,
        "Entrypoint": [python, "-c", inventory.program()],
        "Cmd": [],
        "Env": given,
        "User": plan.user,
        "WorkingDir": "/",
        "NetworkDisabled": True,
        "HostConfig": {"LogConfig": {"Type": "none"}, "AutoRemove": True},
    }


def _said(engine: Engine, config: Any) -> bytes:
    client: Any = client_of(engine)
    with mapped(), closing(client):
        name = str(client.create_container_from_config(config)["Id"])
        bound = threading.Timer(_PATIENCE_S, _remove, (engine, name))
        bound.daemon = True
        try:
            said = client.attach(name, stdout=True, stderr=False, stream=True)
            bound.start()
            client.start(name)
            return b"".join(said)
        finally:
            bound.cancel()
            _remove(engine, name)


def _remove(engine: Engine, name: str) -> None:
    with suppress(DockerFailed, DockerUnavailable):  # the engine removes it at its end
        leftovers.remove_one(engine, name)
