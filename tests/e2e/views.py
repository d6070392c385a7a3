"""What a person does in JupyterLab and in our views, by the words and roles that they see."""

from __future__ import annotations

import json
import re

from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.e2e.lab import Lab, eventually

START_MS = 60_000
STEP_MS = 30_000


class LabPage:
    """One browser page with JupyterLab in it.

    Parameters
    ----------
    page : Page
        The browser's page.
    lab : Lab
        The server it shows.
    """

    def __init__(self, page: Page, lab: Lab) -> None:
        self.page = page
        self.lab = lab

    def open(self, path: str = "lab") -> None:
        """Go to a page of the server and wait until JupyterLab has started."""
        self.page.goto(self.lab.url(path))
        self.wait_until_started()

    def wait_until_started(self) -> None:
        """Wait for the main area."""
        expect(self.page.locator("#jp-main-dock-panel")).to_be_visible(timeout=START_MS)
        expect(self.page.locator("#jupyterlab-splash")).to_have_count(0, timeout=START_MS)

    def reload(self, kept: str) -> None:
        """Reload once the server has the layout with this text in it.

        JupyterLab sends its layout 750 ms after the last change; what is reloaded sooner comes
        back as it was before.
        """
        script = f"() => fetch('{self.lab.base_url}lab/api/workspaces').then(a => a.text())"
        asked = self.page.evaluate  # by the page: requests stand still while Python does not listen
        eventually(
            lambda: kept in asked(script),
            STEP_MS / 1000,
            lambda: f"no {kept!r} in the layout: {asked(script)}",
        )
        self.page.reload()
        self.wait_until_started()

    def menu(self, *names: str) -> None:
        """Choose an entry of the main menu: its title, then the entry."""
        self.page.locator("#jp-MainMenu").get_by_role("menuitem", name=names[0], exact=True).click()
        for name in names[1:]:
            entry = re.compile(rf"^{re.escape(name)}")  # a shortcut may stand behind it
            self.page.locator(".lm-Menu").get_by_role("menuitem", name=entry).click()

    # -- notebooks

    @property
    def notebook(self) -> Locator:
        """The notebook in front."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    def open_notebook(self, name: str, *, idle: bool = True) -> None:
        """Open a notebook and, unless ``idle`` is false, wait until its kernel is."""
        self.open(f"lab/tree/{name}")
        expect(self.notebook.locator(".jp-Cell").first).to_be_visible(timeout=START_MS)
        if idle:
            self.wait_for_kernel()

    def wait_for_kernel(self, timeout_ms: int = START_MS) -> None:
        """Wait until the kernel is idle."""
        status = self.page.locator("#jp-main-statusbar")
        expect(status).to_contain_text("Python 3 (ipykernel) | Idle", timeout=timeout_ms)

    def run_all(self) -> None:
        """Run all cells; returns at once."""
        self.menu("Run", "Run All Cells")

    def cell(self, text: str) -> Locator:
        """The code cell whose source holds this text."""
        return self.notebook.locator(".jp-CodeCell").filter(
            has=self.page.locator(".jp-InputArea-editor", has_text=text)
        )

    def widget(self) -> Locator:
        """The view of a run in the notebook's outputs."""
        return self.notebook.locator(".jp-OutputArea-output .jp-ml-widget")

    def show_widget(self) -> Locator:
        """Scroll to the view of a run."""
        return self._scrolled_to(self.widget(), "there is no view of a run in the notebook")

    def show_cell(self, text: str) -> Locator:
        """Scroll to the code cell whose source holds this text."""
        return self._scrolled_to(self.cell(text), f"there is no cell with {text!r}")

    def _scrolled_to(self, wanted: Locator, missing: str) -> Locator:
        """Scroll until a part of the notebook is seen; JupyterLab takes far ones away."""
        scroller = self.notebook.locator(".jp-WindowedPanel-outer")
        scroller.evaluate("node => node.scrollTo(0, 0)")

        def found() -> bool:
            if wanted.count() and wanted.is_visible():
                return True
            scroller.evaluate(
                "node => node.scrollTop + node.clientHeight + 1 < node.scrollHeight"
                " ? node.scrollBy(0, 200) : node.scrollTo(0, 0)"
            )
            return False

        eventually(found, STEP_MS / 1000, missing)
        wanted.scroll_into_view_if_needed()
        return wanted

    def save(self) -> None:
        """Save the notebook and wait until the server has it."""
        with self.page.expect_response(
            lambda answer: answer.request.method == "PUT" and "/api/contents/" in answer.url
        ):
            self.page.keyboard.press("Control+s")

    def restart_kernel(self) -> None:
        """Restart the kernel, outputs kept."""
        self.menu("Kernel", "Restart Kernel…")
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()
        self.wait_for_kernel()

    # -- sidebar

    @property
    def sidebar(self) -> Locator:
        """The panel of runs."""
        return self.page.locator("#ml-jupyter-runs")

    def show_sidebar(self) -> Locator:
        """Bring the panel of runs to the front."""
        if not self.sidebar.is_visible():
            self.page.locator('.jp-SideBar [data-id="ml-jupyter-runs"]').click()
        expect(self.sidebar).to_be_visible()
        return self.sidebar

    def row(self, run_id: str) -> Locator:
        """The row of a run in the sidebar."""
        return self.sidebar.locator(f'[data-run="{run_id}"]')

    # -- the page of a run

    @property
    def run_page(self) -> Locator:
        """The page of a run in front."""
        return self.page.locator(".jp-ml-main:not(.lm-mod-hidden)")

    def open_run(self, run_id: str) -> Locator:
        """Open the page of a run from the sidebar."""
        self.show_sidebar()
        self.row(run_id).click()
        expect(self.run_page.get_by_role("tab", name="Overview")).to_be_visible(timeout=STEP_MS)
        return self.run_page

    def tab(self, name: str) -> None:
        """Show a tab of the run's page."""
        self.run_page.get_by_role("tab", name=re.compile(f"^{name}")).click()

    def chart(self, metric: str) -> Locator:
        """The chart of a metric on the run's page."""
        return self.run_page.locator("figure.jp-ml-chart", has_text=metric)

    def tensorboard(self) -> FrameLocator:
        """What is inside the frame of the TensorBoard tab."""
        return self.run_page.frame_locator('iframe[title="TensorBoard"]')


def says(view: Locator, word: str, timeout_ms: int = STEP_MS) -> None:
    """Wait until a view says this state to a screen reader."""
    expect(view.get_by_role("status").filter(has_text=re.compile(f"^{word}$"))).to_have_count(
        1, timeout=timeout_ms
    )


def drawn(chart: Locator) -> bool:
    """Whether the chart's canvas holds more than one colour."""
    script = """node => {
      const canvas = node.querySelector('canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const seen = new Set();
      for (let i = 0; i < data.length; i += 4) {
        seen.add(data.slice(i, i + 4).join());
      }
      return seen.size;
    }"""
    return int(chart.evaluate(script)) > 3


def arrivals(page: Page, marker: str) -> None:
    """Begin to note when each new line with ``marker`` and a time is first in the document."""
    page.evaluate(
        """marker => {
          const pattern = new RegExp(marker + ' (\\\\d+) at (\\\\d+\\\\.\\\\d+)', 'g');
          window.arrivals = {};
          const look = () => {
            const text = document.querySelector('.jp-ml-log-lines')?.textContent ?? '';
            for (const [, number, time] of text.matchAll(pattern)) {
              window.arrivals[number] ??= Date.now() / 1000 - Number(time);
            }
          };
          look();
          new MutationObserver(look).observe(document.body, {
            subtree: true, childList: true, characterData: true
          });
        }""",
        marker,
    )


def delays(page: Page) -> dict[int, float]:
    """Seconds from the writing of each line to its being seen, by its number."""
    found = json.loads(page.evaluate("JSON.stringify(window.arrivals)"))
    return {int(number): float(delay) for number, delay in found.items()}
