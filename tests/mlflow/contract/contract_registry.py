"""What MLflow's model registry promises."""

import pytest
from mlflow.artifacts import download_artifacts
from mlflow.entities.model_registry import ModelVersionTag, RegisteredModelTag
from mlflow.exceptions import MlflowException


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "weights.bin").write_bytes(b"\x00\x01")
    return str(folder)


def code_of(call, *arguments, **named):
    with pytest.raises(MlflowException) as caught:
        call(*arguments, **named)
    return caught.value.error_code


def test_names(registry):
    made = registry.create_registered_model("a", [RegisteredModelTag("k", "v")], "about")
    assert (made.name, made.tags, made.description) == ("a", {"k": "v"}, "about")
    assert code_of(registry.create_registered_model, "a") == "RESOURCE_ALREADY_EXISTS"
    assert code_of(registry.get_registered_model, "b") == "RESOURCE_DOES_NOT_EXIST"
    assert code_of(registry.create_registered_model, "") == "INVALID_PARAMETER_VALUE"
    assert registry.update_registered_model("a", "new").description == "new"
    registry.set_registered_model_tag("a", RegisteredModelTag("l", "w"))
    registry.delete_registered_model_tag("a", "k")
    assert registry.get_registered_model("a").tags == {"l": "w"}


def test_searching_names(registry):
    for name in ("ab", "abc", "b"):
        registry.create_registered_model(name)
    found = registry.search_registered_models("name LIKE 'a%'", 10)
    assert [item.name for item in found] == ["ab", "abc"]
    first = registry.search_registered_models(None, 2, ["name DESC"])
    rest = registry.search_registered_models(None, 2, ["name DESC"], first.token)
    assert [item.name for item in [*first, *rest]] == ["b", "abc", "ab"]


def test_versions(registry, source, store, run):
    registry.create_registered_model("a")
    tags = [ModelVersionTag("k", "v")]
    first = registry.create_model_version("a", source, run, tags, description="one")
    second = registry.create_model_version("a", source)
    assert [int(item.version) for item in (first, second)] == [1, 2]
    found = registry.get_model_version("a", 1)
    assert (found.description, found.run_id, found.tags) == ("one", run, {"k": "v"})
    assert (found.status, found.current_stage, found.source) == ("READY", "None", source)
    registry.update_model_version("a", 1, "new")
    registry.set_model_version_tag("a", 1, ModelVersionTag("l", "w"))
    registry.delete_model_version_tag("a", 1, "k")
    found = registry.get_model_version("a", "1")
    assert (found.description, found.tags) == ("new", {"l": "w"})
    by_run = registry.search_model_versions(f"run_id = '{run}'", 10)
    assert [int(item.version) for item in by_run] == [1]
    by_name = registry.search_model_versions("name = 'a'", 10, ["version_number ASC"])
    assert [int(item.version) for item in by_name] == [1, 2]


def test_unknown_versions(registry, source):
    assert code_of(registry.create_model_version, "a", source) == "RESOURCE_DOES_NOT_EXIST"
    registry.create_registered_model("a")
    assert code_of(registry.get_model_version, "a", 1) == "RESOURCE_DOES_NOT_EXIST"


def test_files_of_a_version(registry, source, tmp_path):
    registry.create_registered_model("a")
    registry.create_model_version("a", source)
    address = registry.get_model_version_download_uri("a", 1)
    (tmp_path / "there").mkdir()
    folder = download_artifacts(artifact_uri=address, dst_path=str(tmp_path / "there"))
    with open(f"{folder}/weights.bin", "rb") as file:
        assert file.read() == b"\x00\x01"


def test_stages(registry, source):
    registry.create_registered_model("a")
    for _ in range(2):
        registry.create_model_version("a", source)
    registry.transition_model_version_stage("a", 1, "production", False)
    assert registry.get_model_version("a", 1).current_stage == "Production"
    registry.transition_model_version_stage("a", 2, "Production", True)
    assert registry.get_model_version("a", 1).current_stage == "Archived"
    (latest,) = registry.get_latest_versions("a", ["Production"])
    assert int(latest.version) == 2
    code = code_of(registry.transition_model_version_stage, "a", 1, "nonsense", False)
    assert code == "INVALID_PARAMETER_VALUE"


def test_aliases(registry, source):
    registry.create_registered_model("a")
    registry.create_model_version("a", source)
    registry.set_registered_model_alias("a", "champion", 1)
    assert int(registry.get_model_version_by_alias("a", "champion").version) == 1
    assert registry.get_model_version("a", 1).aliases == ["champion"]
    assert {k: int(v) for k, v in registry.get_registered_model("a").aliases.items()} == {
        "champion": 1
    }
    for reserved in ("latest", "v1"):
        code = code_of(registry.set_registered_model_alias, "a", reserved, 1)
        assert code == "INVALID_PARAMETER_VALUE"
    registry.delete_registered_model_alias("a", "champion")
    assert code_of(registry.get_model_version_by_alias, "a", "champion") == (
        "INVALID_PARAMETER_VALUE"
    )


def test_deleting(registry, source):
    registry.create_registered_model("a")
    for _ in range(2):
        registry.create_model_version("a", source)
    registry.set_registered_model_alias("a", "old", 1)
    registry.delete_model_version("a", 1)
    assert code_of(registry.get_model_version, "a", 1) == "RESOURCE_DOES_NOT_EXIST"
    assert registry.get_registered_model("a").aliases == {}
    registry.delete_registered_model("a")
    assert list(registry.search_registered_models(None, 10)) == []
    assert list(registry.search_model_versions(None, 10)) == []
