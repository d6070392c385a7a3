"""Waking when a file changes, also one that is not there yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter.history import watch
from ml_jupyter.history.watch import Watcher

LONG_S = 10.0


@pytest.fixture(params=["inotify", "polling"])
def watcher(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watcher]:
    """One of each kind; polling is what other systems than Linux have."""
    if request.param == "polling":
        monkeypatch.setattr(watch, "_libc", lambda: None)
    with Watcher() as made:
        yield made


def is_quiet(watcher: Watcher) -> bool:
    """Whether it stops waking while nothing happens."""
    return any(not watcher.wait(0.02) for _ in range(20))


def test_a_file_that_grows(watcher: Watcher, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"")
    watcher.add(path)
    assert is_quiet(watcher)
    for text in (b"one", b"one, two"):
        path.write_bytes(text)
        assert watcher.wait(LONG_S)
        assert is_quiet(watcher)


def test_a_file_that_appears_in_a_folder_that_appears(watcher: Watcher, tmp_path: Path) -> None:
    path = tmp_path / "run" / "metrics" / "loss"
    watcher.add(path)
    assert is_quiet(watcher)
    path.parent.mkdir(parents=True)
    watcher.wait(0.02)  # a folder may wake or not; what is below it must
    path.write_bytes(b"1")
    assert watcher.wait(LONG_S)
    assert is_quiet(watcher)
    path.write_bytes(b"12")
    assert watcher.wait(LONG_S)
    assert is_quiet(watcher)


def test_two_files_of_a_folder_that_is_not_there(watcher: Watcher, tmp_path: Path) -> None:
    first, second = tmp_path / "run" / "events", tmp_path / "run" / "lock"
    watcher.add(first)
    watcher.add(second)
    watcher.remove(first)
    (tmp_path / "run").mkdir()
    watcher.wait(0.02)
    second.write_bytes(b"1")
    assert watcher.wait(LONG_S)
    assert is_quiet(watcher)


def test_a_file_that_is_not_watched_any_more(watcher: Watcher, tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"")
    watcher.add(path)
    watcher.remove(path)
    assert is_quiet(watcher)
    path.write_bytes(b"more")
    assert not watcher.wait(0.05)
