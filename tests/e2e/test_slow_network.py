"""200 ms to the server and back, 1 Mbit/s: the views stay usable."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from ml_jupyter.testing.generator import GeneratedWorkspace, WorkspacePlan
from tests.e2e.generated import fill
from tests.e2e.lab import Lab
from tests.e2e.views import STEP_MS, LabPage

pytestmark = [pytest.mark.e2e, pytest.mark.full]

LATENCY_MS, BYTES_A_SECOND = 200, 125_000
#: A log that would take 40 s to load whole at this rate.
PLAN = WorkspacePlan(runs=500, huge_log_bytes=5_000_000)
#: Seconds in which each thing is to be there. The first page brings its code with it, and the
#: long log is a page, then a tab.
FIRST_PAGE_S, PAGE_S, TAB_S, LOG_S, SEARCH_S = 8.0, 4.0, 4.0, 6.0, 3.0


@pytest.fixture
def made(lab: Lab) -> GeneratedWorkspace:
    return fill(lab, PLAN)


@pytest.fixture
def view(lab_page: Page, lab: Lab, made: GeneratedWorkspace) -> Iterator[LabPage]:
    """JupyterLab itself was loaded on a fast line; what comes now is ours."""
    view = LabPage(lab_page, lab)
    view.open()
    view.show_sidebar()
    expect(view.row("plain")).to_be_visible()
    session = lab_page.context.new_cdp_session(lab_page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_A_SECOND,
            "uploadThroughput": BYTES_A_SECOND,
        },
    )
    yield view
    session.detach()


def took(step: Callable[[], None]) -> float:
    """Seconds that a step takes."""
    begun = time.monotonic()
    step()
    return time.monotonic() - begun


def settled(view: LabPage) -> None:
    """Nothing is loading any more."""
    expect(view.page.locator("[aria-busy=true]:visible")).to_have_count(0, timeout=STEP_MS)


def test_pages_tabs_a_long_log_and_a_search(view: LabPage, made: GeneratedWorkspace) -> None:
    times: dict[str, tuple[float, float]] = {}

    def first_page() -> None:
        view.open_run("plain")
        settled(view)

    times["first page"] = took(first_page), FIRST_PAGE_S
    for tab in ("Metrics", "Log", "Files", "System"):
        times[tab] = took(lambda tab=tab: (view.tab(tab), settled(view))), TAB_S
    times["another page"] = took(lambda: (view.open_run("failed"), settled(view))), PAGE_S

    def long_log() -> None:
        view.open_run("huge-log")
        view.tab("Log")
        expect(view.run_page.get_by_role("log")).to_contain_text("this is the very last line")

    times["end of a long log"] = took(long_log), LOG_S

    def search() -> None:
        view.sidebar.get_by_role("searchbox").fill("run-000007")
        expect(view.row("run-000007")).to_be_visible()

    times["search"] = took(search), SEARCH_S
    print("\n" + ", ".join(f"{name} {seconds:.2f} s" for name, (seconds, _) in times.items()))
    late = {name: pair for name, pair in times.items() if pair[0] > pair[1]}
    assert not late, late
