"""What is installed: read from real folders of packages, whole and damaged, and remembered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ml_jupyter import _inventory
from ml_jupyter.exceptions import StorageFailed
from ml_jupyter.history import inventory, lock, packages
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.history.packages import Package, PackageList


def install(folder: Path, name: str, version: str, text: str | None = None, **files: str) -> Path:
    """A distribution as installers leave it behind."""
    place = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    place.mkdir(parents=True)
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nIts description\nName: no\n"
    (place / "METADATA").write_text(head if text is None else text, "utf-8")
    for file, content in files.items():
        (place / file.replace("__", ".")).write_text(content, "utf-8")
    return place


def age(folder: Path) -> None:
    """As if the folder had last been changed a while ago."""
    past = time.time() - 60
    os.utime(folder, (past, past))


def listed(*folders: Path) -> list[list[object]]:
    return _inventory.listing(map(str, folders))["packages"]


def test_names_and_versions_come_from_the_metadata_in_the_order_of_their_names(tmp_path):
    install(tmp_path, "Zeta.Lib", "2.0")
    install(tmp_path, "alpha-lib", "1.0rc1")
    old = tmp_path / "old.egg-info"
    old.mkdir()
    (old / "PKG-INFO").write_text("Name: old\nVersion: 0.9\n")
    assert listed(tmp_path) == [["alpha-lib", "1.0rc1"], ["old", "0.9"], ["Zeta.Lib", "2.0"]]


def test_the_first_folder_of_the_path_counts(tmp_path):
    install(tmp_path / "first", "My_Lib", "2.0")
    install(tmp_path / "second", "my-lib", "1.0")
    assert listed(tmp_path / "first", tmp_path / "second") == [["My_Lib", "2.0"]]


def test_what_is_damaged_hides_nothing(tmp_path):
    install(tmp_path, "whole", "1.0")
    install(tmp_path, "empty", "3.1", text="")
    (install(tmp_path, "binary", "4.0") / "METADATA").write_bytes(b"Name: \xff\xfe\nVersion: 1\n")
    (tmp_path / "nothing.dist-info").mkdir()
    install(tmp_path, "half", "5.0", text="Name: half\n")
    leftover = install(tmp_path, "numpy", "1.0")
    leftover.rename(tmp_path / "~umpy-1.0.dist-info")  # pip's name for what it could not remove
    install(tmp_path, "torn", "6.0", direct_url__json='{"url": ')
    found = listed(tmp_path, tmp_path / "missing")
    assert found == [
        ["binary", "4.0"], ["empty", "3.1"], ["half", "5.0"], ["torn", "6.0"], ["whole", "1.0"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "url", "editable"),
    [
        ({"url": "file:///home/lib", "dir_info": {"editable": True}}, "file:///home/lib", True),
        ({"url": "file:///home/lib", "dir_info": {}}, "file:///home/lib", False),
        (
            {
                "url": "https://me:s3cret@host.org/lib.git",
                "vcs_info": {"vcs": "git", "commit_id": "1f2e", "requested_revision": "main"},
                "subdirectory": "python",
            },
            "git+https://host.org/lib.git@1f2e#subdirectory=python",
            False,
        ),
        (
            {"url": "ssh://git@host.org/lib", "vcs_info": {"vcs": "git", "commit_id": "1f"}},
            "git+ssh://git@host.org/lib@1f",
            False,
        ),
        (
            {"url": "https://host.org/a.whl?token=s3cret", "archive_info": {}},
            "https://host.org/a.whl",
            False,
        ),
    ],
)  # fmt: skip
def test_where_a_package_came_from_is_told_without_credentials(tmp_path, told, url, editable):
    install(tmp_path, "lib", "1.0", direct_url__json=json.dumps(told))
    assert listed(tmp_path) == [["lib", "1.0", {"url": url, "editable": editable}]]


def test_another_python_tells_the_same_as_its_own_pip(tmp_path):
    found, _ = inventory.ask(sys.executable, {**os.environ, "PYTHONPATH": str(tmp_path)})
    told = PackageList.from_json(json.loads(found.content))
    here = PackageList.from_json(_inventory.listing(item for item in sys.path if item))
    mine = {item.name for item in here.packages}
    assert {item.name for item in told.packages} <= mine
    assert dict(found.fact) == {**told.fact(), "count": len(told.packages)}
    assert told.python == ".".join(map(str, sys.version_info[:3]))
    pip = [sys.executable, "-m", "pip", "list", "--format", "json", "--disable-pip-version-check"]
    answer = subprocess.run(pip, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    if answer.returncode:
        pytest.skip("no pip here")
    versions = {item["name"]: item["version"] for item in json.loads(answer.stdout)}
    assert {item.name: item.version for item in told.packages} == versions


def test_a_process_remembers_its_own_until_its_path_changes(tmp_path, monkeypatch):
    site = tmp_path / "site"
    install(site, "only-here", "1.0")
    age(site)
    steady = [os.path.dirname(os.__file__), str(site)]  # the folder of these tests may change
    monkeypatch.setattr(sys, "path", steady)
    cache = tmp_path / "cache"
    assert inventory.ThisProcess(cache).recall() is None
    found = inventory.ThisProcess(cache).look()
    assert b"only-here" in found.content
    assert inventory.ThisProcess(cache).recall() == found
    assert inventory.ThisProcess(tmp_path / "elsewhere").recall() == found
    monkeypatch.setattr(sys, "path", steady[:-1])
    assert inventory.ThisProcess(cache).recall() is None
    monkeypatch.setattr(sys, "path", steady)
    install(site, "newcomer", "1.0")
    assert inventory.ThisProcess(cache).recall() is None


def test_what_start_up_files_print_is_passed_over(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("print('hello ', end='')")
    install(tmp_path, "lib", "1.0")
    found, _ = inventory.ask(sys.executable, {"PYTHONPATH": str(tmp_path)})
    assert b'["lib","1.0"]' in found.content


def test_it_is_remembered_until_a_folder_changes(tmp_path):
    site = tmp_path / "site"
    install(site, "lib", "1.0")
    age(site)
    memory = inventory.Memory(tmp_path / "cache", ["python"])
    assert memory.recall() is None
    value = _inventory.listing([str(site), str(tmp_path / "later")])
    memory.keep(inventory.Known.of(value), value["watched"])
    known = memory.recall()
    assert known is not None
    assert (known.fact["count"], b'["lib","1.0"]' in known.content) == (1, True)
    install(site, "other", "2.0")
    assert memory.recall() is None
    age(site)


def test_a_folder_that_is_just_changing_is_not_remembered(tmp_path):
    site = tmp_path / "site"
    install(site, "lib", "1.0")
    os.utime(site)
    memory = inventory.Memory(tmp_path / "cache", ["python"])
    value = _inventory.listing([str(site)])
    memory.keep(inventory.Known.of(value), value["watched"])
    assert memory.recall() is None


def test_other_variables_are_another_python(tmp_path):
    cache = tmp_path / "cache"
    known = inventory.Known.of({"python": "3.11.0", "packages": [["lib", "1.0"]]})
    inventory.memory_of(cache, "/usr/bin/python3", {"HOME": "/a", "X": "1"}).keep(known, [])
    recall = inventory.memory_of(cache, "/usr/bin/python3", {"HOME": "/a", "PATH": "/b"}).recall()
    assert recall == known
    assert inventory.memory_of(cache, "/usr/bin/python3", {"HOME": "/b"}).recall() is None


def test_a_torn_memory_is_no_memory(tmp_path):
    known = inventory.Known.of({"python": "3.11.0", "packages": [["lib", "1.0"]]})
    memory = inventory.Memory(tmp_path, ["python"])
    memory.keep(known, [])
    (path,) = (tmp_path / "inventories").iterdir()
    for data in (b"", b"{", b'{"fact": 1, "watched": []}\n', b"[]\n"):
        path.write_bytes(data)
        assert memory.recall() is None


def test_who_asks_holds_back_others_who_would_ask_the_same(tmp_path):
    memory, other = (inventory.Memory(tmp_path, [name]) for name in ("python", "other"))
    with memory.asking():
        (path,) = (tmp_path / "inventories").iterdir()
        assert lock.is_held(path)
        with other.asking():
            assert lock.is_held(path)
    assert not lock.is_held(path)


def test_a_cache_that_cannot_be_written_keeps_nobody_from_asking(tmp_path):
    (tmp_path / "inventories").write_text("in the way")
    memory = inventory.Memory(tmp_path, ["python"])
    with memory.asking():
        memory.keep(inventory.Known.of({"packages": []}), [])
    assert memory.recall() is None


def test_memories_do_not_pile_up(tmp_path):
    known = inventory.Known.of({"python": "3.11.0", "packages": []})
    for number in range(210):
        inventory.Memory(tmp_path, [str(number)]).keep(known, [])
    assert len(list((tmp_path / "inventories").iterdir())) == 200


def test_a_workspace_keeps_each_list_once_and_reads_it_back(tmp_path):
    layout = WorkspaceLayout(tmp_path)
    made = PackageList(
        "3.11.9", "cpython", (Package("a", "1"), Package("b", "2", "git+https://h/b],[x@1", True))
    )
    digest = made.fact()["digest"]
    packages.store(layout, digest, made.content())
    written = (layout.packages / f"{digest}.json").stat().st_mtime_ns
    packages.store(layout, digest, made.content())
    assert [path.name for path in layout.packages.iterdir()] == [f"{digest}.json"]
    assert (layout.packages / f"{digest}.json").stat().st_mtime_ns == written
    assert packages.read(layout, digest) == made


def test_what_is_no_list_reads_as_none(tmp_path):
    layout = WorkspaceLayout(tmp_path)
    layout.packages.mkdir()
    secret = tmp_path / "secret.json"
    secret.write_text('{"python": "x", "packages": []}')
    digest = "0" * 64
    assert packages.read(layout, "../secret") is None
    assert packages.read(layout, digest) is None
    (layout.packages / f"{digest}.json").write_text("[1]")
    assert packages.read(layout, digest) is None
    (layout.packages / f"{digest}.json").write_text('{"packages": [1, ["a"], ["b", "2", "x"]]}')
    assert packages.read(layout, digest) == PackageList("", "", (Package("b", "2"),))


def test_a_workspace_that_cannot_be_written_says_so(tmp_path):
    layout = WorkspaceLayout(tmp_path)
    layout.packages.write_text("in the way")
    with pytest.raises(StorageFailed, match="packages"):
        packages.store(layout, "0" * 64, b"{}")
