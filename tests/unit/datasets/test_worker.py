"""Fetching from a web server that the test runs: once, resumed, checked, and told in words."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.datasets import addresses, worker
from ml_jupyter.datasets.cache import DataCache
from ml_jupyter.datasets.worker import Fetcher
from ml_jupyter.exceptions import FetchFailed, UserErrorException

CONTENT = bytes(range(256)) * 4000


class Site:
    """What the server does next, and what it was asked."""

    def __init__(self) -> None:
        self.content = CONTENT
        self.etag = '"one"'
        self.breaks_after = 0
        self.failures = 0
        self.asked: list[tuple[str, str]] = []
        self.address = ""


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            span = self.headers.get("Range", "")
            found.asked.append((self.path, span))
            if self.path.startswith("/moved"):
                self.send_response(302)
                self.send_header("Location", "/data.bin")
                self.end_headers()
            elif self.path.startswith("/none"):
                self.send_error(404)
            elif found.failures:
                found.failures -= 1
                self.send_error(503)
            elif self.headers.get("If-None-Match") == found.etag:
                self.send_response(304)
                self.end_headers()
            else:
                self._content(span)

        def _content(self, span: str) -> None:
            resumed = span and self.headers.get("If-Range") == found.etag
            start = int(span[6:-1]) if resumed else 0
            rest = found.content[start:]
            self.send_response(206 if resumed else 200)
            self.send_header("Content-Length", str(len(rest)))
            self.send_header("ETag", found.etag)
            self.end_headers()
            if found.breaks_after:
                rest, found.breaks_after = rest[: found.breaks_after], 0
                self.close_connection = True
            self.wfile.write(rest)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}"
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def cache(tmp_path: Path) -> DataCache:
    return DataCache(tmp_path / "data")


def content(cache: DataCache, url: str) -> bytes:
    found = cache.find(url)
    assert found is not None
    return cache.blob(found.sha256).read_bytes()


def test_a_file_is_fetched_once_and_asked_for_again(site: Site, cache: DataCache) -> None:
    url = f"{site.address}/data.bin"
    fetcher = Fetcher(cache, 0, False)
    fetcher.fetch(url)
    fetcher.fetch(url)
    assert content(cache, url) == CONTENT
    found = cache.find(url)
    assert found is not None
    assert found.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert cache.blob(found.sha256).stat().st_mode & 0o777 == 0o444
    site.content, site.etag = b"new", '"two"'
    fetcher.fetch(url)
    assert content(cache, url) == b"new"


def test_a_broken_transfer_goes_on_where_it_was(site: Site, cache: DataCache) -> None:
    site.breaks_after = 500_000
    url = f"{site.address}/data.bin"
    Fetcher(cache, 0, False).fetch(url)
    assert content(cache, url) == CONTENT
    assert site.asked[-1][1].startswith("bytes=")
    assert site.asked[-1][1] != "bytes=0-"


def test_a_part_of_another_version_is_not_used(site: Site, cache: DataCache) -> None:
    url = f"{site.address}/data.bin"
    part = cache.part(url)
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * 1000)
    part.with_suffix(".version").write_text('"zero"')
    Fetcher(cache, 0, False).fetch(url)
    assert content(cache, url) == CONTENT


def test_a_busy_server_is_asked_again(
    site: Site, cache: DataCache, capsys: pytest.CaptureFixture[str]
) -> None:
    site.failures = 2
    Fetcher(cache, 0, False).fetch(f"{site.address}/moved")
    assert "trying again" in capsys.readouterr().out
    assert content(cache, f"{site.address}/moved") == CONTENT


@pytest.mark.parametrize(
    ("path", "limit", "said"),
    [("/none", 0, "404 Not Found"), ("/data.bin", 1000, "ML_JUPYTER_DATA_LIMIT")],
)
def test_what_cannot_be_had_is_told(
    site: Site, cache: DataCache, path: str, limit: int, said: str
) -> None:
    with pytest.raises(FetchFailed, match=said):
        Fetcher(cache, limit, False).fetch(site.address + path)
    assert cache.find(site.address + path) is None


def test_without_the_server_the_copy_is_used(
    site: Site,
    cache: DataCache,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "TRIES", 2)
    url = f"{site.address}/data.bin"
    Fetcher(cache, 0, False).fetch(url)
    site.failures = 10
    Fetcher(cache, 0, False).fetch(url)
    assert "using the copy of" in capsys.readouterr().out


def test_a_public_address_does_not_lead_inside(
    site: Site, cache: DataCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{site.address}/moved"
    monkeypatch.setattr(addresses, "is_private", lambda address: not address.endswith("/moved"))
    with pytest.raises(FetchFailed, match="private address"):
        Fetcher(cache, 0, False).fetch(url)
    Fetcher(cache, 0, True).fetch(url)
    assert content(cache, url) == CONTENT


def test_files_of_other_systems_come_through_fsspec(cache: DataCache) -> None:
    import fsspec

    fsspec.filesystem("memory").pipe("/shop/a.csv", b"a,b\n")
    Fetcher(cache, 0, False).fetch("memory://shop/a.csv")
    assert content(cache, "memory://shop/a.csv") == b"a,b\n"
    with pytest.raises(FetchFailed, match="memory://shop/none"):
        Fetcher(cache, 0, False).fetch("memory://shop/none")


def test_unused_files_are_collected(site: Site, cache: DataCache) -> None:
    url = f"{site.address}/data.bin"
    Fetcher(cache, 0, False).fetch(url)
    assert cache.collect(3600.0) == []
    assert content(cache, url) == CONTENT
    assert cache.collect(-1.0) == [url]
    assert cache.find(url) is None
    assert list((cache.folder / "blobs").glob("*/*")) == []


@pytest.mark.parametrize(
    ("url", "shown", "name", "tree"),
    [
        ("http://u:p@h.org/a/b.csv?k=s", "http://h.org/a/b.csv?…", "b.csv", "http/h.org/a/b.csv"),
        ("https://h.org:8080/", "https://h.org:8080/", "data", "https/h.org/data"),
        ("s3://bucket/x%20y.gz", "s3://bucket/x%20y.gz", "x_y.gz", "s3/bucket/x_y.gz"),
        ("http://h/../../etc/passwd", "http://h/../../etc/passwd", "passwd", "http/h/etc/passwd"),
    ],
)
def test_addresses(url: str, shown: str, name: str, tree: str) -> None:
    assert addresses.shown(url) == shown
    assert addresses.file_name(url) == name
    assert addresses.tree_path(url) == tree


@pytest.mark.parametrize("url", ["", "nothing", "http://", "/etc/passwd"])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(UserErrorException):
        addresses.check(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://10.1.2.3/x"])
def test_private_addresses(url: str) -> None:
    assert addresses.is_private(url)
