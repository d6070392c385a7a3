"""A run as a still picture in plain HTML, for GitHub, nbviewer, nbconvert and mail.

No script, no style sheet, no link to anywhere; readable on light and dark grounds. Curves are one
SVG image inside the page, because most sites that show notebooks remove SVG elements but keep
images.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from html import escape
from typing import Any

from ml_jupyter.widgets.words import duration, number, state_word

_CHARTS = 3
_WIDTH, _HEIGHT, _GAP = 264, 132, 24
_LINE, _AXIS, _TEXT = "#1976d2", "#8886", "#808080"
_CELL = "text-align:left;padding:0 16px 0 0"
_SYMBOLS = {"Completed": "✔", "Failed": "✖", "Canceled": "⊘", "Running": "▶", "Queued": "◷"}


def render(snapshot: Mapping[str, Any]) -> str:
    """HTML of a snapshot.

    Parameters
    ----------
    snapshot : mapping
        The object of MIME type ``application/vnd.ml-jupyter.run+json`` (docs/http-api.md).

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
    return f'<div style="max-width:880px;font-size:13px;line-height:20px">{body}</div>'


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
    facts = [("State", state_word(run["status"]))]
    primary = run.get("primary_metric")
    if primary:
        facts.append((str(primary["name"]), number(primary["last"])))
        if primary.get("best") is not None and primary["count"] > 1:
            facts.append(("best", number(primary["best"])))
    if run.get("duration_ms") is not None:
        label = "Took" if run.get("ended_ms") else "Running for"
        facts.append((label, duration(run["duration_ms"] / 1000)))
    facts.append(("On", str(run["target"])))
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
    drawn = [item for item in series if item["kind"] == "scalar" and len(_points(item)) > 1][
        :_CHARTS
    ]
    if not drawn:
        return ""
    width = len(drawn) * (_WIDTH + _GAP)
    charts = "".join(_chart(item, i * (_WIDTH + _GAP)) for i, item in enumerate(drawn))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT + 44}" '
        f'font-family="sans-serif" font-size="10" fill="{_TEXT}">{charts}</svg>'
    )
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    names = ", ".join(f"{item['name']} {number(_points(item)[-1][1])}" for item in drawn)
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape("Curves: " + names)}"/>'


def _chart(item: Mapping[str, Any], left: int) -> str:
    points = _points(item)
    low_x, high_x = points[0][0], max(points[-1][0], points[0][0] + 1)
    least, most = min(y for _, y in points), max(y for _, y in points)
    span = (most - least) or abs(most) or 1.0
    low, high = least - 0.05 * span, most + 0.05 * span

    def place(x: float, y: float) -> str:
        across = left + 40 + (x - low_x) / (high_x - low_x) * (_WIDTH - 48)
        return f"{across:.1f},{24 + (high - y) / (high - low) * _HEIGHT:.1f}"

    path = " ".join(place(x, y) for x, y in points)
    bottom, right = 24 + _HEIGHT, left + _WIDTH - 8
    last = escape(number(points[-1][1]))
    lowest = f'<text x="{left + 36}" y="{bottom - 4}" text-anchor="end">{number(least)}</text>'
    return (
        f'<text x="{left}" y="14" font-size="13">{escape(str(item["name"]))}</text>'
        f'<text x="{right}" y="14" font-size="13" font-weight="600" text-anchor="end">{last}</text>'
        f'<path d="M{left + 40} 24V{bottom}H{right}" fill="none" stroke="{_AXIS}"/>'
        f'<text x="{left + 36}" y="34" text-anchor="end">{escape(number(most))}</text>'
        f"{lowest if most > least else ''}"
        f'<text x="{left + 40}" y="{bottom + 14}">{escape(number(low_x))}</text>'
        f'<text x="{right}" y="{bottom + 14}" text-anchor="end">{escape(number(high_x))}</text>'
        f'<polyline points="{path}" fill="none" stroke="{_LINE}" stroke-width="1.5"/>'
    )


def _points(item: Mapping[str, Any]) -> list[tuple[float, float]]:
    pairs = zip(item["steps"], item["values"])
    return [(x, y) for x, y in pairs if isinstance(y, (int, float)) and math.isfinite(y)]


def _log(tail: str) -> str:
    lines = [line.rsplit("\r", 1)[-1] for line in tail.rstrip("\n").split("\n")[-4:]]
    if not tail:
        return ""
    text = escape("\n".join(lines))
    return f'<pre style="font-size:12px;line-height:18px;margin:4px 0">{text}</pre>'
