"""Which packages were installed where a run ran, for the views."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import packages
from ml_jupyter.history.packages import Package, PackageList
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder

#: Values that a comparison tells of packages at most: rows times runs.
MOST_VALUES = 60_000
_FILE = "file:"


def packages_fact(workspace: WorkspaceFolder, run: RunFolder) -> Optional[Dict[str, Any]]:
    """``digest``, ``count`` and ``python`` of what was installed; None: it is not known.

    A child that was made in the process of another run ran where that one did.
    """
    found = run.state().facts.get(packages.FACT)
    if found is None and run.record.lock is not None:
        experiment, _, owner = run.record.lock.partition("/")
        try:
            found = workspace.run(owner, experiment).state().facts.get(packages.FACT)
        except MlJupyterError:  # it was deleted
            found = None
    if not isinstance(found, Mapping) or not isinstance(found.get("digest"), str):
        return None
    count = found.get("count")
    return {
        "digest": found["digest"],
        "count": count if isinstance(count, int) else 0,
        "python": str(found.get("python") or ""),
    }


def packages_of(workspace: WorkspaceFolder, run: RunFolder) -> Optional[PackageList]:
    """What was installed; None: it is not known."""
    fact = packages_fact(workspace, run)
    return None if fact is None else packages.read(workspace.layout, fact["digest"])


def packages_json(workspace: WorkspaceFolder, run: RunFolder) -> Optional[Dict[str, Any]]:
    """The **packages** of ``docs/http-api.md``; None: not known."""
    found = packages_of(workspace, run)
    if found is None:
        return None
    return {
        "python": found.python,
        "implementation": found.implementation,
        "packages": [_public(item) for item in found.packages],
    }


def requirement(item: Package) -> str:
    """The package as a line of a requirements file.

    Examples
    --------
    >>> requirement(Package("numpy", "2.1.0"))
    'numpy==2.1.0'
    >>> requirement(Package("mine", "0.1", "git+https://host/mine@1f2e", True))
    '-e git+https://host/mine@1f2e#egg=mine'
    """
    if not item.origin:
        return f"{item.name}=={item.version}"
    if not item.editable:
        return f"{item.name} @ {item.origin}"
    if item.origin.startswith(_FILE):
        return f"-e {item.origin}"
    return f"-e {item.origin}{'&' if '#' in item.origin else '#'}egg={item.name}"


def differing(workspace: WorkspaceFolder, runs: Sequence[RunFolder]) -> List[Dict[str, str]]:
    """For each run its packages, as far as they are not the same in all runs that know theirs."""
    facts = [packages_fact(workspace, run) for run in runs]
    lists = {
        fact["digest"]: packages.read(workspace.layout, fact["digest"]) for fact in facts if fact
    }
    told = {digest: _versions(found) for digest, found in lists.items() if found is not None}
    names = sorted({name for versions in told.values() for name in versions}, key=str.lower)
    changed = [name for name in names if len({one.get(name) for one in told.values()}) > 1]
    shown = changed[: max(1, MOST_VALUES // max(1, len(runs)))]
    return [_row(fact, told, shown) for fact in facts]


def _row(
    fact: Optional[Mapping[str, Any]], told: Mapping[str, Mapping[str, str]], shown: Sequence[str]
) -> Dict[str, str]:
    if fact is None:
        return {}
    versions = told.get(fact["digest"], {})
    row = {f"installed {name}": versions[name] for name in shown if name in versions}
    return {"installed python": fact["python"], "installed packages": str(fact["count"]), **row}


def _versions(found: PackageList) -> Dict[str, str]:
    """Version by name; the origin with it where there is one, which tells two states apart."""
    return {
        item.name: f"{item.version} ({shown_origin(item)})" if item.origin else item.version
        for item in found.packages
    }


def shown_origin(item: Package) -> str:
    """Where it came from, without paths of the machine: of a folder its name; empty: an index."""
    if not item.origin.startswith(_FILE):
        return item.origin
    return item.origin.rstrip("/").rpartition("/")[2]


def _public(item: Package) -> Dict[str, Any]:
    local = item.origin.startswith(_FILE)
    name = shown_origin(item)
    line = requirement(item)
    if local:
        line = f"# {item.name}=={item.version}: from {name!r} on the machine of the run"
    return {
        "name": item.name,
        "version": item.version,
        "origin": name or None,
        "local": local,
        "editable": item.editable,
        "requirement": line,
    }
