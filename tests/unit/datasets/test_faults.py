"""What a kill in the middle leaves: nothing or everything; and one transfer for many processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.datasets import cache as caches
from ml_jupyter.datasets import registered
from ml_jupyter.datasets.cache import DataCache, Fetched
from ml_jupyter.datasets.worker import Fetcher

CONTENT = os.urandom(3_000_000)
HALF = len(CONTENT) // 2


class Slow:
    """A server that stops in the middle of its first answers until it is told to go on."""

    def __init__(self) -> None:
        self.spans: list[str] = []
        self.go_on = threading.Event()
        self.address = ""


@pytest.fixture
def slow() -> Iterator[Slow]:
    found = Slow()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.headers.get("If-None-Match") == '"1"':
                found.spans.append("unchanged")
                self.send_response(304)
                self.end_headers()
                return
            span = self.headers.get("Range", "")
            found.spans.append(span)
            start = int(span[6:-1]) if span else 0
            self.send_response(206 if span else 200)
            self.send_header("Content-Length", str(len(CONTENT) - start))
            self.send_header("ETag", '"1"')
            self.end_headers()
            try:
                self.wfile.write(CONTENT[start:HALF])
                found.go_on.wait(30)
                self.wfile.write(CONTENT[max(start, HALF) :])
            except OSError:  # the other side was killed
                pass

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}/data.bin"
    yield found
    found.go_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


def fetching(cache: DataCache, url: str) -> subprocess.Popen[bytes]:
    request = {"cache": str(cache.folder), "urls": [url], "limit": 0, "private_redirects": True}
    words = [sys.executable, "-m", "ml_jupyter.datasets.worker", json.dumps(request)]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL)


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def test_a_killed_download_leaves_nothing_and_goes_on(slow: Slow, tmp_path: Path) -> None:
    cache = DataCache(tmp_path / "cache")
    process = fetching(cache, slow.address)
    until(lambda: size(cache.part(slow.address)) > 100_000)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    assert cache.find(slow.address) is None
    assert list(cache.folder.glob("blobs/*/*")) == []
    slow.go_on.set()
    Fetcher(cache, 0, True).fetch(slow.address)
    found = cache.find(slow.address)
    assert found is not None
    assert cache.blob(found.sha256).read_bytes() == CONTENT
    assert slow.spans[0] == ""
    assert slow.spans[1].startswith("bytes=")


def test_two_processes_fetch_once(slow: Slow, tmp_path: Path) -> None:
    cache = DataCache(tmp_path / "cache")
    first, second = fetching(cache, slow.address), fetching(cache, slow.address)
    until(lambda: len(slow.spans) == 1)
    slow.go_on.set()
    assert (first.wait(30), second.wait(30)) == (0, 0)
    assert slow.spans == ["", "unchanged"]


def test_a_transfer_through_fsspec_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data.bin").write_bytes(CONTENT)
    url, cache = (tmp_path / "data.bin").as_uri(), DataCache(tmp_path / "cache")
    import fsspec
    from fsspec.implementations.local import LocalFileSystem

    system = fsspec.filesystem("file")
    cache.part(url).parent.mkdir(parents=True)
    cache.part(url).write_bytes(CONTENT[:HALF])
    path = str(tmp_path / "data.bin")
    cache.part(url).with_suffix(".version").write_text(str(system.ukey(path)), "utf-8")
    sought: list[int] = []
    real = LocalFileSystem.open

    def opened(self: Any, *arguments: Any, **options: Any) -> Any:
        file = real(self, *arguments, **options)
        seek = file.seek
        monkeypatch.setattr(file, "seek", lambda at: sought.append(at) or seek(at), raising=False)
        return file

    monkeypatch.setattr(LocalFileSystem, "open", opened)
    Fetcher(cache, 0, False).fetch(url)
    found = cache.find(url)
    assert found is not None
    assert cache.blob(found.sha256).read_bytes() == CONTENT
    assert sought == [HALF]


def test_a_full_cache_forgets_what_was_used_longest_ago(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = DataCache(tmp_path / "cache")
    (cache.folder / "urls").mkdir(parents=True)
    start = time.time()
    for age, name in ((3000, "old"), (2000, "older-copy"), (1000, "newer"), (0, "new")):
        part = cache.folder / "urls" / "x.part"
        part.write_bytes(name[:3].encode() * 100)
        monkeypatch.setattr(time, "time", lambda age=age: start - age)
        cache.keep(part, Fetched(f"http://h/{name}", f"{name[:3]:0<64}", 300))
    monkeypatch.setattr(time, "time", lambda: start)
    assert cache.shrink(0) == []
    assert cache.shrink(600) == []
    assert cache.shrink(500) == ["http://h/old", "http://h/older-copy"]
    assert cache.find("http://h/older-copy") is None
    assert cache.find("http://h/new") is not None
    assert cache.shrink(1) == ["http://h/newer"]
    assert caches.YOUNG_S > 0
    assert cache.find("http://h/new") is not None


REGISTERS = """
import sys
from pathlib import Path
from ml_jupyter.datasets import registered
for number in range(100000):
    content = {"kind": "file", "sources": [], "number": number, "pad": "x" * 20000}
    record = registered.add(Path(sys.argv[1]), "many", content, create_new_version=True)
    print(record["version"], flush=True)
"""


def test_a_killed_registration_leaves_whole_versions(tmp_path: Path) -> None:
    words = [sys.executable, "-c", REGISTERS, str(tmp_path)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE)
    assert process.stdout is not None
    for _ in range(20):
        last = int(process.stdout.readline())
    process.kill()
    last = max([last, *map(int, process.stdout.read().split())])
    process.wait(30)
    process.stdout.close()
    folder = registered.folder_of(tmp_path) / "many"
    found = registered.versions(folder)
    assert found == list(range(1, len(found) + 1))
    assert len(found) in (last, last + 1)
    for version in found:
        assert json.loads((folder / f"{version}.json").read_text("utf-8"))["version"] == version
    again = registered.add(tmp_path, "many", {"kind": "file"}, create_new_version=True)
    assert again["version"] == len(found) + 1


def test_torn_lines_of_uses_are_passed_over(tmp_path: Path) -> None:
    registered.add(tmp_path, "many", {"kind": "file"})
    registered.note_use(tmp_path, "many:1", "a", registered.READ)
    with (registered.folder_of(tmp_path) / "many" / "uses.jsonl").open("a") as file:
        file.write('{"run": "b", "ver')
    registered.note_use(tmp_path, "many:1", "c", registered.READ)
    assert [item["run"] for item in registered.uses(tmp_path, "many")] == ["c", "a"]
    assert registered.uses(tmp_path, "many", 2) == []
