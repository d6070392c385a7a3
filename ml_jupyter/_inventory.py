"""What is installed in the Python that runs this: names, versions, and where they come from.

Stands alone: other Pythons are handed this file's text (``python -c``), so that it imports nothing
of this package. One that damaged packages are installed in tells the others.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any, Dict, Iterable, List, Optional, Tuple
from urllib.parse import urlsplit, urlunsplit

#: Begins the line with the answer: start-up files of that Python may print too.
MARK = "ml_jupyter installed packages: "
_FOLDER = re.compile(r"^(?P<name>[^-~][^-]*)-(?P<version>[^-]+)(?:-.*)?\.(?:dist|egg)-info$")


def listing(path: Optional[Iterable[str]] = None) -> Dict[str, Any]:
    """``python``, ``implementation``, ``packages`` and ``watched``.

    Parameters
    ----------
    path : iterable of str, optional
        Folders that modules are imported from, the first one counts where a package is in several;
        default: those of this process.

    Returns
    -------
    dict
        ``packages`` are ``[name, version]`` or ``[name, version, origin]`` with ``origin`` as
        ``origin_of`` gives it. ``watched`` are folders with the times of their last change in
        nanoseconds: as long as these are the same, so are the packages.
    """
    from importlib import metadata

    folders = list(dict.fromkeys(item for item in (sys.path if path is None else path) if item))
    watched = changes(folders)
    found: Dict[str, List[Any]] = {}
    for distribution in metadata.distributions(path=folders):
        try:
            entry = _entry(distribution)
        except Exception:  # nothing that is damaged may hide the others
            entry = None
        if entry is not None:
            found.setdefault(re.sub(r"[-_.]+", "-", entry[0]).lower(), entry)
    return {
        "python": ".".join(map(str, sys.version_info[:3])),
        "implementation": sys.implementation.name,
        "packages": [found[key] for key in sorted(found)],
        "watched": watched,
    }


def changes(folders: Iterable[str]) -> List[List[Any]]:
    """When each folder was changed last, in nanoseconds; 0: it is not there."""
    found: List[List[Any]] = []
    for folder in folders:
        try:
            found.append([folder, os.stat(folder).st_mtime_ns])
        except (OSError, ValueError):
            found.append([folder, 0])
    return found


def origin_of(text: str) -> Optional[Dict[str, Any]]:
    """``url`` and ``editable`` of the text of a ``direct_url.json`` (PEP 610); None: it says none.

    Credentials and queries, which hold tokens, are left out.

    Examples
    --------
    >>> origin_of('{"url": "https://me:key@host/a", "vcs_info": {"vcs": "git", "commit_id": "1f"}}')
    {'url': 'git+https://host/a@1f', 'editable': False}
    """
    value = json.loads(text)
    url = _public(str(value["url"]))
    repository = value.get("vcs_info") or {}
    if repository:
        url = "{}+{}@{}".format(repository["vcs"], url, repository.get("commit_id", ""))
    if value.get("subdirectory"):
        url += "#subdirectory=" + str(value["subdirectory"])
    return {"url": url, "editable": bool((value.get("dir_info") or {}).get("editable"))}


def _public(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.netloc.startswith("git@"):  # not a person's name, and needed
        host = "git@" + host
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def _entry(distribution: Any) -> Optional[List[Any]]:
    folder = os.path.basename(str(getattr(distribution, "_path", "")))
    if folder.startswith("~"):  # what pip could not remove
        return None
    name, version = _named(distribution) or _from_folder(folder)
    if not name or not version:
        return None
    origin = _origin(distribution)
    return [name, version] if origin is None else [name, version, origin]


def _named(distribution: Any) -> Optional[Tuple[str, str]]:
    """Name and version from the head of the metadata; the rest of it may be long."""
    try:
        text = distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or ""
    except (OSError, ValueError):
        return None
    facts: Dict[str, str] = {}
    for line in text.splitlines():
        if not line:
            break
        key, _, value = line.partition(":")
        facts.setdefault(key.lower(), value.strip())
    name, version = facts.get("name", ""), facts.get("version", "")
    return (name, version) if name and version else None


def _from_folder(folder: str) -> Tuple[str, str]:
    found = _FOLDER.match(folder)
    return ("", "") if found is None else (found.group("name"), found.group("version"))


def _origin(distribution: Any) -> Optional[Dict[str, Any]]:
    try:
        text = distribution.read_text("direct_url.json")
        return None if not text else origin_of(text)
    except Exception:  # damaged: the package is there all the same
        return None


if __name__ == "__main__":
    print("\n" + MARK + json.dumps(listing()))
