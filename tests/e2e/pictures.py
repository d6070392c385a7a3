"""Pictures of views that a person can look at after the tests: ``test-results/screens``."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.e2e.lab import ROOT

SCREENS = ROOT / "test-results" / "screens"


def keep(page: Page, *words: str) -> None:
    """Keep a picture of a page, named by words such as theme, run and tab."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")
    page.screenshot(path=SCREENS / f"{name}.png")
