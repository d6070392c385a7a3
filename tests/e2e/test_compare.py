"""Runs side by side: chosen in the sidebar, compared, saved under a name and opened by its link."""

from __future__ import annotations

import re
import textwrap

import pytest
from playwright.sync_api import Page, expect

from ml_jupyter.testing.generator import WorkspacePlan
from tests.e2e.generated import fill
from tests.e2e.lab import Lab
from tests.e2e.views import STEP_MS, LabPage

pytestmark = pytest.mark.e2e

SUBMIT = """
from pathlib import Path
from ml_jupyter.core import Experiment, ScriptRunConfig, Workspace

experiment = Experiment(Workspace.from_config(), "rates")
for name, rate, best in (("slow", "1e-4", 0.7), ("quick", "1e-3", 0.9)):
    folder = Path("jobs") / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "train.py").write_text(
        "from ml_jupyter.core import Run\\n"
        "run = Run.get_context()\\n"
        f"for step in range(20):\\n    run.log('auc', {best} * step / 19)\\n"
    )
    run = experiment.submit(ScriptRunConfig(str(folder), "train.py", ["--lr", rate, "--seed", "1"]))
    run.display_name = name
    run.wait_for_completion()
    print(name, run.id)
"""
MANY = """
from ml_jupyter.core import Workspace
from ml_jupyter.history import records
from ml_jupyter.config import Settings
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk.session import named_root

Workspace.from_config()
folder = WorkspaceFolder(named_root(Settings.load(), "default"))
experiment = folder.create_experiment("many")
for at in range(200):
    words = [word for n in range(100) for word in (f"--p{n}", str(at * n % 7))]
    run = folder.create_run(
        experiment, f"many-{at}", records.SCRIPT, "Queued",
        definition={"script": "train.py", "arguments": words},
    )
    for n in range(100):
        run.metric_log.log_many(f"m{n}", [at / 10 + step for step in range(50)])
    run.set_status("Canceled", reason="Not wanted.")
print("done")
"""
#: Notes when the table of a comparison is first there.
NOTE = """
new MutationObserver(() => {
  if (window.shownAt === undefined && document.querySelector('.jp-ml-grid [role=gridcell]')) {
    window.shownAt = performance.now();
  }
}).observe(document, { childList: true, subtree: true });
"""
OPENS_WITHIN_MS = 1000


@pytest.fixture
def runs(lab: Lab) -> dict[str, str]:
    """Two runs that were submitted and have ended, by name."""
    lines = [line.split() for line in lab.python(textwrap.dedent(SUBMIT)).splitlines()]
    return {line[0]: line[1] for line in lines if len(line) == 2}


@pytest.fixture
def view(lab: Lab, lab_page) -> LabPage:
    return LabPage(lab_page, lab)


def test_two_runs_are_compared_saved_and_opened_by_a_link(lab, view, runs):
    view.open()
    view.show_sidebar()
    view.row(runs["slow"]).click(modifiers=["Control"])
    view.row(runs["quick"]).click(modifiers=["Control"])
    view.sidebar.get_by_role("button", name="Compare").click()
    page = view.run_page
    table = page.get_by_role("grid", name="Runs side by side")
    expect(table.get_by_role("gridcell", name="1e-4")).to_be_visible(timeout=STEP_MS)
    expect(table).to_contain_text("0.9000")
    expect(table).not_to_contain_text("seed")
    expect(page.get_by_role("figure", name=re.compile("^auc, 20 points"))).to_be_visible()
    expect(
        page.get_by_role("group", name=re.compile("^Parameters and metrics: 2 of 2"))
    ).to_be_visible()

    field = page.get_by_role("searchbox", name="Filter by value")
    field.fill("auc > 0.8")
    field.press("Enter")
    expect(table.get_by_role("rowheader")).to_have_count(1)
    page.get_by_role("button", name="Save", exact=True).click()
    view.page.locator(".jp-Dialog input").fill("Which rate")
    view.page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(page.get_by_role("heading", name="Which rate")).to_be_visible(timeout=STEP_MS)

    page.get_by_role("button", name="Remove auc > 0.8").click()
    page.get_by_role("tab", name=re.compile("^Code")).click()
    expect(page.get_by_text("1 of 1 files differ.")).to_be_visible(timeout=STEP_MS)
    expect(page.locator("[data-diff=added]").first).to_be_visible()

    (saved,) = lab.api(f"ml-jupyter/workspaces/{lab.workspace()}/views?kind=compare")["views"]
    assert (saved["name"], saved["revision"]) == ("Which rate", 1)
    view.open(f"lab?view={saved['id']}&ml-workspace={lab.workspace()}")
    expect(page.get_by_role("heading", name="Which rate")).to_be_visible(timeout=STEP_MS)
    expect(table.get_by_role("rowheader")).to_have_count(1)
    assert "view=" not in view.page.url


@pytest.mark.full
def test_a_comparison_comes_back_after_a_reload(lab, view):
    made = fill(lab, WorkspacePlan(runs=12, huge_log_bytes=0))
    view.open(f"lab?compare={made.run_id('plain')},{made.run_id('failed')}")
    heading = view.run_page.get_by_role("heading", name="Compare 2 runs")
    expect(heading).to_be_visible(timeout=STEP_MS)
    view.run_page.get_by_role("tab", name="Metrics").click()
    view.reload('"tab": "curves"')
    expect(heading).to_be_visible(timeout=STEP_MS)
    expect(view.run_page.get_by_role("tab", name="Metrics")).to_have_attribute(
        "aria-selected", "true"
    )


@pytest.mark.full
def test_two_hundred_runs_open_within_a_second(lab: Lab, lab_page: Page):
    view = LabPage(lab_page, lab)
    assert "done" in lab.python(MANY)
    lab_page.add_init_script(NOTE)
    ids = ",".join(f"many-{at}" for at in range(200))
    took = []
    for _ in range(2):
        view.open(f"lab/workspaces/many?compare={ids}&ml-workspace={lab.workspace()}&reset")
        grid = view.run_page.get_by_role("grid", name="Runs side by side")
        expect(grid.get_by_role("gridcell").first).to_be_visible(timeout=STEP_MS)
        took.append(
            lab_page.evaluate(
                "() => { const asked = performance.getEntriesByType('resource')"
                ".find(one => one.name.includes('/compare?'));"
                " return [window.shownAt - asked.startTime, asked.duration,"
                " document.querySelectorAll('.jp-ml-grid [role=gridcell]').length]; }"
            )
        )
    print("ms until the table is there, ms of the request, cells drawn:", took)
    assert took[1][0] < OPENS_WITHIN_MS
    assert took[1][2] < 2000
