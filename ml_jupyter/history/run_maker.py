"""Making the folder of a run in one step."""

from __future__ import annotations

import errno
import json
import os
import shutil
import threading
from pathlib import Path
from typing import Any, Mapping, Optional

from ml_jupyter.exceptions import NameTaken
from ml_jupyter.history import records
from ml_jupyter.history.journal import Journal
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.history.records import RunRecord
from ml_jupyter.history.run_folder import RunFolder


def write_run(
    parent: Path, record: RunRecord, launch: Optional[Mapping[str, Any]], journal: Journal
) -> RunFolder:
    """Make the folder of a run, which appears whole or not at all.

    Parameters
    ----------
    parent : Path
        ``runs/<experiment id>``, which exists.
    record : RunRecord
        Becomes ``run.json``.
    launch : mapping, optional
        Becomes ``launch.json``, readable by the user alone.
    journal : Journal
        Where the run will announce its changes; nothing is announced here.

    Raises
    ------
    NameTaken
        The id is in use.
    OSError
        The system refused; nothing is left behind.
    """
    temporary = parent / f".new-{record.id}.{os.getpid()}.{threading.get_ident()}"
    layout = RunLayout(parent / record.id)
    try:
        try:
            temporary.mkdir()
        except FileExistsError:  # of a process of this number, which was killed long ago
            shutil.rmtree(str(temporary), ignore_errors=True)
            temporary.mkdir()
        _write_once(temporary / "run.json", records.to_json(record), 0o666, sync=launch is not None)
        if launch is not None:
            _write_once(temporary / "launch.json", launch, 0o600, sync=True)
        if layout.path.exists():
            raise NameTaken(f"Run id {record.id!r} is in use.")
        temporary.rename(layout.path)
    except BaseException as error:
        shutil.rmtree(str(temporary), ignore_errors=True)
        if isinstance(error, OSError) and error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise NameTaken(f"Run id {record.id!r} is in use.") from error
        raise
    return RunFolder(layout, journal, record)


def _write_once(path: Path, value: Any, mode: int, *, sync: bool) -> None:
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
    fd = os.open(str(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        view = memoryview(data + b"\n")
        while view:
            view = view[os.write(fd, view) :]
        if sync:
            os.fsync(fd)
    finally:
        os.close(fd)
