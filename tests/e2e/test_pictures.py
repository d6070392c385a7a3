"""A few views look as they did: their pictures, at a fixed time and with bundled fonts.

After a change that is meant, look at ``test-results/screens`` and keep the new pictures with
``ML_JUPYTER_KEEP_PICTURES=1 pytest tests/e2e/test_pictures.py``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.lab import ROOT, eventually
from tests.e2e.picture_diff import changed_squares
from tests.e2e.pictures import SCREENS

pytestmark = pytest.mark.e2e

FRONT = ROOT / "labextension"
KEPT = Path(__file__).parent / "pictures"
NOON = "2026-03-02T12:00:00Z"
#: A view that looks the same for so long is at rest.
STILL_MS = 600
#: Name → what is shown, what must be there first, and the size of the window in pixels.
VIEWS = {
    "panel": ("view=sidebar", "[data-view=work] [data-run]", (360, 920)),
    "failed-run": ("view=run&run=failed", "role=tab[name=Log]", (1100, 720)),
    "queue": ("view=queue", "role=heading[name=/Queue/]", (1100, 900)),
    "widget": ("view=widget", ".jp-ml-root", (640, 900)),
}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing about requests."""


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """Address of the gallery, built from the sources as they are."""
    subprocess.run(["npm", "run", "--silent", "gallery"], cwd=FRONT, check=True, timeout=120)
    handler = partial(_Quiet, directory=str(FRONT / "gallery" / "dist"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html?fonts=bundled&"
        server.shutdown()


def shoot(page: Page, address: str, ready: str, target: Path) -> None:
    """A picture of a view when it has ceased to change."""
    page.clock.set_fixed_time(NOON)
    page.goto(address)
    page.locator(ready).first.wait_for()
    page.wait_for_load_state("networkidle")
    pictures: list[bytes] = []

    def still() -> bool:
        pictures.append(page.screenshot(animations="disabled", caret="hide", scale="css"))
        page.wait_for_timeout(STILL_MS / 2)
        return len(pictures) > 3 and len(set(pictures[-3:])) == 1

    eventually(still, 15, "the view does not come to rest")
    target.write_bytes(pictures[-1])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", VIEWS)
def test_a_view_looks_as_it_did(browser: Browser, gallery: str, name: str, theme: str) -> None:
    query, ready, (width, height) = VIEWS[name]
    file = f"{name}-{theme}.png"
    SCREENS.mkdir(parents=True, exist_ok=True)
    seen, marked = SCREENS / file, SCREENS / f"changed-{file}"
    with browser.new_context(
        viewport={"width": width, "height": height},
        timezone_id="UTC",
        locale="en-GB",
        reduced_motion="reduce",
    ) as context:
        shoot(context.new_page(), f"{gallery}{query}&theme={theme}", ready, seen)
    if os.environ.get("ML_JUPYTER_KEEP_PICTURES"):
        KEPT.mkdir(exist_ok=True)
        shutil.copyfile(seen, KEPT / file)
    changed = changed_squares(seen, KEPT / file, marked)
    assert not changed, f"{len(changed)} squares differ, the first at {changed[0]}: see {marked}"
