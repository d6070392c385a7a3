"""The pure choice of the queue, by examples and by properties."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ml_jupyter.jobs.queue import NAMED, Live, Waiting, choose, in_order, owed, reasons

TOTAL = 4


def test_first_in_first_out_within_a_priority() -> None:
    waiting = [Waiting("late", 1, 3), Waiting("early", 1, 1), Waiting("urgent", 1, 9, priority=1)]
    assert [item.run_id for item in in_order(waiting)] == ["urgent", "early", "late"]
    assert [item.run_id for item in choose(waiting, [], 2, TOTAL)] == ["urgent", "early"]


def test_a_large_run_is_not_overtaken_for_ever() -> None:
    waiting = [Waiting("gang", 3, 1), Waiting("small", 1, 2)]
    assert choose(waiting, [], 2, TOTAL) == []


def test_a_run_that_never_fits_holds_nobody_back() -> None:
    waiting = [Waiting("giant", TOTAL + 1, 1), Waiting("small", 1, 2)]
    assert [item.run_id for item in choose(waiting, [], 1, TOTAL)] == ["small"]
    assert reasons(waiting, [None] * TOTAL)["giant"] == (
        "Needs 5 CPU slots, and this machine has 4."
    )


def test_a_child_borrows_from_its_running_parent_one_at_a_time() -> None:
    live = [Live("parent", 1)]
    waiting = [Waiting("a", 1, 1, parent_id="parent"), Waiting("b", 1, 2, parent_id="parent")]
    assert [(item.run_id, item.lender) for item in choose(waiting, live, 0, 1)] == [("a", "parent")]
    live.append(Live("a", 1, "parent", borrowed=True))
    assert choose(waiting[1:], live, 0, 1) == []
    grandchild = Waiting("c", 1, 3, parent_id="a")
    assert [item.lender for item in choose([waiting[1], grandchild], live, 0, 1)] == ["a"]


def test_slots_of_an_ended_parent_are_kept_for_its_child() -> None:
    live = [Live("child", 1, "ended", borrowed=True)]
    assert choose([Waiting("other", 1, 1)], live, 1, 1) == []
    assert len(choose([Waiting("other", 1, 1)], live, 2, 2)) == 1


def test_reasons_name_who_uses_the_slots() -> None:
    waiting = [Waiting(f"run-{number}", 1, number) for number in range(NAMED + 1)]
    texts = reasons(waiting, ["digits-sgd", "parent"])
    assert texts["run-0"] == ("Waiting for 1 CPU slot. 2 of 2 are in use by digits-sgd and parent.")
    assert texts["run-1"] == (
        "Waiting for 1 CPU slot; 1 run is ahead. 2 of 2 are in use by digits-sgd and parent."
    )
    assert texts[f"run-{NAMED}"] == "Waiting for 1 CPU slot, behind other runs."
    assert reasons(waiting[:1], ["a", "b", "c", "d", None])["run-0"] == (
        "Waiting for 1 CPU slot. 4 of 5 are in use by a, b, c and 1 more."
    )


@st.composite
def queues(draw: st.DrawFn) -> dict[str, list[object]]:
    names = [f"r{number}" for number in range(draw(st.integers(0, 12)))]
    cut = draw(st.integers(0, len(names)))
    parents = st.one_of(st.none(), st.sampled_from(names or ["x"]))
    live: list[object] = [
        Live(name, draw(st.integers(1, 2)), draw(parents), draw(st.booleans()))
        for name in names[:cut]
    ]
    waiting: list[object] = [
        Waiting(
            name, draw(st.integers(1, TOTAL + 1)), draw(st.integers(0, 5)),
            draw(st.integers(0, 1)), draw(parents),
        )
        for name in names[cut:]
    ]  # fmt: skip
    return {"waiting": waiting, "live": live}


@given(queues(), st.integers(0, TOTAL))
def test_choice_keeps_to_the_slots(queue: dict[str, list[object]], free: int) -> None:
    waiting: list[Waiting] = queue["waiting"]  # type: ignore[assignment]
    live: list[Live] = queue["live"]  # type: ignore[assignment]
    chosen = choose(waiting, live, free, TOTAL)
    assert len({item.run_id for item in chosen}) == len(chosen)
    assert sum(item.slots for item in chosen if item.lender is None) <= free
    slots = {item.run_id: item.slots for item in live}
    for lender in {item.lender for item in chosen if item.lender is not None}:
        lent = sum(item.slots for item in chosen if item.lender == lender)
        lent += sum(item.slots for item in live if item.borrowed and item.parent_id == lender)
        assert lent <= slots[lender]


@given(queues(), st.integers(0, TOTAL))
def test_nobody_who_fits_is_overtaken(queue: dict[str, list[object]], free: int) -> None:
    """Whoever does not start on free slots is behind somebody who needs more than were left."""
    waiting: list[Waiting] = queue["waiting"]  # type: ignore[assignment]
    live: list[Live] = queue["live"]  # type: ignore[assignment]
    chosen = {item.run_id: item for item in choose(waiting, live, free, TOTAL)}
    left: int | None = free - owed(live)
    for item in in_order(waiting):
        placed = chosen.get(item.run_id)
        if placed is not None and placed.lender is None:
            assert left is not None
            assert item.slots <= left
            left -= item.slots
        elif placed is None and item.slots <= TOTAL:
            assert left is None or item.slots > left
            left = None
    started_free = sum(item.slots for item in chosen.values() if item.lender is None)
    if waiting and free - owed(live) == TOTAL and all(item.slots <= TOTAL for item in waiting):
        assert started_free > 0
