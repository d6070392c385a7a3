"""Stored targets: found by every process, in every copy, one winner when several make one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ml_jupyter.compute.record import TargetConfiguration
from ml_jupyter.compute.store import TargetStore
from ml_jupyter.exceptions import (
    ComputeTargetException,
    FolderCorrupt,
    FormatTooNew,
    TargetNotFound,
    UserErrorException,
)
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.merge import merge
from ml_jupyter.history.workspace import WorkspaceFolder

POOL = TargetConfiguration("amlcompute", {"vm_size": "STANDARD_NC6", "max_nodes": 4})
_MAKE = """
import sys
from pathlib import Path
from ml_jupyter.compute.record import TargetConfiguration
from ml_jupyter.compute.store import TargetStore
from ml_jupyter.history.layout import WorkspaceLayout
store = TargetStore(WorkspaceLayout(Path(sys.argv[1])))
sys.stdin.readline()
record, made = store.create("gpu", TargetConfiguration("amlcompute", {"max_nodes": 4}))
print(record.id, made)
"""


@pytest.fixture
def folder(tmp_path: Path) -> WorkspaceFolder:
    return WorkspaceFolder.create(tmp_path / "workspace", "lab")


@pytest.fixture
def store(folder: WorkspaceFolder) -> TargetStore:
    return TargetStore(folder.layout)


def test_target_is_a_file_in_the_workspace(folder: WorkspaceFolder, store: TargetStore) -> None:
    record, made = store.create("gpu", POOL)
    assert made
    value = json.loads((folder.layout.root / "targets/gpu.json").read_bytes())
    assert value == {
        "id": record.id,
        "name": "gpu",
        "kind": "amlcompute",
        "created": record.created,
        "modified": record.created,
        "format": "1.0",
        "settings": {"vm_size": "STANDARD_NC6", "max_nodes": 4},
        "tags": {},
        "description": None,
    }


def test_target_is_found_after_a_copy_of_the_workspace(
    folder: WorkspaceFolder, store: TargetStore, tmp_path: Path
) -> None:
    record, _ = store.create("gpu", POOL)
    shutil.copytree(folder.layout.root, tmp_path / "copy")
    found = TargetStore(WorkspaceLayout(tmp_path / "copy")).get("gpu")
    assert found == record
    assert found.root == tmp_path / "copy"


def test_merging_a_copy_adds_its_targets_and_changes_none(
    folder: WorkspaceFolder, store: TargetStore, tmp_path: Path
) -> None:
    store.create("gpu", POOL)
    shutil.copytree(folder.layout.root, tmp_path / "copy")
    copy = WorkspaceFolder(tmp_path / "copy")
    TargetStore(copy.layout).update("gpu", {"max_nodes": 9})
    TargetStore(copy.layout).create("cpu", POOL)
    merge(copy, folder)
    assert store.names() == ["cpu", "gpu"]
    assert store.get("gpu").settings["max_nodes"] == 4


def test_local_is_there_and_not_listed(store: TargetStore) -> None:
    assert store.get("local").kind == "local"
    assert store.list().records == ()


def test_unknown_name_tells_the_known_ones(store: TargetStore) -> None:
    store.create("gpu", POOL)
    with pytest.raises(TargetNotFound, match=r"'cpu' in this workspace\. Known: 'local', 'gpu'"):
        store.get("cpu")


@pytest.mark.parametrize("name", ["../../etc/x", "gpu/../gpu", "", "a\0b", ".lock", "*"])
def test_name_never_becomes_part_of_a_path(store: TargetStore, name: str) -> None:
    store.create("gpu", POOL)
    with pytest.raises(TargetNotFound):
        store.get(name)


@pytest.mark.parametrize("name", ["", "a", "1gpu", "-gpu", "gpu_1", "g" * 25, "gpü", "local", 7])
def test_name_that_cannot_be_is_refused(store: TargetStore, name: object) -> None:
    with pytest.raises(UserErrorException):
        store.create(name, POOL)  # type: ignore[arg-type]
    assert store.names() == []


def test_same_configuration_gives_the_existing_one(store: TargetStore) -> None:
    first, _ = store.create("gpu", POOL)
    again, made = store.create("gpu", POOL)
    assert (again, made) == (first, False)


@pytest.mark.parametrize(
    ("name", "configuration", "message"),
    [
        (
            "gpu",
            TargetConfiguration("amlcompute", {"vm_size": "STANDARD_NC6", "max_nodes": 5}),
            "max_nodes is 4, not 5",
        ),
        ("gpu", TargetConfiguration("docker", {}), "of kind 'amlcompute'"),
        ("GPU", POOL, "'gpu', which differs from 'GPU' only in case"),
    ],
)
def test_other_configuration_raises(
    store: TargetStore, name: str, configuration: TargetConfiguration, message: str
) -> None:
    store.create("gpu", POOL)
    with pytest.raises(ComputeTargetException, match=message):
        store.create(name, configuration)
    assert store.get("gpu").settings == POOL.settings


def test_update_keeps_what_it_does_not_know(folder: WorkspaceFolder, store: TargetStore) -> None:
    record, _ = store.create("gpu", POOL)
    path = folder.layout.targets / "gpu.json"
    value = json.loads(path.read_bytes())
    value.update(format="1.9", novelty={"a": 1})
    value["settings"]["shiny"] = True
    path.write_text(json.dumps(value))
    store.update("gpu", {"max_nodes": 2})
    after = json.loads(path.read_bytes())
    assert after["novelty"] == {"a": 1}
    assert after["format"] == "1.9"
    assert after["settings"] == {"vm_size": "STANDARD_NC6", "max_nodes": 2, "shiny": True}
    assert after["modified"] > after["created"] == record.created


def test_deleted_target_is_gone_for_everybody(store: TargetStore, folder: WorkspaceFolder) -> None:
    store.create("gpu", POOL)
    TargetStore(folder.layout).delete("gpu")
    with pytest.raises(TargetNotFound):
        store.get("gpu")
    with pytest.raises(TargetNotFound):
        store.delete("gpu")


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        ("{", FolderCorrupt, r"broken\.json is not readable as JSON"),
        ("[]", FolderCorrupt, r"broken\.json does not hold a JSON object"),
        ('{"name": "broken"}', FolderCorrupt, r"broken\.json is incomplete"),
        (
            '{"id": "1", "name": "other", "kind": "docker", "created": 1, "modified": 1}',
            FolderCorrupt,
            r"broken\.json holds the target 'other'",
        ),
        (
            '{"id": "1", "name": "broken", "kind": "x", "created": 1, "modified": 1, "tags": 3}',
            FolderCorrupt,
            r"broken\.json: 'tags' is not",
        ),
        ('{"format": "2.0"}', FormatTooNew, r"broken\.json has format 2\.0"),
    ],
)
def test_file_that_cannot_be_read_is_named_and_hides_no_other(
    folder: WorkspaceFolder, store: TargetStore, content: str, error: type, message: str
) -> None:
    store.create("gpu", POOL)
    (folder.layout.targets / "broken.json").write_text(content)
    with pytest.raises(error, match=message):
        store.get("broken")
    listing = store.list()
    assert [record.name for record in listing.records] == ["gpu"]
    assert len(listing.problems) == 1
    assert "broken.json" in listing.problems[0]


@pytest.mark.slow
def test_several_processes_make_one_target(folder: WorkspaceFolder, store: TargetStore) -> None:
    command = [sys.executable, "-c", _MAKE, str(folder.layout.root)]
    makers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.write("go\n")
        maker.stdin.flush()
    answers = [maker.communicate(timeout=60)[0].split() for maker in makers]
    assert sorted(made for _, made in answers) == ["False"] * 5 + ["True"]
    assert {made_id for made_id, _ in answers} == {store.get("gpu").id}
