"""Child runs of this process (surface 4.7)."""

from __future__ import annotations

from typing import Any

import pytest

from ml_jupyter import Experiment, Run
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history import lock


@pytest.fixture
def parent(experiment: Experiment) -> Run:
    return experiment.start_logging(outputs=False, snapshot_directory=None)


def test_children_know_their_parent_and_end_by_themselves(parent: Run) -> None:
    assert parent.parent is None
    with parent.child_run(name="first") as child:
        child.log("x", 1)
        assert child.parent == parent
        assert child.experiment == parent.experiment
    assert (child.get_status(), parent.get_status()) == ("Completed", "Running")
    failed = parent.child_run()
    failed.fail("bad")
    canceled = parent.child_run()
    canceled.cancel()
    parent.complete()
    states = [run.status for run in parent.get_children()]
    assert states == ["Canceled", "Failed", "Completed"]
    assert parent.get_status() == "Completed"


def test_cancelling_a_parent_leaves_its_children(parent: Run) -> None:
    child = parent.child_run()
    parent.cancel()
    assert (parent.get_status(), child.get_status()) == ("Canceled", "Running")
    child.complete()
    assert child.get_status() == "Completed"


def test_get_children_is_an_iterator_and_create_children_a_list(parent: Run) -> None:
    """Surface 9.1 and 9.6."""
    made = parent.create_children(count=3)
    assert isinstance(made, list)
    assert [run.get_status() for run in made] == ["Running"] * 3
    assert [run.get_tags() for run in made] == [
        {"azureml.batch_child_number": str(i)} for i in range(3)
    ]
    found = parent.get_children()
    assert list(found) == made[::-1]
    assert list(found) == []
    for run in made:
        run.complete()
    parent.complete()


def test_a_batch_by_tag_values(parent: Run) -> None:
    made = parent.create_children(tag_key="fruit", tag_values=["apple", 2, None])
    assert [run.get_tags() for run in made] == [{"fruit": "apple"}, {"fruit": "2"}, {"fruit": None}]
    assert list(parent.get_children(tags={"fruit": 2})) == [made[1]]
    for run in made:
        run.complete()
    parent.complete()


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"count": 2, "tag_key": "a", "tag_values": [1]},
        {"tag_key": "a"},
        {"tag_values": [1]},
        {"count": 0},
        {"count": 1.5},
    ],
)
def test_a_batch_needs_exactly_one_way(parent: Run, arguments: dict[str, Any]) -> None:
    with pytest.raises(UserErrorException):
        parent.create_children(**arguments)
    assert list(parent.get_children()) == []
    parent.complete()


def test_descendants_by_filter(parent: Run) -> None:
    child = parent.child_run()
    grandchild = child.child_run()
    grandchild.tag("deep")
    assert list(parent.get_children(recursive=True)) == [grandchild, child]
    assert list(parent.get_children(recursive=True, tags="deep")) == [grandchild]
    assert list(parent.get_children(status="Completed")) == []
    assert list(parent.get_children(type="azureml.interactiverun")) == [child]
    for run in (grandchild, child, parent):
        run.complete()


def test_many_children_share_one_lock(parent: Run) -> None:
    before = len(lock._held)
    made = parent.create_children(count=200)
    assert len(lock._held) == before
    parent.complete()
    assert made[0].get_status() == "Running"
    for run in made:
        run.complete()
    assert len(lock._held) == before - 1


def test_children_of_a_run_of_another_process_hold_their_own_lock(parent: Run) -> None:
    parent.complete()
    reopened = Run.get(parent.experiment.workspace, parent.id)
    made = reopened.create_children(count=3)
    assert [run.get_status() for run in made] == ["Running"] * 3
    made[0].complete()
    assert made[1].get_status() == "Running"
    for run in made[1:]:
        run.complete()
    assert [run.get_status() for run in made] == ["Completed"] * 3


def test_the_root_is_found_by_going_up(parent: Run) -> None:
    def root_run(run: Run) -> Run:
        return run if run.parent is None else root_run(run.parent)

    grandchild = parent.child_run().child_run()
    root_run(grandchild).log("MyMetric", f"Data from child run {grandchild.id}")
    assert parent.get_metrics() == {"MyMetric": f"Data from child run {grandchild.id}"}
    for run in parent.get_children(recursive=True):
        run.complete()
    parent.complete()
