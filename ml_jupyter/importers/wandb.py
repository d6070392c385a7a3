"""``import_wandb``: runs that Weights & Biases has kept on this machine, offline ones or others."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Tuple

from ml_jupyter._files import PathLike
from ml_jupyter.exceptions import ImportSourceInvalid
from ml_jupyter.history import status
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.packages import PackageList
from ml_jupyter.importers.bringing import Bringing, folder_of
from ml_jupyter.importers.foreign import (
    NOT_ENDED,
    ForeignRun,
    RunFacts,
    fingerprint,
    understanding,
)
from ml_jupyter.importers.report import ImportReport, Progress, told
from ml_jupyter.importers.run_writer import RunWriter
from ml_jupyter.importers.wandb_history import History, flat, items
from ml_jupyter.importers.wandb_log import Field, fields, message, read_log
from ml_jupyter.importers.wandb_packages import installed
from ml_jupyter.importers.wandb_system import SystemSeries

# Numbers of fields in wandb_internal.proto.
_HISTORY, _SUMMARY, _OUTPUT, _CONFIG, _STATS, _RAW, _RUN, _EXIT = 2, 3, 4, 5, 7, 13, 17, 18
_ENVIRONMENT, _PYTHON = 26, 2
_ID, _PROJECT, _RUN_CONFIG, _GROUP, _JOB_TYPE, _NAME, _NOTES, _TAG = 1, 3, 4, 6, 7, 8, 9, 10
_SWEEP, _HOST, _STARTED, _GIT, _USER, _LINE = 12, 13, 17, 21, 13, 3
_LABELS = {"group": _GROUP, "job_type": _JOB_TYPE, "sweep": _SWEEP}
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
_FOLDER = "outputs/wandb"
_NO_PROJECT = "uncategorized"


def import_wandb(
    source: PathLike,
    workspace: Any = None,
    *,
    experiment: Optional[str] = None,
    progress: Optional[Progress] = None,
) -> ImportReport:
    """Bring runs of Weights & Biases into a workspace, from their logs on this machine.

    Nothing is asked of any server, and ``wandb`` is not needed. A run that was resumed has several
    logs, which become one run.

    Parameters
    ----------
    source : path
        A folder ``wandb``, one above it, a run's folder (``offline-run-…``), or a ``.wandb`` file.
    workspace : Workspace, optional
        Where to; default: that of this folder.
    experiment : str, optional
        Put all runs there; default: into experiments named as their projects.
    progress : callable, optional
        Told of each run: number done, number in all, name.

    Returns
    -------
    ImportReport
        What was added, and what could not be.

    Raises
    ------
    ImportSourceInvalid
        There are no logs. A damaged one is in the report instead.
    """
    root = Path(os.path.abspath(str(source)))
    bringing = Bringing(folder_of(workspace), "wandb", str(root), experiment)
    logs = [root] if root.is_file() else sorted(_logs(root))
    if not logs:
        raise ImportSourceInvalid(f"{root} holds no runs of Weights & Biases (run-….wandb).")
    bringing.bring(list(_runs(logs, bringing.report)), told(progress))
    return bringing.report


def _logs(root: Path) -> Iterable[Path]:
    """Links, such as ``latest-run``, are not followed."""
    for folder, _, names in os.walk(root):
        yield from (Path(folder) / name for name in names if name.endswith(".wandb"))


def _runs(logs: List[Path], report: ImportReport) -> Iterable[ForeignRun]:
    found: Dict[Tuple[str, str], List[Path]] = {}
    for path in logs:
        try:
            facts = _first(path)
        except UserWarning as error:  # nothing of it is there yet
            report.leave(str(path), str(error))
        except ImportSourceInvalid as error:
            report.failed.append((str(path), str(error)))
        else:
            key = (_text(facts, _PROJECT) or _NO_PROJECT, _text(facts, _ID))
            found.setdefault(key, []).append(path)
    for (project, run_id), paths in found.items():
        yield _run(project, run_id, paths)


def _first(path: Path) -> Dict[int, Field]:
    """The record of the run itself, which is among the first of its log."""
    with understanding(str(path)):
        for record in read_log(path):
            run = message(record).get(_RUN)
            if isinstance(run, bytes):
                return message(run)
    raise UserWarning("It holds no run: its program was stopped at once.")


def _run(project: str, run_id: str, paths: List[Path]) -> ForeignRun:
    ours = f"wandb_{_UNSAFE.sub('-', project)}_{_UNSAFE.sub('-', run_id)}"[:200]
    sizes = [(path.name, path.stat().st_size) for path in paths]
    where = str(paths[-1])
    stamp, origin = fingerprint(sizes), f"{project}/{run_id}"

    def read(writer: RunWriter) -> RunFacts:
        return _Reading(writer).read(paths)

    return ForeignRun(where, ours, project, stamp, read, origin=origin)


class _Reading:
    """Reads the logs of one run, oldest first."""

    def __init__(self, writer: RunWriter) -> None:
        self._writer = writer
        self._history = History(writer, _FOLDER)
        self._run: Dict[int, Field] = {}
        self._tags: List[str] = []
        self._config: Dict[str, bytes] = {}
        self._summary: Dict[str, bytes] = {}
        self._user = self._python = ""
        self._system = SystemSeries()
        self._packages: Optional[PackageList] = None
        self._exit: Optional[int] = None
        self._started = 0
        self._terminal: List[bytes] = []

    def read(self, paths: List[Path]) -> RunFacts:
        """Write what the logs hold, and the files beside them."""
        for path in paths:
            self._exit = None
            self._read_log(path)
        self._history.finish(self._summary)
        self._system.finish(self._writer)
        kept = [self._copy(path.parent / "files") for path in paths]
        for path in paths:
            self._packages = installed(path.parent / "files", self._python) or self._packages
        if self._terminal and not any(kept):
            self._writer.add_content(STD_LOG, b"".join(self._terminal))
        return self._facts()

    def _read_log(self, path: Path) -> None:
        take = {_HISTORY: self._history.take, _SUMMARY: self._take_summary, _RUN: self._take_run,
                _CONFIG: self._take_config, _EXIT: self._take_exit, _OUTPUT: self._take_line,
                _RAW: self._take_line, _ENVIRONMENT: self._take_environment,
                _STATS: self._system.take}  # fmt: skip
        for record in read_log(path):
            for number, value in fields(record):
                taker = take.get(number)
                if taker is not None and isinstance(value, bytes):
                    taker(value)

    def _take_run(self, data: bytes) -> None:
        self._run = message(data)
        self._tags = [_decoded(value) for number, value in fields(data) if number == _TAG]
        config = self._run.get(_RUN_CONFIG)
        if isinstance(config, bytes):
            self._config.update(items(config))
        began = self._run.get(_STARTED)
        if isinstance(began, bytes) and not self._started:
            moment = message(began)
            self._started = int(moment.get(1, 0)) * 10**9 + int(moment.get(2, 0))

    def _take_config(self, data: bytes) -> None:
        self._config.update(items(data))

    def _take_summary(self, data: bytes) -> None:
        self._summary.update(items(data))

    def _take_exit(self, data: bytes) -> None:
        self._exit = int(message(data).get(1, 0))

    def _take_line(self, data: bytes) -> None:
        line = message(data).get(_LINE)
        if isinstance(line, bytes):
            self._terminal.append(line)

    def _take_environment(self, data: bytes) -> None:
        known = message(data)
        self._user = _text(known, _USER) or self._user
        self._python = _text(known, _PYTHON) or self._python
        self._system.take_environment(data)

    def _copy(self, folder: Path) -> bool:
        """W&B's files; the terminal's goes where that of our runs is. Whether there was one."""
        if not folder.is_dir():
            return False
        self._writer.add_folder(_FOLDER, folder)
        output = folder / "output.log"
        if not output.is_file() or not output.stat().st_size:
            return False
        self._writer.add_file(STD_LOG, output)
        return True

    def _facts(self) -> RunFacts:
        labels = {key: _text(self._run, number) for key, number in _LABELS.items()}
        tags = {**dict.fromkeys(self._tags), **{key: v for key, v in labels.items() if v}}
        ended = {None: status.CANCELED, 0: status.COMPLETED}.get(self._exit, status.FAILED)
        reason = None if ended == status.COMPLETED else f"Its exit code was {self._exit}."
        return RunFacts(
            started=self._started or self._history.time,
            status=ended,
            reason=NOT_ENDED if self._exit is None else reason,
            name=_text(self._run, _NAME) or _text(self._run, _ID),
            description=_text(self._run, _NOTES) or None,
            user=self._user,
            host=_text(self._run, _HOST),
            params=self._params(),
            tags=tags,
            git=self._git(),
            packages=self._packages,
        )

    def _params(self) -> Dict[str, str]:
        found: Dict[str, str] = {}
        for name, text in self._config.items():
            if name.split(".")[0] != "_wandb":
                found.update(flat(name, json.loads(text)))
        return found

    def _git(self) -> Dict[str, str]:
        data = self._run.get(_GIT)
        if not isinstance(data, bytes):
            return {}
        known = message(data)
        found = {"repository": _text(known, 1), "commit": _text(known, 2)}
        return {key: value for key, value in found.items() if value}


def _text(values: Dict[int, Field], number: int) -> str:
    return _decoded(values.get(number, b""))


def _decoded(value: Field) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
