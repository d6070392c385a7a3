"""A run that is going on: its log within a second, its charts, and a stop from the sidebar."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.lab import Lab, eventually
from tests.e2e.views import LabPage, arrivals, delays, says

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

LINES = 20
SCRIPT = """
import time
from ml_jupyter.core import Run

run = Run.get_context()
for number in range(100000):
    run.log("seen", number, step=number)
    print(f"line {number} at {time.time():.6f}", flush=True)
    time.sleep(0.2)
"""


@pytest.fixture
def view(lab_page, lab) -> LabPage:
    lab.python("from ml_jupyter.core import Workspace\nWorkspace.from_config()")
    return LabPage(lab_page, lab)


def submit(lab: Lab, name: str, source: str) -> str:
    """Submit a script through the server; the run's id."""
    folder = Path(lab.notebooks) / name
    folder.mkdir()
    (folder / "job.py").write_text(source, "utf-8")
    body = {
        "experiment": "live",
        "source_directory": name,
        "script": "job.py",
        "display_name": name,
    }
    workspace = lab.workspace()
    return str(lab.api(f"ml-jupyter/workspaces/{workspace}/runs", "POST", body)["id"])


def test_a_line_is_seen_within_a_second_of_its_writing(view: LabPage):
    view.open()
    run_id = submit(view.lab, "ticking", SCRIPT)
    view.open_run(run_id)
    says(view.run_page, "Running")
    view.tab("Log")
    expect(view.run_page.get_by_role("log")).to_contain_text("line 0 at")
    arrivals(view.page, "line")
    begun = max(delays(view.page), default=0)
    seen = eventually(
        lambda: (
            {n: d for n, d in delays(view.page).items() if n > begun}
            if (len(delays(view.page)) > LINES + begun)
            else None
        ),
        30,
        "too few lines were seen",
    )
    assert len(seen) >= LINES
    assert max(seen.values()) < 1.0, sorted(seen.values())[-5:]


def test_a_chart_grows_and_the_run_is_stopped_from_the_sidebar(view: LabPage):
    view.open()
    run_id = submit(view.lab, "endless", SCRIPT)
    view.open_run(run_id)
    view.tab("Metrics")
    grown = re.compile(r"^seen, ([5-9]|[1-9]\d+) points")
    expect(view.chart("seen")).to_have_attribute("aria-label", grown, timeout=30_000)

    row = view.row(run_id)
    row.hover()
    row.get_by_role("button", name="Stop").click()
    view.page.get_by_role("dialog").get_by_role("button", name="Stop").click()
    says(view.run_page, "Canceled")
    expect(row.get_by_role("gridcell")).to_have_attribute("aria-label", re.compile("Canceled"))
    detail = view.lab.api(f"ml-jupyter/workspaces/{view.lab.workspace()}/runs/{run_id}")
    assert detail["status"] == "Canceled"
    assert detail["reason"]


def test_a_lost_connection_heals_without_losing_a_line(view: LabPage):
    view.open()
    run_id = submit(view.lab, "surviving", SCRIPT)
    view.open_run(run_id)
    view.tab("Log")
    log = view.run_page.get_by_role("log")
    expect(log).to_contain_text("line 3 at")
    view.lab.stop()
    view.lab.start()
    expect(log).to_contain_text(re.compile(r"line 3\d at"), timeout=60_000)
    numbers = [int(n) for n in re.findall(r"line (\d+) at", log.inner_text())]
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    says(view.run_page, "Running")
