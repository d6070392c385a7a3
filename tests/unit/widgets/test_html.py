"""The still picture: everything escaped, no script, the numbers as the views write them."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest

from ml_jupyter.widgets import html
from ml_jupyter.widgets.words import duration, number, state_word


@pytest.fixture
def snapshot() -> dict[str, Any]:
    return {
        "schema": 1,
        "saved_ms": 1763460000000.0,
        "log_tail": "first\nepoch 1: 10%\repoch 1: 99%\n<b>last</b>\n",
        "run": {
            "id": "digits_1",
            "display_name": "<script>alert(1)</script>",
            "number": 12,
            "experiment": "digits",
            "status": "Failed",
            "reason": "The script ended with exit code 3.",
            "target": "local",
            "host": "lab-7",
            "duration_ms": 5_040_000,
            "ended_ms": 1763460000000.0,
            "primary_metric": {"name": "val_auc", "last": 0.96341, "best": 0.97, "count": 3},
        },
        "metrics": {
            "series": [
                {
                    "name": "val_auc",
                    "kind": "scalar",
                    "steps": [0, 1, 2],
                    "values": [0.5, "NaN", 0.96341],
                },
                {"name": "once", "kind": "scalar", "steps": [0], "values": [1.0]},
                {"name": "flat & <wide>", "kind": "scalar", "steps": [3, 3], "values": [2.0, 2.0]},
                {"name": "rows", "kind": "row", "entries": []},
            ]
        },
    }


def test_the_picture_is_escaped_and_has_no_active_content(snapshot: dict[str, Any]) -> None:
    page = html.render(snapshot)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "&lt;b&gt;last&lt;/b&gt;" in page
    assert not re.search(r"https?://|javascript:|\son\w+=", page)


def test_it_says_state_reason_numbers_and_log(snapshot: dict[str, Any]) -> None:
    page = html.render(snapshot)
    for text in (
        "Failed",
        "exit code 3",
        "0.9634",
        "0.97",
        "1 h 24 min",
        "epoch 1: 99%",
        "18 Nov 2025",
        "lab-7",
    ):
        assert text in page
    assert "epoch 1: 10%" not in page


def test_curves_are_one_well_formed_image_of_series_with_two_points_or_more(
    snapshot: dict[str, Any],
) -> None:
    found = re.search(
        r'src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)"', html.render(snapshot)
    )
    assert found is not None
    svg = ElementTree.fromstring(base64.b64decode(found.group(1)))
    lines = [node.get("points", "") for node in svg.iter() if node.tag.endswith("polyline")]
    assert [len(line.split()) for line in lines] == [2, 2]
    assert found.group(2) == "Curves: val_auc 0.9634, flat &amp; &lt;wide&gt; 2"


def test_plain_text_names_run_state_and_metric(snapshot: dict[str, Any]) -> None:
    assert html.plain(snapshot).endswith(
        "(digits_1): Failed. The script ended with exit code 3. val_auc 0.9634"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.96341, "0.9634"),
        (1.2121, "1.212"),
        (41216, "41,216"),
        (9.66e-5, "9.66e-05"),
        (-0.5, "-0.5000"),
        (True, "True"),
        ("NaN", "NaN"),
        (float("inf"), "inf"),
        (1234567.8, "1.235e+06"),
        (0, "0"),
    ],
)
def test_numbers(value: Any, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.42, "0.4 s"),
        (38, "38 s"),
        (720, "12 min"),
        (5040, "1 h 24 min"),
        (183_600, "2 d 3 h"),
        (3600, "1 h"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_states_have_the_words_of_the_views() -> None:
    assert [state_word(s) for s in ("Starting", "CancelRequested", "Completed")] == [
        "Preparing",
        "Stopping",
        "Completed",
    ]
