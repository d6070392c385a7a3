"""A run as a PNG, for exports that take neither HTML nor widgets: nbconvert's PDF by LaTeX.

Drawn with Pillow; nothing is drawn where Pillow is not installed, or
too old (before 10.1) or built without FreeType, and so without letters of a chosen size.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ml_jupyter.widgets import still
from ml_jupyter.widgets.words import number

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

#: Pixels of the picture for one of the layout: fine enough for print.
_SCALE = 2
_WIDTH, _CHART_WIDTH, _CHART_HEIGHT, _GAP = 880, 264, 132, 24
_LINE_HEIGHT, _LEFT, _COLUMN = 20, 8, 132
_INK, _DIM, _AXIS, _BLUE, _GROUND = "#212121", "#757575", "#bdbdbd", "#1976d2", "#ffffff"
_LONGEST = 120


def png(snapshot: Mapping[str, Any]) -> bytes | None:
    """The picture of a snapshot on white, 1760 pixels wide; None where nothing can draw it.

    Parameters
    ----------
    snapshot : mapping
        The object of MIME type ``application/vnd.ml-jupyter.run+json`` (docs/http-api.md).
    """
    if importlib.util.find_spec("PIL") is None:
        return None
    from PIL import Image, ImageDraw, ImageFont

    try:
        fonts = {size: ImageFont.load_default(size * _SCALE) for size in (11, 13, 15)}
    except (ImportError, TypeError):
        return None
    curves = still.curves(snapshot["metrics"]["series"])
    lines = still.log_lines(snapshot.get("log_tail", ""))
    reason = snapshot["run"].get("reason")
    rows = 3 + (1 if reason else 0) + len(lines)
    height = rows * _LINE_HEIGHT + (_CHART_HEIGHT + 56 if curves else 0) + 24
    image = Image.new("RGB", (_WIDTH * _SCALE, height * _SCALE), _GROUND)
    _Page(ImageDraw.Draw(image), fonts).draw(snapshot["run"], curves, lines)
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


class _Page:
    """Draws from the top down, in the layout's units."""

    def __init__(self, draw: ImageDraw, fonts: Mapping[int, Any]) -> None:
        self._draw, self._fonts = draw, fonts
        self._top = 8

    def draw(self, run: Mapping[str, Any], curves: list[still.Curve], lines: list[str]) -> None:
        title = f"{run['display_name']} {run['number']} · {run['experiment']}"
        self._line(title, _INK, 15)
        for i, (name, value) in enumerate(still.facts(run)):
            left = _LEFT + i * _COLUMN
            self._text(left, self._top, _short(name, 16), _DIM)
            self._text(left, self._top + _LINE_HEIGHT, _short(value, 16), _INK)
        self._top += 2 * _LINE_HEIGHT
        if run.get("reason"):
            self._line(str(run["reason"]), _INK)
        for i, curve in enumerate(curves):
            self._chart(curve, _LEFT + i * (_CHART_WIDTH + _GAP))
        self._top += _CHART_HEIGHT + 56 if curves else 0
        for line in lines:
            self._line(line, _INK)

    def _chart(self, curve: still.Curve, left: int) -> None:
        top, right = self._top + 28, left + _CHART_WIDTH - 8
        inner, bottom = left + 56, top + _CHART_HEIGHT

        def place(x: float, y: float) -> tuple[float, float]:
            across, down = curve.place(x, y)
            return inner + across * (right - inner), top + down * _CHART_HEIGHT

        self._text(left, self._top + 6, _short(curve.name, 24), _INK)
        self._text(right, self._top + 6, number(curve.last), _INK, anchor="ra")
        self._path([(inner, top), (inner, bottom), (right, bottom)], _AXIS, 1)
        for value, down in curve.marks():
            place_y = int(top + down * _CHART_HEIGHT)
            self._text(inner - 6, place_y, number(value), _DIM, 11, anchor="rm")
        self._text(inner, bottom + 4, number(curve.first_x), _DIM, 11)
        self._text(right, bottom + 4, number(curve.last_x), _DIM, 11, anchor="ra")
        self._path([place(x, y) for x, y in curve.points], _BLUE, 1.5)

    def _line(self, text: str, colour: str, size: int = 13) -> None:
        self._text(_LEFT, self._top, _short(text, _LONGEST), colour, size)
        self._top += _LINE_HEIGHT

    def _text(
        self, x: int, y: int, text: str, colour: str, size: int = 13, anchor: str = "la"
    ) -> None:
        self._draw.text((x * _SCALE, y * _SCALE), text, colour, self._fonts[size], anchor)

    def _path(self, points: list[tuple[float, float]], colour: str, width: float) -> None:
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._draw.line(scaled, colour, round(width * _SCALE), joint="curve")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
