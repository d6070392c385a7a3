"""Slots: held by descriptors, all or nothing, in turn between users."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ml_jupyter.jobs import slots
from ml_jupyter.jobs.slots import Holder, SlotTable

ME = Holder(os.getuid(), "run-1", "digits-sgd")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "slots"


def test_all_or_nothing_in_one_order(folder: Path) -> None:
    table = SlotTable(folder, 3)
    first = table.take(2, ME)
    assert first is not None
    assert list(first) == [0, 1]
    assert table.survey() == [ME, ME, None]
    assert table.take(2, ME) is None
    assert table.free() == 1
    slots.close(first.values())
    assert table.free() == 3


def test_folder_is_for_everybody_as_tmp_is(folder: Path) -> None:
    taken = SlotTable(folder, 1).take(1, ME)
    assert taken is not None
    assert folder.stat().st_mode & 0o7777 == 0o1777
    assert (folder / "cpu-0").stat().st_mode & 0o777 == 0o666
    slots.close(taken.values())


def test_slot_lives_with_whoever_inherited_it(folder: Path) -> None:
    table = SlotTable(folder, 1)
    taken = table.take(1, ME)
    assert taken is not None
    child = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"],
        stdin=subprocess.PIPE, pass_fds=list(taken.values()),
    )  # fmt: skip
    with child:
        slots.close(taken.values())
        assert table.free() == 0
        child.kill()
    assert table.free() == 1


def test_names_of_other_users_are_not_shown(folder: Path) -> None:
    table = SlotTable(folder, 1)
    taken = table.take(1, Holder(os.getuid() + 1, "theirs", "their secret project"))
    assert taken is not None
    (holder,) = table.survey()
    assert holder == Holder(os.getuid() + 1, "", "a job of another user")
    slots.close(taken.values())


def test_rubbish_in_a_slot_file_is_survived(folder: Path) -> None:
    table = SlotTable(folder, 1)
    taken = table.take(1, ME)
    assert taken is not None
    (folder / "cpu-0").write_bytes(b"\xff[[")
    assert table.survey() == [Holder(-1, "", "a job of another user")]
    slots.close(taken.values())


def test_who_waits_first_is_served_first(folder: Path) -> None:
    """Two dispatchers (as of two users): slots that the earlier one waits for are left to it."""
    early, late = SlotTable(folder, 2), SlotTable(folder, 2)
    held = SlotTable(folder, 2).take(2, ME)
    assert held is not None
    early.wait_for(2)
    late.wait_for(1)
    os.close(held[1])
    assert early.free() == 1
    assert late.free() == 0
    os.close(held[0])
    assert (early.free(), late.free()) == (2, 0)
    early.wait_for(0)
    assert late.free() == 2
    late.wait_for(0)


def test_ticket_of_a_dead_dispatcher_counts_for_nothing(folder: Path) -> None:
    folder.mkdir()
    (folder / "ticket-00000000000000000001-0-1").write_text("2")
    table = SlotTable(folder, 2)
    assert table.free() == 2
    assert list(folder.glob("ticket-*")) == []


def test_holder_facts_are_plain_json(folder: Path) -> None:
    taken = SlotTable(folder, 1).take(1, ME)
    assert taken is not None
    assert json.loads((folder / "cpu-0").read_text()) == {
        "uid": os.getuid(), "run_id": "run-1", "name": "digits-sgd",
    }  # fmt: skip
    slots.close(taken.values())
