"""A saved notebook through nbconvert: the run's last state and curves in every format."""

from __future__ import annotations

import base64
import importlib.util
import io
import re
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter, LatexExporter, MarkdownExporter

from ml_jupyter.testing.isolation import isolated
from ml_jupyter.widgets import picture

pytestmark = pytest.mark.slow

CELL = """
from ml_jupyter import Experiment, Workspace
from ml_jupyter.widgets import RunDetails

run = Experiment(Workspace.create("lab"), "digits").start_logging(
    display_name="baseline", outputs=False, snapshot_directory=None)
run.log_list("loss", [1.0, 0.5, 0.25])
RunDetails(run).show()
run.complete()
import threading
for thread in threading.enumerate():
    if "_keep_last" in thread.name:
        thread.join(20)
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """Executed with the widgets' state kept, as nbconvert and VS Code do it."""
    place = tmp_path_factory.mktemp("notebook")
    with isolated(place / "world"):
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
        NotebookClient(made, timeout=120, resources={"metadata": {"path": str(place)}}).execute()
    made.cells[0].source = ""
    return made


def test_html_has_the_last_state_and_its_curves_inside(notebook: nbformat.NotebookNode) -> None:
    page, _ = HTMLExporter().from_notebook_node(notebook)
    (output,) = re.findall(r'<div class="jp-RenderedHTMLCommon.*?>\s*(<div style.*?)\n', page, re.S)
    assert "Completed" in output
    assert 'alt="Curves: loss 0.2500"' in output
    assert not re.search(r"https?://|<script|<link", output)
    assert "widget-view" not in page.partition("<main")[2]


def image(encoded: bytes) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(encoded))


def test_latex_gets_an_image_of_it(notebook: nbformat.NotebookNode) -> None:
    text, resources = LatexExporter().from_notebook_node(notebook)
    ((name, data),) = resources["outputs"].items()
    assert name in text
    drawn = image(data)
    assert (drawn.format, drawn.width) == ("PNG", 1760)
    blue = sum(
        count
        for count, (red, green, colour) in drawn.convert("RGB").getcolors(1 << 16)
        if colour > 180 and red < 60 and green < 150
    )
    assert blue > 300  # the curve, in the colour of curves


def test_the_image_is_small_beside_the_notebook(notebook: nbformat.NotebookNode) -> None:
    (output,) = notebook.cells[0].outputs
    assert len(base64.b64decode(output.data["image/png"])) < 40_000


def test_markdown_has_the_last_state(notebook: nbformat.NotebookNode) -> None:
    text, _ = MarkdownExporter().from_notebook_node(notebook)
    assert "Completed" in text
    assert "Curves: loss 0.2500" in text


def test_without_pillow_the_line_of_text_stays(
    notebook: nbformat.NotebookNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    (output,) = notebook.cells[0].outputs
    snapshot = output.data["application/vnd.ml-jupyter.run+json"]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert picture.png(snapshot) is None
    assert output.data["text/plain"].startswith("Run baseline")
