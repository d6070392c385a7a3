"""What a job used: ``RUN/system``, the same records as metrics, but no metrics of the run.

Source: docs/run-folder.md (ours).
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence

from ml_jupyter import _ids
from ml_jupyter._files import storage_failed
from ml_jupyter.history import metrics, stream
from ml_jupyter.history.append import Appender
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.history.metrics import FLOAT, MARK, NO_STEP, RECORD_BYTES, Series, pack_float

_KIND = FLOAT | NO_STEP
_AT_ONCE = 1 << 15


@dataclass(frozen=True)
class Channel:
    """One series of ``RUN/system``.

    Attributes
    ----------
    name : str
        ``cpu``, ``memory``, ``gpu.0.utilization`` …
    unit : str
        ``%``, ``bytes``, ``bytes/s``, ``°C``, ``W``, or empty for a number of things.
    label : str
        For people.
    full : float, optional
        The machine's full scale, in the unit; None: there is none.
    gpu : str, optional
        UUID of the GPU that it is about.
    """

    name: str
    unit: str
    label: str
    full: Optional[float] = None
    gpu: Optional[str] = None


class SystemLog:
    """Appends samples; for the one process that takes them.

    Parameters
    ----------
    layout : RunLayout
        The run's folder.
    """

    def __init__(self, layout: RunLayout) -> None:
        self._folder = folder_of(layout)
        self._names: Optional[Appender] = None
        self._files: Dict[str, Appender] = {}

    def note(self, **facts: Any) -> None:
        """Write facts of the sampling down; the last value of a key counts."""
        self._write_name(facts)

    def append(self, channel: Channel, time: int, value: float) -> None:
        """Append a sample.

        Parameters
        ----------
        channel : Channel
            Described in ``names`` at its first sample.
        time : int
            Nanoseconds since the Unix epoch.
        value : float
            In the channel's unit.

        Raises
        ------
        StorageFailed
            The system refused to write.
        """
        file = self._files.get(channel.name)
        if file is None:
            file = self._new(channel)
        file.append(pack_float(0, time, value, _KIND, MARK))

    def append_many(self, channel: Channel, times: Sequence[int], values: Sequence[float]) -> None:
        """Append samples that were taken long ago, oldest first; as ``append`` otherwise."""
        file = self._files.get(channel.name) or self._new(channel)
        for first in range(0, len(times), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            samples = zip(times[part], values[part])
            file.append(b"".join(pack_float(0, *sample, _KIND, MARK) for sample in samples))

    def close(self) -> None:
        """Close the descriptors."""
        for file in self._files.values():
            file.close()
        if self._names is not None:
            self._names.close()

    def _new(self, channel: Channel) -> Appender:
        key = _ids.metric_file(channel.name)
        facts = {"h": key, "n": channel.name, "shape": "scalar"}
        rest = {"unit": channel.unit, "label": channel.label}
        self._write_name({**facts, **rest, "full": channel.full, "gpu": channel.gpu})
        file = self._files[channel.name] = Appender(self._folder / key, RECORD_BYTES)
        return file

    def _write_name(self, entry: Mapping[str, Any]) -> None:
        if self._names is None:
            try:
                os.makedirs(str(self._folder), exist_ok=True)
            except OSError as error:
                raise storage_failed(error, self._folder) from error
            self._names = Appender(self._folder / "names")
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"
        self._names.append(line.encode("utf-8"))


@dataclass
class SystemNames:
    """What ``system/names`` says: the channels in the order of their first sample, and facts."""

    channels: Dict[str, Channel] = field(default_factory=dict)
    facts: Dict[str, Any] = field(default_factory=dict)

    @property
    def gpus(self) -> List[Dict[str, Any]]:
        """``label``, ``uuid``, ``name``, ``memory_total`` of each GPU of the run."""
        found = self.facts.get("gpus")
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def folder_of(layout: RunLayout) -> Path:
    """The folder of a run's system series, which is there once a sample was taken."""
    return layout.path / "system"


def sizes(layout: RunLayout) -> Dict[str, int]:
    """Bytes of each file of ``RUN/system``: they tell whether there is anything new."""
    try:
        with os.scandir(str(folder_of(layout))) as scan:
            return {entry.name: entry.stat().st_size for entry in scan}
    except (FileNotFoundError, NotADirectoryError):
        return {}


def read_names(layout: RunLayout) -> SystemNames:
    """The channels of a run; none for a run that was never sampled."""
    found = SystemNames()
    data = stream.read(folder_of(layout) / "names")
    for line in data[: data.rfind(b"\n") + 1].splitlines():
        entry = metrics.parse_line(line)
        if entry is None:
            continue
        if "h" not in entry:
            found.facts.update(entry)
        elif isinstance(entry.get("n"), str):
            found.channels.setdefault(entry["n"], _channel(entry))
    return found


def read_series(layout: RunLayout, name: str, offset: int = 0, first_index: int = 0) -> Series:
    """The samples of a channel from byte ``offset`` on; empty when there are none."""
    path = folder_of(layout) / _ids.metric_file(name)
    return metrics.read_series(path, lambda _: None, offset, first_index)


def _channel(entry: Mapping[str, Any]) -> Channel:
    full, gpu = entry.get("full"), entry.get("gpu")
    return Channel(
        name=entry["n"],
        unit=str(entry.get("unit", "")),
        label=str(entry.get("label", entry["n"])),
        full=float(full) if isinstance(full, (int, float)) else None,
        gpu=gpu if isinstance(gpu, str) else None,
    )
