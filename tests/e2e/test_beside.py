"""A year-old notebook that was copied to another machine together with its workspace's folder."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import Page, expect

from ml_jupyter.config import Settings
from ml_jupyter.sdk.views.snapshot import MIME_TYPE
from ml_jupyter.testing.isolation import end_all
from tests.e2e.lab import Lab
from tests.e2e.views import START_MS, LabPage, says

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

CELLS = (
    """
from ml_jupyter.core import Experiment, Workspace
from ml_jupyter.widgets import RunDetails

study = Workspace.create("study", location="../records")
run = Experiment(study, "digits").start_logging(display_name="baseline")
for epoch in range(12):
    run.log("accuracy", 0.5 + epoch / 50)
run.complete()
""",
    "RunDetails(run).show()",
)
YEAR_MS = 365 * 24 * 3600 * 1000


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with ``records``, which is a workspace, and ``notes/old.ipynb`` from another place.

    The notebook asks for a kernel that this machine does not have.
    """
    origin = Lab(tmp_path / "origin")
    for key, value in origin.environment().items():
        monkeypatch.setenv(key, value)
    place = origin.notebooks / "study" / "notes"
    place.mkdir(parents=True)
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(place)}}).execute()
    for output in notebook.cells[1].outputs:
        output.data[MIME_TYPE]["saved_ms"] -= YEAR_MS
    notebook.metadata["kernelspec"] = {"name": "ijulia", "display_name": "Julia"}
    notebook.metadata["language_info"] = {"name": "julia"}
    nbformat.write(notebook, place / "old.ipynb")
    yield place.parent
    end_all(Settings.load(origin.environment()))


def test_its_runs_are_alive_without_a_kernel(study, lab_page: Page, lab, watch):
    shutil.move(study, lab.notebooks / "from last year")
    assert lab.api("ml-jupyter/workspaces")["workspaces"] == []
    view = LabPage(lab_page, lab)
    view.open("lab/tree/from%20last%20year/notes/old.ipynb")
    dialog = lab_page.get_by_role("dialog")
    dialog.get_by_role("button", name="No Kernel", exact=True).click(timeout=START_MS)
    widget = view.show_widget()
    says(widget, "Completed")
    chart = widget.locator("figure", has_text="accuracy")
    expect(chart).to_have_attribute("aria-label", re.compile("^accuracy, 12 points"))
    (workspace,) = lab.api("ml-jupyter/workspaces")["workspaces"]
    (run,) = lab.runs()
    lab.api(
        f"ml-jupyter/workspaces/{workspace['id']}/runs/{run['id']}", "PATCH",
        {"display_name": "the one to beat"},
    )  # fmt: skip
    expect(widget.get_by_text("the one to beat").first).to_be_visible()
    widget.get_by_role("button", name="Open", exact=True).click()
    says(view.run_page, "Completed")
    expect(view.run_page.get_by_text("the one to beat").first).to_be_visible()
    assert lab.api("api/kernels") == []
    (refused,) = watch.errors  # the first question, before the folders around were looked at
    assert re.search(f"404.*/workspaces/{workspace['id']}/runs/", refused)
    watch.errors.clear()
    lab.stop()
    lab.start()
    link = f"lab?run={run['id']}&ml-workspace={workspace['id']}"
    view.open(link)  # a link to the page works though the notebook is not open
    says(view.run_page, "Completed")
