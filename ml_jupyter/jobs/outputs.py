"""``./outputs`` and ``./logs`` of a job: in ``work/`` while it runs, in ``files/`` in the end.

While the job runs, ``files/outputs`` and ``files/logs`` are links to them, so that readers see what
is written at once; at the end the folders are renamed to where the links were.
"""

from __future__ import annotations

import filecmp
import os
import shutil
from pathlib import Path
from typing import List

from ml_jupyter.history.layout import RunLayout
from ml_jupyter.jobs.blobs import copy_content

COLLECTED = ("outputs", "logs")
_UPLOADS = "uploads"


def prepare(layout: RunLayout) -> None:
    """Make the folders, and let readers see them; what was uploaded before lies in them already."""
    layout.files.mkdir(exist_ok=True)
    for name in COLLECTED:
        made, seen = layout.work / name, layout.files / name
        made.mkdir(exist_ok=True)
        if seen.is_dir() and not seen.is_symlink():
            kept = layout.path / _UPLOADS / name
            kept.parent.mkdir(exist_ok=True)
            seen.rename(kept)
            _copy_tree(kept, made)
        if not seen.exists():
            seen.symlink_to(os.path.join("..", "work", name))


def note_upload(layout: RunLayout, name: str) -> None:
    """Remember an explicit upload below ``outputs/`` or ``logs/`` of a running job.

    To be called after the upload was written to ``files/<name>``: what the job does to the file
    afterwards does not count, the explicit upload wins (surface 9.4). Does nothing when the job
    does not run.
    """
    if not (layout.files / name.split("/")[0]).is_symlink():
        return
    kept = layout.path / _UPLOADS / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    temporary = kept.with_name(f".{kept.name}.{os.getpid()}")
    copy_file(layout.files / name, temporary)
    os.replace(temporary, kept)


def collect(layout: RunLayout, *, keep_work: bool = False) -> List[str]:
    """Move the folders into ``files/``, remove the rest of ``work/``; warnings for the user."""
    warnings = _restore_uploads(layout)
    for name in COLLECTED:
        warnings += _collect_one(layout, name)
    if not keep_work:
        shutil.rmtree(str(layout.work), ignore_errors=True)
    return warnings


def copy_file(source: Path, target: Path) -> None:
    """Copy a file's content and permissions, sharing the disk's extents where it can."""
    with open(source, "rb") as reader, open(target, "wb") as writer:
        copy_content(reader.fileno(), writer.fileno())
    shutil.copymode(str(source), str(target))


def _copy_tree(source: Path, target: Path) -> None:
    for parent, _, files in os.walk(str(source)):
        folder = target / Path(parent).relative_to(source)
        folder.mkdir(exist_ok=True)
        for file in files:
            copy_file(Path(parent, file), folder / file)


def _collect_one(layout: RunLayout, name: str) -> List[str]:
    made, seen = layout.work / name, layout.files / name
    if not seen.is_symlink():
        return []
    warnings = []
    if made.is_symlink() or (made.exists() and not made.is_dir()):
        kind = "a link" if made.is_symlink() else "a file"
        warnings.append(f"./{name} was replaced by {kind}; it was not kept.")
    seen.unlink()
    if made.is_dir() and not made.is_symlink():
        warnings += _keep_linked(layout.work, made)
        made.rename(seen)
    else:
        seen.mkdir()
    return warnings


def _keep_linked(work: Path, folder: Path) -> List[str]:
    """Put a file in the place of each link to something that is removed with ``work/``."""
    warnings = []
    root = work.resolve()
    kept = [root / name for name in COLLECTED]
    for parent, folders, files in os.walk(str(folder)):
        for name in folders + files:
            path = Path(parent, name)
            if not path.is_symlink():
                continue
            target = path.resolve()
            if root not in target.parents or any(item in target.parents for item in kept):
                continue
            if target.is_file():
                path.unlink()
                copy_file(target, path)
            else:
                warnings.append(
                    f"{path.relative_to(work)} is a link to a folder, which was not kept."
                )
    return warnings


def _restore_uploads(layout: RunLayout) -> List[str]:
    warnings = []
    uploads = layout.path / _UPLOADS
    for parent, _, files in os.walk(str(uploads)):
        for file in files:
            kept = Path(parent, file)
            name = kept.relative_to(uploads)
            target = layout.files / name
            if target.is_file() and filecmp.cmp(str(kept), str(target), shallow=False):
                continue
            if target.exists():
                warnings.append(
                    f"{name} was uploaded by hand and then changed by the job; the upload was kept."
                )
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(kept, target)
    shutil.rmtree(str(uploads), ignore_errors=True)
    return warnings
