"""What is kept of a deployed model: its record, its keys, who reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ml_jupyter.exceptions import FolderCorrupt, UserErrorException, WebserviceException
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.models.plan import ServingPlan
from ml_jupyter.models.services import ServiceRecord, ServiceStore


@pytest.fixture
def store(tmp_path: Path) -> ServiceStore:
    return ServiceStore(WorkspaceLayout(tmp_path))


def record(name: str = "echo", **facts: object) -> ServiceRecord:
    return ServiceRecord("1", name, 1, 1, ("net:1",), {}, "run", "experiment", **facts)  # type: ignore[arg-type]


def test_keys_stay_when_a_service_is_stored_again(store: ServiceStore) -> None:
    store.save(record(), {"TOKEN": "secret"})
    keys = store.keys("echo")
    assert len(set(keys.values())) == 2
    store.save(record(description="new"))
    assert store.keys("echo") == keys
    assert store.get("echo").description == "new"
    assert store.variables("echo") == {}


def test_variables_lie_beside_the_keys_and_nowhere_else(
    store: ServiceStore, tmp_path: Path
) -> None:
    store.save(record(), {"TOKEN": "secret"})
    store.new_key("echo", "Secondary", "mine")
    assert (store.variables("echo"), store.keys("echo")["secondary"]) == (
        {"TOKEN": "secret"},
        "mine",
    )
    assert store.keys_path("echo").stat().st_mode & 0o777 == 0o600
    assert "secret" not in (tmp_path / "services" / "echo.json").read_text()
    with pytest.raises(UserErrorException, match="'Primary' or 'Secondary'"):
        store.new_key("echo", "third")


def test_keys_of_a_newer_version_are_kept(store: ServiceStore, tmp_path: Path) -> None:
    store.save(record())
    path = tmp_path / "services" / "echo.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "later": 7}))
    store.change("echo", description="new")
    assert json.loads(path.read_text())["later"] == 7
    path.write_text('{"name": "echo"}')
    with pytest.raises(FolderCorrupt, match=r"echo\.json is no record of a service"):
        store.get("echo")


def test_services_are_found_by_name_and_by_model(store: ServiceStore) -> None:
    store.save(record("one"))
    store.save(record("two"))
    assert store.users_of("net:1") == ["one", "two"]
    assert store.users_of("net:2") == []
    store.delete("one")
    store.delete("one")
    assert store.names() == ["two"]
    with pytest.raises(WebserviceException, match=r"'one'.*Known: 'two'"):
        store.get("one")
    with pytest.raises(WebserviceException, match="keys of service 'one'"):
        store.keys("one")


def test_a_service_is_named_as_its_file(store: ServiceStore, tmp_path: Path) -> None:
    store.save(record("one"))
    [path] = tmp_path.rglob("one.json")
    path.write_text(json.dumps({**json.loads(path.read_text()), "name": "../up"}))
    assert [item.name for item in store.list()] == ["one"]


@pytest.mark.parametrize("name", ["", "ab", "Upper", "1st", "end-", "a/b", "x" * 33, "../up", None])
def test_names_that_a_service_cannot_have(store: ServiceStore, name: object) -> None:
    with pytest.raises(UserErrorException, match="is not valid"):
        store.get(name)  # type: ignore[arg-type]


def test_a_plan_survives_its_json() -> None:
    plan = ServingPlan("echo", (("net", 2),), framework="Onnx", port=7, sample_input=[[1]])
    value = {**json.loads(json.dumps(plan.to_json())), "later": True}
    assert ServingPlan.from_json(value) == plan
