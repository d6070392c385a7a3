"""What differs between a failed run and the last completed one of its experiment."""

from __future__ import annotations

import difflib
import json
import os
import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

from ml_jupyter import _words
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import packages, status
from ml_jupyter.history.command_line import options_of, positional_of
from ml_jupyter.history.journal import Journal
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import snapshot

#: So many earlier runs of the experiment are looked at.
_MOST_RUNS = 200
_MOST_FILES = _MOST_PACKAGES = 20
#: Larger files are said to have changed, without counting lines.
_MOST_BYTES = 256 * 1024
_CREATED = re.compile(r"_(\d{9,})_[0-9a-f]+$")

Tree = Dict[str, str]


def since_last_good(workspace: WorkspaceLayout, run: RunFolder) -> Optional[Dict[str, Any]]:
    """The ``changes`` of docs/http-api.md; None when no earlier run of the experiment completed.

    Of the completed runs before it the newest with the same script counts, else the newest.
    """
    good = last_good(workspace, run)
    if good is None:
        return None
    before, after = good.record.definition, run.record.definition
    files, more = _files(workspace, good.record.snapshot_id, run.record.snapshot_id)
    found = {
        "run_id": good.id,
        "number": good.record.number,
        "display_name": good.state().display_name or good.record.experiment,
        "parameters": _parameters(before, after),
        "files": files,
        "more_files": more,
        "environment": [
            *_differences(_environment(before), _environment(after)),
            *_installed(workspace, good, run),
        ],
    }
    return {**found, "sentence": sentence(found)}


def sentence(changes: Mapping[str, Any]) -> str:
    """The changes in a line; what is too much is counted."""
    parts = [
        f"{item['name']} {_shown(item['before'])} → {_shown(item['after'])}"
        for item in (*changes["parameters"], *changes["environment"])
    ]
    parts += [_file_words(item) for item in changes["files"]]
    rest = len(parts) - 4 + changes["more_files"]
    if rest > 0:
        parts = [*parts[:4], f"{rest} more"]
    since = f"Since run {changes['number']}"
    return f"{since}: {'; '.join(parts)}." if parts else f"{since}, nothing has changed."


def last_good(workspace: WorkspaceLayout, run: RunFolder) -> Optional[RunFolder]:
    """The completed run before this one that it is compared with; None without any."""
    journal = Journal(workspace.journal)
    found: Optional[RunFolder] = None
    for name in _earlier(run):
        try:
            other = RunFolder(workspace.run(run.record.experiment_id, name), journal)
        except (MlJupyterError, OSError):
            continue
        record = other.record
        if record.created >= run.record.created or record.type != run.record.type:
            continue
        if other.state().status == status.COMPLETED:
            if _program(record.definition) == _program(run.record.definition):
                return other
            found = found or other
    return found


def _earlier(run: RunFolder) -> Iterator[str]:
    """Names of runs of the experiment, the newest first; the time stands in most of them."""
    folder = run.layout.path.parent
    dated = []
    for name in os.listdir(str(folder)):
        match = _CREATED.search(name)
        if match is not None:
            made = int(match.group(1))
        else:
            try:
                made = int(os.stat(str(folder / name)).st_mtime)
            except OSError:
                continue
        if made <= run.record.created // 10**9 and name != run.id:
            dated.append((made, name))
    dated.sort(reverse=True)
    return iter([name for _, name in dated[:_MOST_RUNS]])


def _program(definition: Mapping[str, Any]) -> Tuple[Any, Any]:
    return definition.get("script"), definition.get("command")


def _parameters(before: Mapping[str, Any], after: Mapping[str, Any]) -> List[Dict[str, Any]]:
    return _differences(_arguments(before), _arguments(after))


def _arguments(definition: Mapping[str, Any]) -> Dict[str, str]:
    words = [str(item) for item in definition.get("arguments") or ()]
    found: Dict[str, str] = dict(options_of(words))
    for place, word in enumerate(positional_of(words), 1):
        found[f"argument {place}"] = word
    for key in ("script", "command", "target"):
        if definition.get(key):
            found[key] = str(definition[key])
    return found


def _environment(definition: Mapping[str, Any]) -> Dict[str, str]:
    """The parts of an environment and of the limits that a person would name, flat."""
    launch = definition.get("launch")
    if not isinstance(launch, dict):
        return {}
    found = {"Python": str(launch["interpreter"])} if launch.get("interpreter") else {}
    for key, value in (launch.get("variables") or {}).items():
        found[f"${key}"] = str(value)
    found.update(_built(launch.get("build") or {}))
    for key in ("memory_limit", "slots", "gpus", "nodes", "max_run_duration_s"):
        if launch.get(key):
            found[key.replace("_", " ")] = f"{launch[key]:g}"
    for key in ("container", "distribution"):
        if isinstance(launch.get(key), dict):
            found[key] = json.dumps(launch[key], sort_keys=True)
    return found


def _installed(
    workspace: WorkspaceLayout, before: RunFolder, after: RunFolder
) -> List[Dict[str, Any]]:
    """Packages that were not the same, where both runs know theirs."""
    digests = [
        (run.state().facts.get(packages.FACT) or {}).get("digest") for run in (before, after)
    ]
    if digests[0] == digests[1] or None in digests:
        return []
    old, new = (packages.read(workspace, str(digest)) for digest in digests)
    if old is None or new is None:
        return []
    found = _differences(_versions(old), _versions(new))
    return sorted(found, key=lambda item: str(item["name"]).lower())[:_MOST_PACKAGES]


def _versions(found: packages.PackageList) -> Dict[str, str]:
    return {
        f"installed {item.name}": " ".join(filter(None, (item.version, item.origin)))
        for item in found.packages
    }


def _built(build: Mapping[str, Any]) -> Dict[str, str]:
    found: Dict[str, str] = {}
    for key, value in build.items():
        if key in ("pip", "conda") and isinstance(value, list):
            found.update(_requirement(str(item)) for item in value)
        elif isinstance(value, (str, int, float)) and value and key != "name":
            found[key.replace("_", " ")] = str(value)
    return found


def _requirement(text: str) -> Tuple[str, str]:
    """Name and the rest of a requirement.

    Examples
    --------
    >>> _requirement("torch==2.1"), _requirement("numpy")
    (('torch', '2.1'), ('numpy', 'any'))
    """
    match = re.match(r"([\w.\-\[\],]+)\s*(.*)$", text)
    name, rest = (match.group(1), match.group(2)) if match else (text, "")
    return name, rest.lstrip("= ") or "any"


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> List[Dict[str, Any]]:
    return [
        {"name": name, "before": before.get(name), "after": after.get(name)}
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]


def _files(
    workspace: WorkspaceLayout, before: Optional[str], after: Optional[str]
) -> Tuple[List[Dict[str, Any]], int]:
    if before == after or before is None or after is None:
        return [], 0
    try:
        old, new = _tree(workspace, before), _tree(workspace, after)
    except (MlJupyterError, OSError):  # a snapshot was removed
        return [], 0
    names = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    found = []
    for name in names[:_MOST_FILES]:
        change = "added" if name not in old else "removed" if name not in new else "changed"
        lines = _lines(
            _content(workspace, before, name) if name in old else b"",
            _content(workspace, after, name) if name in new else b"",
        )
        counts = (None, None) if lines is None else lines
        found.append({"path": name, "change": change, "added": counts[0], "removed": counts[1]})
    return found, len(names) - len(found)


def _tree(workspace: WorkspaceLayout, snapshot_id: str) -> Tree:
    files = snapshot.read_tree(workspace, snapshot_id)["files"]
    return {str(item[0]): str(item[3]) for item in files}


def _content(workspace: WorkspaceLayout, snapshot_id: str, name: str) -> Optional[bytes]:
    path = Path(snapshot.read_file(workspace, snapshot_id, name))
    return path.read_bytes() if path.stat().st_size <= _MOST_BYTES else None


def _lines(before: Optional[bytes], after: Optional[bytes]) -> Optional[Tuple[int, int]]:
    """Lines added and removed; None for what is no text, or is too large."""
    if before is None or after is None or b"\0" in before + after:
        return None
    old, new = before.splitlines(), after.splitlines()
    added = removed = 0
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        if tag != "equal":
            removed += i2 - i1
            added += j2 - j1
    return added, removed


def _file_words(item: Mapping[str, Any]) -> str:
    if item["change"] != "changed":
        return f"{item['path']} {item['change']}"
    if item["added"] is None:
        return f"{item['path']} changed"
    return f"{item['path']} +{item['added']} \u2212{item['removed']}"


def _shown(value: Optional[str]) -> str:
    if value is None:
        return "not set"
    return value if len(value) <= 40 else _words.shorten(value, 40)
