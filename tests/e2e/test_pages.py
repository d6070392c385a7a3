"""Our pages as tabs of JupyterLab: closed, opened again, and not brought back by a reload."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ml_jupyter.testing.generator import WorkspacePlan
from tests.e2e.generated import fill
from tests.e2e.lab import Lab
from tests.e2e.test_accessibility import execute
from tests.e2e.views import STEP_MS, LabPage

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

#: The command of each kind of page, and the name of its tab; the run's id is filled in.
KINDS: dict[str, dict[str, Any]] = {
    "open-run": {"run": ..., "pin": True},
    "compare-runs": {"runs": [...]},
    "show-experiments": {},
    "show-models": {},
    "open-queue": {},
}


@pytest.fixture
def run(lab: Lab) -> str:
    return fill(lab, WorkspacePlan(runs=12, live=0, huge_log_bytes=10_000)).run_id("plain")


def given(kind: str, run: str) -> dict[str, Any]:
    """Arguments of a kind's command, with the run in its place."""
    values = {"run": run, "runs": [run]}
    return {key: values.get(key, value) for key, value in KINDS[kind].items()}


def test_a_closed_page_is_gone_and_can_be_opened_again(lab_page: Page, lab: Lab, run: str) -> None:
    view = LabPage(lab_page, lab)
    view.open()
    pages = lab_page.locator("#jp-main-dock-panel .jp-ml-main")
    for kind in KINDS:
        for _ in range(2):
            execute(view, kind, given(kind, run))
            expect(pages).to_have_count(1, timeout=STEP_MS)
            expect(pages.locator(".jp-ml-root")).to_be_visible(timeout=STEP_MS)
            lab_page.locator(".lm-DockPanel-tabBar .lm-mod-current .lm-TabBar-tabCloseIcon").click()
            expect(pages).to_have_count(0)
    execute(view, "show-models", {})
    view.reload(kept="ml-jupyter-models")
    expect(pages.get_by_role("heading", name="Models")).to_be_visible(timeout=STEP_MS)
    expect(pages).to_have_count(1)
