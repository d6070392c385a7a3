"""Environments from files, images and conda environments, and into folders."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import List, Optional, Set

from ml_jupyter._files import PathLike, read_json, write_json
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.conda_dependencies import FILE_NAME, CondaDependencies
from ml_jupyter.sdk.environment import Environment, from_dict

_FILE = "azureml_environment.json"
_CONDA_S = 120.0
_CONDA_PROGRAMS = ("conda", "mamba", "micromamba")


def conda_file(name: str, file_path: PathLike) -> Environment:
    """See ``Environment.from_conda_specification``."""
    made = Environment(name)
    made.python.conda_dependencies = CondaDependencies(file_path)
    return made


def requirements_file(name: str, file_path: PathLike, pip_version: Optional[str]) -> Environment:
    """See ``Environment.from_pip_requirements``."""
    made = Environment(name)
    content = made.python.packages().as_dict()
    if pip_version:
        content["dependencies"].append(f"pip={pip_version}")
    content["dependencies"].append({"pip": _requirements(Path(file_path), set())})
    made.python.conda_dependencies = CondaDependencies(_underlying_structure=content)
    return made


def existing_conda(name: str, conda_environment_name: str) -> Environment:
    """See ``Environment.from_existing_conda_environment``."""
    program = next(filter(None, map(shutil.which, _CONDA_PROGRAMS)), None)
    program = os.environ.get("CONDA_EXE") or program
    if program is None or not os.path.exists(program):
        raise UserErrorException(
            "There is no conda on this machine to ask for its environments.",
            hint="Use Environment.from_conda_specification with a file written by "
            "'conda env export' where conda is.",
        )
    command = [program, "env", "export", "-n", conda_environment_name, "--no-builds"]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_CONDA_S, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise UserErrorException(f"{program} could not be asked: {error}") from error
    if done.returncode != 0:
        text = done.stderr.decode("utf-8", "replace").strip().splitlines()
        said = text[-1] if text else f"exit status {done.returncode}"
        raise UserErrorException(
            f"There is no conda environment {conda_environment_name!r}: {said}"
        )
    with tempfile.NamedTemporaryFile(suffix=".yml") as file:
        file.write(done.stdout)
        file.flush()
        return conda_file(name, file.name)


def in_container(
    name: str, conda_specification: Optional[PathLike], pip_requirements: Optional[PathLike]
) -> Environment:
    """An environment that runs in a container; with no packages the image is taken as it is.

    Raises
    ------
    UserErrorException
        Both kinds of packages are given.
    """
    if conda_specification is not None and pip_requirements is not None:
        raise UserErrorException("Give conda_specification or pip_requirements, not both.")
    if conda_specification is not None:
        made = conda_file(name, conda_specification)
    elif pip_requirements is not None:
        made = requirements_file(name, pip_requirements, None)
    else:
        made = Environment(name)
        made.python.user_managed_dependencies = True
    made.docker.enabled = True
    return made


def dockerfile_text(dockerfile: PathLike) -> str:
    """The text of a Dockerfile that is given as a file or as its text."""
    text = str(dockerfile)
    if isinstance(dockerfile, str) and ("\n" in text or text.upper().startswith("FROM ")):
        return text
    try:
        return Path(text).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserErrorException(f"dockerfile: {text!r} cannot be read: {error}") from error


def save(environment: Environment, path: PathLike, overwrite: bool) -> None:
    """See ``Environment.save_to_directory``."""
    folder = Path(path)
    if folder.exists() and not overwrite:
        raise UserErrorException(f"{folder} exists.", hint="Pass overwrite=True to write into it.")
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / _FILE, environment.to_dict())
    environment.python.packages().save(folder / FILE_NAME)


def load(path: PathLike) -> Environment:
    """See ``Environment.load_from_directory``."""
    file = Path(path) / _FILE
    try:
        made = from_dict(read_json(file))
    except FileNotFoundError as error:
        raise UserErrorException(f"{path} holds no {_FILE}.") from error
    packages = Path(path) / FILE_NAME
    if packages.exists():
        made.python.conda_dependencies = CondaDependencies(packages)
    return made


def _requirements(file: Path, seen: Set[Path]) -> List[str]:
    """Lines that count, with those of the files that ``-r`` names in their place."""
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise UserErrorException(
            f"The requirements file {str(file)!r} cannot be read: {error.strerror}."
        ) from error
    seen.add(file.resolve())
    found: List[str] = []
    for line in text.replace("\\\n", " ").splitlines():
        line = line.split(" #")[0].strip()
        if not line or line.startswith("#"):
            continue
        words = line.replace("=", " ", 1).split()
        if words[0] in ("-r", "--requirement") and len(words) == 2:
            nested = file.parent / words[1]
            if nested.resolve() not in seen:
                found.extend(_requirements(nested, seen))
        else:
            found.append(_absolute(line, file.parent))
    return found


def _absolute(line: str, folder: Path) -> str:
    """A requirement that names a file beside the requirements file, with its whole path."""
    head, _, place = line.rpartition(" ")
    bare = not head or head in ("-e", "--editable", "-c", "--constraint", "-f", "--find-links")
    if bare and (folder / place).exists() and ("/" in place or place.endswith((".whl", ".gz"))):
        return f"{head} {(folder / place).resolve()}".strip()
    return line
