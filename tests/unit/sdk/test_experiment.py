"""Experiments: one of a name, archived ones hidden, queries by type, tag and property."""

from __future__ import annotations

import pytest

from ml_jupyter import Experiment, Run, Workspace
from ml_jupyter.exceptions import UserErrorException


@pytest.mark.parametrize("name", ["", "-x", "a b", "x" * 256, "ä"])
def test_bad_names_are_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(UserErrorException):
        Experiment(workspace, name)


def test_the_same_name_is_the_same_experiment(workspace: Workspace) -> None:
    first, second = Experiment(workspace, "e"), Experiment(workspace=workspace, name="e")
    assert first.id == second.id
    assert first == second
    assert first.workspace is workspace


def test_something_else_than_a_workspace_is_named() -> None:
    with pytest.raises(UserErrorException, match="workspace must be a Workspace, not str"):
        Experiment("ws", "e")  # type: ignore[arg-type]


def test_archiving_hides_and_refuses_new_runs(experiment: Experiment) -> None:
    workspace = experiment.workspace
    run = experiment.start_logging(outputs=False, snapshot_directory=None)
    run.complete()
    experiment.archive()
    assert Experiment.list(workspace) == []
    assert workspace.experiments == {}
    assert Experiment.list(workspace, view_type="ArchivedOnly") == [experiment]
    assert Experiment.list(workspace, view_type="All") == [experiment]
    assert Run.get(workspace, run.id) == run
    with pytest.raises(UserErrorException, match="archived"):
        experiment.start_logging()
    with pytest.raises(UserErrorException, match="view_type"):
        Experiment.list(workspace, view_type="Some")
    experiment.reactivate("renamed")
    assert list(workspace.experiments) == ["renamed"]


def test_tags_filter_the_list(workspace: Workspace) -> None:
    first, second = Experiment(workspace, "first"), Experiment(workspace, "second")
    first.tag("team", 7)
    second.set_tags({"team": "8", "plain": None})
    assert first.tags == {"team": "7"}
    assert Experiment.list(workspace, tags={"team": "7"}) == [first]
    assert Experiment.list(workspace, tags="plain") == [second]
    assert second.remove_tags(["team", "never"]) == {"plain": None}
    assert Experiment.list(workspace, experiment_name="second") == [second]


def test_only_an_empty_experiment_is_deleted(experiment: Experiment) -> None:
    empty = Experiment(experiment.workspace, "empty")
    experiment.start_logging(outputs=False, snapshot_directory=None).complete()
    with pytest.raises(UserErrorException, match="has runs"):
        Experiment.delete(experiment.workspace, experiment.id)
    Experiment.delete(experiment.workspace, empty.id)
    assert list(experiment.workspace.experiments) == [experiment.name]


def quick(experiment: Experiment, **tags: object) -> Run:
    run = experiment.start_logging(outputs=False, snapshot_directory=None)
    run.set_tags(tags)
    run.complete()
    return run


def test_runs_come_newest_first_through_an_iterator(experiment: Experiment) -> None:
    runs = [quick(experiment) for _ in range(3)]
    found = experiment.get_runs()
    assert next(found) == runs[2]
    assert list(found) == [runs[1], runs[0]]
    assert list(found) == []


def test_tags_and_properties_select(experiment: Experiment) -> None:
    great = quick(experiment, quality="great", rank=1)
    plain = quick(experiment, quality="good", plain=None)
    great.add_properties({"author": "mara"})
    assert list(experiment.get_runs(tags="quality")) == [plain, great]
    assert list(experiment.get_runs(tags={"rank": 1})) == [great]
    assert list(experiment.get_runs(tags={"plain": None})) == [plain]
    assert list(experiment.get_runs(tags={"quality": None})) == []
    assert list(experiment.get_runs(properties={"author": "mara"}, tags="quality")) == [great]
    assert list(experiment.get_runs(properties="author", tags={"quality": "good"})) == []
    with pytest.raises(UserErrorException, match="tags must be a dict"):
        next(experiment.get_runs(tags=3))


def test_type_status_and_children_select(experiment: Experiment) -> None:
    parent = experiment.start_logging(outputs=False, snapshot_directory=None)
    child = parent.child_run()
    other = Experiment(experiment.workspace, "other")
    outside = quick(other)
    assert list(experiment.get_runs()) == [parent]
    assert list(experiment.get_runs(include_children=True)) == [child, parent]
    assert list(experiment.get_runs(type="azureml.scriptrun")) == []
    assert list(Run.list(experiment, status="Running", include_children=True)) == [child, parent]
    assert list(Run.list(experiment, status=["Completed"])) == []
    assert list(experiment.workspace.get_runs()) == [outside, parent]
    with pytest.raises(UserErrorException, match="'Done' is not a state"):
        next(experiment.get_runs(status="Done"))
    child.complete()
    parent.complete()
