"""Credentials for image registries, kept out of workspaces, logs and messages.

What a user gives with an environment is put into a private file in the state folder; everything
else holds a reference to it. Without one, the user's own Docker is logged in or not.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any, Dict, Mapping, Optional

from ml_jupyter._files import read_json, write_json
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import FolderCorrupt

DOCKER_HUB = "docker.io"
_HUB = frozenset({DOCKER_HUB, "index.docker.io", "registry-1.docker.io"})
_KEPT_S = 90 * 24 * 3600.0
_KEY = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Credentials:
    """A registry, and how to log in to it."""

    address: str
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def login(self) -> Dict[str, str]:
        """The credentials as the package ``docker`` takes them."""
        return {
            "username": self.username,
            "password": self.password,
            "serveraddress": self.address,
        }


def keep(settings: Settings, address: str, username: str, password: str) -> Dict[str, str]:
    """Put credentials away; the reference that may be stored and shown in their place.

    The same registry and user name have the same reference: the last password counts. What was not
    used for 90 days is removed.

    Raises
    ------
    StorageFailed
        The state folder cannot be written to.
    """
    folder = folder_of(settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _forget_old(folder)
    text = f"{host_of(address)}\0{username}".encode()
    reference = {"address": address, "key": blake2b(text, digest_size=16).hexdigest()}
    value = {"address": address, "username": username, "password": password}
    write_json(folder / f"{reference['key']}.json", value, mode=0o600)
    return reference


def find(settings: Settings, reference: Optional[Mapping[str, Any]]) -> Optional[Credentials]:
    """The credentials that ``keep`` put away; None when they are not there (any more)."""
    key = str((reference or {}).get("key", ""))
    if not _KEY.fullmatch(key):
        return None
    path = folder_of(settings) / f"{key}.json"
    try:
        value = read_json(path)
        os.utime(str(path))
        return Credentials(value["address"], value["username"], value["password"])
    except (OSError, FolderCorrupt, KeyError, TypeError):
        return None


def full_name(image: str, address: Optional[str]) -> str:
    """The name of an image with its registry, for images that are named without it."""
    host = host_of(address or "")
    if not host or host in _HUB or host == registry_of(image):
        return image
    return f"{host}/{image}"


def registry_of(image: str) -> str:
    """The registry that an image's name leads to."""
    first, slash, _ = image.partition("/")
    named = slash and ("." in first or ":" in first or first == "localhost")
    return first.lower() if named else DOCKER_HUB


def host_of(address: str) -> str:
    """The host of a registry's address, with its port."""
    return re.sub(r"^https?://", "", address.strip()).split("/")[0].lower()


def folder_of(settings: Settings) -> Path:
    """The private folder of credentials."""
    return settings.state / "credentials"


def _forget_old(folder: Path) -> None:
    for path in folder.glob("*.json"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _KEPT_S:
                path.unlink()
