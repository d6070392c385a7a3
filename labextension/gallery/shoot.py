"""Takes pictures of the gallery's views: ``python gallery/shoot.py [view …]``.

Build the gallery first (``npm run gallery``). Pictures go to ``gallery/shots``; a browser of the
machine is preferred to playwright's own.
"""

from __future__ import annotations

import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
SHOTS = HERE / "shots"
BROWSER = Path("/usr/bin/chromium")
SIZES = {
    "sidebar": (1432, 980),
    "widget": (900, 1100),
    "widget-600": (600, 1100),
    "widget-320": (320, 1100),
    "queue": (1440, 1300),
    "queue-900": (900, 1300),
    "queue-320": (320, 1300),
    "run": (1440, 900),
    "run-900": (900, 900),
    "run-600": (600, 900),
    "run-320": (320, 900),
    "experiments": (1440, 900),
    "experiments-900": (900, 900),
    "experiments-320": (320, 900),
    "experiments:one": (1440, 900),
    "experiments-900:one": (900, 900),
    "experiments-320:one": (320, 900),
    "experiments:none": (1440, 900),
}
# Pages of runs in their states and tabs: the run and the tab of each.
PAGES = {
    "failed": "run=failed",
    "waiting": "run=vit-s16-pcam-lr1e-3-mixup",
    "preparing": "run=focal",
    "system": "tab=system",
    "log": "tab=log",
    "code": "tab=code",
    "diff": "run=failed&tab=code?with=vit-s16-pcam-lr1e-4",
    "metrics": "tab=metrics",
    "children": "run=sweep&tab=children",
    "wide": "run=wide&children=1000&tab=children?show=curves",
    "ten": "run=wide&children=10&tab=children?show=curves",
    "trials": "run=hd&tab=trials",
    "files": "tab=files",
    "environment": "tab=environment",
    "imported": "run=vit-s16-pcam-lr1e-4",
    "overlay": "tab=metrics?runs=failed",
}
SIZES["queue:empty"] = (1440, 900)
SIZES |= {
    f"compare{suffix}:{name}": (width, 900)
    for suffix, width in {"": 1440, "-900": 900, "-320": 320}.items()
    for name in ("six", "two-hundred", "scatter", "across", "curves", "setting", "nothing")
}
SIZES |= {
    f"models{suffix}{name}": (width, 900)
    for suffix, width in {"": 1440, "-900": 900, "-320": 320}.items()
    for name in ("", ":vit", ":no-models")
}
for _name in list(PAGES):
    for _view, _width in {"run": 1440, "run-900": 900, "run-600": 600, "run-320": 320}.items():
        SIZES[f"{_view}:{_name}"] = (_width, 900)

PAGES["one"] = "experiment=pcam"
PAGES["none"] = "empty=1"
PAGES["vit"] = "model=pcam-vit"
PAGES["no-models"] = "empty=1"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing about requests."""


def _prepare_sidebar(page: Page) -> None:
    page.hover("[data-view=work] [data-run=fold2]")
    search = page.locator("[data-view=search]")
    search.get_by_role("searchbox").fill("pcam")
    search.get_by_role("button", name="Filter").first.click()
    page.get_by_role("menuitemcheckbox", name="state: ended").click()
    search.get_by_text("runs", exact=False).first.wait_for()
    rows = search.locator("[data-run]")
    rows.nth(2).wait_for()
    for n in range(3):
        rows.nth(n).click(modifiers=["Control"])
    match = page.locator("[data-view=match]")
    match.get_by_role("searchbox").fill("pcam vit")
    match.get_by_role("button", name="Filter").first.click()
    page.get_by_role("menuitemcheckbox", name="state: canceled").click()
    match.get_by_text("No run matches").wait_for()
    rows.nth(1).click(button="right")
    page.get_by_role("menu").wait_for()


def _shoot(page: Page, base: str, name: str, theme: str) -> None:
    plain, _, page_name = name.partition(":")
    view = plain.split("-")[0]
    query = f"&{quote(PAGES.get(page_name, f'show={page_name}'), '=&')}" if page_name else ""
    width, height = SIZES[name]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{base}/index.html?view={view}&theme={theme}{query}")
    page.wait_for_load_state("networkidle")
    page.wait_for_function("document.querySelectorAll('.jp-ml-root').length > 0")
    page.wait_for_timeout(600)
    if view == "sidebar":
        _prepare_sidebar(page)
    page.screenshot(path=SHOTS / f"{name.replace(':', '-')}-{theme}.png")


def main(names: list[str]) -> None:
    """Photograph the named views, or all."""
    SHOTS.mkdir(exist_ok=True)
    handler = partial(_Quiet, directory=str(HERE / "dist"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(BROWSER) if BROWSER.exists() else None,
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page()
        page.on("console", lambda m: print(m.type, m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: print("error", error))
        for name in names or SIZES:
            for theme in ("light", "dark"):
                _shoot(page, base, name, theme)
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1:])
