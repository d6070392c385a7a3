"""Behind a real nginx, under a base URL: everything goes through it, the WebSocket too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.lab import Lab
from tests.e2e.nginx import Nginx
from tests.e2e.views import LabPage, says
from tests.e2e.watch import Watch

pytestmark = [pytest.mark.e2e, pytest.mark.full]

BASE = "/team/jupyter/"
SUBMIT = """
from pathlib import Path
from ml_jupyter.core import Experiment, ScriptRunConfig, Workspace

Path("ticks").mkdir()
Path("ticks/job.py").write_text('''
import time
from ml_jupyter.core import Run
run = Run.get_context()
for number in range(10000):
    run.log("seen", number, step=number)
    print(f"line {number}", flush=True)
    time.sleep(0.2)
''')
run = Experiment(Workspace.from_config(), "proxied").submit(ScriptRunConfig("ticks", "job.py"))
print(run.id)
"""


class ProxiedLab(LabPage):
    """A page of a JupyterLab that is reached through another origin."""

    def __init__(self, page: Page, lab: Lab, origin: str) -> None:
        super().__init__(page, lab)
        self._origin = origin

    def open(self, path: str = "lab") -> None:
        """Go to a page through the proxy."""
        self.page.goto(self.lab.url(path).replace(self.lab.origin, self._origin))
        self.wait_until_started()


@pytest.fixture
def lab(start_lab: Callable[..., Lab]) -> Lab:
    return start_lab(base_url=BASE)


@pytest.fixture
def nginx(lab: Lab, tmp_path: Path) -> Iterator[Nginx]:
    with Nginx(tmp_path / "nginx", lab.origin, BASE) as nginx:
        yield nginx


@pytest.fixture
def view(context: BrowserContext, page: Page, lab: Lab, nginx: Nginx) -> Iterator[ProxiedLab]:
    """Fails when a page asks anything but nginx, or logs an error."""
    watching = Watch(context, nginx.origin)
    yield ProxiedLab(page, lab, nginx.origin)
    watching.check()


def test_a_run_is_followed_and_stopped_through_nginx(view: ProxiedLab) -> None:
    run_id = view.lab.python(SUBMIT).split()[-1]
    view.open()
    view.open_run(run_id)
    says(view.run_page, "Running")
    view.tab("Log")
    expect(view.run_page.get_by_role("log")).to_contain_text("line 20", timeout=30_000)
    view.tab("Metrics")
    grown = re.compile(r"^seen, [3-9]\d+ points")
    expect(view.chart("seen")).to_have_attribute("aria-label", grown, timeout=30_000)
    row = view.row(run_id)
    row.hover()
    row.get_by_role("button", name="Stop").click()
    view.page.get_by_role("dialog").get_by_role("button", name="Stop").click()
    says(view.run_page, "Canceled")


def test_a_link_to_a_tab_works_through_nginx(view: ProxiedLab) -> None:
    run_id = view.lab.python(SUBMIT).split()[-1]
    view.open(f"lab?run={run_id}&tab=log")
    expect(view.run_page.get_by_role("log")).to_contain_text("line 1", timeout=30_000)
