"""The same views behind a base URL, in Notebook 7, and in a saved notebook without a kernel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.lab import Lab
from tests.e2e.views import LabPage, says
from tests.e2e.watch import Watch

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

CELLS = (
    """
from ml_jupyter.core import Experiment, ScriptRunConfig, Workspace
from ml_jupyter.widgets import RunDetails

run = Experiment(Workspace.from_config(), "hosts").submit(
    ScriptRunConfig("quickstart", "train.py", arguments=["--epochs", 12])
)
""",
    "RunDetails(run).show()",
    "run.wait_for_completion()['status']",
)


@pytest.fixture
def visit(context: BrowserContext, page: Page) -> Iterator[Callable[[Lab], LabPage]]:
    """Look at a server with the watched page."""
    watches: list[Watch] = []

    def look(lab: Lab) -> LabPage:
        watches.append(Watch(context, lab.origin))
        return LabPage(page, lab)

    yield look
    for watch in watches:
        watch.check()


def executed(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Save a notebook that was executed elsewhere, so that no kernel belongs to it."""
    for key, value in lab.environment().items():
        monkeypatch.setenv(key, value)
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    place = {"metadata": {"path": str(lab.notebooks)}}
    NotebookClient(notebook, timeout=120, resources=place).execute()
    nbformat.write(notebook, Path(lab.notebooks) / "saved.ipynb")


def test_a_saved_notebook_is_live_behind_a_base_url(start_lab, visit, monkeypatch):
    lab = start_lab(base_url="/user/mara/")
    executed(lab, monkeypatch)
    view = visit(lab)
    view.open("lab/tree/saved.ipynb")
    says(view.show_widget(), "Completed")
    chart = view.widget().locator("figure", has_text="val_accuracy")
    expect(chart).to_have_attribute("aria-label", re.compile("^val_accuracy, 12 points"))
    (run,) = lab.runs()
    view.open_run(run["id"])
    view.tab("TensorBoard")
    expect(view.tensorboard().get_by_text("val_accuracy").first).to_be_visible(timeout=60_000)
    view.tab("Files")
    expect(view.run_page.get_by_text("model.joblib")).to_be_visible()


def test_notebook_7_shows_the_saved_run(start_lab, visit, monkeypatch):
    lab = start_lab(app="notebook")
    executed(lab, monkeypatch)
    view = visit(lab)
    view.page.goto(lab.url("notebooks/saved.ipynb"))
    widget = view.page.locator(".jp-OutputArea-output .jp-ml-widget")
    says(widget, "Completed", 60_000)
    expect(widget.locator("figure")).to_have_count(3)


def test_notebook_7_opens_our_pages_in_jupyterlab(start_lab, visit, context):
    lab = start_lab(app="notebook")
    empty = nbformat.v4.new_notebook()
    empty.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    nbformat.write(empty, Path(lab.notebooks) / "empty.ipynb")
    view = visit(lab)
    view.page.goto(lab.url("notebooks/empty.ipynb"))
    expect(view.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible(
        timeout=60_000
    )
    view.menu("View")
    submenus = view.page.locator(".lm-Menu-item[data-type=submenu]")  # they have no role
    submenus.filter(has_text=re.compile("^Runs$")).click()
    with context.expect_page() as opened:
        view.page.get_by_role("menuitem", name="Queue and Machine").click()
    opened.value.wait_for_url(lambda url: "queue" not in url)  # the address is taken as read
    heading = opened.value.get_by_role("heading", name="Queue and machine", exact=True)
    expect(heading).to_be_visible(timeout=60_000)


def test_a_run_opens_by_the_address_of_its_page(start_lab, visit, monkeypatch):
    lab = start_lab()
    executed(lab, monkeypatch)
    (run,) = lab.runs()
    view = visit(lab)
    view.open(f"lab?run={run['id']}&tab=log")
    says(view.run_page, "Completed")
    expect(view.run_page.get_by_role("log")).to_contain_text("model written to outputs")
