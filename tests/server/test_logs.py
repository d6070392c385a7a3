"""Line numbers, times and searches of logs, big and hostile ones too."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_jupyter.devices import sessions
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.server import log_search, log_times
from ml_jupyter.server.log_lines import LogLines
from ml_jupyter.server.log_search import Wanted
from ml_jupyter.server.logs import Log
from ml_jupyter.testing.isolation import eventually

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture
def log(run: RunFolder) -> Path:
    path = run.layout.files / "user_logs" / "std_log.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def at(workspace: WorkspaceFolder, run: RunFolder, *parts: str) -> tuple[str, ...]:
    return ("workspaces", workspace.id, "runs", run.id, "log", *parts)


def numbered(count: int) -> bytes:
    return b"".join(b"line %d\n" % number for number in range(1, count + 1))


async def test_an_answer_says_which_line_it_begins_in(fetch, workspace, run, log):
    log.write_bytes(numbered(1000))
    answer = await fetch(*at(workspace, run), params={"offset": -9})
    assert (answer.body, answer.headers["X-Line"]) == (b"ine 1000\n"[-9:], "1000")
    answer = await fetch(*at(workspace, run), params={"line": 500, "length": 9})
    assert (answer.body, answer.headers["X-Line"]) == (b"line 500\n", "500")
    answer = await fetch(*at(workspace, run), params={"line": 5000})
    assert (answer.body, answer.headers["X-Line"]) == (b"", "1001")


lines = st.lists(st.integers(0, 300), max_size=80).map(
    lambda sizes: b"".join(b"x" * size + b"\n" for size in sizes)
)


@given(text=lines, cuts=st.lists(st.integers(0, 20_000), max_size=12), data=st.data())
def test_line_numbers_are_right_whatever_was_asked_before(
    tmp_path_factory: pytest.TempPathFactory, text: bytes, cuts: list[int], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("log")
    path, times = folder / "log", folder / "times"
    path.write_bytes(text)
    marks = sorted({min(cut, len(text)) for cut in cuts})
    times.write_bytes(b"".join(struct.pack("<qqq", m, text[:m].count(b"\n"), m) for m in marks))
    counted = LogLines()
    for _ in range(4):
        log = Log("log", path, data.draw(st.sampled_from([times, None])))
        offset = data.draw(st.integers(0, len(text)))
        assert counted.line_at(log, offset) == text[:offset].count(b"\n") + 1
        line = data.draw(st.integers(1, text.count(b"\n") + 2))
        begins = [0] + [at + 1 for at, byte in enumerate(text) if byte == 10]
        expected = begins[line - 1] if line <= len(begins) else len(text)
        assert counted.offset_of(log, line) == expected


async def test_when_a_line_was_printed(fetch, workspace, run, log):
    log.write_bytes(numbered(100))
    marks = [(0, 0, 10**18), (7, 1, 10**18 + 5 * 10**8), (300, 40, 10**18 + 10**9)]
    run.layout.log_times.write_bytes(b"".join(struct.pack("<qqq", *mark) for mark in marks))
    answer = await fetch(*at(workspace, run, "times"), params={"offset": 8, "length": 100})
    assert answer.json == {
        "times": [{"offset": 7, "line": 2, "time_ms": (10**18 + 5 * 10**8) / 1e6}]
    }
    assert len((await fetch(*at(workspace, run, "times"))).json["times"]) == 3
    assert (await fetch(*at(workspace, run, "times"), params={"path": "logs/a"})).json[
        "times"
    ] == []


async def test_a_search_counts_all_and_gives_some(fetch, workspace, run, log):
    log.write_bytes(numbered(1000) + b"the \x1b[31mE\x1b[0mnd\n")
    answer = await fetch(*at(workspace, run, "search"), params={"text": "LINE 99", "limit": 3})
    found = answer.json
    assert (found["count"], found["complete"], found["end"]) == (11, True, found["scanned"])
    assert [(m["line"], m["text"], m["start"]) for m in found["matches"]] == [
        (99, "line 99", 0), (990, "line 990", 0), (991, "line 991", 0),
    ]  # fmt: skip
    again = await fetch(
        *at(workspace, run, "search"), params={"text": "line 99", "after": found["next"]}
    )
    assert [m["line"] for m in again.json["matches"]] == list(range(992, 1000))
    assert again.json["next"] is None
    colour = await fetch(*at(workspace, run, "search"), params={"text": "the End", "case": "true"})
    (match,) = colour.json["matches"]
    assert (match["line"], match["text"]) == (1001, "the End")
    body = (await fetch(*at(workspace, run), params={"offset": match["offset"]})).body
    assert body.startswith(b"the \x1b")


async def test_a_search_by_expression(fetch, workspace, run, log):
    log.write_bytes(numbered(1000))
    params = {"text": r"^line (\d)\1$", "regex": "true"}
    found = (await fetch(*at(workspace, run, "search"), params=params)).json
    assert [m["line"] for m in found["matches"]] == [11, 22, 33, 44, 55, 66, 77, 88, 99]
    answer = await fetch(*at(workspace, run, "search"), params={"text": "(", "regex": "true"})
    assert (answer.status, answer.json["code"]) == (400, "invalid_argument")
    assert (await fetch(*at(workspace, run, "search"))).status == 400
    words = await fetch(*at(workspace, run, "search"), params={"text": "("})
    assert words.json["count"] == 0


def test_a_hostile_expression_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"good\n" * 3 + b"a" * 40 + b"!\n" + b"good\n")
    begun = time.monotonic()
    found = log_search.search(path, Wanted(r"(a+)+$|good", regex=True), 0.5)
    assert time.monotonic() - begun < 8
    assert found["complete"] is False


def test_a_hostile_expression_cannot_take_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"x" * 1000 + b"\n")
    found = log_search.search(path, Wanted(r"(?:x{1,1000}){1,1000}y", regex=True), 1.0)
    assert found["matches"] == []


@pytest.mark.parametrize("text", [r"\A", r"line$", r"^$", r"(?=l)", r"\bline\b", r"."])
def test_expressions_see_lines_and_nothing_else(tmp_path: Path, text: str) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"line\n\nanother line\r\nlast line")
    found = log_search.search(path, Wanted(text, regex=True), 5.0)
    expected = {r"\A": 4, r"line$": 3, r"^$": 1, r"(?=l)": 3, r"\bline\b": 3, r".": 3}[text]
    assert found["count"] == expected, found


def test_a_big_log_is_searched_whole(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with path.open("wb") as stream:
        for _ in range(50):
            stream.write(b"epoch 1 loss 0.25 and so on for a while\n" * 25_000)
        stream.write(b"needle\n")
    begun = time.monotonic()
    found = log_search.search(path, Wanted("needle"), 10.0)
    assert found["matches"][0]["line"] == 1_250_001
    assert found["complete"]
    assert time.monotonic() - begun < 8, "50 MB"


def test_a_line_without_end_is_searched_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"x" * 3_000_000 + b"needle" + b"y" * 1000)
    found = log_search.search(path, Wanted("needle"), 10.0)
    assert found["scanned"] == found["end"] == 3_001_006
    assert (found["count"], found["matches"][0]["line"]) == (1, 1)
    assert found["complete"]


def test_a_log_that_is_not_there_or_no_file_is_empty(tmp_path: Path) -> None:
    assert log_search.search(tmp_path / "none", Wanted("x"), 1.0)["complete"]
    assert log_search.search(tmp_path, Wanted("x"), 1.0)["count"] == 0
    with pytest.raises(UserErrorException, match="regular expression"):
        log_search.search(tmp_path, Wanted("[", regex=True), 1.0)


def test_the_mark_before_a_place_is_found_among_many(tmp_path: Path) -> None:
    times = tmp_path / "log.times"
    times.write_bytes(b"".join(struct.pack("<qqq", n * 10, n, n) for n in range(10_000)))
    assert log_times.before(times, 55_555) == (55_550, 5555, 5555)
    assert log_times.before(times, 9_999, by_line=True).offset == 99_990
    assert log_times.before(tmp_path / "none", 5) == (0, 0, 0)


async def test_the_kernels_of_the_server_are_told_to_the_queue(
    app, settings, monkeypatch, tmp_path
):
    kernel_id = await app.serverapp.kernel_manager.start_kernel()
    try:
        await app.services.kernels.tell()
        told = sessions.known(settings.runtime)
        assert set(told) == {kernel_id}
        assert app.services.kernels.ids == {kernel_id}
    finally:
        await app.serverapp.kernel_manager.shutdown_kernel(kernel_id, now=True)
    await app.services.kernels.tell()
    eventually(lambda: sessions.known(settings.runtime) == {}, 5, "the kernel's end being told")


async def test_lines_of_a_big_log_are_numbered_once_they_were_counted(
    connect, fetch, workspace, run, log
):
    with log.open("wb") as stream:
        for _ in range(70):
            stream.write(b"x" * 1023 + b"\n" if _ == 0 else (b"y" * 1023 + b"\n") * 1024)
    size = log.stat().st_size
    client = await connect()
    place = {"workspace": workspace.id, "run": run.id}
    await client.send(op="subscribe", id=1, stream="log", offset=size, **place)
    first = await client.message()
    assert first["line"] is None, "more than 64 MiB would have to be read"
    params = {"offset": size, "length": 0}
    answer = await fetch(*at(workspace, run), params=params)
    assert answer.headers["X-Line"] == str(69 * 1024 + 2)
    with log.open("ab") as stream:
        stream.write(b"new\n")
    second = await client.until(lambda m: m["data"])
    assert second["line"] == 69 * 1024 + 2
