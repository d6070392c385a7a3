"""Registering models: files of this machine, or files of a run (surface 4.9, 7.5)."""

from __future__ import annotations

import fnmatch
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping, Optional, Sequence

from ml_jupyter._files import confine
from ml_jupyter.exceptions import ModelPathNotFoundException, UserErrorException
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.models import content, frameworks
from ml_jupyter.models.content import Content
from ml_jupyter.models.record import ModelRecord, check_name
from ml_jupyter.models.store import ModelStore
from ml_jupyter.sdk import artifacts
from ml_jupyter.sdk.views.files import list_files

if TYPE_CHECKING:
    from ml_jupyter.sdk.model import Model
    from ml_jupyter.sdk.run import Run
    from ml_jupyter.sdk.workspace import Workspace

_GLOB = frozenset("*?[")


def from_path(
    workspace: Workspace,
    path: Any,
    name: Any,
    child_paths: Optional[Sequence[Any]],
    facts: Mapping[str, Any],
) -> Model:
    """See ``Model.register``."""
    from ml_jupyter.sdk.model import Model

    check_name(name)
    files = _chosen(path, child_paths)
    record = ModelStore(workspace._folder.layout).register(name, files, **facts)
    _say(record, None)
    return Model._of(workspace, record)


def from_run(run: Run, name: Any, path: Any, facts: Mapping[str, Any]) -> Model:
    """See ``Run.register_model``."""
    from ml_jupyter.sdk.model import Model

    check_name(name)
    folder, workspace = run._folder, run._workspace
    record = ModelStore(workspace._folder.layout).register(
        name,
        content_of(folder, name if path is None else path),
        run_id=run.id,
        experiment_id=folder.record.experiment_id,
        experiment=folder.record.experiment,
        **facts,
    )
    _say(record, folder)
    return Model._of(workspace, record)


def content_of(run: RunFolder, path: Any) -> Content:
    """A file or a folder of a run's files.

    Raises
    ------
    ModelPathNotFoundException
        The run has none of this name; near ones are listed.
    PathOutside
        The path leads out of the run's files.
    """
    stored = artifacts.check_name(path)
    names = [item.path for item in list_files(run)]
    base = stored.rpartition("/")[2]
    if stored in names:
        return Content(base, False, ((base, confine(run.layout.path, f"files/{stored}")),))
    below = [item for item in names if item.startswith(stored + "/")]
    if not below:
        near = artifacts.near(run, stored)
        raise ModelPathNotFoundException(
            f"model_path: run {run.id} has no file or folder {str(path)!r}.", hint=near
        )
    start = len(stored) + 1
    return content.of_files(
        base, [(item[start:], confine(run.layout.path, f"files/{item}")) for item in below]
    )


def _chosen(path: Any, child_paths: Optional[Sequence[Any]]) -> Content:
    """The file, the folder, or those below it that ``child_paths`` name."""
    text = os.path.expanduser(os.fspath(path))
    if "://" in text:
        raise UserErrorException(
            f"model_path: {text!r} is an address; download it first and give the file."
        )
    if not child_paths:
        return content.of_path(Path(text))
    root = Path(text)
    whole = content.of_path(root)
    if not whole.folder:
        raise UserErrorException("child_paths needs a folder as model_path.")
    start = len(whole.path) + 1
    wanted = [str(item).replace(os.sep, "/").strip("/") for item in child_paths]
    kept = [(name[start:], file) for name, file in whole.files if _named(name[start:], wanted)]
    return content.of_files(whole.path, kept, where=f"{text} ({', '.join(wanted)})")


def _named(path: str, wanted: Sequence[str]) -> bool:
    return any(
        path == item
        or path.startswith(item + "/")
        or (bool(_GLOB.intersection(item)) and fnmatch.fnmatchcase(path, item))
        for item in wanted
    )


def _say(record: ModelRecord, run: Optional[RunFolder]) -> None:
    memory = (record.resources or {}).get("memoryInGB")
    text = frameworks.memory_warning(record.framework, memory, record.bytes)
    if text is None:
        return
    warnings.warn(f"Model {record.key}: {text}", UserWarning, stacklevel=4)
    if run is not None:
        run.warn(f"Model {record.key}: {text}")
