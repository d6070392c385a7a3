"""A workspace that was copied here together with a notebook, and that nobody has opened here."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.history import records
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import registry


@pytest.fixture
def root(app) -> Path:
    """The server's root folder."""
    return app.services.root_dir


@pytest.fixture
def copied(root, tmp_path) -> WorkspaceFolder:
    """A workspace below the root in which a run waits; its notebook lies in ``study/week 1``."""
    made = WorkspaceFolder.create(tmp_path / "elsewhere", "study")
    made.create_run(made.create_experiment("e"), "run-1", records.INTERACTIVE, "Queued")
    (root / "study" / "week 1").mkdir(parents=True)
    shutil.copytree(tmp_path / "elsewhere", root / "study" / "records")
    return WorkspaceFolder(root / "study" / "records")


@pytest.fixture
def look(fetch, copied):
    async def call(folder: str, workspace_id: str = copied.id) -> Any:
        return await fetch(
            "workspaces", workspace_id, "beside", method="POST", json_body={"folder": folder}
        )

    return call


async def test_the_runs_are_told_once_the_notebooks_folder_is(fetch, look, copied, settings):
    run = ("workspaces", copied.id, "runs", "run-1")
    assert (await fetch(*run)).json["code"] == "workspace_not_found"
    answer = await look("study/week 1")
    assert (answer.status, answer.json["id"], answer.json["name"]) == (200, copied.id, "study")
    assert (await fetch(*run)).json["status"] == "Queued"
    assert registry.paths(settings) == []  # the dispatcher does not start what waits there
    listed = (await fetch("workspaces")).json["workspaces"]
    assert [item["id"] for item in listed] == [copied.id]


@pytest.mark.parametrize("place", ["study", "study/week 1", "study/records", "study/records/runs"])
async def test_it_is_found_from_its_own_folder_and_those_around(look, place):
    assert (await look(place)).status == 200


async def test_it_is_found_where_workspaces_are_made_by_name(look, copied, root):
    (root / "home").mkdir()
    shutil.move(copied.layout.root, root / "home" / "workspaces" / "study")
    assert (await look("home")).status == 200


async def test_it_is_found_by_a_configuration_file_here_or_above(look, copied, root):
    shutil.move(copied.layout.root, root / "data" / "kept" / "study")
    assert (await look("study/week 1")).status == 404
    (root / ".azureml").mkdir()
    content = {"workspace_name": "study", "workspace_location": "../data/kept/study"}
    (root / ".azureml" / "config.json").write_text(json.dumps(content))
    assert (await look("study/week 1")).status == 200


@pytest.mark.parametrize("folder", ["", "other", "nosuch", "../up", "/etc", "study/\0", "\ud800"])
async def test_elsewhere_it_is_not(look, root, folder):
    (root / "other").mkdir()
    assert (await look(folder)).status in (400, 403, 404)


async def test_another_workspace_is_not_taken_for_it(look):
    answer = await look("study", workspace_id="00000000-0000-4000-8000-000000000000")
    assert (answer.status, answer.json["code"]) == (404, "workspace_not_found")


async def test_nothing_outside_the_root_is_opened(look, copied, root, tmp_path):
    shutil.rmtree(copied.layout.root)
    (root / "study" / "link").symlink_to(tmp_path / "elsewhere")
    content = {"workspace_name": "study", "workspace_location": str(tmp_path / "elsewhere")}
    (root / "study" / "config.json").write_text(json.dumps(content))
    shutil.copytree(tmp_path / "elsewhere", root.parent / "above-the-root")
    assert (await look("study")).status == 404


async def test_one_whose_runs_are_a_link_to_elsewhere_is_not_opened(look, copied, tmp_path):
    shutil.rmtree(copied.layout.runs)
    copied.layout.runs.symlink_to(tmp_path / "elsewhere" / "runs")
    assert (await look("study")).status == 404


async def test_what_cannot_be_read_is_passed_over(look, root):
    for name, content in (("broken", "{"), ("list", "[]"), ("large", " " * 100_000)):
        (root / "study" / name).mkdir()
        (root / "study" / name / "workspace.json").write_text(content)
    (root / "study" / "config.json").write_text("{")
    content = {"workspace_name": "study", "workspace_location": "no\0where"}
    (root / "study" / "week 1" / "config.json").write_text(json.dumps(content))
    (root / "study" / "week 1" / "circle").symlink_to("circle")
    assert (await look("study/week 1")).status == 200


async def test_the_users_own_copy_comes_first(fetch, look, copied, tmp_path, settings):
    assert (await look("study")).status == 200
    mine = WorkspaceFolder(tmp_path / "elsewhere")
    registry.register(settings, mine)
    mine.run("run-1").set_status("Canceled", reason="Not needed.")
    assert len((await fetch("workspaces")).json["workspaces"]) == 1
    answer = await fetch("workspaces", copied.id, "runs", "run-1")
    assert answer.json["status"] == "Canceled"


async def test_who_may_not_read_files_may_not_look(look, jp_serverapp, monkeypatch):
    class NoFiles:
        def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
            return resource != "contents"

    monkeypatch.setitem(jp_serverapp.web_app.settings, "authorizer", NoFiles())
    answer = await look("study")
    assert (answer.status, answer.json["code"]) == (403, "not_authorized")
