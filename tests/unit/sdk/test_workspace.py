"""Workspaces: made, found by name and by configuration file, listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ml_jupyter import Experiment, Workspace
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import (
    ProjectSystemException,
    UserErrorException,
    WorkspaceException,
    WorkspaceNotFound,
)


def config(folder: Path, **values: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.json"
    path.write_text(json.dumps(values), "utf-8")
    return path


def test_without_a_configuration_the_default_workspace_is_made_and_said(
    here: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = Workspace.from_config()
    assert workspace.name == "default"
    assert str(settings.home / "workspaces" / "default") in capsys.readouterr().out
    assert Workspace.from_config() == workspace


def test_a_configuration_that_was_written_is_found_from_below(
    workspace: Workspace, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace.write_config()
    assert (here / ".azureml" / "config.json").exists()
    below = here / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert Workspace.from_config() == workspace
    assert Workspace.from_config(path=here) == workspace
    assert Workspace.from_config(path=str(here / ".azureml" / "config.json")) == workspace


def test_a_config_folder_is_not_nested_again(workspace: Workspace, here: Path) -> None:
    workspace.write_config(here / ".azureml", "other.json")
    assert (here / ".azureml" / "other.json").exists()
    assert Workspace.from_config(_file_name="other.json") == workspace


def test_the_kind_of_place_counts_before_the_distance(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Surface 2.1: all parents are searched for ``.azureml`` before ``config.json`` right here."""
    far, near = Workspace.create("far"), Workspace.create("near")
    below = here / "below"
    config(here / ".azureml", workspace_name="far")
    config(below, workspace_name="near")
    monkeypatch.chdir(below)
    assert Workspace.from_config() == far
    assert Workspace.from_config(path=below / "config.json") == near


def test_a_scope_stands_for_the_three_keys(workspace: Workspace, here: Path) -> None:
    scope = "/subscriptions/s/resourceGroups/g/providers/Microsoft.X/workspaces/lab"
    path = here / "config.json"
    path.write_text(json.dumps({"Scope": scope}), "utf-8")
    assert Workspace.from_config() == workspace


def test_foreign_config_files_are_passed_over(here: Path) -> None:
    (here / "config.json").write_text('{"model": "bert"}', "utf-8")
    assert Workspace.from_config().name == "default"


@pytest.mark.parametrize("content", ["{", '{"subscription_id": "s"}', "[1]"])
def test_a_broken_configuration_is_named(here: Path, content: str) -> None:
    (here / ".azureml").mkdir()
    (here / ".azureml" / "config.json").write_text(content, "utf-8")
    with pytest.raises(UserErrorException, match=r"config\.json"):
        Workspace.from_config()


@pytest.mark.parametrize("content", ["{", '{"subscription_id": "s"}'])
def test_a_broken_plain_configuration_is_named(here: Path, content: str) -> None:
    (here / "config.json").write_text(content, "utf-8")
    with pytest.raises(UserErrorException, match=r"config\.json"):
        Workspace.from_config()


def test_a_missing_configuration_or_workspace_raises(here: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UserErrorException, match="empty"):
        Workspace.from_config(path=empty)
    config(here / ".azureml", workspace_name="gone")
    with pytest.raises(ProjectSystemException, match="gone"):
        Workspace.from_config()


def test_create_and_get(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceException, match="already a workspace 'lab'"):
        Workspace.create("lab", location="eastus")
    assert Workspace.create("lab", exist_ok=True) == Workspace.get("lab") == workspace
    assert Workspace("s", "g", "lab") == workspace
    with pytest.raises(WorkspaceNotFound, match="nowhere"):
        Workspace.get("nowhere")
    with pytest.raises(UserErrorException, match="not valid"):
        Workspace.create("no spaces")


def test_a_workspace_in_a_folder_of_its_own(workspace: Workspace, tmp_path: Path) -> None:
    made = Workspace.create("shelf", location=tmp_path / "shelf")
    assert (tmp_path / "shelf" / "workspace.json").exists()
    assert Workspace.get("shelf", location=str(tmp_path / "shelf")) == made
    assert Workspace.get("shelf") == made
    made.write_config()
    assert Workspace.from_config() == made
    assert {name: len(found) for name, found in Workspace.list("").items()} == {
        "lab": 1,
        "shelf": 1,
    }


def test_facts_are_text_and_never_none(workspace: Workspace) -> None:
    facts = (
        workspace.name,
        workspace.resource_group,
        workspace.location,
        workspace.subscription_id,
    )
    assert "\n".join(facts) == "lab\n\nlocal\n"
    details = workspace.get_details()
    assert {"id", "name", "location", "type", "creationTime"} <= set(details)
    assert details["creationTime"].endswith("Z")


def test_content_is_read_afresh(workspace: Workspace) -> None:
    assert workspace.experiments == {}
    Experiment(workspace, "one")
    assert list(workspace.experiments) == ["one"]
    with pytest.raises(KeyError):
        workspace.compute_targets["gpu-cluster"]


def test_html_is_escaped(workspace: Workspace, tmp_path: Path) -> None:
    made = Workspace.create("shelf", location=tmp_path / "<b>")
    text = made._repr_html_()
    assert "&lt;b&gt;" in text
    assert "<b>" not in text
    assert "<script" not in text
