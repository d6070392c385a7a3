"""What a page keeps in memory."""

from __future__ import annotations

from playwright.sync_api import Page


def heap(page: Page) -> float:
    """Bytes of the page's JavaScript heap after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return float(used)
