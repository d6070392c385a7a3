"""Noting which packages a job finds in its image; asked once for each image.

The image is started a second time for it, beside the job: the job's own container may have ended
before it could be asked. An image never changes, so what it said is remembered for good.
"""

from __future__ import annotations

import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, List

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
from ml_jupyter.history import inventory, packages
from ml_jupyter.history.workspace import WorkspaceFolder

_ASK_S = 60
#: For so long a job that has ended waits for the answer, once for each image.
_PATIENCE_S = 10.0


class Asking:
    """Notes the packages of a job's image with its run.

    Parameters
    ----------
    engine : Engine
        Which has the image.
    plan : ContainerPlan
        The job; only its first rank notes anything.
    image : ImageFacts
        The image that it runs in, examined.
    """

    def __init__(self, engine: Engine, plan: ContainerPlan, image: ImageFacts) -> None:
        self._engine, self._plan, self._image = engine, plan, image
        self._python = image.python if plan.python in PYTHONS else plan.python
        self._thread = threading.Thread(target=self._note, name="packages", daemon=True)

    def begin(self) -> None:
        """Begin, beside the job that has just been started."""
        if self._python and self._plan.labels.get(RANK) == "0":
            self._thread.start()

    def finish(self) -> None:
        """The job has ended: wait for the answer, which nearly always is there."""
        if self._thread.ident is not None:
            self._thread.join(_PATIENCE_S)

    def _note(self) -> None:
        with suppress(Exception):  # whatever goes wrong with it must not touch the job
            given = self._given()
            memory = inventory.Memory(
                Path(self._plan.cache), ["image", self._image.id, self._python, *given]
            )
            found = memory.recall() or self._asked(memory, given)
            labels = self._plan.labels
            workspace = WorkspaceFolder(Path(labels[WORKSPACE]))
            packages.store(workspace.layout, found.fact["digest"], found.content)
            experiment = self._plan.environment.get(EXPERIMENT)
            workspace.run(labels[RUN], experiment).note(**{packages.FACT: found.fact})

    def _asked(self, memory: inventory.Memory, given: List[str]) -> inventory.Known:
        with memory.asking():
            found = memory.recall()
            if found is None:
                found, _ = inventory.answer_of(self._said(given))
                memory.keep(found, [])
            return found

    def _given(self) -> List[str]:
        given = dict(item.split("=", 1) for item in variables_of(self._plan, self._image))
        return inventory.given_to(self._python, given)

    def _said(self, given: List[str]) -> bytes:
        config = {
            "Image": self._image.id,
            "Entrypoint": [self._python, "-c", inventory.program()],
            "Cmd": [],
            "Env": given,
            "User": self._plan.user,
            "WorkingDir": "/",
            "NetworkDisabled": True,
            "HostConfig": {"LogConfig": {"Type": "json-file"}},
        }
        client: Any = client_of(self._engine)
        with mapped(), closing(client):
            name = client.create_container_from_config(config)["Id"]
            try:
                client.start(name)
                client.wait(name, timeout=_ASK_S)
                return bytes(client.logs(name, stdout=True, stderr=False))
            finally:
                client.remove_container(name, v=True, force=True)
