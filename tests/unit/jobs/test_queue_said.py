"""Reasons are kept for good, so only news is written."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from ml_jupyter import _time
from ml_jupyter.history import records, status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.dispatcher_reasons import SaidReasons


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    workspace = WorkspaceFolder.create(tmp_path / "workspace", "lab")
    experiment = workspace.create_experiment("digits")
    return workspace.create_run(experiment, "r", records.SCRIPT, status.QUEUED)


def reason(gigabytes: float, hours: int, name: str = "eda.ipynb") -> str:
    return f'GPU 1: {gigabytes} GB held by pid 4121, the notebook "{name}" (idle {hours} h).'


def test_sizes_and_durations_are_written_less_and_less_often(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr(_time, "monotonic", lambda: now)
    said = SaidReasons()
    written = []
    for second in range(0, 14_400, 20):
        now = 1_000.0 + second
        before = run.state().reason
        said.say({"r": reason(18 + second / 1e6, second // 3600)}, {"r": run})
        if run.state().reason != before:
            written.append(second)
    assert written[:60] == list(range(0, 3_600, 60))
    assert {late - early for early, late in pairwise(written[60:])} == {600}


def test_another_holder_is_written_at_once(run: RunFolder) -> None:
    said = SaidReasons()
    for name in ("a.ipynb", "b.ipynb"):
        said.say({"r": reason(1, 1, name)}, {"r": run})
        assert run.state().reason == reason(1, 1, name)


def test_what_stands_there_already_is_not_written_again(run: RunFolder) -> None:
    run.set_reason(reason(1, 1))
    size = run.layout.events.stat().st_size
    SaidReasons().say({"r": reason(1, 1)}, {"r": run})
    assert run.layout.events.stat().st_size == size


def test_a_run_that_waits_again_is_told_again(run: RunFolder) -> None:
    said = SaidReasons()
    said.say({"r": reason(1, 1)}, {"r": run})
    said.keep_only({})
    run.set_reason("Building environment 'e'.")
    said.say({"r": reason(1, 1)}, {"r": run})
    assert run.state().reason == reason(1, 1)
