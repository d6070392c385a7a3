"""What a kernel answers to a widget's page: a closed list of verbs about runs."""

from __future__ import annotations

import base64
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ml_jupyter._files import confine
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history import stream
from ml_jupyter.history.index import Index
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.summary import MetricSummaries
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.submit import cancel
from ml_jupyter.sdk import artifacts, views

_MOST_BYTES = 4 * 1024 * 1024
_MOST_RUNS = 1000
_KEPT_RUNS = 16
_LEAST_POINTS = 5


class Answers:
    """Answers questions; each verb takes and gives what ``docs/http-api.md`` says.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Where the runs are.
    run_id : str
        The run that a question means when it names none.
    settings : Settings
        Where index and dispatcher are.
    """

    def __init__(self, workspace: WorkspaceFolder, run_id: str, settings: Settings) -> None:
        self._workspace = workspace
        self._run_id = run_id
        self._settings = settings
        self._index: Index | None = None
        self._kept: OrderedDict[str, tuple[RunFolder, MetricSummaries]] = OrderedDict()
        self._turn = threading.RLock()
        self._verbs: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
            "run": self._run,
            "runs": self._runs,
            "metrics": self._metrics,
            "log": self._log,
            "files": self._files,
            "system": self._system,
            "cancel": self._cancel,
        }

    def answer(self, verb: str, args: Mapping[str, Any]) -> Any:
        """The answer as JSON.

        Raises
        ------
        UserErrorException
            An unknown verb or argument.
        RunNotFound
            No such run.
        """
        if verb not in self._verbs:
            known = ", ".join(self._verbs)
            raise UserErrorException(f"Unknown verb {verb!r}.", hint=f"Known verbs: {known}.")
        return self._verbs[verb](args)

    def folder(self, args: Mapping[str, Any]) -> RunFolder:
        """The run that ``args`` names; kept open, so that a later question reads only what is new.

        Raises
        ------
        RunNotFound
            There is none, or it was deleted.
        """
        return self._keep(args)[0]

    def file(self, args: Mapping[str, Any]) -> Path:
        """The file of a run that ``args`` names, existing or not.

        Raises
        ------
        PathOutside
            Its name, or a link, leads out of the run.
        """
        name = artifacts.check_name(args.get("path", ""))
        return confine(self.folder(args).layout.path, f"files/{name}")

    def _run(self, args: Mapping[str, Any]) -> Any:
        with self._turn:
            folder, summaries = self._keep(args)
            row = self._opened().get(folder.id)
            return views.run_detail(self._workspace, folder, row=row, summaries=summaries)

    def _keep(self, args: Mapping[str, Any]) -> tuple[RunFolder, MetricSummaries]:
        run_id = str(args.get("run") or self._run_id)
        with self._turn:
            found = self._kept.get(run_id)
            if found is None or not found[0].layout.record.exists():
                self._kept.pop(run_id, None)
                folder = self._workspace.run(run_id)
                found = self._kept[run_id] = (folder, MetricSummaries(folder))
                while len(self._kept) > _KEPT_RUNS:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(run_id)
            return found

    def _runs(self, args: Mapping[str, Any]) -> Any:
        page = self._opened().query(_query(args))
        runs = [views.run_summary(self._workspace, row) for row in page.rows]
        return {"runs": runs, "total": page.total}

    def _metrics(self, args: Mapping[str, Any]) -> Any:
        return views.metric_series(
            self.folder(args),
            args.get("names"),
            int(args.get("points") or 1000),
            args.get("x_min"),
            args.get("x_max"),
        )

    def _system(self, args: Mapping[str, Any]) -> Any:
        return views.system_json(
            self.folder(args),
            args.get("names"),
            max(_LEAST_POINTS, int(args.get("points") or 1000)),
            args.get("x_min"),
            args.get("x_max"),
        )

    def _log(self, args: Mapping[str, Any]) -> Any:
        path = self.file(args)
        end = stream.size(path)
        offset = int(args.get("offset", 0))
        offset = max(0, end + offset) if offset < 0 else offset
        length = min(int(args.get("length", 65536)), _MOST_BYTES)
        data = stream.read(path, offset, max(0, length))
        return {"offset": offset, "end": end, "data": base64.b64encode(data).decode("ascii")}

    def _files(self, args: Mapping[str, Any]) -> Any:
        return views.files_json(self.folder(args))

    def _cancel(self, args: Mapping[str, Any]) -> Any:
        cancel(self.folder(args), self._settings)
        return self._run(args)

    def _opened(self) -> Index:
        if self._index is None:
            self._index = Index(self._workspace, self._settings.cache)
        return self._index


def _query(args: Mapping[str, Any]) -> RunQuery:
    return RunQuery(
        text=args.get("text"),
        status=tuple(args.get("status") or ()),
        experiment=args.get("experiment"),
        user=args.get("user"),
        tags=[_label(str(item)) for item in args.get("tag") or ()],
        parent=args.get("parent"),
        top_level=bool(args.get("top_level", True)),
        archived=args.get("archived"),
        sort=str(args.get("sort") or "-created"),
        limit=min(int(args.get("limit") or 50), _MOST_RUNS),
        offset=int(args.get("offset") or 0),
    )


def _label(text: str) -> Any:
    key, mark, value = text.partition("=")
    return {key: value} if mark else key
