"""Slots: held by descriptors, all or nothing, in turn between users."""

from __future__ import annotations

import codecs
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_jupyter.history import lock
from ml_jupyter.jobs.queue_request import Request
from ml_jupyter.jobs.queue_room import Fit
from ml_jupyter.jobs.slot_tickets import Tickets
from ml_jupyter.jobs.slots import SOMEBODY, Holder, Nodes, PoolNode, SlotTable, pool_nodes
from ml_jupyter.testing.isolation import eventually

ME = Holder(os.getuid(), "run-1", "digits-sgd", since=7)
GB = 1_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "slots"


def take(table: SlotTable, *gpus: str, **needs: float) -> Nodes | None:
    request = Request(**needs)  # type: ignore[arg-type]
    fit = (gpus,) if request.nodes == 1 else tuple((uuid,) for uuid in gpus)
    return table.take(request, fit, ME)


def got(nodes: Nodes | None) -> Nodes:
    assert nodes is not None
    return nodes


def test_all_or_nothing_in_one_order(folder: Path) -> None:
    table = SlotTable(folder, 3)
    first = got(take(table, slots=2))
    assert first.cpus == (0, 1)
    assert [holder and holder.run_id for holder in table.survey()] == ["run-1", "run-1", None]
    assert take(table, slots=2) is None
    assert table.survey()[2] is None
    first.close()
    assert table.survey() == [None] * 3


def test_a_job_that_lacks_one_thing_takes_nothing(folder: Path) -> None:
    table = SlotTable(folder, 2, memory=10 * GB)
    held = got(take(table, "GPU-b", gpus=1))
    for lacking in (
        take(table, "GPU-a", "GPU-b", gpus=1, nodes=2),
        take(table, "GPU-a", gpus=1, slots=2),
        take(table, "GPU-a", gpus=1, memory=11 * GB),
    ):
        assert lacking is None
    assert set(table.holdings()) == {"cpu-0", "gpu-GPU-b"}
    held.close()


def test_gpus_are_whole_or_shared(folder: Path) -> None:
    table = SlotTable(folder, 9)
    half, quarter = got(take(table, "GPU-a", gpus=0.5)), got(take(table, "GPU-a", gpus=0.25))
    assert take(table, "GPU-a", gpus=1) is None
    assert take(table, "GPU-a", gpus=0.5) is None
    last = got(take(table, "GPU-a", gpus=0.25))
    half.close()
    quarter.close()
    last.close()
    whole = got(take(table, "GPU-a", gpus=1))
    assert take(table, "GPU-a", gpus=0.25) is None
    whole.close()


def test_a_share_may_take_more_for_its_memory(folder: Path) -> None:
    table = SlotTable(folder, 9)
    request = Request(gpus=0.25, gpu_memory=60 * GB)
    large = got(table.take(request, (("GPU-a",),), ME, {"GPU-a": 0.75}))
    holder = table.holdings()["share-GPU-a-0"]
    assert (holder.amount, holder.reserved) == (0.75, 60 * GB)
    assert take(table, "GPU-a", gpus=0.5) is None
    large.close()


def test_memory_is_not_promised_twice(folder: Path) -> None:
    table = SlotTable(folder, 9, memory=10 * GB)
    first = got(take(table, memory=6 * GB))
    assert take(table, memory=6 * GB) is None
    second = got(take(table, memory=2 * GB, nodes=2))
    assert sorted(table.holdings()) == ["cpu-0", "cpu-1", "cpu-2", "memory-0", "memory-1"]
    first.close()
    second.close()


def test_nodes_of_a_pool_are_counted_machine_wide(folder: Path) -> None:
    one, other = SlotTable(folder, 9), SlotTable(folder, 9)
    pool = {"pool": "abc", "max_nodes": 2}
    request = Request(**pool)  # type: ignore[arg-type]
    first, second = got(one.take(request, ((),), ME)), got(other.take(request, ((),), ME))
    assert one.take(request, ((),), ME) is None
    assert other.take_nodes(request, ME) is None
    second.close()
    nodes = pool_nodes(folder, "abc", 3)
    assert [(node.held, node.run_id) for node in nodes] == [
        (True, "run-1"), (False, "run-1"), (False, ""),
    ]  # fmt: skip
    assert nodes[2] == PoolNode(2, False, "", "", -1, None)
    assert (nodes[0].since or 0) > 0
    first.close()


def test_folder_is_for_everybody_as_tmp_is(folder: Path) -> None:
    taken = got(take(SlotTable(folder, 1), "GPU-a", gpus=0.5, memory=1))
    assert folder.stat().st_mode & 0o7777 == 0o1777
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o666}
    taken.close()


def test_slot_lives_with_whoever_inherited_it(folder: Path) -> None:
    table = SlotTable(folder, 1)
    taken = got(take(table, "GPU-a", gpus=1))
    child = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"],
        stdin=subprocess.PIPE, pass_fds=list(taken.descriptors.values()),
    )  # fmt: skip
    with child:
        taken.close()
        assert set(table.holdings()) == {"cpu-0", "gpu-GPU-a"}
        child.kill()
    assert table.holdings() == {}


def test_what_a_parent_held_is_taken_over_as_it_was(folder: Path) -> None:
    table = SlotTable(folder, 2)
    parent = got(take(table, "GPU-a", gpus=0.5))
    child = Holder(os.getuid(), "run-2", "child")
    assert table.take_slot("share-GPU-a-0", child) is None
    parent.close()
    fd = table.take_slot("share-GPU-a-0", child)
    assert fd is not None
    holder = table.holdings()["share-GPU-a-0"]
    assert (holder.run_id, holder.amount) == ("run-2", 0.5)
    os.close(fd)


def test_names_of_other_users_are_not_shown(folder: Path) -> None:
    table = SlotTable(folder, 1)
    theirs = Holder(os.getuid() + 1, "theirs", "their secret project", since=7)
    taken = got(table.take(Request(), ((),), theirs))
    (holder,) = table.survey()
    assert holder == Holder(os.getuid() + 1, "", SOMEBODY, since=7)
    taken.close()


def test_rubbish_in_a_slot_file_is_survived(folder: Path) -> None:
    table = SlotTable(folder, 1)
    taken = got(take(table))
    (folder / "cpu-0").write_bytes(b"\xff[[")
    assert table.survey() == [Holder(-1, "", SOMEBODY)]
    taken.close()


def test_holder_facts_are_plain_json(folder: Path) -> None:
    taken = got(take(SlotTable(folder, 1)))
    assert json.loads((folder / "cpu-0").read_text()) == {
        "uid": os.getuid(), "run_id": "run-1", "name": "digits-sgd",
        "amount": 1.0, "reserved": 0, "since": 7,
    }  # fmt: skip
    taken.close()


def test_facts_of_an_older_version_are_read(folder: Path) -> None:
    table = SlotTable(folder, 1)
    taken = got(take(table))
    facts = {"uid": os.getuid(), "run_id": "run-1", "name": "digits-sgd"}
    (folder / "cpu-0").write_text(json.dumps(facts))
    assert table.survey() == [Holder(os.getuid(), "run-1", "digits-sgd")]
    taken.close()


TAKER = """
import os, sys
from pathlib import Path
from ml_jupyter.jobs.queue_request import Request
from ml_jupyter.jobs.queue_room import Fit
from ml_jupyter.jobs.slots import Holder, SlotTable
table = SlotTable(Path(sys.argv[1]), 64, 10)
request = Request(gpus=0.25, memory=1, pool="p", max_nodes=5)
sys.stdin.readline()
held = [table.take(request, (("GPU-a",),), Holder(os.getuid(), "r", "r")) for _ in range(6)]
print(sum(item is not None for item in held), flush=True)
sys.stdin.readline()
"""


def test_takers_at_the_same_moment_never_take_too_much(folder: Path) -> None:
    """Six processes race for four quarters of a GPU."""
    command = [sys.executable, "-c", TAKER, str(folder)]
    takers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        for _ in range(6)
    ]
    for taker in takers:
        assert taker.stdin is not None
        taker.stdin.write(b"\n")
    counts = [int(taker.stdout.readline()) for taker in takers if taker.stdout]
    assert sum(counts) == 4
    held = SlotTable(folder, 64).holdings()
    assert sum(1 for name in held if name.startswith("share-")) == 4
    for taker in takers:
        taker.communicate(b"\n")
    assert SlotTable(folder, 64).holdings() == {}


STOPPED = """
import sys, time
from pathlib import Path
from ml_jupyter.jobs import slot_files
with slot_files.taking(Path(sys.argv[1])) as allowed:
    print(allowed, flush=True)
    sys.stdin.read()
"""


def test_somebody_who_is_stopped_while_taking_stops_nobody_for_long(folder: Path) -> None:
    table = SlotTable(folder, 1)
    stopped = subprocess.Popen(
        [sys.executable, "-c", STOPPED, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with stopped:
        assert stopped.stdout is not None
        assert stopped.stdout.readline() == b"True\n"
        assert take(table) is None
        stopped.kill()
    got(eventually(lambda: take(table), what="a slot")).close()


@contextmanager
def another_user(folder: Path, needs: Request, fit: Fit) -> Iterator[str]:
    """A process of another user that has tried to take slots; says what it got."""
    codecs.lookup("ascii")  # it may not read this user's Python any more
    out, into = os.pipe()
    hold, let_go = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(let_go)
            os.setgid(65534)
            os.setuid(65534)
            taken = SlotTable(folder, 4).take(needs, fit, Holder(65534, "theirs", "their run"))
            Tickets(folder).wait_for(needs)
            os.write(into, b"-" if taken is None else ",".join(taken.descriptors).encode())
            os.read(hold, 1)
        except BaseException as error:
            os.write(into, repr(error).encode())
        finally:
            os._exit(0)
    os.close(hold)
    try:
        yield os.read(out, 4096).decode()
    finally:
        os.close(let_go)
        os.waitpid(child, 0)
        os.close(out)
        os.close(into)


@pytest.mark.skipif(os.getuid() != 0, reason="only the superuser can be another user")
def test_users_share_the_folder(tmp_path: Path) -> None:
    """Files that one user made are locked by the other one, who never sees any names."""
    for path in (tmp_path, *tmp_path.parents[:3]):  # with xdist there is one more
        if path.name.startswith(("pytest-", "popen-", "test_")):
            path.chmod(0o755)
    folder = tmp_path / "slots"
    table = SlotTable(folder, 4)
    needs, fit = Request(gpus=0.5, memory=5), (("GPU-a",),)
    made = got(table.take(needs, fit, ME))
    made.close()
    kept = got(table.take(Request(), ((),), ME))
    with another_user(folder, needs, fit) as taken:
        assert taken == "share-GPU-a-0,memory-0,cpu-1"
        assert table.holdings()["share-GPU-a-0"] == Holder(65534, "", SOMEBODY, 0.5)
        assert Tickets(folder).before() == [needs]
        with another_user(folder, Request(gpus=1), fit) as nothing:
            assert nothing == "-"
        beside = got(table.take(needs, fit, ME))
        beside.close()
    assert set(table.holdings()) == {"cpu-0"}
    kept.close()


NEEDS = st.builds(
    Request,
    slots=st.integers(1, 3),
    memory=st.sampled_from([0, 3 * GB, 7 * GB]),
    gpus=st.sampled_from([0.0, 0.3, 0.5, 1.0, 2.0]),
    nodes=st.integers(1, 2),
    pool=st.sampled_from(["", "p"]),
    max_nodes=st.just(2),
)


@given(st.lists(st.tuples(NEEDS, st.integers(0, 9)), max_size=25))
@settings(max_examples=40, deadline=None)
def test_whatever_is_taken_and_let_go_nothing_is_taken_twice(
    steps: list[tuple[Request, int]],
) -> None:
    """Two tables on one folder, as two users have them; every third step something is let go."""
    with TemporaryDirectory() as folder:
        tables = [SlotTable(Path(folder), 6, 10 * GB) for _ in range(2)]
        held: list[tuple[Request, Nodes]] = []
        for number, (request, pick) in enumerate(steps):
            if number % 3 == 2 and held:
                held.pop(pick % len(held))[1].close()
            each = 1 if request.share else request.whole
            names = [f"GPU-{(pick + at) % 4}" for at in range(each * request.nodes)]
            fit = tuple(tuple(names[at * each :][:each]) for at in range(request.nodes))
            taken = tables[number % 2].take(request, fit, ME)
            if taken is not None:
                held.append((request, taken))
            _check(tables[0], held)
        for _, taken in held:
            taken.close()
        assert tables[1].holdings() == {}


def _check(table: SlotTable, held: list[tuple[Request, Nodes]]) -> None:
    slots = table.holdings()
    assert len(slots) == sum(len(nodes.descriptors) for _, nodes in held)
    assert sum(name.startswith("cpu-") for name in slots) == sum(len(n.cpus) for _, n in held)
    assert sum(item.amount for name, item in slots.items() if name.startswith("memory")) <= 10 * GB
    assert sum(name.startswith("pool-") for name in slots) <= 2
    for at in range(4):
        shares = [i.amount for name, i in slots.items() if name.startswith(f"share-GPU-{at}-")]
        assert sum(shares) <= 1.0 + 1e-6
        assert not (shares and f"gpu-GPU-{at}" in slots)


# -- tickets ---------------------------------------------------------------------------------------


def test_who_waits_first_is_served_first(folder: Path) -> None:
    """Two dispatchers (as of two users): what the earlier one waits for is left to it."""
    early, late = Tickets(folder), Tickets(folder)
    early.wait_for(Request(slots=2))
    late.wait_for(Request(gpus=1))
    assert (early.before(), late.before()) == ([], [Request(slots=2)])
    early.wait_for(Request(slots=3))
    assert late.before() == [Request(slots=3)]
    assert Tickets(folder).before() == [Request(slots=3), Request(gpus=1)]
    early.leave()
    assert late.before() == []
    late.leave()


def test_who_was_served_goes_to_the_end_of_the_line(folder: Path) -> None:
    one, other = Tickets(folder), Tickets(folder)
    one.wait_for(Request())
    other.wait_for(Request(slots=2))
    one.leave()
    one.wait_for(Request())
    assert (one.before(), other.before()) == ([Request(slots=2)], [])
    one.leave()
    other.leave()


def test_tickets_name_nobody(folder: Path) -> None:
    ticket = Tickets(folder)
    ticket.wait_for(Request(pool="abc", pool_name="my secret pool", max_nodes=2))
    (path,) = folder.glob("ticket-*")
    assert "secret" not in path.read_text()
    ticket.leave()


def test_tickets_of_an_older_version_and_rubbish(folder: Path) -> None:
    folder.mkdir()
    held = []
    for name, text in (("1", "2"), ("2", "{]"), ("3", "[1]")):
        path = folder / f"ticket-{name}"
        path.write_text(text)
        fd = os.open(path, os.O_RDWR)
        assert lock.try_descriptor(fd)
        held.append(fd)
    assert Tickets(folder).before() == [Request(slots=2)]
    for fd in held:
        os.close(fd)


def test_ticket_of_a_dead_dispatcher_counts_for_nothing(folder: Path) -> None:
    folder.mkdir()
    (folder / "ticket-00000000000000000001-0-1").write_text("2")
    assert Tickets(folder).before() == []
    assert list(folder.glob("ticket-*")) == []
