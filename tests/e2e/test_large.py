"""Large things in the browser: 1 GB of log, 10,000,000 points, 10,000 runs in lists."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from ml_jupyter.testing import generated_words
from ml_jupyter.testing.generator import WorkspacePlan
from tests.e2e.generated import fill
from tests.e2e.lab import Lab, eventually
from tests.e2e.memory import heap
from tests.e2e.views import STEP_MS, LabPage, drawn

pytestmark = [pytest.mark.e2e, pytest.mark.full, pytest.mark.timeout(900)]

LARGE = """
from ml_jupyter import Experiment, Workspace

workspace = Workspace.from_config()
run = Experiment(workspace, "large").start_logging(outputs=False, snapshot_directory=None)
run.display_name = "large"
folder = run._folder.layout.files / "user_logs"
folder.mkdir(parents=True)
line = b"line %09d of a long log, as a training writes it for days\\n"
block = b"".join(line % i for i in range(100_000))
with (folder / "std_log.txt").open("wb") as log:
    while log.tell() < 1_000_000_000:
        log.write(block)
    log.write(b"this is the very last line\\n")
run.log_list("loss", (1.0 / (1 + i) for i in range(5_000_000)))
run.log("loss", 3.0)
run.log_list("loss", (1.0 / (1 + i) for i in range(5_000_000)))
run.complete()
print(run.id)
"""

MANY = WorkspacePlan(runs=10_000, huge_log_bytes=0)

# A wheel's step at every frame; how long each frame took, in ms.
SCROLL = """async list => {
  const frames = [];
  let last = performance.now();
  for (let i = 0; i < 200; i += 1) {
    await new Promise(next => requestAnimationFrame(next));
    const now = performance.now();
    frames.push(now - last);
    last = now;
    list.scrollTop += 120;
  }
  return frames;
}"""


@pytest.fixture
def view(lab_page: Page, lab: Lab) -> LabPage:
    return LabPage(lab_page, lab)


def test_a_log_of_1_gb_opens_at_its_end_in_little_memory(view: LabPage) -> None:
    run_id = view.lab.python(LARGE).split()[-1]
    view.open()
    page = view.open_run(run_id)
    before = heap(view.page)
    view.tab("Log")
    expect(page.locator(".jp-ml-log-lines")).to_contain_text("this is the very last line")
    assert heap(view.page) - before < 150e6
    view.tab("Metrics")
    chart = view.chart("loss")
    expect(chart).to_be_visible()
    eventually(lambda: drawn(chart), 30, "the curve of 10,000,000 points is not drawn")
    expect(chart).to_contain_text(re.compile(r"loss"))


def test_10_000_runs_scroll_in_the_panel(view: LabPage) -> None:
    made = fill(view.lab, MANY)
    view.open()
    panel = view.show_sidebar()
    expect(view.row(made.run_id("failed"))).to_be_visible(timeout=STEP_MS)
    expect(panel).to_contain_text(re.compile(r"Recent\s*9,\d{3}"))  # the rest is archived
    assert panel.locator("[data-run]").count() < 200
    frames = sorted(panel.get_by_role("grid").evaluate(SCROLL))
    assert frames[len(frames) // 2] < 34, f"half of the frames take longer: {frames}"
    panel.get_by_role("searchbox").fill("run-000007")
    expect(view.row("run-000007")).to_be_visible()


def test_10_000_runs_scroll_in_the_table_of_an_experiment(
    view: LabPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generated_words, "EXPERIMENTS", ("digits",))
    fill(view.lab, MANY)
    view.open("lab?experiment=digits")
    page = view.page.locator(".jp-ml-xp")
    grid = page.get_by_role("grid", name="Runs")
    expect(page).to_contain_text(re.compile(r"9,\d{3} runs"), timeout=STEP_MS)
    page.get_by_role("button", name="Columns").click()
    for name in ("loss", "val_accuracy", "learning-rate", "model"):
        view.page.get_by_role("dialog", name="Columns").get_by_label(name, exact=True).check()
    view.page.keyboard.press("Escape")
    expect(grid.locator("[data-run]").first).to_be_visible()
    frames = sorted(grid.evaluate(SCROLL))
    assert grid.get_by_role("row").count() < 100
    print(f"frames: median {frames[100]:.1f} ms, 95 of 100 {frames[190]:.1f} ms")
    assert frames[len(frames) // 2] < 34, f"half of the frames take longer: {frames}"
    grid.press("End")
    end = grid.get_attribute("aria-rowcount") or ""
    expect(grid.locator("[data-run]").last).to_have_attribute("aria-rowindex", end, timeout=STEP_MS)
