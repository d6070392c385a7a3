"""``Dataset.Tabular``: makes datasets of tables (surface: data)."""

from __future__ import annotations

import uuid
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Mapping, NoReturn, Optional

from ml_jupyter.datasets.tables import formats
from ml_jupyter.datasets.tables.formats import TableFormat
from ml_jupyter.datasets.tables.partitions import PartitionFormat
from ml_jupyter.datasets.tables.types import DataType
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.dataset_sources import check, sources_of, workspace_of

if TYPE_CHECKING:
    from ml_jupyter.sdk.tabular_dataset import TabularDataset


class PromoteHeadersBehavior(IntEnum):
    """Which files of delimited text begin with the names of the columns."""

    NO_HEADERS = formats.NO_HEADERS
    ONLY_FIRST_FILE_HAS_HEADERS = formats.FIRST_FILE_HEADERS
    COMBINE_ALL_FILES_HEADERS = formats.COMBINED_HEADERS
    ALL_FILES_HAVE_SAME_HEADERS = formats.SAME_HEADERS


class TabularDatasetFactory:
    """``Dataset.Tabular``."""

    @staticmethod
    def from_delimited_files(
        path: Any,
        validate: bool = True,
        include_path: bool = False,
        infer_column_types: bool = True,
        set_column_types: Optional[Mapping[str, DataType]] = None,
        separator: str = ",",
        header: Any = True,
        partition_format: Optional[str] = None,
        support_multi_line: bool = False,
        empty_as_string: bool = False,
        encoding: str = "utf8",
    ) -> TabularDataset:
        """A table in files of delimited text, such as CSV.

        Parameters
        ----------
        path : str, path, DataPath, (Datastore, str), or list of these
            Files, folders, globs, addresses.
        validate : bool
            Look now whether local files are there and begin like such a table.
        include_path : bool
            Add the column ``Path``: where a row comes from.
        infer_column_types : bool
            Find types in the values; otherwise all columns are text.
        set_column_types : mapping, optional
            Types by column: ``{"zip": DataType.to_string()}``.
        separator : str
            Between two values.
        header : bool or PromoteHeadersBehavior
            Which files begin with the names of the columns; without any they are ``Column1`` ….
        partition_format : str, optional
            Columns whose values stand in the paths: ``/{country}/{day:yyyy/MM/dd}/*.csv``.
        support_multi_line : bool
            Accepted: values in quotes may always hold line breaks.
        empty_as_string : bool
            Nothing between two separators is an empty text, not null.
        encoding : str
            Of the text.

        Raises
        ------
        UserErrorException, DataMismatch
            A parameter is wrong, or a file is no such table; names it.
        """
        if not separator:
            raise UserErrorException("separator is empty; the usual one is a comma.")
        form = TableFormat(
            formats.DELIMITED,
            separator=separator,
            encoding=encoding,
            header=header_of(header),
            infer=bool(infer_column_types),
            types=types_of(set_column_types),
            include_path=bool(include_path),
            empty_as_string=bool(empty_as_string),
        )
        return _made(path, form, partition_format, validate=validate)

    @staticmethod
    def from_parquet_files(
        path: Any,
        validate: bool = True,
        include_path: bool = False,
        set_column_types: Optional[Mapping[str, DataType]] = None,
        partition_format: Optional[str] = None,
    ) -> TabularDataset:
        """A table in Parquet files; see ``from_delimited_files``."""
        form = TableFormat(
            formats.PARQUET, types=types_of(set_column_types), include_path=bool(include_path)
        )
        return _made(path, form, partition_format, validate=validate)

    @staticmethod
    def from_json_lines_files(
        path: Any,
        validate: bool = True,
        include_path: bool = False,
        set_column_types: Optional[Mapping[str, DataType]] = None,
        partition_format: Optional[str] = None,
        invalid_lines: str = "error",
        encoding: str = "utf8",
    ) -> TabularDataset:
        """A table in files with a JSON object on each line; see ``from_delimited_files``.

        Parameters
        ----------
        invalid_lines : str
            ``error``, or ``drop`` to pass over lines that are no JSON object.
        """
        if invalid_lines not in ("error", "drop"):
            raise UserErrorException(
                f"invalid_lines is {invalid_lines!r}; it must be 'error' or 'drop'."
            )
        form = TableFormat(
            formats.JSON_LINES,
            encoding=encoding,
            types=types_of(set_column_types),
            include_path=bool(include_path),
            drop_invalid=invalid_lines == "drop",
        )
        return _made(path, form, partition_format, validate=validate)

    @staticmethod
    def from_sql_query(query: Any, *_: Any, **__: Any) -> NoReturn:
        """Not here: the datastores of SQL are services of the cloud.

        Raises
        ------
        UserErrorException
            Always; says what to do.
        """
        raise UserErrorException(
            "There is no datastore of SQL here.",
            hint="Read it with pandas.read_sql and keep it: register_pandas_dataframe.",
        )

    @staticmethod
    def register_pandas_dataframe(
        dataframe: Any,
        target: Any,
        name: str,
        description: Optional[str] = None,
        tags: Optional[Mapping[str, str]] = None,
        show_progress: bool = True,
        row_group_size: Optional[int] = None,
        make_target_path_unique: bool = True,
    ) -> TabularDataset:
        """Keep a frame as a Parquet file in a datastore, and register it.

        Parameters
        ----------
        dataframe : pandas.DataFrame
            What is kept.
        target : Datastore, DataPath or (Datastore, str)
            Where to.
        name : str
            Its name; when it is taken, this is the next version.
        row_group_size : int, optional
            Rows in a group of the file.
        make_target_path_unique : bool
            Write below a new folder, so that versions before stay as they are.
        """
        from ml_jupyter.sdk import tabular_writing

        folder = uuid.uuid4().hex if make_target_path_unique else ""
        made = tabular_writing.keep_frame(dataframe, target, folder, row_group_size)
        workspace = made._workspace
        assert workspace is not None  # it lies in a datastore
        return made.register(workspace, name, description, tags, create_new_version=True)


def _made(
    path: Any, form: TableFormat, partition_format: Optional[str], *, validate: bool
) -> TabularDataset:
    from ml_jupyter.sdk.tabular_dataset import TabularDataset

    sources, workspace = sources_of(path), workspace_of(path)
    if partition_format is not None:
        PartitionFormat(partition_format)
    made = TabularDataset._of(sources, form, workspace, partition_format)
    if validate:
        check(sources, workspace)
        if all(item.url is None for item in made._files()):
            made._table().columns()
    return made


def header_of(value: Any) -> int:
    """The stored form of ``header``."""
    if value is True:
        return formats.SAME_HEADERS
    if value is False:
        return formats.NO_HEADERS
    try:
        return int(PromoteHeadersBehavior(value))
    except ValueError as error:
        raise UserErrorException(
            f"header is {value!r}; it must be a bool or a PromoteHeadersBehavior."
        ) from error


def types_of(value: Optional[Mapping[str, DataType]]) -> Mapping[str, Mapping[str, Any]]:
    """The stored form of ``set_column_types``."""
    found = {}
    for name, item in (value or {}).items():
        if not isinstance(item, DataType):
            raise UserErrorException(
                f"set_column_types: the type of {name!r} is {item!r}.",
                hint="Give one such as DataType.to_string().",
            )
        found[str(name)] = item.to_json()
    return found
