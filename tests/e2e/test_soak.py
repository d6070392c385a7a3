"""50 live runs, five pages, minutes: the server stays below one core, and nobody's memory grows.

``ML_JUPYTER_SOAK_MINUTES=10 pytest tests/e2e/test_soak.py -m full -s`` runs the long one and
prints its figures (docs/performance.md).
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.testing.generator import GeneratedWorkspace, WorkspacePlan
from tests.e2e.generated import fill
from tests.e2e.lab import ROOT, Lab, eventually
from tests.e2e.memory import heap
from tests.e2e.views import LabPage, says
from tests.e2e.watch import Watch

pytestmark = [pytest.mark.e2e, pytest.mark.full, pytest.mark.timeout(1800)]

MINUTES = float(os.environ.get("ML_JUPYTER_SOAK_MINUTES", "2.5"))
PLAN = WorkspacePlan(runs=300, live=49, huge_log_bytes=100_000)  # the remarkable one is the 50th
TABS = ("Overview", "Metrics", "Log", "System", "Metrics")
SAMPLE_S = 5.0
CORES = 1.0
#: What may come on top of the second quarter's median until the last quarter's. A page keeps the
#: points of its charts, some tens of bytes a point; caches fill in the first quarter.
PAGE_BYTES, SERVER_BYTES = 15e6, 25e6


@pytest.fixture
def fed(lab: Lab) -> Iterator[GeneratedWorkspace]:
    """A workspace with 50 runs that go on."""
    made = fill(lab, PLAN)
    command = [sys.executable, "-m", "tests.e2e.feeder", str(made.folder.layout.root), *made.live]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as feeder:
        assert feeder.stdout is not None
        assert feeder.stdout.readline() == b"fed\n"
        yield made
        feeder.terminate()


@pytest.fixture
def pages(context: BrowserContext, watch: Watch, lab: Lab, fed: GeneratedWorkspace) -> list[Page]:
    """Five pages of JupyterLab, each with the panel and a live run at a tab."""
    opened = []
    for run_id, tab in zip(newest(fed), TABS, strict=True):
        page = context.new_page()
        page.set_default_timeout(30_000)
        view = LabPage(page, lab)
        view.open(f"lab/workspaces/{run_id}")
        view.open_run(run_id)
        view.tab(tab)
        says(view.run_page, "Running")
        opened.append(page)
    return opened


def newest(made: GeneratedWorkspace) -> list[str]:
    """As many live runs as there are pages, from the top of the panel."""
    return list(reversed(made.live))[: len(TABS)]


class Samples:
    """What server and pages use, from time to time."""

    def __init__(self, server: psutil.Process, pages: list[Page]) -> None:
        self._server = server
        self._pages = pages
        self.server: list[float] = []
        self.page: list[list[float]] = [[] for _ in pages]
        self._begun = (time.monotonic(), self._used())

    def take(self) -> None:
        """Once more."""
        self.server.append(float(self._server.memory_info().rss))
        for page, heaps in zip(self._pages, self.page, strict=True):
            heaps.append(heap(page))

    def cores(self) -> float:
        """Mean use of the processor by the server since the beginning."""
        at, used = self._begun
        return (self._used() - used) / (time.monotonic() - at)

    def _used(self) -> float:
        return sum(self._server.cpu_times()[:2])


def growth(samples: list[float]) -> float:
    """From the median of the second quarter to that of the last one."""
    quarter = len(samples) // 4
    first, last = samples[quarter : 2 * quarter], samples[-quarter:]
    return statistics.median(last) - statistics.median(first)


def shows_the_present(view: LabPage, tab: str, run: RunFolder) -> None:
    """A page that followed a run for minutes shows what the run does now."""
    if tab == "Log":
        last = (run.layout.files / STD_LOG).read_text("utf-8").splitlines()[-1].split(" at ")[0]
        expect(view.run_page.get_by_role("log")).to_contain_text(f"{last} at")
    elif tab == "Metrics":
        count, _ = run.last_value("wave")
        label = view.chart("wave").get_attribute
        eventually(lambda: _points(label("aria-label")) >= count, 30, f"fewer than {count} points")


def _points(label: str | None) -> int:
    found = re.search(r", ([\d,]+) points", label or "")
    return int(found[1].replace(",", "")) if found else 0


def test_minutes_with_50_live_runs_and_five_pages(
    pages: list[Page], lab: Lab, fed: GeneratedWorkspace
) -> None:
    samples = Samples(psutil.Process(lab.pid), pages)
    deadline = time.monotonic() + MINUTES * 60
    while time.monotonic() < deadline:
        pages[0].wait_for_timeout(SAMPLE_S * 1000)  # time is what this test is about
        samples.take()
    cores, server = samples.cores(), growth(samples.server)
    grown = [growth(heaps) for heaps in samples.page]
    print(
        f"\n{MINUTES:g} min: {cores:.3f} cores, server {samples.server[-1] / 1e6:.0f} MB "
        f"({server / 1e6:+.1f} MB), pages "
        + ", ".join(
            f"{tab} {heaps[-1] / 1e6:.0f} MB ({more / 1e6:+.1f} MB)"
            for tab, heaps, more in zip(TABS, samples.page, grown, strict=True)
        )
    )
    assert cores < CORES
    assert server < SERVER_BYTES
    assert max(grown) < PAGE_BYTES, grown
    for page, tab, run_id in zip(pages, TABS, newest(fed), strict=True):
        view = LabPage(page, lab)
        shows_the_present(view, tab, fed.folder.run(run_id))
        says(view.run_page, "Running")
        expect(view.row(run_id)).to_be_visible()
