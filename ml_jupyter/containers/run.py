"""The process that looks after one container, for the supervisor a process like any other.

It makes and starts the container, copies its terminal to its own, hands on requests to stop, ends
with the container's exit code, and removes it. What only the engine knows it leaves in a file
beside: whether the memory ran out, and whether the engine itself is to blame. When it is killed,
the supervisor removes the container; when the supervisor is killed too, the settler does.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from ml_jupyter._files import write_json
from ml_jupyter.config import Settings
from ml_jupyter.containers import installed, leftovers, presence
from ml_jupyter.containers.client import client_of, mapped
from ml_jupyter.containers.engine import Engine, connect_to
from ml_jupyter.containers.facts import ImageFacts, Outcome
from ml_jupyter.containers.life import Life, Stopped
from ml_jupyter.containers.plan import PYTHONS, ContainerPlan, body_of
from ml_jupyter.exceptions import DockerFailed, DockerUnavailable, MlJupyterError

#: What ``docker run`` ends with when the engine is to blame.
ENGINE_FAILED = 125


def main(path: str) -> int:
    """Run the container that a private file describes; its exit code."""
    plan = ContainerPlan.from_json(json.loads(Path(path).read_bytes()))
    wake = _wake_by_signals()
    try:
        done = _run(plan, wake)
    except (DockerFailed, DockerUnavailable) as error:
        done = Outcome(
            ENGINE_FAILED, memory=plan.memory, error={"code": error.code, "message": str(error)}
        )
    except Stopped as stopped:
        done = Outcome(128 + stopped.number)
    if done.error is not None:
        _say(f"ml_jupyter: {done.error['message']}\n")
    with contextlib.suppress(MlJupyterError):
        write_json(plan.outcome, done.to_json(), mode=0o600)
    return done.exit_code


def _run(plan: ContainerPlan, wake: int) -> Outcome:
    engine = connect_to(plan.engine)
    settings = Settings(cache=Path(plan.cache))
    image = _image(engine, plan, settings)
    installed.note(engine, plan, image)
    container = _create(engine, plan, image)
    life = Life(engine, container, wake, sys.stdout.fileno(), plan.columns)
    try:
        _start(life, plan)
        life.see_through()
        return life.outcome(plan.memory)
    finally:
        with contextlib.suppress(DockerFailed, DockerUnavailable):  # then the supervisor does it
            leftovers.remove_one(engine, container)


def _start(life: Life, plan: ContainerPlan) -> None:
    try:
        life.start()
    except DockerFailed as error:
        if plan.gpus and "device driver" in error.message:  # the engine's words for a missing hook
            text = f"The Docker engine cannot give GPUs to containers: {error.message}"
            hint = "Install the NVIDIA Container Toolkit."
            raise DockerFailed(text, hint=hint, details=error.details) from error
        raise


def _image(engine: Engine, plan: ContainerPlan, settings: Settings) -> ImageFacts:
    found = presence.find(engine, plan.image, settings)
    if found is None:
        raise DockerFailed(
            f"The engine does not have the image {plan.image!r} (any more).",
            hint="Submit the run again: its environment is made anew.",
            details={"status": 404},
        )
    known = presence.examine(engine, found, settings)
    if plan.command[0] in PYTHONS and not known.python:
        text = f"The image {plan.image!r} has no Python, which the job is to be run with."
        raise DockerFailed(text, details={"status": 404})
    presence.note_use(known.id, settings)
    return known


def _create(engine: Engine, plan: ContainerPlan, image: ImageFacts) -> str:
    body = body_of(plan, image)
    client: Any = client_of(engine)
    try:
        with mapped():
            return str(client.create_container_from_config(body, plan.name)["Id"])
    except DockerFailed as error:
        if error.status != 409:  # left by a run of the same id that was killed with its engine
            raise
    finally:
        client.close()
    leftovers.remove_one(engine, plan.name)
    return _create(engine, plan, image)


def _wake_by_signals() -> int:
    """Descriptor that becomes readable at a request to stop; each byte is a signal's number."""
    read_end, write_end = os.pipe()
    for fd in (read_end, write_end):
        os.set_blocking(fd, False)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return read_end


def _say(text: str) -> None:
    with contextlib.suppress(OSError):
        os.write(sys.stdout.fileno(), text.encode("utf-8"))
