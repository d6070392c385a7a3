"""Run folders written byte by byte as docs/run-folder.md describes them, by none of our writers."""

from __future__ import annotations

import json
import struct
from hashlib import blake2b
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence, Tuple

#: 2026-01-02T03:04:05Z, the time at which the runs of the suite are made.
T0 = 1_767_323_045_000_000_000
FLOAT, INT, BOOL, NONE, EVENT, NO_STEP = 1, 2, 3, 4, 5, 256
_RECORD = struct.Struct("<qq8sI4s")
#: What every ``run.json`` has that the format's first version wrote.
FACTS: Mapping[str, Any] = {
    "id": "digits_1767323045_0a1b2c3d",
    "number": 7,
    "experiment_id": "5f0c2b1e-0d3a-4c56-9a51-2f7f0c7d9a10",
    "experiment": "digits",
    "type": "azureml.scriptrun",
    "created": T0,
    "status": "Queued",
    "user": "mara",
    "host": "station",
}


class FolderOnDisk:
    """One run's folder in a workspace's folder, as somebody else has written it.

    Parameters
    ----------
    root : Path
        Where the workspace is made.
    **facts
        Further or other keys of ``run.json``; a value of None leaves the key as null.
    """

    def __init__(self, root: Path, **facts: Any) -> None:
        self.facts = {**FACTS, "format": "1.0", **facts}
        self.path = root / "runs" / self.facts["experiment_id"] / self.facts["id"]
        self.path.mkdir(parents=True)
        (self.path / "run.json").write_bytes(_json(self.facts))
        workspace_id = "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"
        workspace = {"id": workspace_id, "name": "lab", "created": T0, "format": "1.0"}
        (root / "workspace.json").write_bytes(_json(workspace))

    def event(self, kind: str, at_s: float = 0.0, **values: Any) -> int:
        """Append an event; its offset."""
        entry = {"e": kind, "t": T0 + int(at_s * 1e9), **values}
        return self.append("events", _json(entry) + b"\n")

    def states(self, *names: str) -> None:
        """Append a state a second."""
        for at, name in enumerate(names, 1):
            self.event("state", at, s=name)

    def metric(self, name: str, shape: Optional[str] = None) -> str:
        """Note the name of a metric; the path of its file."""
        file = blake2b(name.encode(), digest_size=8).hexdigest()
        entry = {"h": file, "n": name, "d": ""}
        if shape is not None:
            entry["shape"] = shape
        self.append("metrics/names", _json(entry) + b"\n")
        return f"metrics/{file}"

    def series(self, name: str, points: Sequence[Tuple[int, Any, Optional[int]]]) -> str:
        """Append points as (kind, value, step) to a metric; the path of its file."""
        path = self.metric(name)
        self.append(path, b"".join(record(*point) for point in points))
        return path

    def log(self, data: bytes) -> None:
        """Append to the terminal's log."""
        self.append("files/user_logs/std_log.txt", data)

    def append(self, name: str, data: bytes) -> int:
        """Append to a file of the run; the offset at which it begins."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        offset = path.stat().st_size if path.exists() else 0
        with path.open("ab") as stream:
            stream.write(data)
        return offset


def record(kind: int, value: Any, step: Optional[int] = None) -> bytes:
    """One 32-byte record of a series; ``value`` of kind EVENT is an offset in ``events``."""
    packed = struct.pack("<d", value) if kind == FLOAT else struct.pack("<q", int(value or 0))
    flag = NO_STEP if step is None else 0
    return _RECORD.pack(step or 0, T0, packed, kind + flag, b"mlj1")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
