"""What an exported run holds, and sentences about what was left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterable, List

from ml_jupyter._files import confine
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import stream
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import snapshot
from ml_jupyter.sdk import views
from ml_jupyter.sdk.export.blobs import Blobs
from ml_jupyter.sdk.views.files import log_files
from ml_jupyter.sdk.views.series import MOST_POINTS, points_each

MIB = 1024 * 1024
LOG_BYTES = 20 * MIB
FILE_BYTES = MIB
ALL_LOG_BYTES, ALL_FILE_BYTES, ALL_CODE_BYTES = 64 * MIB, 16 * MIB, 16 * MIB
_CHILDREN, _FILES = 200, 2000


class Content:
    """Reads runs for one page, within the limits of the whole page.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Where the runs are.
    run_count : int
        Number of runs that will be read; the points are shared among them.
    """

    def __init__(self, workspace: WorkspaceFolder, run_count: int) -> None:
        self._workspace = workspace
        self._runs = run_count
        self._logs = Blobs("log", ALL_LOG_BYTES)
        self._files = Blobs("file", ALL_FILE_BYTES)
        self._code = Blobs("code", ALL_CODE_BYTES)
        self.cut: List[str] = []

    def read(self, run: RunFolder) -> Dict[str, Any]:
        """Everything of a run; contents are named by their elements."""
        detail = views.run_detail(self._workspace, run, can_write=False)
        name = f"{detail['display_name']} {detail['number']}"
        return {
            "run": detail,
            "metrics": self._metrics(run, name),
            "system": views.system_json(run, points=2000) if detail["resources"] else None,
            "children": self._children(run, name),
            "logs": self._read_logs(run, name),
            **self._read_files(run, name),
            "code": self.read_code(run, name),
            "packages": views.packages_json(self._workspace, run),
        }

    def read_code(self, run: RunFolder, name: str) -> Dict[str, Any]:
        """The files of a run's snapshot."""
        layout, snapshot_id = self._workspace.layout, run.record.snapshot_id
        try:
            files = snapshot.read_tree(layout, snapshot_id)["files"] if snapshot_id else []
        except MlJupyterError as error:
            self.cut.append(f"{name}: the code is lost ({error}).")
            files = []
        listed, left = [], 0
        for path, _, size, digest in files[:_FILES]:
            found = {"path": path, "size": size, "digest": digest, "blob": None}
            if size <= FILE_BYTES and snapshot_id:
                source = snapshot.read_file(layout, snapshot_id, path)
                found["blob"] = self._code.add(stream.read(source))
            left += found["blob"] is None
            listed.append(found)
        if left:
            self.cut.append(f"{name}: {left} source files are too large and only listed.")
        return {"snapshot_id": snapshot_id, "files": listed, "truncated": len(files) > _FILES}

    def summary(self, run: RunFolder) -> Dict[str, Any]:
        """The run in one line."""
        row = views.run_row(self._workspace, run)
        return views.run_summary(self._workspace, row, can_write=False)

    def elements(self) -> Iterable[str]:
        """Elements of the page for what was read since the last call."""
        for blobs in (self._logs, self._files, self._code):
            yield from blobs.taken()

    def _metrics(self, run: RunFolder, name: str) -> List[Dict[str, Any]]:
        names = list(run.metric_names())
        points = points_each(MOST_POINTS, len(names) * self._runs)
        found = views.metric_series(run, names, points)
        thinned = sum(bool(item.get("downsampled")) for item in found)
        if thinned:
            self.cut.append(
                f"{name}: {thinned} of {len(found)} metrics are thinned to {points:,} points."
            )
        cut = sum(item["count"] > len(item["entries"]) for item in found if "entries" in item)
        if cut:
            self.cut.append(f"{name}: of {cut} metrics only the newest entries are here.")
        return found

    def _children(self, run: RunFolder, name: str) -> List[Dict[str, Any]]:
        found = []
        children = run.state().children
        for child in children[::-1][:_CHILDREN]:
            try:
                folder = self._workspace.run(child, run.record.experiment_id)
                found.append(self.summary(folder))
            except MlJupyterError:  # deleted meanwhile
                continue
        if len(children) > _CHILDREN:
            self.cut.append(f"{name}: the newest {_CHILDREN} of {len(children)} children are here.")
        return found

    def _read_logs(self, run: RunFolder, name: str) -> Dict[str, Any]:
        found: Dict[str, Any] = {}
        for path in log_files(run):
            place = _place(run, path)
            end = stream.size(place)
            data = stream.read(place, max(0, end - LOG_BYTES), LOG_BYTES)
            start = end - len(data)
            if start > 0:
                first = data.find(b"\n") + 1  # from the start of a line
                start, data = start + first, data[first:]
                self.cut.append(
                    f"{name}: of {path} the last {len(data) / MIB:.0f} of {end / MIB:,.0f} MiB "
                    "are here."
                )
            blob = self._logs.add(data)
            if blob is None:
                self.cut.append(f"{name}: {path} did not fit.")
                continue
            found[path] = {"start": start, "end": end, "blob": blob}
        return found

    def _read_files(self, run: RunFolder, name: str) -> Dict[str, Any]:
        listing = views.files_json(run, _FILES)
        logs = set(log_files(run))
        left = 0
        for item in listing["files"]:
            item["blob"] = None
            if item["path"] not in logs and item["size"] <= FILE_BYTES:
                item["blob"] = self._files.add(stream.read(_place(run, item["path"])))
            left += item["blob"] is None and item["path"] not in logs
        if left:
            self.cut.append(f"{name}: {left} files are too large and only listed.")
        return {"files": listing}


def _place(run: RunFolder, path: str) -> Path:
    return confine(run.layout.path, f"files/{path}")
