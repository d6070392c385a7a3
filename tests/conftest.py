"""Rules for the whole test suite."""

from __future__ import annotations

import os
import signal

import hypothesis
import pytest

# A change is tested with the same examples every time; new ones are looked for on purpose:
# HYPOTHESIS_PROFILE=search pytest tests/unit/…
hypothesis.settings.register_profile("repeatable", derandomize=True)
hypothesis.settings.register_profile("search", max_examples=2000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_configure() -> None:
    """Let Ctrl-C work also where the tests were started in the background.

    A shell without job control starts those with SIGINT ignored, and Python then leaves it so.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep browser tests out of a mixed run.

    Playwright and the asynchronous server tests both want the main thread's event loop, so that
    every test after the first browser test would break. ``pytest tests/e2e`` is its own command.
    """
    browser = [item for item in items if "e2e" in item.path.parts]
    if browser and len(browser) < len(items):
        items[:] = [item for item in items if item not in set(browser)]
        config.hook.pytest_deselected(items=browser)
