"""What runs can be given: GPUs and containers."""

from __future__ import annotations

from collections.abc import Iterator

from ml_jupyter.cli.doctor.finding import NOTE, OK, PROBLEM, WARNING, Finding
from ml_jupyter.containers import engine
from ml_jupyter.devices import library, nvml
from ml_jupyter.exceptions import DockerUnavailable, MlJupyterError

#: Not there at all is fine, and nothing is wrong with one that was not started.
_STATES = {"access_denied": PROBLEM, "not_running": WARNING}


def check() -> Iterator[Finding]:
    """Look at the GPUs and at Docker."""
    yield from _gpus()
    yield _docker()


def _gpus() -> Iterator[Finding]:
    found = nvml.look()
    if found.note and library.is_present():
        yield Finding("gpu", PROBLEM, found.note, "Look at what nvidia-smi says.")
    elif not found.gpus:
        yield Finding("gpu", NOTE, "This machine has no NVIDIA GPU.")
    bad = [gpu for gpu in found.gpus if gpu.problem]
    for gpu in bad:
        yield Finding("gpu", PROBLEM, f"{gpu.label} ({gpu.name}) {gpu.problem}.",
                      "No run is given it; look at what nvidia-smi says.")  # fmt: skip
    if len(bad) < len(found.gpus):
        names = sorted({gpu.name for gpu in found.gpus if not gpu.problem})
        number = len(found.gpus) - len(bad)
        yield Finding("gpu", OK, f"{number} GPU{'s' * (number > 1)}: {', '.join(names)}.")


def _docker() -> Finding:
    try:
        found = engine.connect()
    except DockerUnavailable as error:
        reason = str((error.details or {}).get("reason"))
        return Finding("docker", _STATES.get(reason, NOTE), error.message, error.hint)
    except MlJupyterError as error:
        return Finding("docker", PROBLEM, error.message, error.hint)
    return Finding("docker", OK, f"Docker answers at {found.host}.")
