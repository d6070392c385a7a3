"""Browser tests: JupyterLab as a child process, Chromium as found on the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from ml_jupyter.config import Settings
from ml_jupyter.testing.isolation import end_all
from scripts import chromium
from tests.e2e.lab import Lab
from tests.e2e.watch import Watch

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ACTION_MS = 20_000


@pytest.fixture(autouse=True)
def jp_asyncio_loop() -> None:
    """Replaces pytest-jupyter's: Playwright owns the main thread's loop here."""


@pytest.fixture(autouse=True)
def jp_server_cleanup() -> None:
    """Replaces pytest-jupyter's: the server is a process of its own here."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium; the tests fail, rather than skip, when there is none."""
    path = chromium.find()
    assert path, "no Chromium: run scripts/chromium.py"
    return {**browser_type_launch_args, "executable_path": path, "args": SWITCHES}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """One size of window for all tests."""
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def start_lab(tmp_path: Path) -> Iterator[Callable[..., Lab]]:
    """Start a JupyterLab with its own folders; all of it ends with the test."""
    started: list[Lab] = []

    def start(**options: Any) -> Lab:
        lab = Lab(tmp_path / f"lab{len(started)}", **options)
        started.append(lab)
        lab.start()
        return lab

    yield start
    for lab in started:
        lab.stop()
        end_all(Settings.load(lab.environment()))


@pytest.fixture
def lab(start_lab: Callable[..., Lab]) -> Lab:
    """A JupyterLab at the root of its host."""
    return start_lab()


@pytest.fixture
def watch(context: BrowserContext, lab: Lab) -> Iterator[Watch]:
    """Fails the test when a page logged an error or asked another host."""
    watching = Watch(context, lab.origin)
    yield watching
    watching.check()


@pytest.fixture
def lab_page(watch: Watch, page: Page) -> Page:
    """A page that is being watched."""
    page.set_default_timeout(ACTION_MS)
    return page
