"""The pure choice of the queue, by examples and by properties."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_jupyter.devices.gpu import Gpu
from ml_jupyter.jobs.queue import Live, Placement, Waiting, choose, in_order, owed
from ml_jupyter.jobs.queue_limits import Capacity, never
from ml_jupyter.jobs.queue_request import Request
from ml_jupyter.jobs.queue_room import GpuRoom, Room

TOTAL = 4
GB = 1_000_000_000
MACHINE = Capacity(TOTAL, 64 * GB, tuple(Gpu(at, f"GPU-{at}", "A100", 80 * GB) for at in range(4)))


def gpu(at: int, free: float = 1.0, foreign: float = 0.0, **facts: Any) -> GpuRoom:
    left = int(80 * GB * max(0.0, free - foreign))
    values = {"total": 80 * GB, "memory_free": left, "free": free, "foreign": foreign, **facts}
    return GpuRoom(f"GPU-{at}", f"GPU {at}", **values)


def room(
    cpus: int = TOTAL, gpus: Sequence[GpuRoom] = (), memory: int = 64 * GB, **pools: int
) -> Room:
    return Room(cpus, TOTAL, memory, gpus, pools)


def wait(
    name: str, at: int, *, parent: str | None = None, priority: int = 0, **needs: Any
) -> Waiting:
    return Waiting(name, Request(**needs), at, priority, parent)


def names(placements: Sequence[Placement]) -> list[str]:
    return [item.run_id for item in placements]


def place(waiting: list[Waiting], free: Room, live: Sequence[Live] = ()) -> list[Placement]:
    return choose(waiting, live, free, MACHINE)


# -- order -----------------------------------------------------------------------------------------


def test_first_in_first_out_within_a_priority() -> None:
    waiting = [wait("late", 3), wait("early", 1), wait("urgent", 9, priority=1)]
    assert [item.run_id for item in in_order(waiting)] == ["urgent", "early", "late"]
    assert names(place(waiting, room(2))) == ["urgent", "early"]


def test_pools_of_low_priority_stand_behind_everybody() -> None:
    spot = {"pool": "p", "max_nodes": 4, "low_priority": True}
    waiting = [wait("spot", 1, priority=9, **spot), wait("late", 5)]
    assert names(place(waiting, room(1))) == ["late"]


# -- no starvation ---------------------------------------------------------------------------------


def test_a_large_run_is_not_overtaken_for_ever() -> None:
    assert place([wait("gang", 1, slots=3), wait("small", 2)], room(2)) == []


def test_a_run_that_never_fits_holds_nobody_back() -> None:
    waiting = [wait("giant", 1, slots=TOTAL + 1), wait("small", 2)]
    assert names(place(waiting, room(1))) == ["small"]


def test_runs_on_cores_go_on_while_one_waits_for_a_gpu() -> None:
    waiting = [wait("gpu", 1, gpus=1), wait("core", 2), wait("gpu too", 3, gpus=1)]
    assert names(place(waiting, room(4, [gpu(0, 0.0)]))) == ["core"]


def test_free_gpus_are_kept_for_the_gang_that_waits_for_more() -> None:
    waiting = [wait("gang", 1, gpus=2), wait("small", 2, gpus=1), wait("half", 3, gpus=0.5)]
    assert place(waiting, room(4, [gpu(0), gpu(1, 0.0)])) == []


def test_a_gpu_is_drained_of_shares_for_one_who_needs_all_of_it() -> None:
    shared = [gpu(0, 0.25), gpu(1, 0.5)]
    waiting = [wait("whole", 1, gpus=1), wait("share", 2, gpus=0.25)]
    (chosen,) = place(waiting, room(4, shared))
    assert (chosen.run_id, chosen.fit) == ("share", (("GPU-0",),))


def test_cores_are_kept_once_the_gpus_are_there() -> None:
    waiting = [wait("gang", 1, gpus=1, slots=4), wait("core", 2), wait("gpu", 3, gpus=1)]
    assert place(waiting, room(3, [gpu(0)])) == []


def test_a_full_pool_holds_up_only_its_own_runs() -> None:
    full = {"pool": "p", "max_nodes": 1, "gpus": 1}
    waiting = [wait("pool", 1, **full), wait("core", 2), wait("gpu", 3, gpus=1)]
    assert names(place(waiting, room(4, [gpu(0)], p=1))) == ["core", "gpu"]


# -- GPUs ------------------------------------------------------------------------------------------


def test_a_share_goes_where_there_are_shares_already() -> None:
    (chosen,) = place([wait("a", 1, gpus=0.25)], room(4, [gpu(0), gpu(1, 0.5), gpu(2, 0.25)]))
    assert chosen.fit == (("GPU-2",),)


def test_four_quarters_fit_on_one_gpu() -> None:
    waiting = [wait(str(at), at, gpus=0.25) for at in range(5)]
    chosen = place(waiting, Room(9, 9, 0, [gpu(0)]))
    assert names(chosen) == ["0", "1", "2", "3"]


def test_a_gpu_that_a_notebook_uses_is_taken_unless_its_memory_is_enough() -> None:
    held = [gpu(0, foreign=0.25)]
    assert place([wait("a", 1, gpus=1)], room(4, held)) == []
    assert names(place([wait("a", 1, gpus=1, gpu_memory=40 * GB)], room(4, held))) == ["a"]
    assert place([wait("a", 1, gpus=1, gpu_memory=61 * GB)], room(4, held)) == []
    assert names(place([wait("a", 1, gpus=0.75)], room(4, held))) == ["a"]
    assert place([wait("a", 1, gpus=0.8)], room(4, held)) == []


def test_a_share_takes_as_much_as_its_memory_needs() -> None:
    waiting = [wait(str(at), at, gpus=0.1, gpu_memory=30 * GB) for at in range(3)]
    assert names(place(waiting, room(4, [gpu(0)]))) == ["0", "1"]


def test_a_gpu_that_is_out_of_use_is_never_given() -> None:
    lost = gpu(0, problem="has fallen off the bus")
    (chosen,) = place([wait("a", 1, gpus=1)], room(4, [lost, gpu(1)]))
    assert chosen.fit == (("GPU-1",),)


def test_mig_devices_are_given_one_a_node_and_after_whole_gpus() -> None:
    parts = [gpu(0, mig=True, total=40 * GB), gpu(1, mig=True, total=20 * GB), gpu(2)]
    waiting = [wait("a", 1, gpus=1), wait("b", 2, gpus=1), wait("two", 3, gpus=2)]
    chosen = place(waiting, room(4, parts))
    assert [item.fit for item in chosen] == [(("GPU-2",),), (("GPU-0",),)]


def test_the_smallest_gpu_with_enough_memory_is_given() -> None:
    mixed = [gpu(0), gpu(1, total=24 * GB, memory_free=24 * GB)]
    (chosen,) = place([wait("a", 1, gpus=1, gpu_memory=20 * GB)], room(4, mixed))
    assert chosen.fit == (("GPU-1",),)


def test_a_gang_gets_all_of_its_nodes_at_once() -> None:
    (chosen,) = place([wait("a", 1, gpus=2, nodes=2)], room(4, [gpu(at) for at in range(4)]))
    assert chosen.fit == (("GPU-0", "GPU-1"), ("GPU-2", "GPU-3"))
    assert place([wait("a", 1, gpus=2, nodes=2)], room(4, [gpu(at) for at in range(3)])) == []


def test_nodes_of_one_core_may_share_the_cores_there_are() -> None:
    assert names(place([wait("a", 1, nodes=9)], room(TOTAL))) == ["a"]
    assert place([wait("a", 1, nodes=3, slots=2)], room(TOTAL)) == []


# -- parents and children --------------------------------------------------------------------------


def test_a_child_borrows_from_its_running_parent_one_at_a_time() -> None:
    live = [Live("parent", Request())]
    waiting = [wait("a", 1, parent="parent"), wait("b", 2, parent="parent")]
    chosen = place(waiting, room(0), live)
    assert [(item.run_id, item.lender) for item in chosen] == [("a", "parent")]
    live.append(Live("a", Request(), "parent", borrowed=True))
    assert place(waiting[1:], room(0), live) == []
    grandchild = wait("c", 3, parent="a")
    assert [item.lender for item in place([waiting[1], grandchild], room(0), live)] == ["a"]


def test_a_child_borrows_a_gpu_or_a_part_of_it() -> None:
    live = [Live("parent", Request(gpus=1, slots=3), gpus={"GPU-7": 1.0})]
    waiting = [wait(str(at), at, parent="parent", gpus=0.5) for at in range(3)]
    chosen = place(waiting, room(0), live)
    assert [(item.run_id, item.fit) for item in chosen] == [
        ("0", (("GPU-7",),)), ("1", (("GPU-7",),)),
    ]  # fmt: skip
    assert place([wait("big", 1, parent="parent", gpus=2)], room(0), live) == []


def test_a_child_in_another_pool_takes_its_node_there() -> None:
    live = [Live("parent", Request(slots=2))]
    child = wait("a", 1, parent="parent", pool="p", max_nodes=1)
    (chosen,) = place([child], room(0), live)
    assert (chosen.lender, chosen.own_nodes) == ("parent", True)
    assert place([child], room(0, p=1), live) == []


def test_slots_of_an_ended_parent_are_kept_for_its_child() -> None:
    live = [Live("child", Request(gpus=1), "ended", borrowed=True, gpus={"GPU-0": 1.0})]
    assert place([wait("other", 1)], room(1), live) == []
    assert names(place([wait("other", 1)], room(2), live)) == ["other"]
    assert place([wait("other", 1, gpus=1)], room(3, [gpu(0)]), live) == []


# -- properties ------------------------------------------------------------------------------------

REQUESTS = st.builds(
    Request,
    slots=st.integers(1, TOTAL),
    memory=st.sampled_from([0, 16 * GB, 48 * GB]),
    gpus=st.sampled_from([0.0, 0.25, 0.5, 0.7, 1.0, 2.0, 4.0]),
    gpu_memory=st.sampled_from([0, 10 * GB, 50 * GB]),
    nodes=st.integers(1, 2),
    pool=st.sampled_from(["", "", "p"]),
    max_nodes=st.just(2),
)
PARTS = st.sampled_from([0.0, 0.25, 0.5, 1.0])
ROOMS = st.builds(
    lambda cpus, parts, foreign, used: room(
        cpus, [gpu(at, *item) for at, item in enumerate(zip(parts, foreign, strict=True))], p=used
    ),
    st.integers(0, TOTAL),
    st.lists(PARTS, min_size=4, max_size=4),
    st.lists(st.sampled_from([0.0, 0.0, 0.3]), min_size=4, max_size=4),
    st.integers(0, 2),
)


@st.composite
def queues(draw: st.DrawFn) -> tuple[list[Waiting], list[Live]]:
    keys = [f"r{number}" for number in range(draw(st.integers(0, 10)))]
    cut = draw(st.integers(0, len(keys)))
    parents = st.one_of(st.none(), st.sampled_from(keys or ["x"]))
    live = [
        Live(key, Request(slots=draw(st.integers(1, 2))), draw(parents), draw(st.booleans()))
        for key in keys[:cut]
    ]
    waiting = [
        Waiting(
            key, draw(REQUESTS), draw(st.integers(0, 5)), draw(st.integers(0, 1)), draw(parents)
        )
        for key in keys[cut:]
    ]
    return waiting, live


@given(queues(), ROOMS)
def test_nothing_is_given_twice(queue: tuple[list[Waiting], list[Live]], free: Room) -> None:
    waiting, live = queue
    before = free.copy()
    chosen = [item for item in choose(waiting, live, free, MACHINE) if item.lender is None]
    asked = [item.request for item in chosen]
    assert len(set(names(chosen))) == len(chosen)
    assert sum(item.cpus(TOTAL) for item in asked) <= before.cpus
    assert sum(item.memory * item.nodes for item in asked) <= before.memory
    in_pool = sum(item.nodes for item in asked if item.pool)
    assert in_pool <= before.pool_free(Request(pool="p", max_nodes=2))
    given_parts: dict[str, float] = {}
    for item in chosen:
        for uuid in [uuid for node in item.fit for uuid in node]:
            part = before.gpus[uuid].part(item.request) if item.request.share else 1.0
            given_parts[uuid] = given_parts.get(uuid, 0.0) + part
    assert all(part <= before.gpus[uuid].free + 1e-6 for uuid, part in given_parts.items())


@given(queues(), ROOMS)
def test_gangs_are_placed_whole_on_gpus_of_their_own(
    queue: tuple[list[Waiting], list[Live]], free: Room
) -> None:
    waiting, live = queue
    for item in choose(waiting, live, free, MACHINE):
        request = item.request
        assert len(item.fit) == request.nodes
        each = 1 if request.share else request.whole
        assert all(len(set(node)) == each for node in item.fit)
        if request.whole:
            flat = [uuid for node in item.fit for uuid in node]
            assert len(set(flat)) == len(flat)


@given(queues(), ROOMS)
def test_nobody_who_fits_is_overtaken(queue: tuple[list[Waiting], list[Live]], free: Room) -> None:
    """The first run that waits, and was not started, lacks something that is really not free."""
    waiting, live = queue
    before = free.copy()
    for item in owed(live):
        before.withhold(item.request, list(item.gpus))
    started = set(names(choose(waiting, live, free, MACHINE)))
    order = in_order(waiting)
    if order and order[0].run_id not in started:
        assert before.fit(order[0].request) is None


POSSIBLE = REQUESTS.filter(lambda request: never(request, MACHINE) is None)


@given(st.lists(POSSIBLE, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_every_run_that_fits_the_machine_gets_its_turn(
    requests: list[Request], chance: random.Random
) -> None:
    """Runs end one at a time, and small ones come all the time: nobody starves."""
    machine = [gpu(at) for at in range(4)]
    waiting = [Waiting(f"r{at}", item, at) for at, item in enumerate(requests)]
    live: dict[str, tuple[Request, Any]] = {}
    left = {item.run_id for item in waiting}
    for step in range(80):
        for item in place(waiting, _room_beside(machine, live)):
            live[item.run_id] = (item.request, item.fit)
            waiting = [other for other in waiting if other.run_id != item.run_id]
        left -= set(live)
        if not left:
            return
        assert live, "nothing runs, and nothing was started on an empty machine"
        del live[chance.choice(list(live)[:3])]  # any, but none runs for ever
        for gpus in (0.0, 0.25, 1.0):
            waiting.append(Waiting(f"s{step}-{gpus}", Request(gpus=gpus), 1000 + step))
    pytest.fail(f"{sorted(left)} never started")


def _room_beside(machine: list[GpuRoom], live: dict[str, tuple[Request, Any]]) -> Room:
    used = sum(request.nodes for request, _ in live.values() if request.pool)
    free = Room(TOTAL, TOTAL, 64 * GB, machine, {"p": used})
    for request, fit in live.values():
        free.cpus -= request.cpus(TOTAL)
        free.memory -= request.memory * request.nodes
        for uuid in [uuid for node in fit for uuid in node]:
            free.gpus[uuid] = free.gpus[uuid].less(request)
    return free
