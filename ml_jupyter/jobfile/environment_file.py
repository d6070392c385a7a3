"""A file that holds nothing but an environment, as ``mlj environment register -f`` takes it."""

from __future__ import annotations

from pathlib import Path

from ml_jupyter._files import PathLike
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.jobfile import document
from ml_jupyter.jobfile.context import V2, Context
from ml_jupyter.jobfile.cursor import Cursor
from ml_jupyter.jobfile.findings import Report
from ml_jupyter.jobfile.model import EnvironmentChoice
from ml_jupyter.jobfile.software import read_environment


def load_environment(path: PathLike) -> EnvironmentChoice:
    """Read an environment's file: the keys of ``environment:`` in a job file.

    Raises
    ------
    JobFileInvalid
        With everything that is wrong, each with its place.
    UserErrorException
        The file cannot be read, is empty, or holds nothing but a name.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UserErrorException(f"{path} cannot be read: {error.strerror}.") from error
    report = Report()
    tree = document.parse(data, str(path), report)
    report.raise_errors()
    if tree is None or not isinstance(tree.value, dict):
        raise UserErrorException(
            f"{path} does not hold a map.", hint="It has name, and image, build or conda_file."
        )
    made = read_environment(Cursor(tree, "", report), Context(file.absolute().parent, V2))
    report.raise_errors()
    assert made is not None  # a map is an environment, or was reported
    if made.is_reference:
        raise UserErrorException(
            f"{path} says only what the environment is called.",
            hint="Give image, build or conda_file.",
        )
    return made
