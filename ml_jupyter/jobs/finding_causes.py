"""Known causes of failures, told by the words of the error: from data to data.

Sources: the messages of the libraries themselves (CPython's ``ModuleNotFoundError``, glibc's
``ld.so``), and the troubleshooting section of Azure Machine Learning's page "Configure and
submit training runs" (docs/monitoring.md).
"""

from __future__ import annotations

import re
import sys
from typing import Callable, Optional, Tuple

from ml_jupyter.jobs.finding_cause import Advice, Cause, Failure
from ml_jupyter.jobs.finding_memory import gpu_memory, memory
from ml_jupyter.jobs.finding_packages import package_of, page_of

_TROUBLESHOOTING = (
    "https://learn.microsoft.com/azure/machine-learning/v1/how-to-set-up-training-targets"
)


def of(failure: Failure) -> Cause:
    """The cause of an error; an unknown one is told in its own words."""
    for recognise in _KNOWN:
        found = recognise(failure)
        if found is not None:
            return found
    return Cause("exception", _said(failure))


def _missing_module(failure: Failure) -> Optional[Cause]:
    match = re.search(r"No module named '?([\w.]+)'?", failure.message)
    if match is None or failure.type not in ("ModuleNotFoundError", "ImportError"):
        return None
    module = match.group(1)
    if "is not a package" in failure.message:
        top = module.split(".")[0]
        text = f"Rename {top}.py: it hides the package {top}."
        return Cause("missing_module", f"{top}.py hides the package {top}.", None, (Advice(text),))
    if module.split(".")[0] in failure.own_modules:
        text = f"Check the name {module}: a part of it is in your source folder, this is not."
        return Cause("missing_module", f"There is no module {module}.", text, (Advice(text),))
    package = package_of(module)
    importer = next((f.file for f in reversed(failure.frames) if f.own), "the job")
    advice = _install(package, failure.built)
    local = f"If {module.split('.')[0]} is a file of yours, an ignore file may have left it out."
    title = f"The package {package} is missing: {importer} imports {module}."
    return Cause("missing_module", title, advice.text, (advice, Advice(local)))


def _install(package: str, built: bool, version: str = "") -> Advice:
    wanted = f"{package}{version}"
    if built:
        code = f'environment.python.conda_dependencies.add_pip_package("{wanted}")'
        text = f"Add {wanted} to the environment and run again."
    else:
        code = f'python -m pip install "{wanted}"' if version else f"python -m pip install {wanted}"
        text = f"Install {wanted} into the Python that runs the job, and run again."
    return Advice(text, code, package, page_of(package))


def _known_pin(failure: Failure) -> Optional[Cause]:
    """The two broken releases that the seeds' troubleshooting section names."""
    for mark, wanted, version, why in (
        (r"'RoundTripLoader' object has no attribute 'comment_handling'", "ruamel.yaml", "<0.17.5",
         "ruamel.yaml 0.17.5 and later break the code that uses it"),
        (r'pass in a value for the "algorithms" argument when calling decode', "PyJWT", "<2.0.0",
         "PyJWT 2 and later ask for the argument algorithms, which the code that uses it lacks"),
    ):  # fmt: skip
        if re.search(mark, failure.message):
            advice = _install(wanted, failure.built, version)
            advice = Advice(advice.text, advice.code, advice.package, _TROUBLESHOOTING)
            title = f"The installed version of {wanted} does not fit: {why}."
            return Cause("exception", title, advice.text, (advice,))
    return None


def _shared_library(failure: Failure) -> Optional[Cause]:
    match = re.search(r"(lib[\w.+-]+\.so[\w.]*): cannot open shared object", failure.message)
    if match is None:
        return None
    library = match.group(1)
    advice = [Advice(f"Install the system's package that brings {library}.")]
    if library.startswith(("libGL.", "libgthread", "libSM", "libXext", "libXrender")):
        headless = _install("opencv-python-headless", failure.built)
        advice.insert(0, Advice(f"Without a screen use OpenCV's other package. {headless.text}",
                                headless.code, headless.package, headless.source))  # fmt: skip
    title = f"The system's library {library} is missing."
    return Cause("exception", title, advice[0].text, tuple(advice))


def _own_mistake(failure: Failure) -> Optional[Cause]:
    """A name that is not there, in the user's own code: the seeds say to look at the script."""
    if failure.type not in ("NameError", "AttributeError", "UnboundLocalError"):
        return None
    if not failure.frames or not failure.frames[-1].own:
        return None
    place = failure.frames[-1]
    near = re.search(r"Did you mean: '([^']+)'", failure.message)
    text = f"Correct line {place.line} of {place.file} and run again."
    if near is not None:
        text = f"Correct line {place.line} of {place.file}: did you mean {near.group(1)}?"
    return Cause("exception", _said(failure), text, (Advice(text, source=_TROUBLESHOOTING),))


def _missing_name(failure: Failure) -> Optional[Cause]:
    """A module that is there, and lacks what is imported from it: usually another version."""
    match = re.search(r"cannot import name '(\w+)' from (?:partially initialized module )?"
                      r"'([\w.]+)'", failure.message)  # fmt: skip
    if match is None or failure.type != "ImportError":
        return None
    name, module = match.groups()
    top = module.split(".")[0]
    if "circular import" in failure.message or top in failure.own_modules:
        text = (
            f"Check that {name} is defined in {module}, and that the two do not import each other."
        )
        return Cause("exception", f"{module} has no {name}.", text, (Advice(text),))
    package = package_of(module)
    if top in getattr(sys, "stdlib_module_names", ()):
        text = f"{module} is a part of Python: check the name, and the version of Python."
        return Cause("exception", f"{module} has no {name}.", text, (Advice(text),))
    text = f"Install the version of {package} that the code was written for."
    advice = Advice(text, None, package, page_of(package))
    return Cause("exception", f"{module} has no {name}.", text, (advice,))


def _missing_file(failure: Failure) -> Optional[Cause]:
    match = re.search(r"No such file or directory: '([^']+)'", failure.message)
    if failure.type != "FileNotFoundError" or match is None:
        return None
    name = match.group(1)
    if name.startswith("/"):
        text = "The path is absolute: it must be there where the job runs."
    else:
        text = "The job runs in a copy of the source folder; an ignore file may have left it out."
    return Cause("exception", f"There is no file {name}.", text, (Advice(text),))


def _disk(failure: Failure) -> Optional[Cause]:
    if "No space left on device" not in failure.message:
        return None
    shared = "/dev/shm" in failure.message or "shm_open" in failure.message
    text = "Make room, or write less."
    if shared:
        text = "Use fewer data loader workers, or a larger shm_size for the container."
    return Cause("exception", "There was no space left on the disk.", text, (Advice(text),))


def _port(failure: Failure) -> Optional[Cause]:
    if not re.search(r"EADDRINUSE|[Aa]ddress already in use", failure.message):
        return None
    text = "Leave MASTER_PORT to ml_jupyter, which finds a free one for each run."
    return Cause("exception", "The port is used by another program.", text, (Advice(text),))


def _collective(failure: Failure) -> Optional[Cause]:
    text = f"{failure.type}: {failure.message}"
    if not re.search(
        r"(?:NCCL|Gloo|gloo|ProcessGroup).*(?:[Tt]imed? ?out|Connection closed)", text
    ):
        return None
    advice = "Another rank ended or hung first: look at the logs of the other ranks."
    title = "A rank waited in vain for the others."
    return Cause("exception", title, advice, (Advice(advice),))


_KNOWN: Tuple[Callable[[Failure], Optional[Cause]], ...] = (
    gpu_memory,
    _known_pin,
    _missing_module,
    memory,
    _shared_library,
    _disk,
    _port,
    _collective,
    _missing_name,
    _missing_file,
    _own_mistake,
)


def _said(failure: Failure) -> str:
    text = failure.message.strip().splitlines()[0] if failure.message.strip() else ""
    said = f"{failure.type}: {text}" if failure.type and text else failure.type or text
    said = said if len(said) <= 300 else said[:299] + "…"
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."
