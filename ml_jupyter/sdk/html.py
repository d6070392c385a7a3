"""The small tables that notebooks show for a workspace, an experiment and a run."""

from __future__ import annotations

from html import escape
from typing import Any, Mapping, Optional

from ml_jupyter.history.query import RunRow

_TABLE = "color:inherit;font-size:inherit"
_HEAD = "text-align:left;font-weight:600;padding:2px 12px 2px 0"
_CELL = "text-align:left;padding:2px 12px 2px 0"


def table(facts: Mapping[str, str], links: Optional[Mapping[str, Optional[str]]] = None) -> str:
    """A table of one row; every text is escaped, there is no script.

    Parameters
    ----------
    facts : mapping of str to str
        Heading to text.
    links : mapping of str to str, optional
        Heading to the address behind its text; only ``http`` and ``https`` become links.
    """
    heads = "".join(f'<th style="{_HEAD}">{escape(name)}</th>' for name in facts)
    cells = "".join(_cell(text, (links or {}).get(name)) for name, text in facts.items())
    rows = f"<thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody>"
    return f'<table style="{_TABLE}">{rows}</table>'


def run_table(row: RunRow, status: str, address: str) -> str:
    """The table of a run: experiment, id, type, state, metric, and the way to its page."""
    facts = {
        "Experiment": row.experiment,
        "Run": f"{row.display_name or row.experiment} {row.number}",
        "Id": row.id,
        "Type": row.type,
        "Status": status,
        "Details Page": "Open the run",
    }
    if not address.startswith("http"):
        del facts["Details Page"]
    if row.primary is not None:
        facts[str(row.primary["name"])] = _short(row.primary["last"])
    return table(facts, {"Details Page": address})


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _cell(text: str, address: Optional[str]) -> str:
    shown = escape(text)
    if address and address.startswith(("http://", "https://")):
        attributes = 'target="_blank" rel="noopener noreferrer"'
        shown = f'<a href="{escape(address, quote=True)}" {attributes}>{shown}</a>'
    return f'<td style="{_CELL}">{shown}</td>'
