"""Addresses: what may be fetched, how they are shown, and under which name a file is kept."""

from __future__ import annotations

import ipaddress
import posixpath
import re
import socket
from typing import List
from urllib.parse import unquote, urlsplit, urlunsplit

from ml_jupyter.exceptions import UserErrorException

HTTP = ("http", "https")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*\Z")
_UNSAFE = re.compile(r"[^\w.()+@=,-]+")


def check(url: str) -> None:
    """Accept what looks like an address of a file.

    Raises
    ------
    UserErrorException
        It has no scheme or no host; names the address.
    """
    parts = urlsplit(url)
    if not _SCHEME.match(parts.scheme) or (parts.scheme in HTTP and not parts.hostname):
        raise UserErrorException(f"{shown(url)!r} is not the address of a file.")


def shown(url: str) -> str:
    """An address without its password and without its query, which may hold a key."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.port is not None:
        host = f"{host}:{parts.port}"
    query = "…" if parts.query else ""
    return urlunsplit((parts.scheme, host, parts.path, query, ""))


def file_name(url: str) -> str:
    """Name of the file that an address leads to."""
    name = posixpath.basename(unquote(urlsplit(url).path).rstrip("/"))
    return _UNSAFE.sub("_", name).strip(".") or "data"


def tree_path(url: str) -> str:
    """``http/host/path/file``: where a file lies among those of several addresses (surface 7.2)."""
    parts = urlsplit(url)
    folders = [part for part in unquote(parts.path).split("/") if part not in ("", ".", "..")]
    names = [parts.scheme, parts.hostname or "", *folders[:-1], file_name(url)]
    return "/".join(_UNSAFE.sub("_", name) for name in names if name)


def is_private(url: str) -> bool:
    """Whether an address leads to this machine or a private network."""
    host = urlsplit(url).hostname or ""
    for address in _addresses(host):
        if not ipaddress.ip_address(address.split("%")[0]).is_global:
            return True
    return False


def _addresses(host: str) -> List[str]:
    try:
        ipaddress.ip_address(host)
        return [host]
    except ValueError:
        pass
    try:
        return [str(item[4][0]) for item in socket.getaddrinfo(host, None)]
    except OSError:
        return []
