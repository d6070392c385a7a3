"""The standard charts: confusion matrix, accuracy table, residuals, predictions (surface 4.5)."""

from __future__ import annotations

import json
from typing import Any, Callable, Dict, List, Mapping

from ml_jupyter.exceptions import UserErrorException

#: Kind of chart to the version of its schema that this software writes.
VERSIONS = {
    "confusion_matrix": "1.0.0",
    "accuracy_table": "1.0.1",
    "residuals": "1.0.0",
    "predictions": "1.0.0",
}


def chart(name: str, kind: str, value: Any) -> Dict[str, Any]:
    """A chart that was checked: ``schema_type``, ``schema_version`` and ``data``.

    Parameters
    ----------
    name : str
        Name of the metric, for messages.
    kind : str
        One of ``VERSIONS``.
    value : mapping or str
        The object, or its JSON text.

    Raises
    ------
    UserErrorException
        Not JSON, of another kind, or its lists do not fit together; names what.
    """
    content = _parsed(name, value)
    if content.get("schema_type") != kind:
        raise UserErrorException(
            f"Metric {name!r}: schema_type must be {kind!r}, not {content.get('schema_type')!r}."
        )
    data = content.get("data")
    if not isinstance(data, Mapping):
        raise UserErrorException(f"Metric {name!r}: 'data' must be an object.")
    plain = _plain(data)
    _CHECKS[kind](name, plain)
    version = str(content.get("schema_version") or VERSIONS[kind])
    return {"schema_type": kind, "schema_version": version, "data": plain}


def _parsed(name: str, value: Any) -> Mapping[str, Any]:
    if isinstance(value, (str, bytes)):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise UserErrorException(f"Metric {name!r}: the value is not JSON: {error}") from error
    if not isinstance(value, Mapping):
        raise UserErrorException(f"Metric {name!r}: the value must be a dict or JSON text of one.")
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _list(name: str, data: Mapping[str, Any], key: str) -> List[Any]:
    value = data.get(key)
    if not isinstance(value, list):
        raise UserErrorException(f"Metric {name!r}: data[{key!r}] must be a list.")
    return value


def _same_length(name: str, lists: Mapping[str, List[Any]]) -> None:
    if len({len(item) for item in lists.values()}) > 1:
        shown = ", ".join(f"{key} {len(item)}" for key, item in lists.items())
        raise UserErrorException(f"Metric {name!r}: lists of different lengths ({shown}).")


def _confusion_matrix(name: str, data: Mapping[str, Any]) -> None:
    labels, matrix = _list(name, data, "class_labels"), _list(name, data, "matrix")
    size = len(matrix)
    if any(not isinstance(line, list) or len(line) != size for line in matrix):
        raise UserErrorException(f"Metric {name!r}: the matrix is not square.")
    if len(labels) != size:
        raise UserErrorException(
            f"Metric {name!r}: {len(labels)} class_labels for a matrix of {size} classes."
        )


def _accuracy_table(name: str, data: Mapping[str, Any]) -> None:
    labels = _list(name, data, "class_labels")
    for kind in ("probability", "percentile"):
        tables = _list(name, data, f"{kind}_tables")
        thresholds = _list(name, data, f"{kind}_thresholds")
        if len(tables) != len(labels):
            raise UserErrorException(
                f"Metric {name!r}: {len(tables)} {kind}_tables for {len(labels)} class_labels."
            )
        for rows in tables:
            if not isinstance(rows, list) or len(rows) != len(thresholds):
                raise UserErrorException(
                    f"Metric {name!r}: each of {kind}_tables needs one row for each of "
                    f"{len(thresholds)} {kind}_thresholds."
                )
            if any(not isinstance(row, list) or len(row) != 4 for row in rows):
                raise UserErrorException(f"Metric {name!r}: a row is [TP, FP, TN, FN].")


def _bins(name: str, data: Mapping[str, Any], edges_key: str, counts_key: str) -> None:
    edges, counts = _list(name, data, edges_key), _list(name, data, counts_key)
    if len(edges) != len(counts) + 1:
        raise UserErrorException(
            f"Metric {name!r}: {edges_key} must be one longer than {counts_key}, "
            f"not {len(edges)} to {len(counts)}."
        )


def _residuals(name: str, data: Mapping[str, Any]) -> None:
    _bins(name, data, "bin_edges", "bin_counts")


def _predictions(name: str, data: Mapping[str, Any]) -> None:
    keys = ("bin_averages", "bin_errors", "bin_counts")
    _same_length(name, {key: _list(name, data, key) for key in keys})
    _bins(name, data, "bin_edges", "bin_counts")


_CHECKS: Mapping[str, Callable[[str, Mapping[str, Any]], None]] = {
    "confusion_matrix": _confusion_matrix,
    "accuracy_table": _accuracy_table,
    "residuals": _residuals,
    "predictions": _predictions,
}
