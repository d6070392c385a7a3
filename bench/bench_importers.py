"""Bringing in the history of other tools: a million points each, in their own files."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rows import Row
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.importers import import_mlflow, import_tensorboard

POINTS = 1_000_000
BAR_S = 20.0
BEGAN_S = 1_700_000_000


def rows(full: bool) -> Iterator[Row]:
    """All rows of this part."""
    with tempfile.TemporaryDirectory(prefix="mlj-bench-") as folder:
        root = Path(folder)
        yield measured("TensorBoard events", import_tensorboard, event_files(root / "logs"), root)
        yield measured("MLflow's file store", import_mlflow, file_store(root / "mlruns"), root)


def measured(what: str, bring: Callable[..., object], source: Path, root: Path) -> Row:
    """The time to bring in a source, into a workspace of its own."""
    workspace = WorkspaceFolder.create(root / what, "bench")
    begun = time.perf_counter()
    points = bring(source, workspace).points  # type: ignore[attr-defined]
    took = time.perf_counter() - begun
    assert points == POINTS, points
    return Row(f"1,000,000 points of {what}", took, "s", BAR_S, "the bar is 'seconds'")


def event_files(folder: Path) -> Path:
    """A thousand points an event."""
    folder.mkdir()
    value = Summary.Value(tag="loss", simple_value=0.5)
    with open(folder / "events.out.tfevents.1.host", "wb") as file:
        writer = RecordWriter(file)
        for step in range(POINTS // 1000):
            event = Event(
                step=step, wall_time=BEGAN_S + step, summary=Summary(value=[value] * 1000)
            )
            writer.write(event.SerializeToString())
    return folder


def file_store(folder: Path) -> Path:
    """One run with one metric, a line a point: milliseconds, value, step."""
    run = folder / "1" / "0123456789abcdef0123456789abcdef"
    (run / "metrics").mkdir(parents=True)
    (folder / "1" / "meta.yaml").write_text(
        "artifact_location: mlruns/1\nexperiment_id: '1'\nlifecycle_stage: active\nname: digits\n"
    )
    (run / "meta.yaml").write_text(
        f"artifact_uri: mlruns/1/{run.name}/artifacts\nend_time: {BEGAN_S}000\n"
        f"experiment_id: '1'\nlifecycle_stage: active\nrun_id: {run.name}\nrun_name: first\n"
        f"run_uuid: {run.name}\nsource_type: 4\nstart_time: {BEGAN_S}000\nstatus: 3\nuser_id: ada\n"
    )
    with open(run / "metrics" / "loss", "w", encoding="utf-8") as file:
        file.writelines(f"{BEGAN_S}{at % 1000:03} {1 / (at + 1)} {at}\n" for at in range(POINTS))
    return folder
