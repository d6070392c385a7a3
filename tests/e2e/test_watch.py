"""The watch over pages sees what it is there for."""

from __future__ import annotations

import pytest

from tests.e2e.watch import Watch

pytestmark = pytest.mark.e2e


@pytest.fixture
def strict(context) -> Watch:
    return Watch(context, "http://127.0.0.1:1")


def test_an_error_in_the_console_is_seen(strict, page):
    with page.expect_console_message():
        page.evaluate("console.error('broken')")
    with pytest.raises(AssertionError, match="broken"):
        strict.check()


def test_an_exception_of_the_page_is_seen(strict, page):
    with page.expect_event("pageerror"):
        page.evaluate("void setTimeout(() => { throw new Error('thrown'); })")
    with pytest.raises(AssertionError, match="thrown"):
        strict.check()


def test_a_request_to_another_host_is_stopped_and_seen(strict, page):
    with page.expect_event("requestfailed"):
        page.evaluate("fetch('http://elsewhere.example/').catch(() => undefined)")
    with pytest.raises(AssertionError, match=r"elsewhere\.example"):
        strict.check()


def test_a_websocket_to_another_host_is_seen(strict, context):
    fresh = context.new_page()
    with fresh.expect_websocket():
        fresh.evaluate("void new WebSocket('ws://elsewhere.example/')")
    with pytest.raises(AssertionError, match=r"elsewhere\.example"):
        strict.check()
