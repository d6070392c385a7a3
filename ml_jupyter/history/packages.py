"""The packages that were installed where runs ran: one file for each set of them.

Runs that ran in the same environment share the file; each has its digest among its facts.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Dict, Mapping, NamedTuple, Optional, Tuple

from ml_jupyter._files import storage_failed, write_atomic
from ml_jupyter.history.layout import WorkspaceLayout

#: Fact of a run: ``digest``, ``count`` and ``python``.
FACT = "packages"
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


class Package(NamedTuple):
    """One installed package.

    Attributes
    ----------
    name, version : str
        As its metadata say.
    origin : str
        Address that it was installed from, when that was not an index: a repository with the
        commit, a folder or a file; without credentials. Empty: from an index.
    editable : bool
        Its code is taken from that folder as it is.
    """

    name: str
    version: str
    origin: str = ""
    editable: bool = False


@dataclass(frozen=True)
class PackageList:
    """What was installed in one Python.

    Attributes
    ----------
    python : str
        Its version: ``3.11.9``.
    implementation : str
        ``cpython``, ``pypy`` …
    packages : tuple of Package
        By name.
    """

    python: str
    implementation: str
    packages: Tuple[Package, ...]

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PackageList:
        """What ``to_json`` gave, or ``_inventory.listing``; passes over odd entries."""
        found = []
        for entry in value.get("packages") or ():
            if isinstance(entry, (list, tuple)) and len(entry) >= 2:
                origin = entry[2] if len(entry) > 2 and isinstance(entry[2], Mapping) else {}
                url, editable = str(origin.get("url") or ""), bool(origin.get("editable"))
                found.append(Package(str(entry[0]), str(entry[1]), url, editable))
        python, implementation = value.get("python"), value.get("implementation")
        return cls(str(python or ""), str(implementation or ""), tuple(found))

    def to_json(self) -> Dict[str, Any]:
        """As docs/run-folder.md has it."""
        entries = [
            [item.name, item.version, {"url": item.origin, "editable": item.editable}]
            if item.origin
            else [item.name, item.version]
            for item in self.packages
        ]
        return {
            "python": self.python,
            "implementation": self.implementation,
            "packages": entries,
        }

    def content(self) -> bytes:
        """The file: a package a line."""
        value = self.to_json()
        lines = [_json(entry) for entry in value.pop("packages")]
        head = _json(value)[:-1]
        text = head + ',"packages":[\n' + ",\n".join(lines) + "\n]}\n"
        return text.encode("utf-8", "surrogatepass")

    def fact(self) -> Dict[str, Any]:
        """What a run keeps of it: ``digest``, ``count`` and ``python``."""
        return {
            "digest": sha256(self.content()).hexdigest(),
            "count": len(self.packages),
            "python": self.python,
        }


def store(workspace: WorkspaceLayout, digest: str, content: bytes) -> None:
    """Keep a list in a workspace, once.

    Raises
    ------
    StorageFailed
        The folder cannot be written.
    """
    path = workspace.packages / f"{digest}.json"
    if not path.exists():
        try:
            path.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise storage_failed(error, path.parent) from error
        write_atomic(path, content)


def read(workspace: WorkspaceLayout, digest: str) -> Optional[PackageList]:
    """A list that was kept; None: it is not there, or cannot be read."""
    if not _DIGEST.match(digest):
        return None
    try:
        value = json.loads((workspace.packages / f"{digest}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return PackageList.from_json(value) if isinstance(value, dict) else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
