"""The packages of runs over HTTP: of one, of several side by side, and in an exported page."""

from __future__ import annotations

import pytest

from ml_jupyter.history import packages, records
from ml_jupyter.history.packages import Package, PackageList

EVERYWHERE = tuple(Package(f"same-{number}", "1.0") for number in range(50))
OLD = PackageList("3.10.2", "cpython", (Package("numpy", "1.26.4"), *EVERYWHERE))
NEW = PackageList(
    "3.11.9",
    "cpython",
    (
        Package("mine", "0.1", "file:///home/mara/secret-place/mine", True),
        Package("numpy", "2.1.0"),
        *EVERYWHERE,
        Package("theirs", "3", "git+https://host.org/theirs@1f2e"),
    ),
)


@pytest.fixture
def add(workspace):
    experiment = workspace.create_experiment("explore")

    def make(name: str, found: PackageList | None = None, **facts: object):
        run = workspace.create_run(experiment, name, records.SCRIPT, "Running", **facts)
        if found is not None:
            packages.store(workspace.layout, found.fact()["digest"], found.content())
            run.note(packages=found.fact())
        return run

    return make


@pytest.fixture
def of(fetch, workspace):
    async def ask(name: str, *rest: str):
        return await fetch("workspaces", workspace.id, "runs", name, *rest)

    return ask


async def test_a_run_tells_how_many_and_lists_them_when_asked(add, of):
    add("new", NEW)
    detail = (await of("new")).json
    assert detail["packages"] == {**NEW.fact(), "count": 53, "python": "3.11.9"}
    found = (await of("new", "packages")).json
    assert (found["python"], found["implementation"]) == ("3.11.9", "cpython")
    assert len(found["packages"]) == 53
    by_name = {item["name"]: item for item in found["packages"]}
    assert by_name["numpy"] == {
        "name": "numpy",
        "version": "2.1.0",
        "origin": None,
        "local": False,
        "editable": False,
        "requirement": "numpy==2.1.0",
    }
    assert by_name["theirs"]["requirement"] == "theirs @ git+https://host.org/theirs@1f2e"


async def test_of_a_folder_of_the_machine_only_its_name_is_told(add, of):
    add("new", NEW)
    answer = await of("new", "packages")
    (mine,) = (item for item in answer.json["packages"] if item["name"] == "mine")
    assert (mine["origin"], mine["local"], mine["editable"]) == ("mine", True, True)
    assert mine["requirement"].startswith("# mine==0.1")
    assert b"secret-place" not in answer.body


async def test_a_run_without_a_record_says_so(add, of):
    add("plain")
    assert (await of("plain")).json["packages"] is None
    nothing = {"python": None, "implementation": None, "packages": []}
    assert (await of("plain", "packages")).json == nothing
    assert (await of("gone", "packages")).status == 404


async def test_a_list_that_was_lost_is_not_known(add, of, workspace):
    add("new", NEW)
    (workspace.layout.packages / f"{NEW.fact()['digest']}.json").unlink()
    assert (await of("new", "packages")).json["packages"] == []
    assert (await of("new")).json["packages"]["count"] == 53


async def test_a_comparison_holds_the_packages_that_differ(add, fetch, workspace):
    add("old", OLD)
    add("new", NEW)
    add("unknown")
    asked = [("runs", name) for name in ("old", "new", "unknown")]
    answer = await fetch("workspaces", workspace.id, "compare", params=asked)
    found = {
        name: values
        for name, values in answer.json["environment"].items()
        if name.startswith("installed")
    }
    assert found == {
        "installed python": ["3.10.2", "3.11.9", None],
        "installed packages": ["51", "53", None],
        "installed mine": [None, "0.1 (mine)", None],
        "installed numpy": ["1.26.4", "2.1.0", None],
        "installed theirs": [None, "3 (git+https://host.org/theirs@1f2e)", None],
    }
    assert b"secret-place" not in answer.body


async def test_the_same_packages_are_counted_and_not_listed(add, fetch, workspace):
    add("one", NEW)
    add("two", NEW)
    asked = [("runs", name) for name in ("one", "two")]
    answer = await fetch("workspaces", workspace.id, "compare", params=asked)
    names = [name for name in answer.json["environment"] if name.startswith("installed")]
    assert names == ["installed python", "installed packages"]


async def test_a_comparison_of_very_different_environments_stays_small(add, fetch, workspace):
    for number in range(40):
        several = tuple(Package(f"p{number}-{at:04}", "1") for at in range(100))
        add(f"run-{number}", PackageList("3.11.9", "cpython", several))
    asked = [("runs", f"run-{number}") for number in range(40)]
    answer = await fetch("workspaces", workspace.id, "compare", params=asked)
    rows = [values for name, values in answer.json["environment"].items() if "installed" in name]
    assert 1000 < len(rows) <= 1502
    assert len(rows) * 40 <= 60_080
