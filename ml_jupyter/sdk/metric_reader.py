"""Reading metrics back in the shapes that users of the Azure ML SDK know (surface 4.5)."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterable, List, Optional

from ml_jupyter._files import confine
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.sdk.charts import VERSIONS


def read_metrics(
    run: RunFolder, name: Optional[str] = None, *, populate: bool = False
) -> Dict[str, Any]:
    """Metrics by name. A series of one is the bare value, of more a list.

    Parameters
    ----------
    run : RunFolder
        The run.
    name : str, optional
        Only this one; an unknown one gives an empty dict.
    populate : bool
        Charts as their content instead of the address of their file.
    """
    found: Dict[str, Any] = {}
    for item in run.metric_names().values():
        if name in (None, item.name):
            values = _values(run, item.name, item.shape, populate)
            if values is not None:
                found[item.name] = values
    return found


def artifact_address(run_id: str, path: str) -> str:
    """The text that stands for a file of a run in the Azure ML SDK's metrics."""
    return f"aml://artifactId/ExperimentRun/dcid.{run_id}/{path}"


def _values(run: RunFolder, name: str, shape: str, populate: bool) -> Any:
    if shape == "scalar":
        return _unwrapped(_uniform(run.series(name).values))
    entries = [entry.get("value", {}) for entry in run.structured(name)]
    if shape in ("row", "table"):
        return _merged(entries) if entries else None
    return _unwrapped([_artifact(run, shape, entry, populate) for entry in entries])


def _unwrapped(values: List[Any]) -> Any:
    """None for an empty series, which was declared but never written."""
    if not values:
        return None
    return values[0] if len(values) == 1 else values


def _uniform(values: List[Any]) -> List[Any]:
    """Integers as floats where a float was logged too; beside text every value keeps its type."""
    kinds = set(map(type, values))
    if float in kinds and int in kinds and str not in kinds:
        return [float(value) if type(value) is int else value for value in values]
    return values


def _merged(entries: Iterable[Any]) -> Dict[str, Any]:
    """Rows and tables as columns; what a row lacks is None there; one row: bare values."""
    columns: Dict[str, List[Any]] = {}
    length = 0
    for entry in entries:
        lists = {key: v if isinstance(v, list) else [v] for key, v in entry.items()}
        added = max(map(len, lists.values()))
        for key, values in lists.items():
            columns.setdefault(key, [None] * length).extend(values)
        length += added
        for column in columns.values():
            column.extend([None] * (length - len(column)))
    if length == 1:
        return {key: values[0] for key, values in columns.items()}
    return {key: _uniform(values) for key, values in columns.items()}


def _artifact(run: RunFolder, shape: str, entry: Any, populate: bool) -> Any:
    path = entry.get("path", "") if isinstance(entry, dict) else ""
    if populate and shape in VERSIONS:
        try:
            return json.loads(confine(run.layout.files, path).read_text("utf-8"))
        except (OSError, ValueError):  # the file was removed, or lies elsewhere
            pass
    return artifact_address(run.id, path)
