"""What is registered as a model: files under names, wherever they come from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, List, Set, Tuple

from ml_jupyter._parts import is_part
from ml_jupyter.exceptions import ModelPathNotFoundException


@dataclass(frozen=True)
class Content:
    """Files of a model before they are stored.

    Attributes
    ----------
    path : str
        Name of the file or folder, without the folders above it.
    folder : bool
        It is a folder.
    files : tuple of (str, Path)
        Path below the model, which begins with ``path``, and where the file lies now.
    """

    path: str
    folder: bool
    files: Tuple[Tuple[str, Path], ...]


def of_path(path: Path) -> Content:
    """A file or a folder of this machine. Links to files and folders are followed.

    Raises
    ------
    ModelPathNotFoundException
        It is not there, or is a folder without files.
    """
    name = Path(os.path.abspath(str(path))).name
    if path.is_file():
        return Content(name, False, ((name, path),))
    if not path.is_dir():
        raise ModelPathNotFoundException(f"model_path: there is no file or folder {str(path)!r}.")
    return of_files(name, _below(str(path), "", set()), where=str(path))


def of_files(name: str, files: Iterable[Tuple[str, Path]], where: str = "") -> Content:
    """A folder ``name`` with these files, their paths relative to it.

    Raises
    ------
    ModelPathNotFoundException
        There are none; ``where`` names the folder.
    """
    found = tuple((f"{name}/{path}", source) for path, source in sorted(files))
    if not found:
        raise ModelPathNotFoundException(f"model_path: {where or name!r} holds no files.")
    return Content(name, True, found)


def _below(folder: str, prefix: str, above: Set[str]) -> List[Tuple[str, Path]]:
    real = os.path.realpath(folder)
    if real in above:  # a link to a folder that it lies in
        return []
    found: List[Tuple[str, Path]] = []
    with os.scandir(folder) as scan:
        for entry in scan:
            if entry.is_dir():
                found += _below(entry.path, f"{prefix}{entry.name}/", above | {real})
            elif entry.is_file() and not is_part(entry.name):
                found.append((prefix + entry.name, Path(entry.path)))
    return found
