"""Lists of packages as users write them: which count, and what a conda name is called on PyPI."""

from __future__ import annotations

import re
from typing import Dict, List, Optional, Sequence, Tuple

_HEAD = re.compile(r"\s*(?:[\w.-]+::)?([A-Za-z0-9][\w.-]*)")
_CONDA = re.compile(r"(?:[^\s:]+::)?([A-Za-z0-9_][\w.-]*)\s*(\[.*\])?\s*(.*)\Z", re.DOTALL)
#: Packages of the Azure ML SDK mean this project, which comes into every job by path.
_OURS = re.compile(r"azureml(-.*)?\Z|ml-jupyter\Z")
#: What a conda specification may hold and a pip environment has anyway.
_BARE = ("python", "pip")
#: Conda names that PyPI does not have, and what the same is called there; "": nothing to install.
_ON_PYPI: Dict[str, str] = {
    "blas": "",
    "build": "build",
    "cpuonly": "",
    "cudatoolkit": "",
    "cudnn": "",
    "lightgbm-gpu": "lightgbm",
    "matplotlib-base": "matplotlib",
    "mkl": "",
    "opencv": "opencv-python-headless",
    "openmpi": "",
    "py-lightgbm": "lightgbm",
    "py-opencv": "opencv-python-headless",
    "py-xgboost": "xgboost",
    "py-xgboost-cpu": "xgboost",
    "pyarrow-core": "pyarrow",
    "pytables": "tables",
    "python-graphviz": "graphviz",
    "pytorch": "torch",
    "pytorch-cpu": "torch",
    "pytorch-cuda": "",
    "pytorch-gpu": "torch",
    "tensorflow-gpu": "tensorflow",
    "xgboost": "xgboost",
}


def name_of(requirement: str) -> str:
    """Name of the package that a requirement or match specification is about, as PyPI spells it."""
    match = _HEAD.match(requirement)
    return "" if match is None else re.sub(r"[-_.]+", "-", match[1]).lower()


def is_ours(requirement: str) -> bool:
    """Whether a requirement means this project, so that nothing is to be fetched for it."""
    return _OURS.match(name_of(requirement)) is not None


def without_ours(requirements: Sequence[str]) -> Tuple[str, ...]:
    """The requirements that are to be installed."""
    return tuple(item.strip() for item in requirements if item.strip() and not is_ours(item))


def python_of(conda: Sequence[str]) -> str:
    """The version in ``python=3.8``; empty when no version is named."""
    for item in conda:
        match = _CONDA.match(item.strip())
        if match and match[1].lower() == "python":
            return match[3].strip().lstrip("=~<>! ").split(",")[0].strip().rstrip(".*")
    return ""


def beyond_python(conda: Sequence[str]) -> Tuple[str, ...]:
    """The conda packages that a pip environment would not have by itself."""
    return tuple(item for item in conda if name_of(item) not in _BARE and not is_ours(item))


def translated(conda: Sequence[str]) -> Tuple[List[str], List[str]]:
    """Conda packages as requirements for pip, and the ones that have no counterpart."""
    found: List[str] = []
    left: List[str] = []
    for item in conda:
        match = _CONDA.match(item.strip())
        if match is None or match[1].lower() == "python" or is_ours(item):
            continue
        name = _ON_PYPI.get(match[1].lower(), match[1])
        if name:
            found.append(name + _version_for_pip(match[3]))
        else:
            left.append(match[1])
    return found, left


def _version_for_pip(text: str) -> str:
    """``=1.2`` as ``==1.2.*``, ``1.2.3=py38_0`` as ``==1.2.3``; ranges stay as they are."""
    text = text.strip()
    if not text or text == "*":
        return ""
    if text[0] in "<>!~":
        return text.replace(" ", "")
    bare = text.lstrip("= ")
    exact = text.startswith("==")
    version, build = _split_build(bare)
    if exact or build is not None or version.endswith("*"):
        return f"=={version}"
    return f"=={version}.*" if text.startswith("=") else f"=={version}"


def _split_build(text: str) -> Tuple[str, Optional[str]]:
    parts = re.split(r"[=\s]+", text, maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else None
