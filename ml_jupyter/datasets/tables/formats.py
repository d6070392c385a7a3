"""Chunks of rows of one file: delimited text, Parquet, lines of JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence

from ml_jupyter.exceptions import DataMismatch, DataUnavailable, MissingDependency

DELIMITED, PARQUET, JSON_LINES = "delimited", "parquet", "json_lines"
#: Rows that are in memory at a time.
CHUNK = 50_000
NO_HEADERS, FIRST_FILE_HEADERS, COMBINED_HEADERS, SAME_HEADERS = range(4)


@dataclass(frozen=True)
class TableFormat:
    """How the files of a table are written; stored with the dataset.

    Attributes
    ----------
    kind : str
        ``delimited``, ``parquet`` or ``json_lines``.
    separator, encoding : str
        Of text.
    header : int
        ``PromoteHeadersBehavior``: 0 no names in the files, 1 in the first only, 2 in each, joined,
        3 the same in each.
    infer : bool
        Find the types of columns in their values; otherwise all are text.
    types : mapping
        Types that are asked for, by column (``DataType.to_json``).
    include_path : bool
        Add the column ``Path``.
    empty_as_string : bool
        Nothing between two separators is an empty text, not null.
    drop_invalid : bool
        Pass over lines that are no JSON.
    """

    kind: str
    separator: str = ","
    encoding: str = "utf8"
    header: int = SAME_HEADERS
    infer: bool = True
    types: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    include_path: bool = False
    empty_as_string: bool = False
    drop_invalid: bool = False


def columns_of(path: Path, form: TableFormat) -> Optional[List[str]]:
    """Names of a file's columns; None where only its lines tell them.

    Raises
    ------
    DataMismatch
        It cannot be read as what it should be.
    """
    if form.kind == JSON_LINES:
        return None
    with _reading(path):
        if form.kind == PARQUET:
            import pyarrow.parquet as parquet

            with parquet.ParquetFile(path) as file:
                return [str(name) for name in file.schema_arrow.names]
        import pandas as pd

        named = form.header != NO_HEADERS
        head = pd.read_csv(path, header=0 if named else None, nrows=1, dtype=str, **_csv(form))
        if not isinstance(head.index, pd.RangeIndex):
            raise DataMismatch(f"{path}: a row has more fields than there are names of columns.")
        if named:
            return [str(name) for name in head.columns]
        return [f"Column{number + 1}" for number in range(len(head.columns))]


def chunks(
    path: Path,
    form: TableFormat,
    names: Optional[Sequence[str]],
    wanted: Optional[Sequence[str]],
    texts: Sequence[str],
    *,
    first: bool,
) -> Iterator[Any]:
    """Frames of at most ``CHUNK`` rows, in the order of the file.

    Parameters
    ----------
    names : sequence of str, optional
        The file's columns.
    wanted : sequence of str, optional
        Columns to read; None: all.
    texts : sequence of str
        Columns to read as text.
    first : bool
        It is the first file of the table.
    """
    with _reading(path):
        if form.kind == PARQUET:
            yield from _parquet(path, wanted)
        elif form.kind == JSON_LINES:
            yield from _json_lines(path, form)
        else:
            yield from _delimited(path, form, names or (), wanted, texts, first=first)


def _delimited(
    path: Path,
    form: TableFormat,
    names: Sequence[str],
    wanted: Optional[Sequence[str]],
    texts: Sequence[str],
    *,
    first: bool,
) -> Iterator[Any]:
    import pandas as pd

    headed = form.header not in (NO_HEADERS, FIRST_FILE_HEADERS) or (
        form.header == FIRST_FILE_HEADERS and first
    )
    dtype: Any = {name: str for name in texts if name in names} if form.infer else str
    with pd.read_csv(
        path,
        header=0 if headed else None,
        names=list(names),
        usecols=None if wanted is None else list(wanted),
        dtype=dtype,
        chunksize=CHUNK,
        **_csv(form),
    ) as reader:
        yield from reader


def _parquet(path: Path, wanted: Optional[Sequence[str]]) -> Iterator[Any]:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    columns = None if wanted is None else list(wanted)
    with parquet.ParquetFile(path) as file:
        any_rows = False
        for batch in file.iter_batches(batch_size=CHUNK, columns=columns):
            any_rows = True
            yield arrow.Table.from_batches([batch]).to_pandas(ignore_metadata=True)
        if not any_rows:
            yield file.read(columns=columns).to_pandas(ignore_metadata=True)


def _json_lines(path: Path, form: TableFormat) -> Iterator[Any]:
    import pandas as pd

    with open(path, encoding=form.encoding) as file:
        rows = _objects(path, file, drop=form.drop_invalid)
        while True:
            part = list(islice(rows, CHUNK))
            if not part:
                return
            yield pd.DataFrame(part)


def _objects(path: Path, lines: Iterator[str], *, drop: bool) -> Iterator[Dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        if isinstance(value, dict):
            yield value
        elif not drop:
            raise DataMismatch(
                f"{path}, line {number}: this is no JSON object.",
                hint="invalid_lines='drop' passes over such lines.",
            )


def _csv(form: TableFormat) -> Dict[str, Any]:
    by_c = {"engine": "c", "low_memory": False}  # one type for a column of a chunk
    return {
        "sep": form.separator,
        "encoding": form.encoding,
        "keep_default_na": not form.empty_as_string,
        **(by_c if len(form.separator) == 1 else {"engine": "python"}),
    }


class _reading:  # noqa: N801  # reads as a word of the with statement
    """Turns what the readers raise into words that name the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, ImportError):
            missing = str(getattr(error, "name", None) or "pandas").split(".")[0]
            raise MissingDependency(missing, "data", "Reading a table") from error
        if isinstance(error, (DataMismatch, GeneratorExit)):
            return
        if isinstance(error, OSError) and type(error).__module__ == "builtins" and error.strerror:
            raise DataUnavailable(f"{self._path}: {error.strerror}.") from error
        if isinstance(error, (ValueError, OSError, LookupError)):
            reason = str(error).strip().rstrip(".")
            raise DataMismatch(f"{self._path} cannot be read as a table: {reason}.") from error
