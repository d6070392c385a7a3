"""Rules for the whole test suite."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep browser tests out of a mixed run.

    Playwright and the asynchronous server tests both want the main thread's event loop, so that
    every test after the first browser test would break. ``pytest tests/e2e`` is its own command.
    """
    browser = [item for item in items if "e2e" in item.path.parts]
    if browser and len(browser) < len(items):
        items[:] = [item for item in items if item not in set(browser)]
        config.hook.pytest_deselected(items=browser)
