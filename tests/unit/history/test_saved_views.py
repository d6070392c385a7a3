"""Saved views in a workspace's folder: never half written, never silently overwritten."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from ml_jupyter.exceptions import UserErrorException, ViewChanged, ViewNotFound
from ml_jupyter.history import saved_views
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.saved_views import SavedViews


@pytest.fixture
def views(tmp_path):
    return SavedViews(WorkspaceLayout(tmp_path))


def test_a_view_comes_back_as_it_was_saved(views):
    made = views.create("compare", "  Which augmentation ", {"runs": ["a", "b"], "new": 1}, "mara")
    assert views.get(made.id) == made
    assert (made.name, made.revision, made.user) == ("Which augmentation", 1, "mara")
    assert [item.id for item in views.all("compare")] == [made.id]
    assert views.all("experiments") == []


def test_a_change_needs_the_revision_that_was_read(views):
    made = views.create("compare", "one", {"runs": []}, "mara")
    changed = views.update(made.id, 1, "ben", name="two")
    assert (changed.name, changed.revision, changed.content) == ("two", 2, {"runs": []})
    with pytest.raises(ViewChanged, match="changed by ben") as caught:
        views.update(made.id, 1, "mara", content={"runs": ["x"]})
    assert caught.value.details["revision"] == 2
    assert views.get(made.id) == changed


def test_of_many_who_save_at_a_time_one_wins(views):
    made = views.create("compare", "one", {}, "")

    def save(n: int) -> bool:
        try:
            views.update(made.id, 1, f"user {n}", content={"n": n})
        except ViewChanged:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(save, range(8)))
    assert won.count(True) == 1
    assert views.get(made.id).content == {"n": won.index(True)}


def test_the_one_changed_last_is_first(views):
    first, second = (views.create("compare", name, {}, "") for name in "ab")
    views.update(first.id, 1, "", name="c")
    assert [item.id for item in views.all()] == [first.id, second.id]


@pytest.mark.parametrize("bad", ["", "nosuch", "../workspace", "a/b", "\0", "x" * 300])
def test_an_id_that_is_none_finds_nothing(views, bad):
    for act in (views.get, views.delete, lambda i: views.update(i, 1, "", name="x")):
        with pytest.raises(ViewNotFound):
            act(bad)


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "\0", "x" * 201])
def test_a_name_is_one_line(views, name):
    with pytest.raises(UserErrorException, match="cannot be called"):
        views.create("compare", name, {}, "")


def test_a_kind_nobody_knows_is_refused(views):
    with pytest.raises(UserErrorException, match="no kind of view 'other'"):
        views.create("other", "name", {}, "")


def test_limits_hold(views, monkeypatch):
    with pytest.raises(UserErrorException, match="more than"):
        views.create("compare", "name", {"text": "x" * saved_views.MOST_BYTES}, "")
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 1)
    views.create("compare", "name", {}, "")
    with pytest.raises(UserErrorException, match="Delete some"):
        views.create("compare", "name", {}, "")


def test_a_deleted_view_is_gone(views):
    made = views.create("compare", "one", {}, "")
    views.delete(made.id)
    with pytest.raises(ViewNotFound):
        views.get(made.id)
    with pytest.raises(ViewNotFound):
        views.delete(made.id)


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"format": "9.0"}', '{"format": "1.0"}', '{"format": "1.0", "name": 3}'],
)
def test_a_file_that_cannot_be_read_hides_no_other(views, tmp_path, text):
    made = views.create("compare", "one", {}, "")
    (tmp_path / "views" / "11111111-1111-1111-1111-111111111111.json").write_text(text)
    assert [item.id for item in views.all()] == [made.id]


def test_keys_of_a_newer_minor_version_are_passed_over(views, tmp_path):
    made = views.create("compare", "one", {}, "")
    path = tmp_path / "views" / f"{made.id}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": "1.9", "newer": True}))
    assert views.get(made.id).name == "one"
