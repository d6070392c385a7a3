"""What passes between a browser and a TensorBoard: listed headers, and no credential."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterable

from tornado.httputil import HTTPHeaders

#: Request headers that TensorBoard gets: no Cookie, no Authorization, no token.
REQUEST_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "content-type",
        "if-none-match",
        "if-modified-since",
        "range",
    }
)
#: Answer headers that the browser gets; above all no Set-Cookie and no rights for other origins.
RESPONSE_HEADERS = frozenset(
    {
        "content-type",
        "content-encoding",
        "content-length",
        "content-range",
        "content-disposition",
        "cache-control",
        "etag",
        "expires",
        "last-modified",
        "accept-ranges",
        "vary",
    }
)
#: Paths of TensorBoard's page itself, which is small enough to be held and changed.
PAGES = frozenset({"", "index.html"})
_PRIVATE_PARAMETERS = {"token", "_xsrf", "no_track_activity"}
#: TensorBoard's pages have the Jupyter server's own origin: they may talk to nobody else.
CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline' data:; script-src 'self' 'unsafe-eval' 'unsafe-inline'; "
    "worker-src 'self' blob:; frame-src 'self' data: blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)


def allowed(headers: HTTPHeaders, names: frozenset[str]) -> HTTPHeaders:
    """The headers that are on the list."""
    found = HTTPHeaders()
    for name, value in headers.get_all():
        if name.lower() in names:
            found.add(name, value)
    return found


def query_without_credentials(query: str) -> str:
    """The query of an address without the parameters that are meant for the Jupyter server."""
    pairs: Iterable[tuple[str, str]] = urllib.parse.parse_qsl(query, keep_blank_values=True)
    return urllib.parse.urlencode([item for item in pairs if item[0] not in _PRIVATE_PARAMETERS])


def relative(page: bytes) -> bytes:
    """TensorBoard's page with its fonts beside it; it asks for them at the host's root."""
    return page.replace(b"url(/font-roboto/", b"url(font-roboto/")


def address(prefix: str, path: str, query: str) -> str:
    """Address of ``path`` at a TensorBoard; it cannot leave the prefix."""
    quoted = urllib.parse.quote(path.lstrip("/"), safe="/@:!$&'()*+,;=-._~")
    rest = query_without_credentials(query)
    return f"/{prefix}/{quoted}" + (f"?{rest}" if rest else "")
