"""A run's files and logs, asked for by friends and by a hostile client."""

from __future__ import annotations

import asyncio
import os
import socket

import pytest

from ml_jupyter.history import records
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.server import run_files
from ml_jupyter.server.errors import RangeNotSatisfiable

SECRET = b"this must not be seen"


@pytest.fixture
def run(workspace, tmp_path):
    experiment = workspace.create_experiment("explore")
    found = workspace.create_run(experiment, "run-1", records.SCRIPT, "Running")
    files = found.layout.files
    for path, data in {
        "user_logs/std_log.txt": b"0123456789",
        "outputs/page.html": b"<script>alert(1)</script>",
        "outputs/image.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "outputs/plot.png": b"\x89PNG",
        "outputs/train.py": b"print(1)",
        "outputs/empty": b"",
        "outputs/r\u00e9sum\u00e9 #1?.txt": b"name",
    }.items():
        (files / path).parent.mkdir(parents=True, exist_ok=True)
        (files / path).write_bytes(data)
    (found.layout.work / "logs").mkdir(parents=True)
    (found.layout.work / "logs" / "live.txt").write_bytes(b"live")
    (files / "logs").symlink_to("../work/logs")
    found.layout.launch.write_bytes(SECRET)
    return found


def address(workspace, run, *rest: str) -> tuple[str, ...]:
    return ("workspaces", workspace.id, "runs", run.id, *rest)


async def test_files_are_listed_also_those_of_the_running_job(fetch, workspace, run):
    answer = await fetch(*address(workspace, run, "files"))
    found = {item["path"]: item["size"] for item in answer.json["files"]}
    assert found["user_logs/std_log.txt"] == 10
    assert found["logs/live.txt"] == 4
    assert answer.json["truncated"] is False
    assert not any(name.endswith(("lock", "launch.json", "events", "run.json")) for name in found)


@pytest.mark.parametrize(
    ("path", "kind", "sandboxed"),
    [
        ("outputs/page.html", "text/html; charset=utf-8", True),
        ("outputs/image.svg", "image/svg+xml", True),
        ("outputs/plot.png", "image/png", False),
        ("outputs/train.py", "text/plain; charset=utf-8", False),
        ("outputs/empty", "application/octet-stream", False),
        ("logs/live.txt", "text/plain; charset=utf-8", False),
        ("outputs/r\u00e9sum\u00e9 #1?.txt", "text/plain; charset=utf-8", False),
    ],
)
async def test_files_have_their_kind_and_active_ones_no_rights(
    fetch, workspace, run, path, kind, sandboxed
):
    answer = await fetch(*address(workspace, run, "files", path))
    assert answer.status == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox;") is sandboxed
    assert "allow-scripts" not in policy
    assert answer.body == run_files_bytes(run, path)


def run_files_bytes(run, path):
    return (run.layout.files / path).read_bytes()


async def test_a_download_has_its_name(fetch, workspace, run):
    path = "outputs/r\u00e9sum\u00e9 #1?.txt"
    answer = await fetch(*address(workspace, run, "files", path), params={"download": "1"})
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''r%C3%A9sum%C3%A9%20%231%3F.txt"
    )


@pytest.mark.parametrize(
    ("header", "status", "body", "described"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=8-", 206, b"89", "bytes 8-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=0-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=1-2,4-5", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
        ("bytes=4-2", 200, b"0123456789", None),
    ],
)
async def test_ranges_are_honoured(fetch, workspace, run, header, status, body, described):
    where = address(workspace, run, "files", "user_logs/std_log.txt")
    answer = await fetch(*where, headers={"Range": header})
    assert (answer.status, answer.body) == (status, body)
    assert answer.headers.get("Content-Range") == described


async def test_a_range_behind_the_end_is_refused(fetch, workspace, run):
    where = address(workspace, run, "files", "user_logs/std_log.txt")
    answer = await fetch(*where, headers={"Range": "bytes=10-"})
    assert (answer.status, answer.json["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["Content-Range"] == "bytes */10"


def test_a_suffix_of_an_empty_file_cannot_be_had():
    with pytest.raises(RangeNotSatisfiable):
        run_files.byte_range("bytes=-1", 0)


async def test_head_and_unchanged_files_cost_no_body(fetch, workspace, run):
    where = address(workspace, run, "files", "user_logs/std_log.txt")
    answer = await fetch(*where, method="HEAD")
    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, "10", b"")
    again = await fetch(*where, headers={"If-None-Match": answer.headers["Etag"]})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize(
    ("params", "offset", "end", "body"),
    [
        ({}, 0, 10, b"0123456789"),
        ({"offset": 4}, 4, 10, b"456789"),
        ({"offset": 4, "length": 2}, 4, 10, b"45"),
        ({"offset": -3}, 7, 10, b"789"),
        ({"offset": -99}, 0, 10, b"0123456789"),
        ({"offset": 99}, 10, 10, b""),
        ({"path": "logs/live.txt"}, 0, 4, b"live"),
        ({"path": "user_logs/not-yet.txt"}, 0, 0, b""),
    ],
)
async def test_logs_are_read_from_an_offset(fetch, workspace, run, params, offset, end, body):
    answer = await fetch(*address(workspace, run, "log"), params=params)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert (answer.headers["X-Offset"], answer.headers["X-End"]) == (str(offset), str(end))
    assert answer.body == body


OUTSIDE = [
    "../launch.json",
    "../../../../workspace.json",
    "outputs/../../launch.json",
    "/etc/passwd",
    "//etc/passwd",
    "C:/Windows/win.ini",
    "..\\launch.json",
    "nul\0byte",
    "out/passwd",
    "up/launch.json",
    "launch",
    "sibling",
    "looped/x",
    ".",
    "outputs",
    "nosuch",
    "pipe",
]


@pytest.fixture
def traps(run, workspace):
    """Links that lead out of the run, to its private files, to another run, and in a circle."""
    experiment = workspace.create_experiment("explore")
    other = workspace.create_run(experiment, "other", records.SCRIPT, "Running")
    other.layout.files.mkdir()
    (other.layout.files / "private.txt").write_bytes(SECRET)
    files = run.layout.files
    (files / "out").symlink_to("/etc")
    (files / "up").symlink_to("..")
    (files / "launch").symlink_to("../launch.json")
    (files / "sibling").symlink_to(other.layout.files / "private.txt")
    (files / "looped").symlink_to("looped")
    os.mkfifo(files / "pipe")


@pytest.mark.parametrize("path", OUTSIDE)
async def test_nothing_outside_the_runs_files_is_served(fetch, workspace, run, traps, path):
    answer = await fetch(*address(workspace, run, "files", path))
    assert answer.status in (400, 404)
    assert SECRET not in answer.body
    assert b"root:" not in answer.body
    assert str(workspace.layout.root).encode() not in answer.body
    answer = await fetch(*address(workspace, run, "log"), params={"path": path})
    assert answer.status in (200, 400, 404)
    assert answer.status != 200 or answer.body == b""


@pytest.mark.parametrize(
    "path",
    [
        "..%2flaunch.json",
        "%2e%2e/launch.json",
        "%2e%2e%2flaunch.json",
        "%252e%252e/launch.json",
        "outputs/%2e%2e/%2e%2e/launch.json",
        "%2fetc%2fpasswd",
        "../launch.json",
        "a%00b",
    ],
)
async def test_encoded_ways_out_are_closed_too(
    app, workspace, run, jp_serverapp, http_server, path
):
    """Sent as raw bytes: an HTTP client would tidy them up."""
    server = jp_serverapp
    base = server.base_url + f"ml-jupyter/workspaces/{workspace.id}/runs/{run.id}/files/"
    request = (
        f"GET {base}{path} HTTP/1.1\r\nHost: localhost:{server.port}\r\n"
        f"Authorization: token {server.identity_provider.token}\r\nConnection: close\r\n\r\n"
    )
    answer = await asyncio.to_thread(raw, server.port, request.encode())
    assert answer.split(b" ", 2)[1] in (b"400", b"404")
    assert SECRET not in answer
    assert b"root:" not in answer


def raw(port: int, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(data)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


async def test_other_workspaces_and_their_runs_are_not_there(fetch, workspace, run, tmp_path):
    """A workspace that this user never opened does not exist for the server, wherever it lies."""
    elsewhere = WorkspaceFolder.create(tmp_path / "elsewhere", "elsewhere")
    foreign = elsewhere.create_run(
        elsewhere.create_experiment("e"), "foreign", records.SCRIPT, "Running"
    )
    answer = await fetch("workspaces", elsewhere.id, "runs", foreign.id)
    assert (answer.status, answer.json["code"]) == (404, "workspace_not_found")
    answer = await fetch("workspaces", workspace.id, "runs", foreign.id, "files")
    assert (answer.status, answer.json["code"]) == (404, "run_not_found")
