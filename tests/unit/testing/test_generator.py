"""The generated workspace: the same for the same plan, true to its format, and fast."""

from __future__ import annotations

import math
import time
from hashlib import sha256
from pathlib import Path

import pytest

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.index import Index
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.query import RunQuery
from ml_jupyter.testing import generated_words
from ml_jupyter.testing.generator import GeneratedWorkspace, WorkspacePlan, generate

SMALL = WorkspacePlan(runs=60, live=3, huge_log_bytes=200_000, seed=3)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> GeneratedWorkspace:
    return generate(tmp_path_factory.mktemp("generated") / "ws", SMALL)


@pytest.fixture
def index(made, tmp_path) -> Index:
    index = Index(made.folder, tmp_path / "cache")
    yield index
    index.close()


def digest(root: Path) -> str:
    total = sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        total.update(path.relative_to(root).as_posix().encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def test_the_same_plan_gives_the_same_bytes(made, tmp_path):
    again = generate(tmp_path / "again", SMALL)
    assert digest(again.folder.layout.root) == digest(made.folder.layout.root)


def test_another_seed_gives_other_runs(made, tmp_path):
    other = generate(tmp_path / "other", WorkspacePlan(runs=60, live=3, seed=4))
    assert other.folder.id != made.folder.id
    assert digest(other.folder.layout.runs) != digest(made.folder.layout.runs)


def test_the_index_finds_every_run(made, index):
    everything = index.query(RunQuery(limit=1_000))
    assert everything.total == SMALL.runs
    assert made.total == len(list(made.folder.run_folders()))


def test_usual_runs_end_in_every_way(made):
    folders = [made.folder.run(run) for _, run in made.folder.run_folders()]
    assert {"Completed", "Failed", "Canceled", "Running", "Queued"} == {
        folder.state().status for folder in folders
    }
    assert len({folder.record.user for folder in folders}) == len(generated_words.PEOPLE)


def test_numbers_that_are_none(made):
    values = made.folder.run(made.run_id("not-numbers")).series("loss").values
    assert math.isinf(max(values[:40]))
    assert -math.inf in values
    assert math.isnan(values[-1])


def test_right_to_left_text_in_name_tags_metric_and_log(made):
    run = made.folder.run(made.run_id("right-to-left"))
    assert run.state().display_name == generated_words.RIGHT_TO_LEFT_NAME
    assert dict(run.state().tags) == generated_words.RIGHT_TO_LEFT_TAGS
    assert generated_words.RIGHT_TO_LEFT_METRIC in run.metric_names()
    assert "الدورة 30/30" in (run.layout.files / STD_LOG).read_text("utf-8")


def test_the_huge_log_is_as_long_as_asked_and_ends_as_said(made):
    log = made.folder.run(made.run_id("huge-log")).layout.files / STD_LOG
    assert SMALL.huge_log_bytes <= log.stat().st_size < 1.1 * SMALL.huge_log_bytes
    assert log.read_bytes().endswith(b"this is the very last line\n")


def test_children_lie_six_levels_deep(made, index):
    below = index.descendants(made.run_id("deep"))
    assert sorted(below) == [f"deep-level-{level}" for level in range(1, 7)]


def test_a_sweep_names_its_best_trial(made):
    state = made.folder.run(made.run_id("sweep")).state()
    assert state.facts["sweep"]["best"]["run_id"] in state.children
    ends = [made.folder.run(child).state().status for child in state.children]
    counted = state.facts["sweep"]
    assert ends.count("Failed") == counted["failed"]
    assert ends.count("Canceled") == counted["canceled"]
    assert ends.count("Completed") == counted["completed"]


def test_live_runs_are_owned_while_they_are_held(made):
    runs = [made.folder.run(run_id) for run_id in made.live]
    assert len(runs) == SMALL.live + 1
    with made.hold():
        assert not any(run.is_lost() for run in runs)
    assert all(run.is_lost() for run in runs)


def test_the_lost_run_is_lost(made):
    assert made.folder.run(made.run_id("lost")).is_lost()


def test_a_folder_that_holds_something_is_refused(tmp_path):
    (tmp_path / "precious").write_text("x")
    with pytest.raises(UserErrorException, match="is not empty"):
        generate(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_a_sweep_can_be_wide(tmp_path):
    plan = WorkspacePlan(runs=12, huge_log_bytes=0, trials=30, trial_metrics=3, trial_points=8)
    made = generate(tmp_path / "ws", plan)
    state = made.folder.run(made.run_id("sweep")).state()
    assert len(state.children) == 30
    assert state.facts["sweep"]["completed"] == 24
    assert len(made.folder.run(state.children[1]).metric_names()) == 3


@pytest.mark.parametrize(
    "change", [{"runs": 3}, {"runs": 13, "live": 2}, {"points": -1}, {"trials": 1}]
)
def test_plans_that_cannot_be(change):
    with pytest.raises(UserErrorException):
        WorkspacePlan(**change)


def test_an_unknown_remarkable_run_is_named_with_the_known_ones(made):
    with pytest.raises(UserErrorException, match=r"'nothing'.*right-to-left"):
        made.run_id("nothing")


@pytest.mark.full
def test_10_000_runs_take_well_under_a_minute(tmp_path):
    begun = time.monotonic()
    made = generate(tmp_path / "ws", WorkspacePlan(runs=10_000))
    assert time.monotonic() - begun < 40
    assert made.total > 10_000
