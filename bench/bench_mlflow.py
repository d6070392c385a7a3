"""Side by side with MLflow on SQLite, in one run: logging, children, reading back.

MLflow lives in a virtual environment of its own (``.venv-mlflow``, made on first use), so that
its packages do not meet ours. ``ML_JUPYTER_BENCH_MLFLOW`` names a Python that has it instead.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path

from rows import Row

MLFLOW = "mlflow-skinny==3.17.2"
ROOT = Path(__file__).parent.parent
POINTS, CHILDREN, HISTORY = 1_000, 50, 20_000

PEER = f"""
import json, os, sys, time
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
import mlflow
from mlflow.entities import Metric
from mlflow.tracking import MlflowClient
mlflow.set_tracking_uri("sqlite:///" + sys.argv[1] + "/mlflow.db")
mlflow.set_experiment("bench")
out = {{}}
with mlflow.start_run() as run:
    mlflow.log_metric("warm", 0.0)
    start = time.perf_counter()
    for i in range({POINTS}):
        mlflow.log_metric("loss", i * 0.5, step=i)
    out["log"] = (time.perf_counter() - start) / {POINTS}
    start = time.perf_counter()
    for i in range({CHILDREN}):
        with mlflow.start_run(nested=True):
            mlflow.log_metric("value", i)
    out["child"] = (time.perf_counter() - start) / {CHILDREN}
    client = MlflowClient()
    for at in range(0, {HISTORY}, 1000):
        batch = [Metric("history", i * 0.5, 0, i) for i in range(at, at + 1000)]
        client.log_batch(run.info.run_id, metrics=batch)
    start = time.perf_counter()
    found = client.get_metric_history(run.info.run_id, "history")
    out["read"] = (time.perf_counter() - start) / len(found)
if len(sys.argv) > 2:
    mlflow.set_tracking_uri(sys.argv[2])
    mlflow.set_registry_uri(sys.argv[2])
    mlflow.set_experiment("plugin")
    with mlflow.start_run():
        mlflow.log_metric("warm", 0.0)
        start = time.perf_counter()
        for i in range({POINTS}):
            mlflow.log_metric("loss", i * 0.5, step=i)
        out["plugin"] = (time.perf_counter() - start) / {POINTS}
print(json.dumps(out))
"""


def rows(full: bool) -> Iterator[Row]:
    """MLflow's time over ours; only in a full run, or when asked for by name."""
    if not full and "mlflow" not in sys.argv:
        return
    with tempfile.TemporaryDirectory() as folder:
        address, variables = plugin(Path(folder))
        command = [str(peer_python()), "-c", PEER, folder, address]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
        theirs = json.loads(done.stdout.splitlines()[-1])
        ours = measure(Path(folder))
    figures = f"MLflow {theirs['log'] * 1e6:,.1f} µs, ours {theirs['plugin'] * 1e6:,.1f} µs"
    what = f"mlflow.log_metric(): on SQLite over on a workspace ({POINTS:,} calls)"
    yield Row(what, theirs["log"] / theirs["plugin"], "x", 20, figures, at_most=False)
    for key, what, bar in (
        ("log", f"log(): MLflow's time over ours ({POINTS:,} calls)", 100),
        ("child", f"a child run with a metric, its end on disk ({CHILDREN})", 4),
        ("read", f"reading back a point ({HISTORY:,})", 50),
    ):
        figures = f"MLflow {theirs[key] * 1e6:,.1f} µs, ours {ours[key] * 1e6:,.2f} µs"
        yield Row(what, theirs[key] / ours[key], "x", bar, figures, at_most=False)


def plugin(folder: Path) -> tuple[str, dict[str, str]]:
    """A workspace for MLflow: its address, and the variables by which MLflow finds our plugin."""
    from ml_jupyter._mlflow_address import address_of
    from ml_jupyter._mlflow_plugin import write_plugin
    from ml_jupyter.history.workspace import WorkspaceFolder

    path = folder / "python"
    path.mkdir()
    (path / "ml_jupyter").symlink_to(ROOT / "ml_jupyter")
    write_plugin(path)
    workspace = WorkspaceFolder.create(folder / "plugin", "plugin")
    return address_of(workspace.layout.root), {**os.environ, "PYTHONPATH": str(path)}


def measure(folder: Path) -> dict[str, float]:
    """The same three with this package, in seconds a call."""
    from ml_jupyter import Experiment, Workspace

    out = {}
    workspace = Workspace.create("bench-mlflow", location=str(folder / "workspace"))
    run = Experiment(workspace, "bench").start_logging(outputs=False, snapshot_directory=None)
    run.log("warm", 0.0)
    start = time.perf_counter()
    for i in range(POINTS):
        run.log("loss", i * 0.5, step=i)
    out["log"] = (time.perf_counter() - start) / POINTS
    start = time.perf_counter()
    for i in range(CHILDREN):
        with run.child_run() as child:
            child.log("value", i)
    out["child"] = (time.perf_counter() - start) / CHILDREN
    run.log_list("history", [i * 0.5 for i in range(HISTORY)])
    start = time.perf_counter()
    found = run.get_metrics("history")["history"]
    out["read"] = (time.perf_counter() - start) / len(found)
    run.complete()
    return out


def peer_python() -> Path:
    """A Python that has MLflow."""
    named = os.environ.get("ML_JUPYTER_BENCH_MLFLOW")
    if named:
        return Path(named)
    folder = ROOT / ".venv-mlflow"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        packages = [MLFLOW, "sqlalchemy", "alembic"]
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
    return python
