"""The widget in a page that is nothing but a widget host: no JupyterLab, no server of ours.

The page does what a host of anywidgets does (VS Code, Colab and others): it takes the module and
the state that the kernel sends in ``comm_open``, draws the module, and carries messages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel
from playwright.sync_api import Page, expect

from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import isolated
from tests.e2e.lab import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ORIGIN = "http://host.test/"
HOST = """<!doctype html><meta charset="utf-8"><title>Host</title><div id="cell"></div><script>
const listeners = {};
let state = {};
const tell = (event, ...told) => [...(listeners[event] ?? [])].forEach(call => call(...told));
const model = {
  get: name => state[name],
  set: (name, value) => { state[name] = value; },
  save_changes: () => undefined,
  on: (event, call) => { (listeners[event] ??= new Set()).add(call); },
  off: (event, call) => { listeners[event]?.delete(call); },
  send: content => { window.toKernel(content); }
};
window.open_comm = async sent => {
  state = sent;
  const url = URL.createObjectURL(new Blob([sent._esm], { type: 'text/javascript' }));
  const { default: widget } = await import(url);
  window.takeBack = await widget.render({ model, el: document.getElementById('cell') });
};
window.comm_msg = data => {
  if (data.method === 'custom') {
    tell('msg:custom', data.content, []);
  } else {
    Object.assign(state, data.state);
    Object.keys(data.state).forEach(name => tell(`change:${name}`));
  }
};
</script>"""
BEGIN = """
from ml_jupyter import Experiment, Workspace
from ml_jupyter.widgets import RunDetails

run = Experiment(Workspace.create("lab"), "digits").start_logging(
    display_name="baseline", outputs=False, snapshot_directory=None)
run.log_list("loss", [1.0, 0.5])
RunDetails(run).show()
"""


class Bridge:
    """Carries a widget's messages between a kernel and a page."""

    def __init__(self, kernel: BlockingKernelClient, page: Page) -> None:
        self._kernel, self._page = kernel, page
        self._comm: str | None = None
        self.outputs: list[dict[str, Any]] = []
        page.expose_function("toKernel", self._to_kernel)

    def execute(self, code: str) -> None:
        """Begin a cell; what it says comes with ``until``."""
        self._kernel.execute(code)

    def until(self, happened: Callable[[], bool], what: str) -> None:
        """Carry messages until something has happened."""

        def look() -> bool:
            self._carry()
            return happened()

        eventually(look, 60, what)

    def shows(self, text: str) -> None:
        """Carry messages until the widget says a text."""
        cell = self._page.locator("#cell")
        self.until(lambda: text in cell.inner_text(), f"the widget does not say {text!r}")

    def _carry(self) -> None:
        while self._kernel.iopub_channel.msg_ready():
            message = self._kernel.get_iopub_msg(timeout=1)
            self._receive(message["msg_type"], message["content"])
        self._page.wait_for_timeout(20)  # the page's turn: its questions come meanwhile

    def _receive(self, kind: str, content: dict[str, Any]) -> None:
        data = content.get("data", {})
        if kind == "error":
            raise AssertionError("\n".join(content["traceback"]))
        if kind == "comm_open" and "_esm" in data.get("state", {}):
            self._comm = content["comm_id"]
            self._page.evaluate("state => window.open_comm(state)", data["state"])
        elif kind == "comm_msg" and content["comm_id"] == self._comm:
            self._page.evaluate("data => window.comm_msg(data)", data)
        elif kind in ("display_data", "update_display_data"):
            self.outputs.append(data)

    def _to_kernel(self, content: dict[str, Any]) -> None:
        data = {"method": "custom", "content": content}
        body = {"comm_id": self._comm, "data": data}
        self._kernel.shell_channel.send(self._kernel.session.msg("comm_msg", body))


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    with isolated(tmp_path / "world") as found:
        yield found


@pytest.fixture
def kernel(settings: Settings, tmp_path: Path) -> Iterator[BlockingKernelClient]:
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path))
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def bridge(kernel: BlockingKernelClient, page: Page) -> Iterator[Bridge]:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.route(ORIGIN, lambda route: route.fulfill(body=HOST, content_type="text/html"))
    made = Bridge(kernel, page)
    page.goto(ORIGIN)
    yield made
    assert said == []
    assert [url for url in asked if not url.startswith(("blob:", "data:"))] == [ORIGIN]


def test_a_run_is_alive_by_the_messages_of_its_kernel(bridge: Bridge, page: Page) -> None:
    bridge.execute(BEGIN)
    bridge.shows("Running")
    chart = page.locator("figure", has_text="loss")
    expect(chart).to_have_attribute("aria-label", re.compile("^loss, 2 points"))
    bridge.execute("run.log_list('loss', [0.25, 0.125])")
    label = re.compile("^loss, 4 points")
    bridge.until(
        lambda: label.match(chart.get_attribute("aria-label") or "") is not None,
        "the chart has no new points",
    )
    expect(page.get_by_role("button", name="Open", exact=True)).to_have_count(0)  # no pages here
    bridge.execute("run.complete()")
    bridge.until(lambda: len(bridge.outputs) == 2, "the output was not brought to the run's end")
    first, last = bridge.outputs
    widget = "application/vnd.jupyter.widget-view+json"
    assert (widget in first, widget in last) == (True, False)
    assert "Completed" in last["text/html"]
    page.evaluate("window.takeBack()")
    expect(page.locator("#cell > *")).to_have_count(0)
