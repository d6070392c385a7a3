"""What the machine was used for: bounded, across restarts, over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ml_jupyter import _time
from ml_jupyter.server import shapes
from ml_jupyter.server.use_history import Channel, UseHistory
from ml_jupyter.server.use_rings import Record, Ring, Tier, roll_up

CPU = Channel("cpu", "CPU", "%", 400.0)
START_MS = 1_800_000_000_000


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.ms = START_MS

    def __call__(self) -> int:
        return self.ms * 1_000_000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(_time, "now_ns", found)
    return found


def write(history: UseHistory, clock: Clock, values: list[float]) -> None:
    for value in values:
        clock.ms += 10_000
        assert history.write({CPU: value})


def values(history: UseHistory, span: str) -> list[float | None]:
    (series,) = history.read(span)["series"]
    return series["values"]


def test_a_ring_is_bounded_and_passes_over_what_a_crash_cut_off(tmp_path: Path):
    tier = Tier("hour", 10_000, 10)
    ring = Ring(tmp_path, tier)
    for n in range(1, 1001):
        ring.append(Record(n, {"cpu": (float(n), float(n))}))
    kept = ring.read(0)
    assert 10 <= len(kept) <= 20
    assert kept[-1].time_ms == 1000
    file = tmp_path / "hour.jsonl"
    file.write_bytes(file.read_bytes() + b'{"t": 10')
    again = Ring(tmp_path, tier)
    again.append(Record(1001, {"cpu": (1.0, 3.0)}))
    assert again.read(1000) == [kept[-1], Record(1001, {"cpu": (1.0, 3.0)})]


def test_buckets_have_mean_and_peak_and_are_made_when_they_are_over():
    fine = [Record(t, {"cpu": (v, v)}) for t, v in ((1, 2.0), (9, 4.0), (11, 8.0), (25, 1.0))]
    assert roll_up(fine, 10, -1, 25) == [
        Record(0, {"cpu": (3.0, 4.0)}),
        Record(10, {"cpu": (8.0, 8.0)}),
    ]
    assert roll_up(fine, 10, 0, 25) == [Record(10, {"cpu": (8.0, 8.0)})]


def test_a_day_is_rolled_up_from_the_hour_and_survives_a_restart(tmp_path: Path, clock: Clock):
    first = UseHistory(tmp_path / "m", 10.0)
    write(first, clock, [100.0] * 60 + [400.0] + [100.0] * 60)
    assert len(values(first, "hour")) == 121
    first.close()
    second = UseHistory(tmp_path / "m", 10.0)
    (series,) = second.read("day")["series"]
    assert (series["peak"], series["full"], max(series["values"])) == (400.0, 400.0, 110.0)
    assert series["values"][0] == 100.0
    write(second, clock, [0.0] * 60)
    assert values(second, "day")[-1] == 0.0
    assert len(values(second, "week")) >= 1


def test_a_week_of_samples_stays_small(tmp_path: Path, clock: Clock):
    history = UseHistory(tmp_path, 300.0)
    for _ in range(3 * 7 * 288):
        clock.ms += 300_000
        history.write({CPU: 50.0})
    sizes = {path.name: path.stat().st_size for path in tmp_path.glob("*.jsonl")}
    assert sum(sizes.values()) < 100_000, sizes
    assert 330 <= len(values(history, "week")) <= 340
    assert 286 <= len(values(history, "day")) <= 290


def test_time_without_samples_is_a_gap(tmp_path: Path, clock: Clock):
    history = UseHistory(tmp_path, 10.0)
    write(history, clock, [1.0, 1.0])
    clock.ms += 600_000
    write(history, clock, [2.0])
    assert values(history, "hour") == [1.0, 1.0, None, 2.0]


def test_one_server_writes_and_another_takes_over(tmp_path: Path, clock: Clock):
    first, second = UseHistory(tmp_path, 10.0), UseHistory(tmp_path, 10.0)
    assert first.write({CPU: 1.0})
    assert not second.write({CPU: 2.0})
    first.close()
    clock.ms += 10_000
    assert second.write({CPU: 3.0})
    assert values(first, "hour") == [1.0, 3.0]
    second.close()


async def test_the_history_over_http(fetch, app):
    app.services.use_history.write(app.services.use_sampler.sample())
    answer = await fetch("machine", "history", params={"span": "hour"})
    schema = {**shapes.reference("MachineHistory"), "components": {"schemas": dict(shapes.SHAPES)}}
    Draft202012Validator(schema).validate(answer.json)
    names = [item["name"] for item in answer.json["series"]]
    assert "memory" in names
    for item in answer.json["series"]:
        assert item["count"] == len(item["times_ms"]) == 1
    answer = await fetch("machine", "history", params={"span": "year"})
    assert (answer.status, answer.json["code"]) == (400, "invalid_argument")
