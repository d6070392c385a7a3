"""The page of queue and machine as a person uses it: order, hold, free a GPU, histories."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from ml_jupyter.devices import recording
from tests.e2e.lab import Lab, eventually
from tests.e2e.test_queue_views import process_of, submitted
from tests.e2e.views import STEP_MS, LabPage
from tests.gpu_lab import GB, device

pytestmark = pytest.mark.e2e

NOTEBOOK = json.dumps(
    {
        "cells": [
            {
                "cell_type": "code",
                "id": name,
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": source,
            }
            for name, source in (("one", "first = 1"), ("two", "second = 2\n\n\n"))
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
)


@pytest.fixture
def gpus(tmp_path: Path) -> Path:
    """A recording of two GPUs; writing to it changes what the machine has."""
    path = tmp_path / "nvml.json"
    recording.save(str(path), [device(0), device(1)])
    return path


@pytest.fixture
def lab(start_lab, gpus: Path) -> Lab:
    return start_lab(variables={"ML_JUPYTER_NVML": str(gpus), "ML_JUPYTER_MACHINE_HISTORY_S": "1"})


@pytest.fixture
def view(lab: Lab, lab_page) -> LabPage:
    return LabPage(lab_page, lab)


def open_queue(view: LabPage) -> Locator:
    """Open the page from the panel of runs."""
    sidebar = view.show_sidebar()
    sidebar.get_by_role("button", name="Queue and machine").click()
    page = view.page.locator(".jp-ml-queue")
    expect(page.get_by_role("heading", name="Queue and machine")).to_be_visible(timeout=STEP_MS)
    return page


def names(page: Locator) -> list[str]:
    """The line as it is shown."""
    rows = page.get_by_role("grid", name="Runs that wait").get_by_role("row").all()
    return [(row.get_attribute("aria-label") or "").split(". ")[-1] for row in rows]


def in_queue(lab: Lab) -> list[str]:
    """The line as the server tells it."""
    found = lab.api(f"ml-jupyter/workspaces/{lab.workspace()}/queue")
    return [entry["display_name"] for entry in found["entries"]]


def test_the_line_is_moved_by_pointer_and_keyboard_and_runs_start_in_its_order(lab, view):
    runs = submitted(
        lab,
        'submit("holder", "a.py", {"a.py": WAIT}, gpu=2)',
        *(f'submit("{name}", "a.py", {{"a.py": WAIT}}, gpu=2)' for name in ("one", "two", "three")),
    )
    view.open()
    page = open_queue(view)
    eventually(lambda: names(page) == ["one", "two", "three"], 30, "the line is not shown")
    row = {name: page.locator(f"[data-queued='{runs[name]}']") for name in runs}
    row["three"].drag_to(row["one"], target_position={"x": 300, "y": 6})
    eventually(lambda: in_queue(lab) == ["three", "one", "two"], 30, "the drop moved nothing")
    eventually(lambda: names(page) == ["three", "one", "two"], 30, "the page shows another line")
    row["one"].focus()
    view.page.keyboard.press("Alt+ArrowUp")
    eventually(lambda: in_queue(lab) == ["one", "three", "two"], 30, "the key moved nothing")
    expect(row["one"]).to_be_focused()
    view.page.keyboard.press("Alt+End")
    eventually(lambda: in_queue(lab) == ["three", "two", "one"], 30, "the key moved nothing")
    expect(page.get_by_role("status").first).to_have_text("one is 3rd in line.")
    row["three"].get_by_role("button", name="Hold").click()
    expect(row["three"]).to_contain_text("Held", timeout=STEP_MS)
    lane = page.get_by_role("group", name="GPU 1")
    expect(lane.get_by_role("button", name=re.compile("^holder, Running"))).to_be_visible(
        timeout=STEP_MS
    )
    lab.api(f"ml-jupyter/workspaces/{lab.workspace()}/runs/{runs['holder']}/cancel", "POST", {})
    expect(row["two"]).to_have_count(0, timeout=STEP_MS)
    assert in_queue(lab) == ["three", "one"]
    now = page.get_by_role("region", name="Now")
    expect(now.get_by_role("meter", name="GPU 1")).to_have_attribute(
        "aria-valuetext", re.compile("Run two"), timeout=STEP_MS
    )
    use = page.get_by_role("region", name="Utilization")
    expect(use.get_by_role("img", name=re.compile("^Memory: .* of "))).to_be_visible(
        timeout=STEP_MS
    )


def test_the_idle_notebook_that_a_run_waits_for_is_restarted_after_asking(lab, view, gpus):
    kernel = lab.api(
        "api/sessions",
        "POST",
        {
            "path": "eda.ipynb",
            "name": "eda.ipynb",
            "type": "notebook",
            "kernel": {"name": "python3"},
        },
    )["kernel"]["id"]
    before = eventually(lambda: process_of(kernel), 30, "the kernel does not start")
    recording.save(str(gpus), [device(0, {before: 18 * GB}), device(1, {before: 2 * GB})])
    runs = submitted(lab, 'submit("waiter", "a.py", {"a.py": WAIT}, gpu=1)')
    view.open()
    page = open_queue(view)
    row = page.locator(f"[data-queued='{runs['waiter']}']")
    expect(row).to_contain_text('the notebook "eda.ipynb"', timeout=STEP_MS)
    held = page.get_by_role("row", name=re.compile("Notebook eda.ipynb 18.0 GB"))
    held.get_by_role("button", name="Free GPU 0").click()
    dialog = view.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Restart the kernel of eda.ipynb?")
    dialog.get_by_role("button", name="Cancel").click()
    assert process_of(kernel) == before
    held.get_by_role("button", name="Free GPU 0").click()
    dialog.get_by_role("button", name="Free GPU 0").click()
    eventually(lambda: process_of(kernel) not in (None, before), 30, "the kernel was not restarted")
    recording.save(str(gpus), [device(0), device(1)])
    expect(row).to_have_count(0, timeout=STEP_MS)
    lane = page.get_by_role("group", name=re.compile("GPU [01]"))
    expect(lane.get_by_role("button", name=re.compile("^waiter"))).to_be_visible(timeout=STEP_MS)


def test_a_run_is_dragged_into_a_notebook_as_the_cell_that_loads_it(lab, view):
    runs = submitted(lab, 'submit("dragged", "a.py", {"a.py": WAIT})')
    (lab.notebooks / "drop.ipynb").write_text(NOTEBOOK)
    view.open_notebook("drop.ipynb")
    view.show_sidebar()
    first = view.cell("first = 1")
    view.row(runs["dragged"]).drag_to(first, target_position={"x": 200, "y": 2})
    cells = view.notebook.locator(".jp-CodeCell")
    expect(cells).to_have_count(3)
    expect(cells.nth(0)).to_contain_text(f'get_run("{runs["dragged"]}")')
    expect(cells.nth(1)).to_contain_text("first = 1")
    second = view.cell("second = 2")
    height = (second.bounding_box() or {"height": 0})["height"]
    view.row(runs["dragged"]).drag_to(second, target_position={"x": 200, "y": height - 3})
    expect(cells).to_have_count(4)
    expect(cells.nth(3)).to_contain_text("RunDetails(run).show()")
