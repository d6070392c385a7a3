"""``OutputFileDatasetConfig``: a folder that a job writes and that becomes data (surface: data)."""

from __future__ import annotations

import copy
import re
import uuid
from typing import Any, Dict, List, Mapping, Optional, Sequence, TypeVar

from ml_jupyter._files import confine
from ml_jupyter.datasets.tables import formats
from ml_jupyter.datasets.tables.formats import TableFormat
from ml_jupyter.datasets.tables.partitions import PartitionFormat
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk import tabular_files
from ml_jupyter.sdk.dataset_consumption import DatasetConsumptionConfig
from ml_jupyter.sdk.tabular_factory import PromoteHeadersBehavior, header_of, types_of
from ml_jupyter.sdk.tabular_writing import place_of

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_DEFAULT = "dataset/{run-id}/{output-name}"
Self = TypeVar("Self", bound="OutputFileDatasetConfig")


class OutputFileDatasetConfig:
    """A folder for results: put it into ``arguments``, where its path stands then.

    Parameters
    ----------
    name : str, optional
        By which the run names it; default: one made up.
    destination : Datastore, DataPath or (Datastore, str), optional
        Where the files go; ``{run-id}`` and ``{output-name}`` are filled in. Default:
        ``dataset/{run-id}/{output-name}`` of the workspace's datastore.
    source : str, optional
        Where the job writes, below its working directory.
    partition_format : str, optional
        Columns whose values stand in the paths, of the dataset that it becomes.

    Examples
    --------
    >>> made = OutputFileDatasetConfig("features").register_on_complete("features")
    >>> config = ScriptRunConfig("src", "prepare.py", ["--out", made])  # doctest: +SKIP

    Raises
    ------
    UserErrorException
        A parameter is wrong; names it.
    """

    def __init__(
        self,
        name: Optional[str] = None,
        destination: Any = None,
        source: Optional[str] = None,
        partition_format: Optional[str] = None,
    ) -> None:
        if name is not None and not _NAME.match(name):
            raise UserErrorException(
                f"{name!r} cannot be the name of an output: letters, digits and _, no digit first."
            )
        if partition_format is not None:
            PartitionFormat(partition_format)
        self._name = name or f"output_{uuid.uuid4().hex[:8]}"
        self._place = None if destination is None else place_of(destination)
        self._source, self._partition_format = source, partition_format
        self._mode, self._overwrite = "mount", False
        self._globs: Optional[List[str]] = None
        self._register: Optional[Dict[str, Any]] = None
        self._form: Optional[TableFormat] = None
        self._path_glob: Optional[str] = None
        self._steps: List[List[Any]] = []

    def __str__(self) -> str:
        return f"${{{{outputs.{self._name}}}}}"

    @property
    def name(self) -> str:
        """By which the run names it."""
        return self._name

    def as_mount(self: Self, disable_metadata_cache: bool = False) -> Self:
        """The same, with the job writing at the destination itself; files are there at once."""
        return self._with(_mode="mount")

    def as_upload(
        self: Self, overwrite: bool = False, source_globs: Optional[Sequence[str]] = None
    ) -> Self:
        """The same, with the files copied to the destination when the job has completed.

        Parameters
        ----------
        overwrite : bool
            Replace files that are there; otherwise they stay, and the run has a warning.
        source_globs : sequence of str, optional
            Which files; default: all.
        """
        globs = [source_globs] if isinstance(source_globs, str) else source_globs
        chosen = None if globs is None else list(globs)
        return self._with(_mode="upload", _overwrite=bool(overwrite), _globs=chosen)

    def register_on_complete(
        self: Self,
        name: str,
        description: Optional[str] = None,
        tags: Optional[Mapping[str, str]] = None,
    ) -> Self:
        """The same, registered as a new version of this name when the job has completed."""
        wanted = {"name": name, "description": description, "tags": dict(tags or {})}
        return self._with(_register=wanted)

    def read_delimited_files(
        self: Self,
        include_path: bool = False,
        separator: str = ",",
        header: Any = PromoteHeadersBehavior.ALL_FILES_HAVE_SAME_HEADERS,
        partition_format: Optional[str] = None,
        path_glob: Optional[str] = None,
        set_column_types: Optional[Mapping[str, Any]] = None,
    ) -> Self:
        """The same, registered as a table; see ``Dataset.Tabular.from_delimited_files``."""
        form = TableFormat(
            formats.DELIMITED,
            separator=separator,
            header=header_of(header),
            types=types_of(set_column_types),
            include_path=bool(include_path),
        )
        return self._table(form, partition_format, path_glob)

    def read_parquet_files(
        self: Self,
        include_path: bool = False,
        partition_format: Optional[str] = None,
        path_glob: Optional[str] = None,
        set_column_types: Optional[Mapping[str, Any]] = None,
    ) -> Self:
        """The same, registered as a table; see ``Dataset.Tabular.from_parquet_files``."""
        form = TableFormat(
            formats.PARQUET, types=types_of(set_column_types), include_path=bool(include_path)
        )
        return self._table(form, partition_format, path_glob)

    def as_input(self, name: Optional[str] = None) -> DatasetConsumptionConfig:
        """The files at the destination, for the arguments of a later job.

        Raises
        ------
        UserErrorException
            The destination depends on the run: register the output instead.
        """
        from ml_jupyter.sdk.dataset_factory import Dataset

        if self._place is None or "{" in self._place[1]:
            raise UserErrorException(
                f"Where output {self._name!r} lies depends on the run.",
                hint="Use register_on_complete and Dataset.get_by_name, or name a destination.",
            )
        files = Dataset.File.from_files(self._place, validate=False)
        return files.as_named_input(name or self._name)

    def to_job_output(self, workspace: Any) -> Dict[str, Any]:
        """What the job is to know of it."""
        store, path = self._place or (workspace.get_default_datastore(), _DEFAULT)
        path = path or _DEFAULT
        root = store.folder
        confine(root, path)
        value: Dict[str, Any] = {
            "name": self._name,
            "type": "uri_folder",
            "mode": self._mode,
            "destination": str(root / path),
            "datastore": store.name,
            "source": self._source,
            "overwrite": self._overwrite,
            "globs": self._globs,
        }
        if self._register is not None:
            value["register"] = {**self._register, "content": self._content(store.name, path)}
        return {key: item for key, item in value.items() if item}

    def _content(self, store: str, path: str) -> Dict[str, Any]:
        value = path if self._path_glob is None else f"{path}/{self._path_glob}"
        content: Dict[str, Any] = {
            "kind": "file" if self._form is None else "tabular",
            "sources": [{"kind": "datastore", "value": value, "datastore": store}],
            "steps": self._steps,
        }
        if self._partition_format is not None:
            content["partition_format"] = self._partition_format
        if self._form is not None:
            content["format"] = tabular_files.form_to_json(self._form)
        return content

    def _table(
        self: Self, form: TableFormat, partition_format: Optional[str], path_glob: Optional[str]
    ) -> Self:
        if partition_format is not None:
            PartitionFormat(partition_format)
        chosen = partition_format or self._partition_format
        return self._with(_form=form, _partition_format=chosen, _path_glob=path_glob)

    def _with(self: Self, **changes: Any) -> Self:
        made = copy.copy(self)
        vars(made).update(changes)
        return made


def outputs_of(workspace: Any, *values: Any) -> List[Dict[str, Any]]:
    """The outputs among arguments that become data, each once by name."""
    found = {}
    for value in values:
        for item in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(item, OutputFileDatasetConfig):
                found[item.name] = item.to_job_output(workspace)
    return list(found.values())
