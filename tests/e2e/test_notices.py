"""What pages tell of runs: after a reload, by the browser itself, and of runs that fall silent."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.lab import Lab, eventually
from tests.e2e.views import STEP_MS, LabPage

pytestmark = pytest.mark.e2e

PREPARE = "from ml_jupyter import Workspace; Workspace.from_config()"
END = """
from ml_jupyter import Experiment, Workspace

run = Experiment(Workspace.from_config(), "told").start_logging(
    outputs=None, snapshot_directory=None)
run.display_name = {name!r}
run.complete()
"""
SILENT = """
from pathlib import Path
from ml_jupyter import Experiment, ScriptRunConfig, Workspace

Path("silent").mkdir(exist_ok=True)
Path("silent/train.py").write_text("import time; time.sleep(600)")
run = Experiment(Workspace.from_config(), "told").submit(ScriptRunConfig("silent", "train.py"))
run.display_name = "mute"
print(run.id)
"""
# The browser's own notifications cannot be seen from a page; what is asked of it can.
LISTEN = """
window.told = [];
window.Notification = class extends window.Notification {
  constructor(title, options) {
    super(title, options);
    window.told.push(title);
    this.addEventListener('error', () => window.told.push('error'));
  }
};
"""


def opened(page: Page, lab: Lab) -> None:
    """Open JupyterLab and wait until the page watches the runs."""
    with page.expect_response(re.compile("/activity")):
        LabPage(page, lab).open()
    script = "Object.keys(sessionStorage).some(key => key.startsWith('ml-jupyter:seen:'))"
    page.wait_for_function(script, timeout=STEP_MS)


def test_an_end_during_a_reload_is_told_afterwards(lab: Lab, watch, page: Page) -> None:
    lab.python(PREPARE)
    opened(page, lab)
    page.goto("about:blank")
    lab.python(END.format(name="meanwhile"))
    LabPage(page, lab).open()
    toast = page.locator(".Toastify__toast", has_text="meanwhile 1 completed")
    expect(toast).to_have_count(1, timeout=STEP_MS)


def test_the_browser_tells_too_where_it_may(
    lab: Lab, watch, context: BrowserContext, page: Page
) -> None:
    lab.python(PREPARE)
    context.grant_permissions(["notifications"], origin=lab.origin)
    page.add_init_script(LISTEN)
    opened(page, lab)
    page.evaluate("jupyterapp.commands.execute('ml-jupyter:allow-notices')")
    allowed = page.locator(".Toastify__toast", has_text="The browser will tell of runs too.")
    expect(allowed).to_be_visible(timeout=STEP_MS)
    lab.python(END.format(name="heard"))
    eventually(lambda: page.evaluate("window.told"), STEP_MS / 1000, "the browser was not asked")
    assert page.evaluate("window.told")[0].startswith("heard 1 completed")
    assert "error" not in page.evaluate("window.told")


@pytest.mark.full
@pytest.mark.timeout(300)
def test_a_run_that_prints_nothing_is_told_of_once(lab: Lab, watch, page: Page) -> None:
    settings = lab.place / "settings" / "ml-jupyter"
    settings.mkdir(parents=True)
    file = settings / "notices.jupyterlab-settings"
    file.write_text(json.dumps({"stallMinutes": 1}), "utf-8")
    lab.python(PREPARE)
    opened(page, lab)
    run = lab.python(SILENT).split()[-1]
    toast = page.locator(".Toastify__toast", has_text=re.compile("mute 1 has been silent for 1 "))
    expect(toast).to_have_count(1, timeout=150_000)
    toast.get_by_role("button", name="Open run").click()
    expect(page.locator(".jp-ml-page h1", has_text="mute")).to_be_visible(timeout=STEP_MS)
    lab.api(f"ml-jupyter/workspaces/{lab.workspace()}/runs/{run}/cancel", "POST", {})
