"""A run's files: adding, listing, fetching (surface 4.9)."""

from __future__ import annotations

import filecmp
import os
import shutil
from difflib import get_close_matches
from pathlib import Path
from typing import IO, Any, List, Optional, Union

from ml_jupyter._files import confine, storage_failed
from ml_jupyter._parts import appearing
from ml_jupyter.exceptions import ArtifactNotFound, NameTaken, PathOutside, UserErrorException
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import outputs, snapshot
from ml_jupyter.sdk.views.files import list_files

Source = Union[str, "os.PathLike[str]", IO[Any]]


def file_names(run: RunFolder) -> List[str]:
    """Names of all files, sorted."""
    return sorted(item.path for item in list_files(run))


def check_name(name: Any) -> str:
    """A name for a file of a run, normalised to ``/``.

    Raises
    ------
    PathOutside
        Empty, absolute, with a drive, ``..`` or a NUL.
    """
    text = str(name).replace("\\", "/")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    drive = len(text) > 1 and text[1] == ":"
    if not parts or text.startswith("/") or drive or ".." in parts or "\0" in text:
        raise PathOutside(
            f"{name!r} cannot name a file of a run.", hint="Use a relative path without '..'."
        )
    return "/".join(parts)


def upload(run: RunFolder, name: str, source: Source) -> str:
    """Keep a copy of a file, or the rest of a stream, under ``name``; returns the name as stored.

    Raises
    ------
    NameTaken
        The run has a file of this name.
    UserErrorException
        There is no such file.
    StorageFailed
        The system refused to write; no half file is left.
    """
    stored = check_name(name)
    target = confine(run.layout.path, f"files/{stored}")
    _check_free(run, stored, target, source)
    if isinstance(source, (str, os.PathLike)) and _same_file(source, target):
        outputs.note_upload(run.layout, stored)
        return stored
    try:
        with appearing(target) as part:
            _copy(source, part)
    except OSError as error:
        raise storage_failed(error, target) from error
    outputs.note_upload(run.layout, stored)
    return stored


def upload_folder(run: RunFolder, name: str, folder: Any) -> List[str]:
    """Keep a copy of all files below a folder under ``name/``; returns the names.

    Raises
    ------
    UserErrorException
        There is no such folder.
    """
    root = Path(folder)
    if not root.is_dir():
        raise UserErrorException(f"path: there is no folder {str(folder)!r}.")
    prefix = "" if name in ("", ".") else check_name(name) + "/"
    paths = [Path(top, file) for top, _, files in os.walk(str(root)) for file in sorted(files)]
    return [upload(run, prefix + path.relative_to(root).as_posix(), path) for path in sorted(paths)]


def download(run: RunFolder, name: str, output_file_path: Any = None) -> Path:
    """Copy a file out of the run; returns where it lies now.

    Parameters
    ----------
    output_file_path : str or Path, optional
        Target file; a folder that exists, or a text ending in ``/``, takes the file in. Default:
        its base name, here.

    Raises
    ------
    ArtifactNotFound
        No such file; the message lists near matches.
    """
    stored = check_name(name)
    source = find(run, stored)
    base = stored.rpartition("/")[2]
    target = Path(base if output_file_path is None else output_file_path)
    if target.is_dir() or str(output_file_path or "").endswith(("/", os.sep)):
        target = target / base
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(str(source), str(target))
    except OSError as error:
        raise storage_failed(error, target) from error
    return target


def download_many(
    run: RunFolder,
    prefix: Optional[str],
    output_directory: Any,
    output_paths: Optional[List[str]],
    append_prefix: bool,
) -> List[Path]:
    """Copy the files below a folder of the run; ``prefix`` is matched by whole path parts.

    Raises
    ------
    ArtifactNotFound
        Nothing matches.
    UserErrorException
        ``output_paths`` has another length than what was found.
    """
    folder = check_name(prefix) if prefix not in (None, "", ".", "./") else ""
    names = [n for n in file_names(run) if not folder or n == folder or n.startswith(folder + "/")]
    if not names:
        raise ArtifactNotFound(
            f"Run {run.id} has no files under {prefix!r}.", hint=near(run, folder)
        )
    root = Path(output_directory or ".")
    if output_paths is not None and len(output_paths) != len(names):
        raise UserErrorException(
            f"output_paths has {len(output_paths)} entries for {len(names)} files."
        )
    targets = output_paths or [name if append_prefix else _stripped(name, folder) for name in names]
    return [download(run, name, root / target) for name, target in zip(names, targets)]


def find(run: RunFolder, name: str) -> Path:
    """Path of a file of the run.

    Raises
    ------
    ArtifactNotFound
        There is none of this name.
    """
    path = confine(run.layout.path, f"files/{name}")
    if not path.is_file():
        raise ArtifactNotFound(f"Run {run.id} has no file {name!r}.", hint=near(run, name))
    return path


def near(run: RunFolder, name: str) -> str:
    """A sentence that lists the run's files with names like ``name``."""
    names = file_names(run)
    near = get_close_matches(name, names, 5, 0.4) or names[:5]
    return f"Near: {', '.join(near)}." if near else "It has no files."


def free_name(run: RunFolder, stem: str, ending: str) -> str:
    """``stem + ending``, with a number between where the run has such a file."""
    name, count = stem + ending, 0
    while (run.layout.files / name).exists():
        count += 1
        name = f"{stem}_{count}{ending}"
    return name


def restore_snapshot(
    workspace: WorkspaceFolder, run: RunFolder, snapshot_id: Optional[str], path: Any
) -> str:
    """Write a snapshot, by default the run's own, as a zip; its path.

    Raises
    ------
    UserErrorException
        The run has no snapshot.
    SnapshotException
        There is no such snapshot.
    """
    wanted = snapshot_id or run.record.snapshot_id
    if wanted is None:
        raise UserErrorException(f"Run {run.id} has no snapshot.")
    return str(snapshot.restore(workspace.layout, wanted, Path(path or ".")))


def _check_free(run: RunFolder, name: str, target: Path, source: Source) -> None:
    if isinstance(source, (str, os.PathLike)) and not Path(source).is_file():
        raise UserErrorException(f"path_or_stream: there is no file {str(source)!r}.")
    taken = target
    if _is_collected_live(run.layout, name):  # the job's own file is no upload yet
        taken = run.layout.path / "uploads" / name
    if taken.exists():
        raise NameTaken(
            f"Run {run.id} already has a file {name!r}.", hint="Upload it under another name."
        )


def _is_collected_live(layout: RunLayout, name: str) -> bool:
    return (layout.files / name.split("/")[0]).is_symlink()


def _same_file(source: Any, target: Path) -> bool:
    try:
        return os.path.samefile(str(source), str(target))
    except OSError:
        return False


def _copy(source: Source, target: Path) -> None:
    if isinstance(source, (str, os.PathLike)):
        shutil.copyfile(str(source), str(target))
        return
    with open(target, "wb") as stream:
        while True:
            block = source.read(1 << 20)
            if not block:
                return
            stream.write(block.encode("utf-8") if isinstance(block, str) else block)


def _stripped(name: str, folder: str) -> str:
    return name[len(folder) + 1 :] if folder and name != folder else name.rpartition("/")[2]


def same_content(first: Path, second: Path) -> bool:
    """Whether two files hold the same bytes."""
    return filecmp.cmp(str(first), str(second), shallow=False)
