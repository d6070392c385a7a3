"""Tables written into datastores: as CSV, as Parquet, in folders by the values of columns."""

from __future__ import annotations

import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, List, Optional, Tuple
from urllib.parse import quote

from ml_jupyter._files import confine
from ml_jupyter.exceptions import MissingDependency, UserErrorException

if TYPE_CHECKING:
    from ml_jupyter.sdk.dataset import FileDataset
    from ml_jupyter.sdk.datastore import Datastore
    from ml_jupyter.sdk.tabular_dataset import TabularDataset

_MADE = "managed-dataset"


def to_csv_files(table: TabularDataset, separator: str) -> FileDataset:
    """See ``TabularDataset.to_csv_files``."""
    return _to_files(table, "csv", lambda f, p: f.to_csv(p, sep=separator, index=False))


def to_parquet_files(table: TabularDataset) -> FileDataset:
    """See ``TabularDataset.to_parquet_files``."""
    return _to_files(table, "parquet", _write_parquet)


def partition_by(
    table: TabularDataset, keys: List[str], target: Any, name: Optional[str], *, as_files: bool
) -> Any:
    """See ``TabularDataset.partition_by``."""
    from ml_jupyter.sdk.dataset_factory import Dataset

    store, path = place_of(target)
    folder = f"{path}/{uuid.uuid4().hex}".strip("/")
    root = confine(store.folder, folder)
    for number, frame in enumerate(table.iter_dataframes()):
        for values, rows in frame.groupby(keys, dropna=False, sort=True):
            parts = [quote(str(value), safe=" ") or "_" for value in values]
            file = confine(root, f"{'/'.join(parts)}/data-{number:05}.parquet")
            _write(rows.drop(columns=keys), file, _write_parquet)
    form = "/".join(f"{{{key}}}" for key in keys)
    from_files: Any = Dataset.File.from_files if as_files else Dataset.Tabular.from_parquet_files
    made = from_files((store, f"{folder}/**/*.parquet"), partition_format=f"/{form}/*.parquet")
    return made if name is None else made.register(store.workspace, name, create_new_version=True)


def keep_frame(
    frame: Any, target: Any, folder: str, row_group_size: Optional[int]
) -> TabularDataset:
    """Write a frame into a datastore; the dataset of it."""
    from ml_jupyter.sdk.tabular_factory import TabularDatasetFactory

    if not hasattr(frame, "to_parquet"):
        raise UserErrorException(
            f"dataframe must be a pandas.DataFrame, not {type(frame).__name__}."
        )
    store, path = place_of(target)
    name = f"{path}/{folder}/data.parquet".replace("//", "/").strip("/")

    def write(rows: Any, file: Path) -> None:
        options = {} if row_group_size is None else {"row_group_size": int(row_group_size)}
        _write_parquet(rows, file, **options)

    _write(frame, confine(store.folder, name), write)
    return TabularDatasetFactory.from_parquet_files((store, name))


def place_of(target: Any) -> Tuple[Datastore, str]:
    """A datastore and a path in it, of what ``target`` may be.

    Raises
    ------
    UserErrorException
        It is none of these.
    """
    from ml_jupyter.sdk.datastore import DataPath, Datastore

    if isinstance(target, DataPath):
        target = (target.datastore, target.path_on_datastore)
    if isinstance(target, Datastore):
        target = (target, "")
    if isinstance(target, tuple) and len(target) == 2 and isinstance(target[0], Datastore):
        return target[0], str(target[1] or "").strip("/")
    raise UserErrorException(f"target: {target!r} is no datastore and no (datastore, path) pair.")


def _to_files(
    table: TabularDataset, ending: str, write: Callable[[Any, Path], None]
) -> FileDataset:
    from ml_jupyter.sdk.dataset_factory import Dataset

    if table._workspace is None:
        raise UserErrorException(
            "The files would lie in the datastore of a workspace, and the dataset is of none.",
            hint="Register it first.",
        )
    store = table._workspace.get_default_datastore()
    folder = f"{_MADE}/{uuid.uuid4().hex}"
    for number, frame in enumerate(table.iter_dataframes()):
        _write(frame, confine(store.folder, f"{folder}/part-{number:05}.{ending}"), write)
    return Dataset.File.from_files((store, f"{folder}/*.{ending}"))


def _write(frame: Any, file: Path, write: Callable[[Any, Path], None]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        write(frame, temporary)
        os.replace(str(temporary), str(file))
    finally:
        temporary.unlink() if temporary.exists() else None


def _write_parquet(frame: Any, file: Path, **options: Any) -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise MissingDependency("pyarrow", "data", "Writing Parquet files") from error
    frame.to_parquet(file, index=False, engine="pyarrow", **options)
