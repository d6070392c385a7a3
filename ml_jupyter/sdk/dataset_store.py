"""Registered datasets: ``data/<name>/<version>.json`` in the workspace."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional

from ml_jupyter import _ids
from ml_jupyter._files import read_json, write_json
from ml_jupyter.datasets import registered
from ml_jupyter.datasets.registered import WRITTEN
from ml_jupyter.exceptions import (
    DatasetNotFound,
    FormatTooNew,
    UserErrorException,
)
from ml_jupyter.history import lock

if TYPE_CHECKING:
    from ml_jupyter.sdk.dataset_base import AbstractDataset
    from ml_jupyter.sdk.workspace import Workspace


def register(
    dataset: AbstractDataset,
    workspace: Workspace,
    name: str,
    description: Optional[str],
    tags: Optional[Mapping[str, str]],
    *,
    create_new_version: bool,
) -> Any:
    """Keep a dataset under a name; see ``AbstractDataset.register``."""
    record = registered.add(
        workspace._folder.layout.root,
        name,
        dataset._content(),
        description=description,
        tags=tags,
        create_new_version=create_new_version,
        run=os.environ.get("ML_JUPYTER_RUN_ID"),
    )
    if record["run"]:
        named = f"{record['name']}:{record['version']}"
        registered.note_use(workspace._folder.layout.root, named, record["run"], WRITTEN)
    return _open(workspace, record)


def get(workspace: Workspace, name: str, version: Any = "latest") -> Any:
    """A version of a registered dataset; see ``Dataset.get_by_name``."""
    folder = _root(workspace) / str(name)
    versions = registered.versions(folder) if _is_name(name) else []
    newest = version in ("latest", None)
    wanted = versions[-1:] if newest else [item for item in versions if str(item) == str(version)]
    if not wanted:
        known = ", ".join(sorted(_names(workspace))) or "none yet"
        what = name if newest else f"{name}, version {version}"
        raise DatasetNotFound(
            f"There is no dataset {what!r}.", hint=f"Registered datasets: {known}."
        )
    return _open(workspace, read_json(folder / f"{wanted[0]}.json"))


def get_by_id(workspace: Workspace, dataset_id: str) -> Any:
    """The registered dataset of an id; see ``Dataset.get_by_id``."""
    from ml_jupyter.sdk import run_inputs

    in_job = run_inputs.table_at(str(dataset_id), workspace)
    if in_job is not None:
        return in_job
    for name in _names(workspace):
        folder = _root(workspace) / name
        for version in registered.versions(folder):
            record = read_json(folder / f"{version}.json")
            if record.get("id") == dataset_id:
                return _open(workspace, record)
    raise DatasetNotFound(f"There is no dataset with the id {dataset_id!r}.")


def all_of(workspace: Workspace) -> Dict[str, Any]:
    """The newest version of each registered dataset."""
    return {name: get(workspace, name) for name in sorted(_names(workspace))}


def update(
    dataset: AbstractDataset, description: Optional[str], tags: Optional[Mapping[str, str]]
) -> Any:
    """Change description or tags of a version; see ``AbstractDataset.update``."""
    workspace = dataset._workspace
    if dataset._record is None or workspace is None:
        raise UserErrorException("Only a registered dataset has a description and tags.")
    path = _root(workspace) / str(dataset.name) / f"{dataset.version}.json"
    with lock.exclusive(path.parent / ".lock"):
        record = read_json(path)
        if description is not None:
            record["description"] = description
        if tags is not None:
            record["tags"] = dict(tags)
        write_json(path, record)
    return _open(workspace, record)


def runs_of(dataset: AbstractDataset) -> List[Dict[str, Any]]:
    """Runs that read or wrote this version; see ``AbstractDataset.get_runs``."""
    if dataset._workspace is None or dataset.name is None:
        raise UserErrorException("Only of a registered dataset is it known which runs used it.")
    root = dataset._workspace._folder.layout.root
    return registered.uses(root, dataset.name, dataset.version)


def forget(workspace: Workspace, name: str) -> None:
    """Remove all versions of a name."""
    folder = _root(workspace) / name
    with lock.exclusive(folder / ".lock"):
        for version in registered.versions(folder):
            (folder / f"{version}.json").unlink()


def _open(workspace: Workspace, record: Mapping[str, Any]) -> Any:
    made = of_content(record["content"], workspace)
    made._record = dict(record)
    return made


def of_content(content: Mapping[str, Any], workspace: Optional[Workspace]) -> Any:
    """The dataset of a stored definition.

    Raises
    ------
    FormatTooNew
        It is of a kind that this version does not know.
    """
    from ml_jupyter.sdk.dataset import FileDataset
    from ml_jupyter.sdk.tabular_dataset import TabularDataset

    kinds: Dict[str, Any] = {item._kind: item for item in (FileDataset, TabularDataset)}
    kind = str(content.get("kind"))
    if kind not in kinds:
        raise FormatTooNew(f"A dataset of the kind {kind!r} cannot be read by this version.")
    return kinds[kind]._from(content, workspace)


def _root(workspace: Workspace) -> Path:
    return registered.folder_of(workspace._folder.layout.root)


def _is_name(name: Any) -> bool:
    try:
        _ids.check_name(str(name), "Dataset")
    except UserErrorException:
        return False
    return True


def _names(workspace: Workspace) -> List[str]:
    root = _root(workspace)
    found = [path.name for path in root.iterdir() if path.is_dir()] if root.is_dir() else []
    return [name for name in found if registered.versions(root / name)]
