"""A workspace of 100,000 runs: every answer is right, and a lost index comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_jupyter.history import records
from ml_jupyter.history.index import Index
from ml_jupyter.history.query import RunQuery
from ml_jupyter.history.workspace import WorkspaceFolder

COUNT, BLOCK = 100_000, 1000

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> WorkspaceFolder:
    """Run i has rank i % 10 and, when i is a multiple of 100, loss i; only block 0 runs."""
    workspace = WorkspaceFolder.create(tmp_path_factory.mktemp("large") / "w", "large")
    experiments = [workspace.create_experiment(f"e{i}") for i in range(10)]
    for start in range(0, COUNT, BLOCK):
        numbers = range(start, start + BLOCK)
        state = "Running" if start == 0 else "Completed"
        made = workspace.create_runs(
            experiments[start // BLOCK % 10],
            [f"run-{i}" for i in numbers],
            records.SCRIPT,
            state,
            [{"tags": {"rank": str(i % 10)}, "display_name": f"net-{i}"} for i in numbers],
        )
        for i in range(0, BLOCK, 100):
            made[i].metric_log.log("loss", float(start + i))
            made[i].close()
    return workspace


def test_answers_over_100_000_runs(large: WorkspaceFolder, tmp_path: Path) -> None:
    index = Index(large, tmp_path / "cache")
    assert index.query(RunQuery(limit=1)).total == COUNT
    newest = index.query(RunQuery(limit=3, sort="-created")).rows
    assert [row.id for row in newest] == ["run-99999", "run-99998", "run-99997"]
    best = index.query(RunQuery(limit=3, sort="metric:loss"))
    assert [row.id for row in best.rows] == ["run-0", "run-100", "run-200"]
    assert index.query(RunQuery(limit=1, tags={"rank": "3"})).total == COUNT // 10
    assert index.query(RunQuery(limit=1, status=["Running"])).total == BLOCK
    assert index.query(RunQuery(limit=1, text="net-77")).total == 1111
    assert index.experiment_counts()[large.create_experiment("e0").id] == (10_000, BLOCK)
    last = index.query(RunQuery(limit=5, offset=COUNT - 2)).rows
    assert [row.id for row in last] == ["run-1", "run-0"]


def test_the_index_comes_back(large: WorkspaceFolder, tmp_path: Path) -> None:
    index = Index(large, tmp_path / "cache")
    before = index.query(RunQuery(limit=100, sort="-metric:loss")).rows
    index.close()
    index.path.write_bytes(b"damaged")
    assert (
        Index(large, tmp_path / "cache").query(RunQuery(limit=100, sort="-metric:loss")).rows
        == before
    )
