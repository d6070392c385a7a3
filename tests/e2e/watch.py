"""What a page must not do: log an error, fail, or ask another host."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

# Said by JupyterLab or the browser itself, whatever extension is installed.
NOT_OURS = (
    re.compile(r"Could not restore the debugger state.*/static/lab/", re.S),  # a kernel restarted
    # A kernel that ended before it had answered JupyterLab's question for a subshell.
    re.compile(r"^Canceled future for create_subshell_request message"),
    # Notebook 7.6 itself, also with our extension disabled: its toolbar reads settings too early.
    re.compile(r"reading 'schema'.*/static/notebook/notebook_core", re.S),
    # A window of JupyterLab beside one of Notebook 7, whose workspace has no name.
    re.compile(r'^Window name candidate "null" already exists'),
    re.compile(r"status of 404 .*/api/(kernels|sessions)/"),  # a kernel that ended with its server
    re.compile(r"WebSocket connection to .* failed", re.S),  # while a server is down on purpose
    re.compile(
        r"Failed to load resource: net::ERR_(CONNECTION_REFUSED|EMPTY_RESPONSE|CONNECTION_RESET)"
    ),
)


class Watch:
    """Collects what pages of a browser context should not have done.

    Parameters
    ----------
    context : BrowserContext
        All its pages, present and future, are watched.
    origin : str
        The only host they may ask, as scheme, host and port.
    """

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.errors: list[str] = []
        self.strangers: list[str] = []
        self._host = urlsplit(origin).netloc
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self._add(_described(error.error)))
        context.route(self._is_foreign, lambda route: route.abort())
        context.on("page", self._on_page)

    def _on_page(self, page: Page) -> None:
        page.on("websocket", lambda socket: self._note(socket.url))

    def _on_request(self, request: Request) -> None:
        self._note(request.url)

    def _note(self, url: str) -> None:
        if self._is_foreign(url):
            self.strangers.append(url)

    def _is_foreign(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self._host

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._add(f"{message.text} ({message.location.get('url')})")

    def _add(self, text: str) -> None:
        if not any(known.search(text) for known in NOT_OURS):
            self.errors.append(text)

    def check(self) -> None:
        """Raise AssertionError when there was anything."""
        assert not self.strangers, "requests to another host:\n" + "\n".join(self.strangers)
        assert not self.errors, "errors in the console:\n" + "\n".join(self.errors)


def _described(error: Any) -> str:
    """Message and where it was thrown."""
    return f"{error.message}\n{error.stack}" if hasattr(error, "stack") else str(error)
