"""``import_mlflow``: runs, metrics, tags, artifacts and registered models of an MLflow store."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional
from urllib.parse import unquote

from ml_jupyter._files import PathLike
from ml_jupyter.exceptions import ImportSourceInvalid
from ml_jupyter.importers import mlflow_models, mlflow_store
from ml_jupyter.importers.bringing import Bringing, folder_of
from ml_jupyter.importers.mlflow_database import HEADER, Database
from ml_jupyter.importers.mlflow_files import FileStore
from ml_jupyter.importers.report import ImportReport, Progress, told

_FOLDER, _DATABASE = "mlruns", "mlflow.db"


def import_mlflow(
    source: PathLike,
    workspace: Any = None,
    *,
    experiment: Optional[str] = None,
    progress: Optional[Progress] = None,
) -> ImportReport:
    """Bring the runs and registered models of an MLflow store into a workspace.

    Runs keep their ids, times, parents, tags and parameters; a second import adds only what is new.
    MLflow itself is not needed.

    Parameters
    ----------
    source : path
        A folder ``mlruns``, a file ``mlflow.db``, the folder that holds one of them, or such a
        place as ``file:///…`` or ``sqlite:///…``.
    workspace : Workspace, optional
        Where to; default: that of this folder.
    experiment : str, optional
        Put all runs there; default: into experiments of their own names.
    progress : callable, optional
        Told of each run: number done, number in all, name.

    Returns
    -------
    ImportReport
        What was added, and what could not be.

    Raises
    ------
    ImportSourceInvalid
        There is no such store. A single run or model that cannot be read is in the report
        instead.
    """
    path = _path(str(source))
    bringing = Bringing(folder_of(workspace), "mlflow", str(path.resolve()), experiment)
    report = bringing.report
    store: mlflow_store.Store = Database(path) if path.is_file() else FileStore(path, report)
    try:
        runs = store.runs()
        found = mlflow_store.foreign_runs(store, runs, report)
        bringing.bring(found, told(progress))
        mlflow_models.bring_logged(bringing, runs)
        mlflow_models.bring_registered(bringing, store)
    finally:
        store.close()
    return report


def _path(source: str) -> Path:
    """The folder or the file of a store, wherever the user pointed at.

    Raises
    ------
    ImportSourceInvalid
        There is none, or there are two.
    """
    path = _local(source)
    if path.is_file():
        with open(path, "rb") as file:
            if file.read(len(HEADER)) != HEADER:
                raise ImportSourceInvalid(f"{path} is no SQLite database.")
        return path
    if not path.is_dir():
        raise ImportSourceInvalid(f"There is no file or folder {path}.")
    if any(path.glob("*/meta.yaml")):
        return path
    found = [item for item in (path / _FOLDER, path / _DATABASE) if item.exists()]
    if len(found) == 2 and not any(found[0].glob("*/*/meta.yaml")):
        found = found[1:]  # a database whose artifacts lie in mlruns
    if len(found) != 1:
        either, more = ("both", "and") if found else ("neither", "nor")
        raise ImportSourceInvalid(
            f"{path} holds {either} a folder {_FOLDER} with runs {more} a file {_DATABASE}.",
            hint="Name the folder or the database itself.",
        )
    return found[0]


def _local(source: str) -> Path:
    if source.startswith("sqlite:///"):
        return Path(unquote(source[len("sqlite:///") :]))
    found = Path(source) if Path(source).exists() else mlflow_store.local_path(source)
    if found is None:
        raise ImportSourceInvalid(
            f"{source} is not on this machine.",
            hint="Give the folder or the database that the MLflow server keeps its runs in.",
        )
    return found
