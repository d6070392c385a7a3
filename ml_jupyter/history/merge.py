"""Bringing the runs of one copy of a workspace into another."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import List, NamedTuple

from ml_jupyter.history import stream
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.history.workspace import WorkspaceFolder

_BLOCK = 1 << 20


class MergeReport(NamedTuple):
    """Run ids that a merge added, brought up to date, found equal, or left alone as in conflict."""

    added: List[str]
    updated: List[str]
    equal: List[str]
    conflicts: List[str]


def merge(source: WorkspaceFolder, target: WorkspaceFolder) -> MergeReport:
    """Copy into ``target`` what only ``source`` has.

    A run that both have is brought up to date when everything append-only in the one continues the
    other; a run that went on differently in both is a conflict and stays as it is in ``target``.
    ``source`` is not changed.
    """
    report = MergeReport([], [], [], [])
    _merge_experiments(source, target)
    _copy_missing(source.layout.snapshots, target.layout.snapshots)
    _copy_missing(source.layout.environments, target.layout.environments)
    _copy_missing(source.layout.packages, target.layout.packages)
    _copy_missing(source.layout.targets, target.layout.targets)
    _copy_missing(source.layout.models, target.layout.models)
    _copy_missing(source.layout.views, target.layout.views)
    for experiment, run_id in source.run_folders():
        theirs, ours = source.layout.run(experiment, run_id), target.layout.run(experiment, run_id)
        getattr(report, _merge_run(theirs, ours)).append(run_id)
        target.journal.note([(experiment, run_id)])
    return report


def _merge_experiments(source: WorkspaceFolder, target: WorkspaceFolder) -> None:
    target.layout.experiments.mkdir(exist_ok=True)
    for path in source.layout.experiments.glob("*.json"):
        copy = target.layout.experiments / path.name
        if not copy.exists():
            _copy_whole(path, copy)
    for path in source.layout.experiments.glob("*.count"):
        copy = target.layout.experiments / path.name
        if stream.size(copy) < stream.size(path):
            _copy_whole(path, copy)


def _merge_run(theirs: RunLayout, ours: RunLayout) -> str:
    if not ours.record.exists():
        ours.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = ours.path.parent / f".new-{ours.run_id}"
        shutil.rmtree(str(temporary), ignore_errors=True)
        shutil.copytree(str(theirs.path), str(temporary), symlinks=True)
        shutil.rmtree(str(ours.path), ignore_errors=True)
        os.rename(str(temporary), str(ours.path))
        return "added"
    if theirs.record.read_bytes() != ours.record.read_bytes():
        return "conflicts"
    longer = [
        path
        for path in _files(theirs.path)
        if _differs(path, ours.path / path.relative_to(theirs.path))
    ]
    if not longer:
        return "equal"
    if not all(_continues(path, ours.path / path.relative_to(theirs.path)) for path in longer):
        return "conflicts"
    for path in longer:
        copy = ours.path / path.relative_to(theirs.path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        _copy_whole(path, copy)
    return "updated"


def _files(root: Path) -> List[Path]:
    skipped = {"lock", "launch.json"}
    return [
        Path(folder) / name
        for folder, _, names in os.walk(str(root))
        for name in names
        if not (Path(folder) == root and name in skipped)
    ]


def _differs(theirs: Path, ours: Path) -> bool:
    """Whether ``theirs`` has something that ``ours`` lacks; a beginning of ours adds nothing."""
    return (
        stream.size(theirs) > stream.size(ours) or not _continues(ours, theirs) or not ours.exists()
    )


def _continues(longer: Path, shorter: Path) -> bool:
    """Whether ``longer`` begins with all of ``shorter``."""
    left = stream.size(shorter)
    if stream.size(longer) < left:
        return False
    at = 0
    while at < left:
        size = min(_BLOCK, left - at)
        if stream.read(longer, at, size) != stream.read(shorter, at, size):
            return False
        at += size
    return True


def _copy_missing(source: Path, target: Path) -> None:
    for path in source.rglob("*") if source.is_dir() else ():
        copy = target / path.relative_to(source)
        if path.is_file() and not path.name.startswith(".") and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            _copy_whole(path, copy)


def _copy_whole(source: Path, target: Path) -> None:
    """Copy a file in one step: a merge that is killed leaves no half of one under its name."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        shutil.copy2(str(source), str(temporary))
        os.replace(str(temporary), str(target))
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
