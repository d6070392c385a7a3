"""What a job is told so that MLflow finds its run."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from ml_jupyter import Workspace
from ml_jupyter._mlflow_address import address_of, folder_of, job_variables
from ml_jupyter._mlflow_plugin import ENTRY_POINTS, write_plugin
from ml_jupyter.testing.isolation import isolated_settings as isolated_settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("folder", ["/data/w", "/a b/ü%/w#1?x"])
def test_an_address_names_its_folder(folder):
    assert folder_of(address_of(Path(folder))) == Path(folder)


@pytest.mark.parametrize("address", ["ml-jupyter://host/w", "file:///w", "/w", "ml-jupyter://"])
def test_other_addresses_are_refused(address):
    with pytest.raises(ValueError, match="absolute path"):
        folder_of(address)


def test_a_workspace_gives_its_address(isolated_settings, tmp_path):
    workspace = Workspace.create("w", location=tmp_path / "w")
    assert workspace.get_mlflow_tracking_uri() == address_of(tmp_path / "w")


def test_a_job_of_a_job_is_told_of_its_own_run():
    outer = job_variables({}, Path("/w"), "outer", "e1")
    inner = job_variables(outer, Path("/w"), "inner", "e2")
    assert inner["MLFLOW_RUN_ID"] == "inner"
    assert inner["MLFLOW_EXPERIMENT_ID"] == "e2"
    assert inner["MLFLOW_TRACKING_URI"] == inner["MLFLOW_REGISTRY_URI"] == "ml-jupyter:///w"


def test_another_tracking_server_is_left_to_the_user():
    assert job_variables({"MLFLOW_TRACKING_URI": "http://there"}, Path("/w"), "r", "e") == {}


def test_a_job_and_an_installed_package_tell_mlflow_the_same(tmp_path):
    write_plugin(tmp_path)
    write_plugin(tmp_path)
    (found,) = importlib.metadata.distributions(path=[str(tmp_path)])
    told = {point.group: (point.name, point.value) for point in found.entry_points}
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    for group, (name, target) in told.items():
        assert f'[project.entry-points."{group}"]\n{name} = "{target}"' in project
    assert set(told) == set(ENTRY_POINTS)
