"""``TabularDataset``: rows and columns of delimited, Parquet and JSON files (surface: data)."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    Dict,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
    Union,
)

from ml_jupyter.datasets.tables.formats import TableFormat
from ml_jupyter.datasets.tables.reading import Table
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk import dataset_steps, tabular_files, tabular_writing
from ml_jupyter.sdk.dataset_base import AbstractDataset
from ml_jupyter.sdk.dataset_sources import DataFile, Source

if TYPE_CHECKING:
    from ml_jupyter.sdk.dataset import FileDataset

TABULAR = "tabular"
_MODES = ("null", "fail")
_Names = Union[str, Sequence[str]]


class TabularDataset(AbstractDataset):
    """A table in files, and what is to be left of it. Made by ``Dataset.Tabular``.

    Nothing is read before it is asked for: ``take(5)`` of a large table reads its beginning.

    Examples
    --------
    >>> table = Dataset.Tabular.from_delimited_files("flights/*.csv")  # doctest: +SKIP
    >>> late = table.filter(table["delay"] > 60).keep_columns(["carrier", "delay"])
    >>> late.to_pandas_dataframe()
    """

    _kind = TABULAR

    def __init__(self) -> None:
        super().__init__()
        self._form = TableFormat("delimited")
        self._times: Dict[str, str] = {}
        #: In a job: the folder that its files lie in, and what each is.
        self._given: Optional[Tuple[str, List[Mapping[str, Any]]]] = None

    @classmethod
    def _of(
        cls,
        sources: Sequence[Source],
        form: TableFormat,
        workspace: Any,
        partition_format: Optional[str],
    ) -> TabularDataset:
        made = cls()
        made._sources, made._form = list(sources), form
        made._workspace, made._partition_format = workspace, partition_format
        return made

    # -- rows

    def to_pandas_dataframe(
        self, on_error: str = "null", out_of_range_datetime: str = "null"
    ) -> Any:
        """All of it, as a ``pandas.DataFrame``.

        Parameters
        ----------
        on_error : str
            What becomes of a value that is not of the type that ``set_column_types`` names:
            ``null`` or ``fail``. Types that are found in the values lose none.
        out_of_range_datetime : str
            The same for times that pandas cannot hold.

        Raises
        ------
        DataMismatch
            A file is no such table, or lacks a column that is asked for; names both.
        DataUnavailable
            An address cannot be had.
        MissingDependency
            pandas, or pyarrow for Parquet, is not installed.
        """
        return self._table(on_error, out_of_range_datetime).frame()

    def iter_dataframes(self, on_error: str = "null") -> Iterator[Any]:
        """The same in frames of at most 50,000 rows, for what does not fit into memory.

        Not in the Azure ML SDK. The files are read twice: the types of the columns are those of
        the whole.
        """
        return self._table(on_error, on_error).chunks()

    def to_csv_files(self, separator: str = ",") -> FileDataset:
        """The rows as CSV files in the workspace's datastore, 50,000 rows in each."""
        return tabular_writing.to_csv_files(self, separator)

    def to_parquet_files(self) -> FileDataset:
        """The rows as Parquet files in the workspace's datastore, 50,000 rows in each."""
        return tabular_writing.to_parquet_files(self)

    def partition_by(
        self,
        partition_keys: Sequence[str],
        target: Any,
        name: Optional[str] = None,
        show_progress: bool = True,
        partition_as_file_dataset: bool = False,
    ) -> Any:
        """Write the rows as Parquet files in folders by the values of columns.

        Parameters
        ----------
        partition_keys : sequence of str
            The columns; each value becomes a folder.
        target : DataPath or (Datastore, str)
            Where to.
        name : str, optional
            Register the result under this name.
        partition_as_file_dataset : bool
            Return a FileDataset.
        """
        return tabular_writing.partition_by(
            self, list(partition_keys), target, name, as_files=partition_as_file_dataset
        )

    # -- columns

    def keep_columns(self, columns: _Names, validate: bool = False) -> TabularDataset:
        """Only these columns, in this order.

        Parameters
        ----------
        validate : bool
            Look now whether they are there, not when rows are read.

        Raises
        ------
        DataMismatch
            ``validate`` is True and a column is not there.
        """
        made = self._with("keep", _names(columns))
        if validate:
            made._table().columns()
        return made

    def drop_columns(self, columns: _Names) -> TabularDataset:
        """All columns but these."""
        return self._with("drop", _names(columns))

    # -- times

    def with_timestamp_columns(
        self,
        timestamp: Optional[str] = None,
        partition_timestamp: Optional[str] = None,
        validate: bool = False,
        **_ignored: Any,
    ) -> TabularDataset:
        """Say which column tells the time of a row, and which that of a partition's path."""
        made = self._with("keep_all")
        made._steps.pop()
        given = {"timestamp": timestamp, "partition_timestamp": partition_timestamp}
        made._times = {key: name for key, name in given.items() if name}
        if validate:
            made._with("keep", list(made._times.values()))._table().columns()
        return made

    @property
    def timestamp_columns(self) -> Tuple[Optional[str], Optional[str]]:
        """The columns that ``with_timestamp_columns`` named: of rows, of partitions."""
        return self._times.get("timestamp"), self._times.get("partition_timestamp")

    def time_before(
        self, end_time: datetime.datetime, include_boundary: bool = True, validate: bool = True
    ) -> TabularDataset:
        """Rows up to a time."""
        return self._between(None, end_time, include_boundary)

    def time_after(
        self, start_time: datetime.datetime, include_boundary: bool = True, validate: bool = True
    ) -> TabularDataset:
        """Rows from a time on."""
        return self._between(start_time, None, include_boundary)

    def time_between(
        self,
        start_time: datetime.datetime,
        end_time: datetime.datetime,
        include_boundary: bool = True,
        validate: bool = True,
    ) -> TabularDataset:
        """Rows from one time to another."""
        return self._between(start_time, end_time, include_boundary)

    def time_recent(
        self, time_delta: datetime.timedelta, include_boundary: bool = True, validate: bool = True
    ) -> TabularDataset:
        """Rows of the last while; counted from when they are read."""
        if not isinstance(time_delta, datetime.timedelta):
            raise UserErrorException(f"time_delta must be a timedelta, not {time_delta!r}.")
        seconds = time_delta.total_seconds()
        return self._with("recent", self._time_column(), seconds, bool(include_boundary))

    def get_partition_key_values(
        self, partition_keys: Optional[Sequence[str]] = None
    ) -> List[Dict[str, Any]]:
        """The combinations of values that stand in the files' paths, each once."""
        from ml_jupyter.sdk.dataset_partitions import combinations

        return combinations(self._files(), self._partition_format, partition_keys)

    # -- inside

    def _between(self, low: Any, high: Any, inclusive: bool) -> TabularDataset:
        bounds = []
        for name, value in (("start_time", low), ("end_time", high)):
            if value is not None and not isinstance(value, datetime.datetime):
                raise UserErrorException(f"{name} must be a datetime, not {value!r}.")
            bounds.append(None if value is None else value.isoformat())
        return self._with("between", self._time_column(), *bounds, bool(inclusive))

    def _time_column(self) -> str:
        found = self._times.get("timestamp") or self._times.get("partition_timestamp")
        if found is None:
            raise UserErrorException(
                "The dataset has no column of times.",
                hint='Name it: with_timestamp_columns(timestamp="…").',
            )
        return found

    def _columns_only(self, names: Sequence[str]) -> TabularDataset:
        return self.keep_columns(names)

    def _files(self) -> List[DataFile]:
        return dataset_steps.files_of(self._sources, self._workspace)

    def _table(self, on_error: str = "null", out_of_range: str = "null") -> Table:
        for name, value in (("on_error", on_error), ("out_of_range_datetime", out_of_range)):
            if value not in _MODES:
                raise UserErrorException(f"{name} is {value!r}; it must be 'null' or 'fail'.")
        if self._given is not None:
            files = tabular_files.in_folder(Path(self._given[0]), self._given[1])
        else:
            files = tabular_files.of(self._files(), self._partition_format)
        return Table(files, self._form, self._steps, "fail" in (on_error, out_of_range))

    def _content(self) -> Dict[str, Any]:
        value = {**super()._content(), "format": tabular_files.form_to_json(self._form)}
        return {**value, "times": self._times} if self._times else value

    def _for_job(self, files: Sequence[DataFile]) -> Dict[str, Any]:
        record = {key: item for key, item in (self._record or {}).items() if key != "content"}
        described = tabular_files.described(files, self._partition_format)
        return {"content": self._content(), "record": record or None, "files": described}

    @classmethod
    def _from(cls, content: Mapping[str, Any], workspace: Any) -> Any:
        made = super()._from(content, workspace)
        made._form = TableFormat(**content["format"])
        made._times = dict(content.get("times") or {})
        return made


def _names(columns: _Names) -> List[str]:
    found = [columns] if isinstance(columns, str) else list(columns)
    if not found or not all(isinstance(item, str) for item in found):
        raise UserErrorException(f"columns must be names, not {columns!r}.")
    return found
