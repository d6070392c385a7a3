"""One run of a generated workspace: collected in memory, written in a few calls."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ml_jupyter import _ids
from ml_jupyter.history import events, packages, records
from ml_jupyter.history.layout import STD_LOG, RunLayout, WorkspaceLayout
from ml_jupyter.history.packages import PackageList
from ml_jupyter.history.records import RunRecord
from ml_jupyter.history.status import CANCELED, COMPLETED, FAILED, RUNNING, STARTING
from ml_jupyter.history.system_log import Channel, folder_of
from ml_jupyter.testing.generated_series import pack
from ml_jupyter.testing.generated_words import Failure


class GeneratedRun:
    """What a run's folder will hold.

    Parameters
    ----------
    record : RunRecord
        Becomes ``run.json``.
    begun, ended : int
        When the job ran, nanoseconds since the Unix epoch.
    """

    def __init__(self, record: RunRecord, begun: int, ended: int) -> None:
        self.record = record
        self.begun = begun
        self.ended = ended
        self._events = bytearray()
        self._files: dict[str, bytes] = {}
        self._packages: PackageList | None = None
        self._names: dict[str, list[bytes]] = {"metrics": [], "system": []}

    def event(self, kind: str, at: int, **values: Any) -> None:
        """Append an event."""
        self._events += events.encode(kind, at, **values)

    def start(self) -> None:
        """Let the run be running since ``begun``."""
        if self.record.status != RUNNING:
            self.event(events.STATE, self.begun - 200_000_000, s=STARTING)
            self.event(events.STATE, self.begun, s=RUNNING)

    def complete(self) -> None:
        """Let the run have ended well."""
        self.event(events.STATE, self.ended, s=COMPLETED, exit_code=0)

    def cancel(self, user: str) -> None:
        """Let the run have been stopped by a person."""
        self.event(events.STATE, self.ended, s=CANCELED, reason=f"Stopped by {user}.")

    def fail(self, failure: Failure) -> None:
        """Let the run have failed, with the error and its traceback in the log."""
        error = {"code": failure.code, "message": failure.message, "traceback": failure.traceback}
        facts = {"reason": failure.reason, "error": error, "exit_code": failure.exit_code}
        self.event(events.STATE, self.ended, s=FAILED, **facts)
        self._files[STD_LOG] = self._files.get(STD_LOG, b"") + failure.traceback.encode()

    def metric(self, name: str, values: Sequence[float], *, steps: bool = True) -> None:
        """Add a series of numbers, spread over the run's time."""
        self._name(
            "metrics", {"n": name, "d": ""}, pack(values, self.begun, self.ended, steps=steps)
        )

    def structured(self, name: str, shape: str, value: Any) -> None:
        """Add a row, table or chart."""
        entry = {"h": _ids.metric_file(name), "n": name, "shape": shape, "d": ""}
        self._names["metrics"].append(_line(entry))
        self.event(events.METRIC, self.ended, name=name, shape=shape, value=value)

    def used(self, channel: Channel, values: Sequence[float]) -> None:
        """Add what the job used of something."""
        facts = {"shape": "scalar", "unit": channel.unit, "label": channel.label}
        entry = {"n": channel.name, **facts, "full": channel.full, "gpu": channel.gpu}
        self._name("system", entry, pack(values, self.begun, self.ended, steps=False))

    def installed(self, found: PackageList) -> None:
        """Tell which packages were installed."""
        self._packages = found
        self.event(events.FACTS, self.begun, set={packages.FACT: found.fact()})

    def log(self, data: bytes) -> None:
        """Add to the terminal's log."""
        self.file(STD_LOG, self._files.get(STD_LOG, b"") + data)

    def file(self, name: str, data: bytes) -> None:
        """Add a file of the run, under the name that users see."""
        self._files[name] = data

    def write(self, workspace: WorkspaceLayout) -> RunLayout:
        """Write the run's folder; its layout."""
        layout = workspace.run(self.record.experiment_id, self.record.id)
        layout.path.mkdir(parents=True)
        layout.record.write_bytes(_line(records.to_json(self.record)))
        layout.events.write_bytes(self._events)
        if self._packages is not None:
            fact = self._packages.fact()
            packages.store(workspace, fact["digest"], self._packages.content())
        for folder, lines in ((layout.metrics, "metrics"), (folder_of(layout), "system")):
            if self._names[lines]:
                folder.mkdir()
                (folder / "names").write_bytes(b"".join(self._names[lines]))
        for name, data in self._files.items():
            path = layout.path / name if _is_series(name) else layout.files / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return layout

    def _name(self, folder: str, entry: Mapping[str, Any], data: bytes) -> None:
        key = _ids.metric_file(entry["n"])
        self._names[folder].append(_line({"h": key, **entry}))
        self._files[f"{folder}/{key}"] = data


def _is_series(name: str) -> bool:
    return name.startswith(("metrics/", "system/"))


def _line(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"
