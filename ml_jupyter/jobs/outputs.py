"""``./outputs`` and ``./logs`` of a job: in ``work/`` while it runs, in ``files/`` in the end.

While the job runs, ``files/outputs`` and ``files/logs`` are links to them, so that readers see what
is written at once; at the end the folders are renamed to where the links were.
"""

from __future__ import annotations

import filecmp
import os
import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Callable, List

from ml_jupyter._parts import appearing, is_part
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
    with appearing(kept) as part:
        copy_file(layout.files / name, part)


def collect(layout: RunLayout, *, keep_work: bool = False) -> List[str]:
    """Move the folders into ``files/``, remove the rest of ``work/``; warnings for the user.

    May be called again after it was killed in the middle. What a job did to its folders, or a full
    disk, ends it with a warning, and then ``work/`` stays.
    """
    warnings: List[str] = []
    steps = [(f"./{name}", partial(_collect_one, layout, name)) for name in COLLECTED]
    steps.append(("Uploaded files", partial(_restore_uploads, layout)))
    done = [_tried(what, step, warnings) for what, step in steps]
    if all(done) and not keep_work:
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


def _tried(what: str, step: Callable[[], List[str]], warnings: List[str]) -> bool:
    try:
        warnings += step()
    except OSError as error:
        warnings.append(f"{what} could not be kept as a whole: {error}. The rest is in work/.")
        return False
    return True


def _collect_one(layout: RunLayout, name: str) -> List[str]:
    made, seen = layout.work / name, layout.files / name
    if seen.is_dir() and not seen.is_symlink():  # collected before
        return []
    warnings = []
    if made.is_symlink() or (made.exists() and not made.is_dir()):
        kind = "a link" if made.is_symlink() else "a file"
        warnings.append(f"./{name} was replaced by {kind}; it was not kept.")
    is_kept = made.is_dir() and not made.is_symlink()
    if is_kept:
        warnings += _keep_linked(layout.work, made)
    elif not seen.is_symlink():
        return []
    if seen.is_symlink():
        seen.unlink()
    if is_kept:
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
            target = Path(os.path.realpath(str(path)))  # Path.resolve() raises at a circle of links
            if root not in target.parents or any(item in target.parents for item in kept):
                continue
            if target.is_file():
                _replace_by_copy(path, target)
            elif target.exists():
                kind = "folder" if target.is_dir() else "thing that is no file"
                warnings.append(
                    f"{path.relative_to(work)} is a link to a {kind}, which was not kept."
                )
    return warnings


def _replace_by_copy(link: Path, target: Path) -> None:
    temporary = link.with_name(f".{link.name}.{os.getpid()}")
    try:
        copy_file(target, temporary)
        os.replace(temporary, link)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise


def _restore_uploads(layout: RunLayout) -> List[str]:
    warnings = []
    uploads = layout.path / _UPLOADS
    for parent, _, files in os.walk(str(uploads)):
        for file in files:
            if is_part(file):
                continue
            kept = Path(parent, file)
            name = kept.relative_to(uploads)
            target = layout.files / name
            if (
                target.is_file()
                and not target.is_symlink()
                and filecmp.cmp(str(kept), str(target), shallow=False)
            ):
                continue
            if os.path.lexists(target):
                warnings.append(
                    f"{name} was uploaded by hand and then changed by the job; the upload was kept."
                )
            _make_way(layout.files, name)
            os.replace(kept, target)
    shutil.rmtree(str(uploads), ignore_errors=True)
    return warnings


def _make_way(root: Path, name: Path) -> None:
    """Remove what the job put in the way of a file: a folder of its name, a file as its folder."""
    for part in reversed(name.parents):
        place = root / part
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            place.unlink()
        place.mkdir(exist_ok=True)
    target = root / name
    if target.is_dir() and not target.is_symlink():
        shutil.rmtree(str(target))
