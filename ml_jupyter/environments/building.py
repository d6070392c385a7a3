"""Making environments ready: at once when they are built, else by one process at a time."""

from __future__ import annotations

import os
import sys
import time
from typing import Callable, List, Mapping, Optional

from ml_jupyter import _time
from ml_jupyter._files import storage_failed
from ml_jupyter.config import Settings
from ml_jupyter.environments import checking, commands, failure, store, tools
from ml_jupyter.environments.commands import BuildCanceled, Failed, Site
from ml_jupyter.environments.prepared import Prepared
from ml_jupyter.environments.specification import CONDA, DOCKER, PIP, USER, EnvironmentSpec
from ml_jupyter.environments.store import Place
from ml_jupyter.exceptions import (
    RunLocked,
)
from ml_jupyter.history import lock

_LOOK_S = 0.1
_Output = Callable[[bytes], None]
_held: List[lock.HeldLock] = []


def ready(spec: EnvironmentSpec, settings: Settings) -> Optional[Prepared]:
    """The environment, when nothing has to be built for it; else None. No network, no imports."""
    if spec.mode == USER:
        return Prepared(interpreter=spec.interpreter or sys.executable)
    return store.place_of(spec, settings).prepared()


def use(spec: EnvironmentSpec, settings: Settings) -> Optional[Prepared]:
    """As ``ready``; and garbage collection leaves it alone until this process ends."""
    if spec.mode == USER:
        return ready(spec, settings)
    place = store.place_of(spec, settings)
    held = lock.share(place.lock)
    found = place.prepared()
    if spec.mode == DOCKER and not checking.still_there(spec, settings):
        found = None
    if held is not None:
        _held.append(held) if found is not None else held.release()
    if found is not None:
        place.touch()
    return found


def prepare(
    spec: EnvironmentSpec,
    settings: Settings,
    output: _Output,
    cancelled: Callable[[], bool],
    tools_python: Optional[str] = None,
    variables: Optional[Mapping[str, str]] = None,
) -> Prepared:
    """The environment, built when it has to be. One process builds it, others wait for that.

    Parameters
    ----------
    output : callable
        Takes what is to be shown, as it comes.
    cancelled : callable
        Whether to stop; asked ten times a second.
    tools_python : str, optional
        The Python that has uv and py-rattler; default: this one.
    variables : mapping, optional
        Environment of the user (indexes, proxies, certificates); default: this process's.

    Raises
    ------
    EnvironmentBuildFailed
        It cannot be built. Nothing is left of it.
    BuildCanceled
        ``cancelled()`` became true. Nothing is left of it.
    MissingDependency, StorageFailed, TargetUnavailable
        What builds it is missing.
    """
    found = ready(spec, settings)
    if found is not None:
        return found
    store.prepare_root(settings)
    place = store.place_of(spec, settings)
    held = _wait_for(place, spec, output, cancelled)
    try:
        found = place.prepared()
        if found is None:
            environment = dict(os.environ if variables is None else variables)
            site = Site(output, cancelled, environment, place.digest)
            found = _build(spec, settings, place, site, tools_python or tools.default_python())
        place.touch()
        return found
    finally:
        held.release()


def _wait_for(
    place: Place, spec: EnvironmentSpec, output: _Output, cancelled: Callable[[], bool]
) -> lock.HeldLock:
    told = False
    while True:
        try:
            return lock.acquire(place.lock, _LOOK_S)
        except RunLocked:
            if cancelled():
                raise BuildCanceled from None
            if not told:
                output(f"Waiting: environment {spec.name!r} is being built already.\n".encode())
                told = True


def _build(
    spec: EnvironmentSpec, settings: Settings, place: Place, site: Site, python: str
) -> Prepared:
    begun = _time.monotonic()
    commands.end_left(place.digest)
    place.clear()  # what a killed build left
    try:
        place.folder.mkdir(mode=0o700)
    except OSError as error:
        raise storage_failed(error, place.folder) from error
    whole = False
    try:
        site.say(f"Environment {spec.name!r}: {_what(spec)}")
        found = _builder(spec.mode)(spec, settings, place.folder, site, python)
        seconds = _time.monotonic() - begun
        place.finish(spec, found, seconds)
        whole = True
        site.say(f"Environment {spec.name!r} is ready after {seconds:.1f} s.")
        return found
    except Failed as error:
        raise failure.failed(spec, error.tail, error.code) from error
    except OSError as error:
        raise storage_failed(error, place.folder) from error
    finally:
        if not whole:
            place.clear()


def _builder(mode: str) -> Callable[..., Prepared]:
    if mode == PIP:
        from ml_jupyter.environments import pip_build

        return pip_build.build
    if mode == CONDA:
        from ml_jupyter.environments import conda_build

        return conda_build.build
    from ml_jupyter.environments import image_build

    return image_build.build


def _what(spec: EnvironmentSpec) -> str:
    words = {PIP: "pip packages", CONDA: "conda packages", DOCKER: "an image"}[spec.mode]
    counts = {"conda": len(spec.conda) if spec.mode != PIP else 0, "pip": len(spec.pip)}
    listed = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return f"{words} ({listed or 'none'}), started {time.strftime('%H:%M:%S')}"
