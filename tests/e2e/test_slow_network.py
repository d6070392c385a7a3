"""200 ms to the server and back, 1 Mbit/s: the views stay usable."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from ml_jupyter.testing.generator import GeneratedWorkspace, WorkspacePlan
from tests.e2e.generated import fill
from tests.e2e.lab import Lab
from tests.e2e.views import STEP_MS, LabPage

pytestmark = [pytest.mark.e2e, pytest.mark.full]

LATENCY_MS, BYTES_A_SECOND = 200, 125_000
#: A log that would take 40 s to load whole at this rate.
PLAN = WorkspacePlan(runs=500, huge_log_bytes=5_000_000)
#: Seconds that the slow line may add to each step: a busy machine is slow on both lines. The first
#: page brings its code with it, and the long log is a page, then a tab.
BARS_S = {
    "first page": 8.0,
    "Metrics": 4.0,
    "Log": 4.0,
    "Files": 4.0,
    "System": 4.0,
    "another page": 4.0,
    "end of a long log": 6.0,
    "search": 3.0,
}


@pytest.fixture
def made(lab: Lab) -> GeneratedWorkspace:
    return fill(lab, PLAN)


def opened(page: Page, lab: Lab) -> LabPage:
    """JupyterLab itself is loaded on a fast line; what comes now is ours."""
    view = LabPage(page, lab)
    view.open()
    view.show_sidebar()
    expect(view.row("plain")).to_be_visible()
    return view


def slow_down(page: Page) -> CDPSession:
    """Put the page on the slow line, for as long as the session is there."""
    session = page.context.new_cdp_session(page)
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
    return session


def took(step: Callable[[], None]) -> float:
    """Seconds that a step takes."""
    begun = time.monotonic()
    step()
    return time.monotonic() - begun


def settled(view: LabPage) -> None:
    """Nothing is loading any more."""
    expect(view.page.locator("[aria-busy=true]:visible")).to_have_count(0, timeout=STEP_MS)


def seconds(view: LabPage) -> dict[str, float]:
    """How long each step takes on the line as it is."""
    times: dict[str, float] = {}

    def first_page() -> None:
        view.open_run("plain")
        settled(view)

    times["first page"] = took(first_page)
    for tab in ("Metrics", "Log", "Files", "System"):
        times[tab] = took(lambda tab=tab: (view.tab(tab), settled(view)))
    times["another page"] = took(lambda: (view.open_run("failed"), settled(view)))

    def long_log() -> None:
        view.open_run("huge-log")
        view.tab("Log")
        expect(view.run_page.get_by_role("log")).to_contain_text("this is the very last line")

    times["end of a long log"] = took(long_log)

    def search() -> None:
        view.sidebar.get_by_role("searchbox").fill("run-000007")
        expect(view.row("run-000007")).to_be_visible()

    times["search"] = took(search)
    return times


@pytest.mark.usefixtures("made")
def test_pages_tabs_a_long_log_and_a_search(browser: Browser, lab_page: Page, lab: Lab) -> None:
    with browser.new_context() as context:
        fast = seconds(opened(context.new_page(), lab))
    view = opened(lab_page, lab)
    line = slow_down(lab_page)
    slow = seconds(view)
    line.detach()
    for name, bar in BARS_S.items():
        print(f"{name}: {slow[name]:.2f} s, {fast[name]:.2f} s on a fast line (bar +{bar} s)")
    late = [name for name, bar in BARS_S.items() if slow[name] - fast[name] > bar]
    assert not late, late
