"""Registered models and services over HTTP."""

from __future__ import annotations

import json

import pytest

from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.models.content import Content
from ml_jupyter.models.services import ServiceRecord, ServiceStore
from ml_jupyter.models.store import ModelStore


@pytest.fixture
def store(workspace: WorkspaceFolder, tmp_path) -> ModelStore:
    found = ModelStore(workspace.layout)
    source = tmp_path / "model.onnx"
    source.write_bytes(b"weights")
    content = Content("model.onnx", False, [("model.onnx", source)])
    for version in range(2):
        found.register(
            "digits",
            content,
            framework="Onnx",
            framework_version="1.16",
            run_id=f"run-{version}",
            tags={"stage": "test"},
            resources={"cpu": 1.0, "memoryInGB": 2.0},
            sample_input=[[0.0, float("nan")]],
            datasets=[["training", {"id": "d", "name": "digits-data", "version": 3}]],
        )
    return found


@pytest.fixture
def service(workspace: WorkspaceFolder, store: ModelStore) -> ServiceRecord:
    record = ServiceRecord("id", "answers", 1, 1, ("digits:2",), {}, "gone", "e")
    ServiceStore(workspace.layout).save(record)
    return record


async def test_models_are_listed_with_their_newest_version(fetch, workspace, store):
    answer = await fetch("workspaces", workspace.id, "models")
    (model,) = answer.json["models"]
    assert (model["name"], model["version"], model["version_count"]) == ("digits", 2, 2)
    assert (model["framework"], model["run_id"], model["size"]) == ("Onnx", "run-1", 7)
    assert model["resources"] == {"cpu": 1.0, "memoryInGB": 2.0}


async def test_a_model_has_its_versions_files_and_services(fetch, workspace, service):
    answer = await fetch("workspaces", workspace.id, "models", "digits")
    found = answer.json["versions"]
    assert [item["version"] for item in found] == [2, 1]
    assert found[0]["files"] == [{"path": "model.onnx", "size": 7}]
    assert [item["services"] for item in found] == [["answers"], []]
    assert str(workspace.layout.root) not in answer.body.decode()


async def test_a_version_tells_its_data_and_an_example(fetch, workspace, store, tmp_path):
    found = (await fetch("workspaces", workspace.id, "models", "digits")).json["versions"][0]
    assert found["datasets"] == [{"purpose": "training", "name": "digits-data", "version": 3}]
    assert json.loads(found["sample_input"]["text"]) == [[0.0, "NaN"]]
    assert (found["sample_input"]["whole"], found["sample_output"]) == (True, None)
    source = tmp_path / "long.bin"
    source.write_bytes(b"")
    content = Content("long.bin", False, [("long.bin", source)])
    store.register("long", content, sample_input=list(range(5000)))
    found = (await fetch("workspaces", workspace.id, "models", "long")).json["versions"][0]
    assert (len(found["sample_input"]["text"]), found["sample_input"]["whole"]) == (4096, False)


async def test_the_models_of_a_run(fetch, workspace, store):
    answer = await fetch("workspaces", workspace.id, "models", params={"run": "run-0"})
    assert [item["version"] for item in answer.json["models"]] == [1]
    answer = await fetch("workspaces", workspace.id, "models", params={"run": "nobody"})
    assert answer.json == {"models": [], "can_delete": True}


async def test_a_file_of_a_version_is_sent_and_nothing_else(fetch, workspace, store):
    address = ("workspaces", workspace.id, "models", "digits", "1", "files")
    answer = await fetch(*address, "model.onnx", params={"download": "1"})
    assert (answer.status, answer.body) == (200, b"weights")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''model.onnx"
    part = await fetch(*address, "model.onnx", headers={"Range": "bytes=0-2"})
    assert (part.status, part.body) == (206, b"wei")
    for path in ("nothing", "..%2f1.json", "%2fetc%2fpasswd", "model.onnx%00"):
        assert (await fetch(*address, path)).status == 404, path
    other = ("workspaces", workspace.id, "models", "digits", "7", "files", "model.onnx")
    assert (await fetch(*other)).status == 404


@pytest.mark.usefixtures("service")
async def test_a_reader_is_told_that_nothing_can_be_deleted(fetch, workspace, read_only):
    for kind in (("models",), ("models", "digits"), ("services",)):
        assert (await fetch("workspaces", workspace.id, *kind)).json["can_delete"] is False


async def test_services_are_told_with_their_state_and_never_their_keys(fetch, workspace, service):
    answer = await fetch("workspaces", workspace.id, "services")
    (found,) = answer.json["services"]
    assert (found["name"], found["state"], found["models"]) == ("answers", "Stopped", ["digits:2"])
    for key in ServiceStore(workspace.layout).keys("answers").values():
        assert key not in answer.body.decode()


async def test_a_version_goes_when_nothing_serves_it(fetch, workspace, store, service):
    address = ("workspaces", workspace.id, "models", "digits")
    assert (await fetch(*address, "2", method="DELETE")).status == 400
    assert (await fetch(*address, "1", method="DELETE")).status == 204
    assert store.versions("digits") == [2]
    gone = await fetch("workspaces", workspace.id, "services", "answers", method="DELETE")
    assert gone.status == 204
    assert (await fetch(*address, "2", method="DELETE")).status == 204
    assert store.names() == []


@pytest.mark.parametrize("kind", [("models", "digits", "1"), ("services", "answers")])
async def test_a_reader_deletes_nothing(fetch, workspace, store, service, read_only, kind):
    assert (await fetch("workspaces", workspace.id, *kind, method="DELETE")).status == 403
    assert store.versions("digits") == [1, 2]


@pytest.mark.parametrize("version", ["3", "x", "-1", "1e3", "9" * 30])
async def test_what_is_no_version_is_not_found(fetch, workspace, store, version):
    answer = await fetch("workspaces", workspace.id, "models", "digits", version, method="DELETE")
    assert answer.status == 404
    assert store.versions("digits") == [1, 2]


@pytest.mark.parametrize("name", ["nothing", "..", "..%2f..%2fetc"])
async def test_what_is_no_model_or_service_is_refused(fetch, workspace, store, name):
    for kind in ("models", "services"):
        method = "GET" if kind == "models" else "DELETE"
        answer = await fetch("workspaces", workspace.id, kind, name, method=method)
        assert answer.status in (400, 404)
