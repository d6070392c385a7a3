"""What a browser loads of ours: little for the panel of runs, a run's page when it is opened."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from ml_jupyter.testing.generator import WorkspacePlan
from tests.e2e.generated import fill
from tests.e2e.lab import ROOT, Lab
from tests.e2e.views import STEP_MS, LabPage

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

OURS = "/lab/extensions/ml-jupyter/static/"
BUILT = ROOT / "ml_jupyter" / "labextension" / "static"
WIDGET = ROOT / "ml_jupyter" / "static" / "run.js"
SIDEBAR_BYTES, RUN_PAGE_BYTES = 100_000, 400_000
TABS = ("Overview", "Metrics", "Log", "Files", "Children", "System", "Code", "Environment")


class Payload:
    """Sizes of our files that a page has loaded, compressed with gzip, in bytes."""

    def __init__(self, page: Page) -> None:
        self.sizes: dict[str, int] = {}
        page.on("response", self._take)

    def _take(self, response: Response) -> None:
        if OURS in response.url and response.ok:
            name = response.url.rpartition("/")[2].partition("?")[0]
            self.sizes[name] = len(gzip.compress((BUILT / name).read_bytes(), 9))

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.sizes.values())


@pytest.fixture
def page_with_runs(lab_page: Page, lab: Lab) -> LabPage:
    fill(lab, WorkspacePlan(runs=20, huge_log_bytes=10_000))
    return LabPage(lab_page, lab)


@pytest.mark.skipif(
    any(BUILT.glob("*.js.map")), reason="the bundle was built for development (npm run build:prod)"
)
def test_the_panel_and_the_page_of_a_run_are_small(page_with_runs: LabPage) -> None:
    view = page_with_runs
    payload = Payload(view.page)
    view.open()
    view.show_sidebar()
    expect(view.row("plain")).to_be_visible()
    sidebar = dict(payload.sizes)
    assert sidebar, "nothing of ours was loaded"
    assert payload.total < SIDEBAR_BYTES, sidebar

    view.open_run("plain")
    assert set(payload.sizes) > set(sidebar), "the page of a run was loaded before it was opened"
    for tab in TABS:
        view.tab(tab)
        expect(view.page.locator("[aria-busy=true]:visible")).to_have_count(0, timeout=STEP_MS)
    assert payload.total < RUN_PAGE_BYTES, payload.sizes
    print(f"\nsidebar {sum(sidebar.values())} B, with the page of a run {payload.total} B")


def test_the_widget_is_one_small_file() -> None:
    assert len(gzip.compress(Path(WIDGET).read_bytes(), 9)) < RUN_PAGE_BYTES
