"""A run as a still picture in plain HTML, for GitHub, nbviewer, nbconvert and mail.

No script, no style sheet, no link to anywhere; readable on light and dark grounds. Curves are one
SVG image inside the page, because most sites that show notebooks remove SVG elements but keep
images.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from html import escape
from typing import Any

from ml_jupyter.widgets import still
from ml_jupyter.widgets.still import Curve
from ml_jupyter.widgets.words import number, state_word

_WIDTH, _HEIGHT, _GAP = 264, 132, 24
_LINE, _AXIS, _TEXT = "#1976d2", "#8886", "#808080"
_CELL = "text-align:left;padding:0 16px 0 0"
_SYMBOLS = {"Completed": "✔", "Failed": "✖", "Canceled": "⊘", "Running": "▶", "Queued": "◷"}


def render(snapshot: Mapping[str, Any], *, place: str = "") -> str:
    """HTML of a snapshot.

    Parameters
    ----------
    snapshot : mapping
        The object of MIME type ``application/vnd.ml-jupyter.run+json`` (docs/http-api.md).
    place : str
        A CSS class by which a live widget finds the picture whose place it takes.

    Returns
    -------
    str
        An HTML fragment; every text in it is escaped.
    """
    run = snapshot["run"]
    parts = [
        _head(run),
        _facts(run),
        _charts(snapshot["metrics"]["series"]),
        _log(snapshot.get("log_tail", "")),
    ]
    saved = datetime.fromtimestamp(snapshot["saved_ms"] / 1000, timezone.utc)
    note = f"Saved in this notebook on {saved:%d %b %Y, %H:%M} UTC. This picture is not live."
    parts.append(f'<p style="color:{_TEXT};font-size:11px;margin:4px 0">{escape(note)}</p>')
    body = "".join(part for part in parts if part)
    name = f' class="{escape(place)}"' if place else ""
    return f'<div{name} style="max-width:880px;font-size:13px;line-height:20px">{body}</div>'


def plain(snapshot: Mapping[str, Any]) -> str:
    """One line of text for hosts that show nothing else."""
    run = snapshot["run"]
    words = [f"Run {run['display_name']} ({run['id']}): {state_word(run['status'])}"]
    if run.get("reason"):
        words.append(str(run["reason"]).rstrip("."))
    primary = run.get("primary_metric")
    if primary:
        words.append(f"{primary['name']} {number(primary['last'])}")
    return ". ".join(words)


def _head(run: Mapping[str, Any]) -> str:
    symbol = _SYMBOLS.get(run["status"], "○")
    title = f"<b>{escape(str(run['display_name']))}</b> {run['number']}"
    return f'<p style="margin:4px 0">{symbol} {title} · {escape(str(run["experiment"]))}</p>'


def _facts(run: Mapping[str, Any]) -> str:
    facts = still.facts(run)
    heads = "".join(
        f'<th style="{_CELL};font-weight:400;color:{_TEXT}">{escape(n)}</th>' for n, _ in facts
    )
    cells = "".join(f'<td style="{_CELL}">{escape(v)}</td>' for _, v in facts)
    reason = (
        f'<p style="margin:4px 0">{escape(str(run["reason"]))}</p>' if run.get("reason") else ""
    )
    rows = f"<thead><tr>{heads}</tr></thead><tbody><tr>{cells}</tr></tbody>"
    return f'<table style="color:inherit;font-size:inherit">{rows}</table>{reason}'


def _charts(series: Sequence[Mapping[str, Any]]) -> str:
    drawn = still.curves(series)
    if not drawn:
        return ""
    width = len(drawn) * (_WIDTH + _GAP)
    charts = "".join(_chart(curve, i * (_WIDTH + _GAP)) for i, curve in enumerate(drawn))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT + 44}" '
        f'font-family="sans-serif" font-size="10" fill="{_TEXT}">{charts}</svg>'
    )
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    names = ", ".join(f"{curve.name} {number(curve.last)}" for curve in drawn)
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape("Curves: " + names)}"/>'


def _chart(curve: Curve, left: int) -> str:
    def place(x: float, y: float) -> str:
        across, down = curve.place(x, y)
        return f"{left + 40 + across * (_WIDTH - 48):.1f},{24 + down * _HEIGHT:.1f}"

    path = " ".join(place(x, y) for x, y in curve.points)
    bottom, right = 24 + _HEIGHT, left + _WIDTH - 8
    marks = "".join(
        f'<text x="{left + 36}" y="{28 + down * _HEIGHT:.1f}" text-anchor="end">{number(y)}</text>'
        for y, down in curve.marks()
    )
    return (
        f'<text x="{left}" y="14" font-size="13">{escape(curve.name)}</text>'
        f'<text x="{right}" y="14" font-size="13" font-weight="600" text-anchor="end">'
        f"{number(curve.last)}</text>"
        f'<path d="M{left + 40} 24V{bottom}H{right}" fill="none" stroke="{_AXIS}"/>'
        f"{marks}"
        f'<text x="{left + 40}" y="{bottom + 14}">{number(curve.first_x)}</text>'
        f'<text x="{right}" y="{bottom + 14}" text-anchor="end">{number(curve.last_x)}</text>'
        f'<polyline points="{path}" fill="none" stroke="{_LINE}" stroke-width="1.5"/>'
    )


def _log(tail: str) -> str:
    lines = still.log_lines(tail)
    if not lines:
        return ""
    text = escape("\n".join(lines))
    return f'<pre style="font-size:12px;line-height:18px;margin:4px 0">{text}</pre>'
