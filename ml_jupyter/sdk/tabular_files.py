"""The files of a table: where each lies, how it is shown, and the values in its path."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ml_jupyter.datasets import addresses
from ml_jupyter.datasets.cache import DataCache
from ml_jupyter.datasets.tables.formats import TableFormat
from ml_jupyter.datasets.tables.reading import TableFile
from ml_jupyter.exceptions import DataUnavailable
from ml_jupyter.sdk import session
from ml_jupyter.sdk.dataset_fetch import fetch_here
from ml_jupyter.sdk.dataset_partitions import values_of
from ml_jupyter.sdk.dataset_sources import DataFile


def of(files: Sequence[DataFile], partition_format: Optional[str]) -> List[TableFile]:
    """Files as a table reads them; remote ones are fetched when the first of them is read."""
    if not files:
        raise DataUnavailable("The dataset has no file.")
    remote = _Remote([item.url for item in files if item.url is not None])
    return [
        TableFile(_shown(item), values_of(item, partition_format), remote.place(item))
        for item in files
    ]


def in_folder(folder: Path, described: Sequence[Mapping[str, Any]]) -> List[TableFile]:
    """Files that were given to a job."""
    made = []
    for item in described:
        path = folder / str(item["path"])  # a link to where the file really lies
        values = {key: _loaded(value) for key, value in item["values"].items()}
        made.append(TableFile(str(item["shown"]), values, lambda path=path: path))  # type: ignore[misc]
    return made


def described(files: Sequence[DataFile], partition_format: Optional[str]) -> List[Dict[str, Any]]:
    """What ``in_folder`` needs, as JSON."""
    return [
        {
            "path": item.path,
            "shown": _shown(item),
            "values": {k: _stored(v) for k, v in values_of(item, partition_format).items()},
        }
        for item in files
    ]


def form_to_json(form: TableFormat) -> Dict[str, Any]:
    """A format as it is stored: what differs from the usual."""
    usual = asdict(TableFormat(form.kind))
    return {
        key: value for key, value in asdict(form).items() if key == "kind" or usual[key] != value
    }


class _Remote:
    """Addresses of one dataset: the first is fetched alone, so that a look at it is quick."""

    def __init__(self, urls: Sequence[str]) -> None:
        self._rest = list(urls)
        self._settings = session.settings()

    def place(self, item: DataFile) -> Any:
        if item.url is None:
            return lambda: Path(str(item.local))
        return lambda: self._fetched(str(item.url))

    def _fetched(self, url: str) -> Path:
        if url in self._rest:
            first = len(self._rest) > 1 and url == self._rest[0]
            wanted = self._rest[:1] if first else list(self._rest)
            fetch_here(wanted, self._settings)
            self._rest = self._rest[len(wanted) :]
        cache = DataCache.of(self._settings)
        found = cache.find(url)
        if found is None:
            raise DataUnavailable(f"{addresses.shown(url)} was removed from the cache.")
        return cache.blob(found.sha256)


def _shown(item: DataFile) -> str:
    return addresses.shown(item.url) if item.url is not None else str(item.local)


def _stored(value: Any) -> Any:
    return {"time": value.isoformat()} if isinstance(value, datetime.datetime) else value


def _loaded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return datetime.datetime.fromisoformat(str(value["time"]))
    return value
