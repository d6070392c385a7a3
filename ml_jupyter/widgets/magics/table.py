"""Runs as a list that a notebook shows as a table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from ml_jupyter import _time
from ml_jupyter.sdk import views
from ml_jupyter.sdk.run import Run
from ml_jupyter.widgets.words import duration, number, state_word

_HEADS = ("", "Run", "Experiment", "State", "Metric", "Duration", "Id")
_SYMBOLS = {"Completed": "✔", "Failed": "✖", "Canceled": "⊘", "Running": "▶", "Queued": "◷"}
_CELL = "text-align:left;padding:2px 16px 2px 0;vertical-align:top"
_EMPTY = "No runs. Submit one: put %%submit above a cell."


class RunTable(Sequence[Run]):
    """A list of runs; ``repr`` and the notebook show one line for each.

    Parameters
    ----------
    runs : sequence of Run
        In the order of the lines.
    """

    def __init__(self, runs: Sequence[Run]) -> None:
        self._runs = list(runs)

    def __len__(self) -> int:
        return len(self._runs)

    def __getitem__(self, at: Any) -> Any:
        found = self._runs[at]
        return RunTable(found) if isinstance(at, slice) else found

    def __repr__(self) -> str:
        if not self._runs:
            return _EMPTY
        rows = [_HEADS, *self._rows()]
        widths = [max(len(row[at]) for row in rows) for at in range(len(_HEADS))]
        lines = ["  ".join(text.ljust(w) for text, w in zip(row, widths)) for row in rows]
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        if not self._runs:
            return f"<p>{escape(_EMPTY)}</p>"
        heads = "".join(f'<th scope="col" style="{_CELL}">{text}</th>' for text in _HEADS)
        rows = "".join(
            "<tr>" + "".join(f'<td style="{_CELL}">{escape(text)}</td>' for text in row) + "</tr>"
            for row in self._rows()
        )
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"

    def _rows(self) -> list[tuple[str, ...]]:
        return [_row(run) for run in self._runs]


def _row(run: Run) -> tuple[str, ...]:
    run.get_status()
    workspace = run._workspace._folder
    item = views.run_summary(workspace, views.run_row(workspace, run._folder))
    metric, started = item["primary_metric"], item["started_ms"]
    end = item["ended_ms"] or _time.now_ns() / 1e6
    return (
        _SYMBOLS.get(item["status"], "○"),
        f"{item['display_name']} {item['number']}",
        item["experiment"],
        state_word(item["status"]),
        f"{metric['name']} {number(metric['last'])}" if metric else "",
        duration((end - started) / 1000) if started else "",
        item["id"],
    )
