"""The kernels of notebooks: their Python starts, has this product, and a CUDA for this driver."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from ml_jupyter._version import __version__
from ml_jupyter.cli.doctor.finding import NOTE, OK, PROBLEM, WARNING, Finding
from ml_jupyter.devices import driver

_TIMEOUT_S = 20.0
_PACKAGES = ("ml_jupyter", "ipykernel", "torch", "tensorflow", "jaxlib")
_RUNTIMES = ("nvidia-cuda-runtime-cu11", "nvidia-cuda-runtime-cu12", "nvidia-cuda-runtime")
#: Run in each kernel's own Python, which may be of any version from 3.8 on.
_PROBE = """
import importlib.metadata, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
"""


def check() -> Iterator[Finding]:
    """Look at this Python and at that of each kernel."""
    seen = {sys.executable}  # by the path: links of two environments may lead to one program
    yield from _cuda("this Python", _packages(sys.executable) or {})
    for name, spec in _specs().items():
        program = _python(spec)
        if program is None:
            continue
        found = _packages(program)
        yield _kernel(name, program, found)
        if found and program not in seen:
            yield from _cuda(f"the kernel {name!r}", found)
        seen.add(program)


def _specs() -> dict[str, Any]:
    from jupyter_client.kernelspec import KernelSpecManager

    return {name: facts["spec"] for name, facts in KernelSpecManager().get_all_specs().items()}


def _python(spec: dict[str, Any]) -> str | None:
    """The interpreter of a kernel for Python; a bare name is this one, as Jupyter has it."""
    argv = [str(word) for word in spec.get("argv") or ()]
    if str(spec.get("language", "")).lower() != "python" or not argv:
        return None
    bare = not os.path.isabs(argv[0]) and argv[0].startswith("python")
    return sys.executable if bare else argv[0]


def _packages(program: str) -> dict[str, str] | None:
    """Versions of what matters in a Python; None: it does not start."""
    try:
        done = subprocess.run(
            [program, "-c", _PROBE, *_PACKAGES, *_RUNTIMES],
            capture_output=True, text=True, timeout=_TIMEOUT_S, check=True, cwd="/",
        )  # fmt: skip
        found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return None
    return found


def _kernel(name: str, program: str, found: dict[str, str] | None) -> Finding:
    install = f"{program} -m pip install ml-jupyter"
    if found is None:
        message = f"The kernel {name!r} cannot start: {program} is no Python that runs."
        return Finding("kernel", PROBLEM, message, f"Remove it: jupyter kernelspec remove {name}")
    if "ipykernel" not in found:
        message = f"The kernel {name!r} cannot start: its Python has no ipykernel."
        return Finding("kernel", PROBLEM, message, f"{program} -m pip install ipykernel")
    if "ml_jupyter" not in found:
        message = f"Notebooks with the kernel {name!r} cannot import ml_jupyter."
        return Finding("kernel", WARNING, message, install)
    if found["ml_jupyter"] != __version__:
        message = f"The kernel {name!r} has ml_jupyter {found['ml_jupyter']}, not {__version__}."
        return Finding("kernel", WARNING, message, f"{install}=={__version__}")
    return Finding("kernel", OK, f"The kernel {name!r} has ml_jupyter {__version__}.")


def _cuda(who: str, found: dict[str, str]) -> Iterator[Finding]:
    """Whether the driver can run the CUDA that a Python's frameworks were built for.

    Any minor version of the driver's major version runs; an older driver runs no newer major
    version (NVIDIA, CUDA Compatibility, minor version compatibility).
    """
    facts = driver.look()
    if facts is None:
        return
    local = found.get("torch", "").partition("+")[2]
    if local == "cpu":
        yield Finding(
            "cuda", WARNING, f"This machine has a GPU, but torch in {who} is built for CPUs only.",
            "Install the build for CUDA (pytorch.org, Get started).",
        )  # fmt: skip
        return
    for runtime in [_of_torch(local), *(found.get(name, "") for name in _RUNTIMES)]:
        if not runtime:
            continue
        major = int(runtime.split(".")[0])
        if major > facts.cuda[0]:
            yield Finding(
                "cuda", PROBLEM, f"Packages in {who} need CUDA {runtime}, but the driver "
                f"{facts.version} goes up to CUDA {facts.cuda_text}.",
                f"Update the NVIDIA driver, or install packages for CUDA {facts.cuda[0]}.",
            )  # fmt: skip
        else:
            message = f"CUDA {runtime} of {who} runs on the driver {facts.version}."
            yield Finding("cuda", OK, f"{message[:-1]} (up to {facts.cuda_text}).")
        return
    yield Finding("cuda", NOTE, f"The driver {facts.version} goes up to CUDA {facts.cuda_text}; "
                  f"{who} has no framework that uses it.")  # fmt: skip


def _of_torch(local: str) -> str:
    """``cu121`` of torch's version is CUDA 12.1."""
    digits = local[2:] if local.startswith("cu") else ""
    return f"{digits[:-1]}.{digits[-1]}" if digits.isdigit() and len(digits) > 1 else ""
