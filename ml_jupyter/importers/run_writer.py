"""Writing a run's history at once: metrics, text, images, tables and files with their own times.

``MetricLog`` writes what happens now, each point in a system call of its own; here a million points
that happened long ago are packed into blocks (docs/run-folder.md has the format).
"""

from __future__ import annotations

import json
import os
import shutil
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Dict, Iterable, Optional, Tuple, Type

from ml_jupyter import _ids
from ml_jupyter._files import confine
from ml_jupyter.exceptions import ImportSourceInvalid, PathOutside
from ml_jupyter.history import events, metrics
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.history.system_log import SystemLog

_BLOCK = 1 << 20
_AT_ONCE = 1 << 16
_SCALAR = "scalar"


class RunWriter:
    """Writes one run that nobody else sees yet; a context manager.

    Parameters
    ----------
    layout : RunLayout
        An empty folder.

    Attributes
    ----------
    points, files : int
        How many were written.
    last : int
        The latest time of any point, in nanoseconds since the epoch; 0: there was none.
    system : SystemLog
        Takes what the run used.
    """

    def __init__(self, layout: RunLayout) -> None:
        self._layout = layout
        self._names: Dict[str, str] = {}
        self._blocks: Dict[str, bytearray] = {}
        self._paths: Dict[str, Path] = {}
        self._events: BinaryIO = open(layout.events, "wb")  # noqa: SIM115 (closed at exit)
        layout.metrics.mkdir()
        layout.files.mkdir()
        self.system = SystemLog(layout)
        self.points = self.files = self.last = 0

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._events.close()
        self.system.close()
        if kind is None:
            for name, block in self._blocks.items():
                self._flush(name, block)

    # -- metrics

    def add_points(self, name: str, points: Iterable[Tuple[int, int, float]]) -> None:
        """Add numbers: step, time in nanoseconds, value.

        Raises
        ------
        ImportSourceInvalid
            A step or a time does not fit 64 bits.
        """
        block, pack = self._series(name), metrics.pack_float
        found = iter(points)
        while True:
            several = list(islice(found, _AT_ONCE))
            if not several:
                return
            try:
                block += b"".join(
                    [pack(step, time, value, metrics.FLOAT, metrics.MARK)
                     for step, time, value in several]
                )  # fmt: skip
            except Exception as error:  # struct.error, which costs an import here
                raise ImportSourceInvalid(f"A point of metric {name!r} is no number.") from error
            self.points += len(several)
            self.last = max(self.last, several[-1][1])
            if len(block) > _BLOCK:
                self._flush(name, block)

    def add_point(self, name: str, step: int, time: int, value: float) -> None:
        """Add one number."""
        block = self._blocks.get(name)
        if block is None:
            block = self._series(name)
        block += metrics.pack_float(step, time, value, metrics.FLOAT, metrics.MARK)
        self.points += 1
        if time > self.last:
            self.last = time
        if len(block) > _BLOCK:
            self._flush(name, block)

    def add_text(self, name: str, step: int, time: int, text: str) -> None:
        """Add a text to a metric."""
        offset = self._events.tell()
        self.add_event(events.METRIC, time, name=name, value=text)
        block = self._series(name)
        block += metrics.pack_int(step, time, offset, metrics.EVENT, metrics.MARK)
        self.points += 1
        self.last = max(self.last, time)

    def add_structured(self, name: str, shape: str, step: int, time: int, value: Any) -> None:
        """Add an image (``{"path": …}``), a row or a table."""
        name = self._declare(name, shape)
        self.add_event(events.METRIC, time, name=name, shape=shape, value=value, step=step)
        self.last = max(self.last, time)

    def add_event(self, kind: str, time: int, **values: Any) -> None:
        """Add an event as docs/run-folder.md lists them."""
        self._events.write(events.encode(kind, time, **values))

    # -- files

    def add_file(self, name: str, source: Path) -> None:
        """Copy a file; a link is copied as what it leads to.

        Raises
        ------
        ImportSourceInvalid
            It cannot be read.
        """
        target = self._target(name)
        try:
            origin = open(source, "rb")  # noqa: SIM115 (closed below)
        except OSError as error:
            raise ImportSourceInvalid(f"{source} cannot be read: {error.strerror}.") from error
        with origin, open(target, "wb") as content:
            shutil.copyfileobj(origin, content, _BLOCK)
        self.files += 1

    def add_folder(self, name: str, source: Path) -> None:
        """Copy a folder's files below ``name``; links to folders are not followed."""
        for folder, _, names in os.walk(source):
            below = Path(folder).relative_to(source).as_posix()
            for item in names:
                path = Path(folder) / item
                if path.is_file():
                    parts = [part for part in (name, below, item) if part not in ("", ".")]
                    self.add_file("/".join(parts), path)

    def add_content(self, name: str, content: bytes) -> str:
        """Write a file that has no other yet of its name; the name that it got."""
        path = self._target(name)
        stem, ending, count = path.stem, path.suffix, 0
        while path.exists():
            count += 1
            path = path.with_name(f"{stem}_{count}{ending}")
        path.write_bytes(content)
        self.files += 1
        return path.relative_to(self._layout.files.resolve()).as_posix()

    def _target(self, name: str) -> Path:
        try:
            path = confine(self._layout.files, name)
        except PathOutside as error:
            raise ImportSourceInvalid(f"{name!r} cannot name a file of a run.") from error
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    # -- inside

    def _series(self, name: str) -> bytearray:
        block = self._blocks.get(name)
        if block is None:
            key = _ids.metric_file(self._declare(name, _SCALAR))
            self._paths[name] = self._layout.metrics / key
            block = self._blocks[name] = bytearray()
        return block

    def _declare(self, name: str, shape: str) -> str:
        """Fix the shape of a name; another name where it has another shape already."""
        known = self._names.get(name)
        if known == shape:
            return name
        if known is not None:
            return self._declare(f"{name} ({shape})", shape)
        self._names[name] = shape
        entry = {"h": _ids.metric_file(name), "n": name, "shape": shape}
        with open(self._layout.metric_names, "ab") as file:
            line = json.dumps(entry, ensure_ascii=False) + "\n"
            file.write(line.encode("utf-8", "surrogatepass"))
        return name

    def _flush(self, name: str, block: bytearray) -> None:
        with open(self._paths[name], "ab") as file:
            file.write(block)
        block.clear()
