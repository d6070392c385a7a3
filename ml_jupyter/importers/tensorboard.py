"""``import_tensorboard``: folders with TensorBoard's event files, a run each."""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path
from typing import Any, Dict, List, Optional, Set

from ml_jupyter._files import PathLike
from ml_jupyter.exceptions import ImportSourceInvalid, MissingDependency
from ml_jupyter.history import status
from ml_jupyter.importers.bringing import Bringing, folder_of
from ml_jupyter.importers.foreign import ForeignRun, RunFacts, fingerprint
from ml_jupyter.importers.records import read_records
from ml_jupyter.importers.report import ImportReport, Progress, told
from ml_jupyter.importers.run_writer import RunWriter
from ml_jupyter.importers.tensorboard_values import Values

_MARK = "tfevents."
_NS = 10**9


def import_tensorboard(
    source: PathLike,
    workspace: Any = None,
    *,
    experiment: Optional[str] = None,
    progress: Optional[Progress] = None,
) -> ImportReport:
    """Bring TensorBoard's event files into a workspace: every folder that holds some is a run.

    Scalars, texts, images and hyperparameters are taken over, histograms as a table of their
    quantiles; the event files themselves go among the run's files, so that TensorBoard opens it.

    Parameters
    ----------
    source : path
        A folder, which is searched through, or one event file.
    workspace : Workspace, optional
        Where to; default: that of this folder.
    experiment : str, optional
        Where the runs go; default: an experiment of the folder's name.
    progress : callable, optional
        Told of each run: number done, number in all, name.

    Returns
    -------
    ImportReport
        What was added, and what could not be.

    Raises
    ------
    ImportSourceInvalid
        There are no event files. A damaged one is in the report instead.
    """
    root = Path(os.path.abspath(str(source)))
    bringing = Bringing(folder_of(workspace), "tensorboard", str(root), experiment)
    found = _event_files(root)
    if not found:
        raise ImportSourceInvalid(f"{root} holds no event files (events.out.tfevents.…).")
    bringing.bring(_runs(root, found, bringing.report), told(progress))
    return bringing.report


def _event_files(root: Path) -> Dict[Path, List[Path]]:
    """Folders and their event files, oldest first."""
    if root.is_file():
        return {root.parent: [root]}
    found: Dict[Path, List[Path]] = {}
    for folder, _, names in sorted(os.walk(root)):
        events = sorted(name for name in names if _MARK in name)
        if events:
            found[Path(folder)] = [Path(folder) / name for name in events]
    return found


def _runs(root: Path, found: Dict[Path, List[Path]], report: ImportReport) -> List[ForeignRun]:
    top = root if root.is_dir() else root.parent
    runs: List[ForeignRun] = []
    taken: Set[str] = set()
    for folder, paths in found.items():
        below = folder.relative_to(top).as_posix()
        run_id = _run_id(folder, paths[0], below, taken)
        taken.add(run_id)
        runs.append(_run(run_id, folder, below, top.name, paths, report))
    return runs


def _run_id(folder: Path, first: Path, below: str, taken: Set[str]) -> str:
    """The same wherever the folder lies and whichever folder above it is imported.

    The file's name holds time, machine and process.
    """
    found = _named(f"{folder.name}/{first.name}")
    return _named(f"{below}/{first.name}") if found in taken else found  # a copy beside it


def _named(parts: str) -> str:
    data = parts.encode("utf-8", "surrogatepass")
    return f"tensorboard_{blake2b(data, digest_size=10).hexdigest()}"


def _run(
    run_id: str, folder: Path, below: str, top: str, paths: List[Path], report: ImportReport
) -> ForeignRun:
    def read(writer: RunWriter) -> RunFacts:
        facts = _read(paths, writer, str(folder), report)
        facts.name = folder.name if below == "." else below
        return facts

    sizes = [(path.name, path.stat().st_size) for path in paths]
    origin = folder.name if below == "." else below
    return ForeignRun(str(folder), run_id, top, fingerprint(sizes), read, origin=origin)


def _read(paths: List[Path], writer: RunWriter, where: str, report: ImportReport) -> RunFacts:
    values = Values(writer)
    began = min(_read_file(path, values) for path in paths)
    values.finish()
    for path in paths:
        writer.add_file(f"logs/{path.name}", path)
    for kind, count in values.ignored.items():
        report.leave(where, f"{count:,} values of {kind!r} are only in its event files.")
    return RunFacts(
        started=began or writer.last,
        ended=writer.last or None,
        status=values.status or status.COMPLETED,
        host=_host(paths[0]),
        params=values.params,
    )


def _read_file(path: Path, values: Values) -> int:
    """Take in a file; the earliest time of its events, in nanoseconds."""
    try:
        from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
        from tensorboard.compat.proto.event_pb2 import Event
    except ImportError as error:
        raise MissingDependency("tensorboard", "tensorboard", "Reading event files") from error
    began, parse, take = 0, Event.FromString, values.take
    for offset, data in read_records(path):
        try:
            event = parse(data)
        except DecodeError as error:
            raise ImportSourceInvalid(f"{path} holds no event at byte {offset}.") from error
        time = int(event.wall_time * _NS)
        began = min(began, time) if began else time
        for value in event.summary.value:
            take(value, event.step, time)
    return began


def _host(path: Path) -> str:
    """The machine in ``events.out.tfevents.<seconds>.<machine>[.<process>.<number>]``."""
    parts = path.name.split(_MARK, 1)[1].split(".")
    return parts[1] if len(parts) > 1 else ""
