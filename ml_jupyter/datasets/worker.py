"""Fetches addresses into the cache: ``python -m ml_jupyter.datasets.worker REQUEST``.

A process of its own, in the Python that has this product's dependencies: the queue's processes have
none. What it prints goes to the build log; the last line of a failure is its reason.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Optional
from urllib.parse import urljoin, urlsplit

from ml_jupyter.datasets import addresses
from ml_jupyter.datasets.cache import DataCache, Fetched
from ml_jupyter.exceptions import FetchFailed, MissingDependency, MlJupyterError
from ml_jupyter.history import lock

CONNECT_S, READ_S = 10.0, 60.0
TRIES, MOST_REDIRECTS = 5, 10
_CHUNK = 1 << 16  # what of it has not come is lost when a transfer breaks off
_TELL_S = 2.0
_FOR_GOOD = (FileNotFoundError, PermissionError, ValueError, ImportError)
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})


class Fetcher:
    """Fetches files, each once.

    Parameters
    ----------
    cache : DataCache
        Where they go.
    limit : int
        Bytes a file may have; 0: no limit.
    private_redirects : bool
        Whether a public address may lead to a private one.
    """

    def __init__(self, cache: DataCache, limit: int, private_redirects: bool) -> None:
        self._cache, self._limit, self._private = cache, limit, private_redirects

    def fetch(self, url: str) -> None:
        """See that the cache has what the address gives now.

        Raises
        ------
        FetchFailed
            It cannot be had, or is larger than the limit; names the address.
        """
        addresses.check(url)
        self._cache.lock(url).parent.mkdir(parents=True, exist_ok=True)
        with lock.exclusive(self._cache.lock(url), timeout_s=24 * 3600.0):
            known = self._cache.find(url)
            if urlsplit(url).scheme in addresses.HTTP:
                self._by_http(url, known)
            else:
                self._by_fsspec(url, known)

    def _by_http(self, url: str, known: Optional[Fetched]) -> None:
        import requests

        for attempt in range(TRIES):
            try:
                return self._once(url, known)
            except requests.RequestException as error:
                if attempt == TRIES - 1:
                    if known is not None:
                        day = time.strftime("%Y-%m-%d", time.gmtime(known.time))
                        say(f"{addresses.shown(url)}: {_plain(error)}; using the copy of {day}.")
                        return None
                    raise FetchFailed(f"{addresses.shown(url)}: {_plain(error)}.") from error
                say(f"{addresses.shown(url)}: {_plain(error)}; trying again.")
                time.sleep(0.25 * 2**attempt)
        return None

    def _once(self, url: str, known: Optional[Fetched]) -> None:
        part = self._cache.part(url)
        version = _read(part.with_suffix(".version"))
        have = part.stat().st_size if part.exists() and version else 0
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers.update({"Range": f"bytes={have}-", "If-Range": version})
        elif known is not None and known.etag:
            headers["If-None-Match"] = known.etag
        elif known is not None and known.modified:
            headers["If-Modified-Since"] = known.modified
        with self._open(url, headers) as answer:
            if answer.status_code == 304 and known is not None:
                say(f"{addresses.shown(url)}: not changed, {_size(known.size)}")
                self._cache.note(known)
                return
            if answer.status_code == 416:
                part.unlink()
                self._once(url, known)
                return
            self._check(url, answer)
            self._store(url, answer, part, have if answer.status_code == 206 else 0)

    def _open(self, url: str, headers: Dict[str, str]) -> Any:
        """The answer of the last of a chain of redirects."""
        import requests

        here, outside = url, not addresses.is_private(url)
        with requests.Session() as session:
            for _ in range(MOST_REDIRECTS):
                answer = session.get(
                    here,
                    headers=headers,
                    timeout=(CONNECT_S, READ_S),
                    stream=True,
                    allow_redirects=False,
                )
                if answer.status_code not in (301, 302, 303, 307, 308):
                    return answer
                here = urljoin(here, answer.headers.get("Location", ""))
                answer.close()
                if urlsplit(here).scheme not in addresses.HTTP:
                    raise FetchFailed(f"{addresses.shown(url)} leads to {addresses.shown(here)}.")
                if outside and not self._private and addresses.is_private(here):
                    raise FetchFailed(
                        f"{addresses.shown(url)} leads to the private address "
                        f"{addresses.shown(here)}, which is not followed; "
                        "ML_JUPYTER_PRIVATE_REDIRECTS=1 allows it."
                    )
        raise FetchFailed(f"{addresses.shown(url)} leads on and on: {MOST_REDIRECTS} redirects.")

    def _check(self, url: str, answer: Any) -> None:
        if answer.status_code in _RETRIED:
            answer.raise_for_status()
        if answer.status_code >= 400:
            raise FetchFailed(
                f"{addresses.shown(url)}: the server answered {answer.status_code} {answer.reason}."
            )

    def _store(self, url: str, answer: Any, part: Path, have: int) -> None:
        etag, modified = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
        version = etag if etag and not etag.startswith("W/") else modified
        part.with_suffix(".version").write_text(version, "utf-8")
        length = answer.headers.get("Content-Length")
        whole = None if length is None else have + int(length)
        size = self._copy(url, answer.iter_content(_CHUNK), part, have, whole)
        if whole is not None and size != whole:
            import requests

            raise requests.ConnectionError(f"it broke off after {size} of {whole} bytes")
        self._keep(url, part, size, etag, modified)

    def _copy(self, url: str, chunks: Any, part: Path, have: int, whole: Optional[int]) -> int:
        told, size = time.monotonic(), have
        with open(part, "r+b" if have else "wb") as file:
            file.seek(have)
            for data in chunks:
                file.write(data)
                size += len(data)
                if self._limit and size > self._limit:
                    raise FetchFailed(
                        f"{addresses.shown(url)} has more than {_size(self._limit)}, the limit "
                        "that ML_JUPYTER_DATA_LIMIT sets."
                    )
                if time.monotonic() - told >= _TELL_S:
                    told = time.monotonic()
                    of = "" if whole is None else f" of {_size(whole)}"
                    say(f"{addresses.shown(url)}: {_size(size)}{of}")
        return size

    def _keep(self, url: str, part: Path, size: int, etag: str = "", modified: str = "") -> None:
        digest = hashlib.sha256()
        with open(part, "rb") as file:
            for data in iter(lambda: file.read(_CHUNK), b""):
                digest.update(data)
        sha256 = digest.hexdigest()
        self._cache.keep(part, Fetched(url, sha256, size, etag, modified))
        part.with_suffix(".version").unlink(missing_ok=True)
        say(f"{addresses.shown(url)}: {_size(size)}, sha256 {sha256[:16]}…")

    def _by_fsspec(self, url: str, known: Optional[Fetched]) -> None:
        try:
            import fsspec
        except ImportError as error:
            raise MissingDependency("fsspec", "data", f"Fetching {addresses.shown(url)}") from error
        for attempt in range(TRIES):
            try:
                return self._once_by_fsspec(fsspec, url, known)
            except FetchFailed:
                raise
            except Exception as error:  # each store has errors of its own
                lost = isinstance(error, _FOR_GOOD)
                if lost or attempt == TRIES - 1:
                    if lost or known is None:
                        raise FetchFailed(f"{addresses.shown(url)}: {error}.") from error
                    day = time.strftime("%Y-%m-%d", time.gmtime(known.time))
                    say(f"{addresses.shown(url)}: {error}; using the copy of {day}.")
                    return None
                say(f"{addresses.shown(url)}: {error}; trying again.")
                time.sleep(0.25 * 2**attempt)
        return None

    def _once_by_fsspec(self, fsspec: Any, url: str, known: Optional[Fetched]) -> None:
        system, path = fsspec.core.url_to_fs(url)
        version = str(system.ukey(path))
        if known is not None and known.etag == version:
            self._cache.note(known)
            return
        part = self._cache.part(url)
        whole = system.size(path)
        have = part.stat().st_size if _read(part.with_suffix(".version")) == version else 0
        if whole is None or have > whole or not part.exists():
            have = 0
        part.with_suffix(".version").write_text(version, "utf-8")
        with system.open(path, "rb") as file:
            if have:
                file.seek(have)
            chunks = iter(lambda: file.read(_CHUNK), b"")
            size = self._copy(url, chunks, part, have, whole)
        if whole is not None and size != whole:
            raise OSError(f"it broke off after {size} of {whole} bytes")
        self._keep(url, part, size, version)


def say(text: str) -> None:
    """A line for the build log, at once."""
    print(text, flush=True)


def main(words: List[str]) -> int:
    """Fetch what a request names; see ``fetching.fetch`` for its keys."""
    request = json.loads(words[0])
    cache = DataCache(Path(request["cache"]))
    fetcher = Fetcher(cache, int(request["limit"]), bool(request["private_redirects"]))
    try:
        for url in request["urls"]:
            fetcher.fetch(url)
        for gone in cache.shrink(int(request.get("room") or 0)):
            say(f"{addresses.shown(gone)}: removed from the cache, which is full.")
    except MlJupyterError as error:
        say(str(error))
        return 1
    return 0


def _plain(error: Exception) -> str:
    if "IncompleteRead" in str(error):
        return "the transfer broke off"
    cause: Any = error
    while getattr(cause, "reason", None) is not None and isinstance(cause.reason, Exception):
        cause = cause.reason
    if cause.args and isinstance(cause.args[0], Exception):
        return _plain(cause.args[0])
    return str(cause).split(">: ", 1)[-1].rstrip(".") or type(cause).__name__


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return ""


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count} bytes"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
