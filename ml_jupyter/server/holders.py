"""Who holds cores and GPUs of the machine, as the slots say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml_jupyter.jobs.roster import scope_of
from ml_jupyter.jobs.slots import CPU, GPU, SHARE, Holder
from ml_jupyter.server.workspaces import Workspaces

_FOREIGN = "a job of another user"


def cpu_holders(held: Mapping[str, Holder], workspaces: Workspaces) -> list[dict[str, Any]]:
    """Runs that hold CPU slots, the one with the most first; other users' without their names."""
    counts: dict[tuple[int, str, str], int] = {}
    for name, holder in held.items():
        if name.startswith(CPU):
            key = (holder.uid, holder.run_id, holder.name)
            counts[key] = counts.get(key, 0) + 1
    found = [_holder(key, count, workspaces) for key, count in counts.items()]
    return sorted(found, key=lambda item: (-item["slots"], item["name"]))


def gpu_holder(held: Mapping[str, Holder], uuid: str) -> str | None:
    """The runs that were given a GPU, in a few words; None: none."""
    names = [
        f"Run {holder.name}" if holder.run_id else _FOREIGN.capitalize()
        for name, holder in sorted(held.items())
        if name == GPU + uuid or name.startswith(f"{SHARE}{uuid}-")
    ]
    kept = list(dict.fromkeys(names))
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else f"{kept[0]} and {len(kept) - 1} more"


def _holder(key: tuple[int, str, str], count: int, workspaces: Workspaces) -> dict[str, Any]:
    _, held_by, name = key
    workspace_id, run_id = _place(held_by, workspaces)
    return {
        "run_id": run_id,
        "workspace_id": workspace_id,
        "name": name if held_by else _FOREIGN,
        "slots": count,
        "sentence": f"Run {name}" if held_by else _FOREIGN.capitalize(),
    }


def _place(held_by: str, workspaces: Workspaces) -> tuple[str | None, str | None]:
    """Workspace and run of what a slot says: the scope of a workspace, then the run's id."""
    for item in workspaces.all():
        scope = scope_of(item.folder.layout)
        if held_by.startswith(scope):
            return item.id, held_by[len(scope) :]
    return None, held_by.rpartition(":")[2] or None
