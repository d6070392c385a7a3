"""A JupyterLab without our extension: the widget by its kernel, then the picture that stays."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.lab import Lab
from tests.e2e.views import START_MS, STEP_MS, LabPage, says
from tests.e2e.watch import Watch

pytestmark = [pytest.mark.e2e, pytest.mark.full]

CELLS = (
    """
from ml_jupyter import Experiment, Workspace
from ml_jupyter.widgets import RunDetails

run = Experiment(Workspace.create("lab"), "digits").start_logging(
    display_name="baseline", outputs=False, snapshot_directory=None)
run.log_list("loss", [1.0, 0.5])
RunDetails(run).show()
""",
    "run.log_list('loss', [0.25, 0.125])",
    "run.complete()",
)


@pytest.fixture
def plain(start_lab) -> Lab:
    lab = start_lab(extension=False)
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source.strip()) for source in CELLS]
    )
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(notebook, Path(lab.notebooks) / "plain.ipynb")
    return lab


LOST = re.compile("model not found|displaying widget|Loading widget")


def begin(view: LabPage) -> Locator:
    """Run the first cell; the chart of the run that it shows."""
    view.open_notebook("plain.ipynb")
    view.show_cell("RunDetails(run)").get_by_role("textbox").click()
    view.page.keyboard.press("Shift+Enter")
    says(view.widget(), "Running", START_MS)
    chart = view.widget().locator("figure", has_text="loss")
    expect(chart).to_have_attribute("aria-label", re.compile("^loss, 2 points"))
    return chart


def save(view: LabPage) -> str:
    """Save the notebook; the text of its file."""
    with view.page.expect_response(
        lambda answer: answer.request.method == "PUT" and "plain.ipynb" in answer.url
    ):
        view.page.keyboard.press("Control+s")
    return (view.lab.notebooks / "plain.ipynb").read_text("utf-8")


def end_kernel(lab: Lab) -> None:
    """End the notebook's kernel."""
    (session,) = lab.api("api/sessions")
    lab.api(f"api/sessions/{session['id']}", "DELETE")


def test_a_run_is_alive_and_its_picture_stays(plain: Lab, context, page: Page) -> None:
    watch = Watch(context, plain.origin)
    view = LabPage(page, plain)
    chart = begin(view)
    page.keyboard.press("Shift+Enter")
    expect(chart).to_have_attribute("aria-label", re.compile("^loss, 4 points"), timeout=STEP_MS)
    page.keyboard.press("Shift+Enter")
    output = view.notebook.locator(".jp-OutputArea-output")
    expect(output).to_contain_text("Completed", timeout=STEP_MS)
    expect(output.get_by_alt_text(re.compile("^Curves: loss"))).to_be_visible()
    saved = save(view)
    assert '"status": "Completed"' in saved
    assert "widget-view" not in saved
    end_kernel(plain)
    view.open_notebook("plain.ipynb", idle=False)
    expect(output.get_by_alt_text(re.compile("^Curves: loss"))).to_be_visible(timeout=START_MS)
    expect(output).to_contain_text("Completed")
    expect(page.get_by_text(LOST)).to_have_count(0)
    watch.check()


def test_a_notebook_saved_beside_a_live_run_never_lacks_a_widget(
    plain: Lab, context, page: Page
) -> None:
    watch = Watch(context, plain.origin)
    view = LabPage(page, plain)
    begin(view)
    picture = view.notebook.get_by_text("This picture is not live.")
    expect(picture).to_be_hidden()
    assert "widget-view" not in save(view)
    view.open_notebook("plain.ipynb")
    says(view.widget(), "Running", START_MS)
    expect(picture).to_be_hidden()
    end_kernel(plain)
    view.open_notebook("plain.ipynb", idle=False)
    expect(picture).to_be_visible(timeout=START_MS)
    expect(view.widget()).to_have_count(0)
    expect(page.get_by_text(LOST)).to_have_count(0)
    watch.check()
