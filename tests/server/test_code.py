"""The source of a run, asked for by friends and by a hostile client."""

from __future__ import annotations

import json
import shutil

import pytest

from ml_jupyter.history import records
from ml_jupyter.jobs import snapshot
from ml_jupyter.jobs.snapshot import Bounds

SECRET = "this must not be seen"


@pytest.fixture
def run(workspace, tmp_path):
    source = tmp_path / "source"
    (source / "lib").mkdir(parents=True)
    (source / "train.py").write_text("import lib\nprint(1)\n")
    (source / "lib/page.html").write_text("<script>alert(1)</script>")
    (source / "lib/r\u00e9sum\u00e9 #1.txt").write_text("name")
    taken = snapshot.take(workspace.layout, tmp_path / "cache", source, Bounds())
    (source / "train.py").write_text("changed later")
    (workspace.layout.root / "secret.txt").write_text(SECRET)
    experiment = workspace.create_experiment("explore")
    return workspace.create_run(
        experiment, "run-1", records.SCRIPT, "Running", snapshot_id=taken.id
    )


@pytest.fixture
def plain(workspace):
    experiment = workspace.create_experiment("other")
    return workspace.create_run(experiment, "run-2", records.SCRIPT, "Running")


def address(workspace, run, *rest: str) -> tuple[str, ...]:
    return ("workspaces", workspace.id, "runs", run.id, "code", *rest)


async def test_files_of_the_snapshot_are_listed_with_what_tells_contents_apart(
    fetch, workspace, run
):
    answer = await fetch(*address(workspace, run))
    found = {item["path"]: item for item in answer.json["files"]}
    assert answer.json["snapshot_id"] == run.record.snapshot_id
    assert set(found) == {"train.py", "lib/page.html", "lib/r\u00e9sum\u00e9 #1.txt"}
    assert found["train.py"]["size"] == 20
    assert len({item["digest"] for item in found.values()}) == 3
    assert answer.json["truncated"] is False


async def test_a_list_of_files_does_not_lead_out_of_the_workspace(fetch, workspace, run, tmp_path):
    (tmp_path / "outside").write_text(SECRET)
    path = workspace.layout.snapshots / "trees" / f"{run.record.snapshot_id}.json"
    tree = json.loads(path.read_text())
    for item in tree["files"]:
        item[3] = str(tmp_path / "outside")
    path.write_text(json.dumps(tree))
    answer = await fetch(*address(workspace, run, "train.py"))
    assert answer.status == 500
    assert answer.json["code"] == "folder_corrupt"
    assert SECRET not in answer.body.decode()


async def test_a_file_is_what_was_submitted_not_what_it_is_now(fetch, workspace, run):
    answer = await fetch(*address(workspace, run, "train.py"))
    assert answer.body == b"import lib\nprint(1)\n"
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    part = await fetch(*address(workspace, run, "train.py"), headers={"Range": "bytes=0-5"})
    assert (part.status, part.body) == (206, b"import")
    assert part.headers["Content-Range"] == "bytes 0-5/20"
    named = await fetch(*address(workspace, run, "lib", "r\u00e9sum\u00e9 #1.txt"))
    assert named.body == b"name"


async def test_a_page_in_the_source_may_do_nothing(fetch, workspace, run):
    answer = await fetch(*address(workspace, run, "lib", "page.html"))
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")


@pytest.mark.parametrize("path", ["../secret.txt", "%2e%2e%2fsecret.txt", "/etc/passwd", "lib"])
async def test_nothing_outside_the_snapshot_is_given(fetch, workspace, run, path):
    answer = await fetch(*address(workspace, run, path))
    assert answer.status in (400, 404)
    assert SECRET.encode() not in answer.body


async def test_a_run_without_a_snapshot_has_no_files(fetch, workspace, plain):
    answer = await fetch(*address(workspace, plain))
    assert answer.json == {"snapshot_id": None, "files": [], "truncated": False}
    missing = await fetch(*address(workspace, plain, "train.py"))
    assert (missing.status, missing.json["code"]) == (404, "artifact_not_found")


@pytest.fixture
def submitted(workspace, tmp_path):
    """A run whose folder has changed since it was submitted."""
    source = tmp_path / "source"
    source.mkdir()
    for name in ("train.py", "same.py", "gone.py"):
        (source / name).write_text(f"print({name!r})\n")
    taken = snapshot.take(workspace.layout, tmp_path / "cache", source, Bounds())
    (source / "train.py").write_text("print('now')\n")
    (source / "new.py").write_text("new")
    (source / "gone.py").unlink()
    (source / ".amlignore").write_text("*.env\n")
    (source / "keys.env").write_text(SECRET)
    (tmp_path / "secret.txt").write_text(SECRET)
    (source / "link.txt").symlink_to(tmp_path / "secret.txt")
    experiment = workspace.create_experiment("folder")
    return workspace.create_run(
        experiment,
        "run-3",
        records.SCRIPT,
        "Running",
        snapshot_id=taken.id,
        properties={records.SOURCE_PROPERTY: str(source)},
    )


def now(workspace, run, *rest: str) -> tuple[str, ...]:
    return ("workspaces", workspace.id, "runs", run.id, "folder", *rest)


async def test_the_folder_as_it_is_now_tells_what_changed(fetch, workspace, submitted):
    before = await fetch(*address(workspace, submitted))
    after = await fetch(*now(workspace, submitted))
    old = {item["path"]: item["digest"] for item in before.json["files"]}
    new = {item["path"]: item["digest"] for item in after.json["files"]}
    assert set(new) == {"train.py", "same.py", "new.py", ".amlignore"}
    assert old["same.py"] == new["same.py"]
    assert old["train.py"] != new["train.py"]
    file = await fetch(*now(workspace, submitted, "train.py"))
    assert file.body == b"print('now')\n"


@pytest.mark.parametrize(
    "path",
    ["keys.env", "link.txt", "gone.py", "../secret.txt", "%2e%2e%2fsecret.txt", "/etc/hosts"],
)
async def test_only_what_a_snapshot_would_take_is_given(fetch, workspace, submitted, path):
    answer = await fetch(*now(workspace, submitted, path))
    assert answer.status in (400, 404)
    assert SECRET.encode() not in answer.body


@pytest.mark.parametrize("whose", [{"user": "somebody"}, {"host": "elsewhere"}])
async def test_the_folder_of_another_user_or_machine_is_theirs(fetch, workspace, submitted, whose):
    path = submitted.layout.record
    path.chmod(0o600)
    path.write_text(json.dumps({**json.loads(path.read_text()), **whose}))
    answer = await fetch(*now(workspace, submitted))
    assert (answer.status, answer.json["code"]) == (404, "artifact_not_found")


async def test_a_folder_that_is_gone_or_was_never_known_is_missed(
    fetch, workspace, submitted, plain, tmp_path
):
    shutil.rmtree(tmp_path / "source")
    for run in (submitted, plain):
        answer = await fetch(*now(workspace, run))
        assert (answer.status, answer.json["code"]) == (404, "artifact_not_found")
        assert str(tmp_path) not in answer.json["message"]
