"""Importing logs of Weights & Biases, made here as its format says."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter.exceptions import ImportSourceInvalid
from ml_jupyter.importers import import_wandb

BEGAN = 1_700_000_000
_BLOCK = 32768


def number(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(key: int, value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        return number(key << 3) + number(value)
    data = value.encode() if isinstance(value, str) else value
    return number(key << 3 | 2) + number(len(data)) + data


def entry(name: str | list[str], value: Any) -> bytes:
    keys = field(1, name) if isinstance(name, str) else b"".join(field(2, part) for part in name)
    return field(1, keys + field(16, json.dumps(value)))


def history(step: int, **values: Any) -> bytes:
    own = {"_step": step, "_timestamp": BEGAN + step, **values}
    return field(2, b"".join(entry(name, value) for name, value in own.items()))


def run(run_id: str = "abc", **config: Any) -> bytes:
    began = field(1, BEGAN) + field(2, 5)
    settings = b"".join(entry(name, value) for name, value in {"_wandb": {}, **config}.items())
    parts = [
        field(1, run_id), field(3, "my project"), field(4, settings), field(6, "ablation"),
        field(8, "misty-sky-1"), field(9, "why"), field(10, "baseline"), field(13, "box"),
        field(17, began), field(21, field(1, "git@example.org:a/b") + field(2, "c0ffee")),
    ]  # fmt: skip
    return field(17, b"".join(parts))


def ended(code: int = 0) -> bytes:
    return field(18, field(1, code) if code else b"")


def log(*records: bytes) -> bytes:
    """The file: parts of records in blocks of 32 KiB."""
    out = bytearray(struct.pack("<4sHB", b":W&B", 0xBEE1, 0))
    for record in records:
        first = True
        while first or record:
            room = _BLOCK - len(out) % _BLOCK
            if room < 7:
                out += bytes(room)
                room = _BLOCK
            part, record = record[: room - 7], record[room - 7 :]
            kind = (1 if not record else 2) if first else (4 if not record else 3)
            check = zlib.crc32(part, zlib.crc32(bytes([kind])))
            out += struct.pack("<IHB", check, len(part), kind) + part
            first = False
    return bytes(out)


@pytest.fixture
def offline(tmp_path: Path) -> Callable[..., Path]:
    """Writes ``wandb/offline-run-…`` with records, and gives its folder."""

    def make(*records: bytes, stamp: str = "20260101_000000", run_id: str = "abc") -> Path:
        folder = tmp_path / "wandb" / f"offline-run-{stamp}-{run_id}"
        (folder / "files").mkdir(parents=True)
        (folder / f"run-{run_id}.wandb").write_bytes(log(*records))
        return folder

    return make


def test_a_run_is_here_as_it_was_there(workspace, offline):
    folder = offline(
        run(lr=0.1, opt={"name": "adam", "betas": [0.9, 0.99]}),
        history(0, loss=1, note="start", flag=True, nothing=None),
        history(1, loss=0.5, **{"val.acc": 0.25}, deep={"x": 3}, odd="NaN"),
        field(3, entry("loss", 0.5) + entry("best", 7) + entry(["_wandb", "runtime"], 3)),
        field(13, field(3, "printed\n")),
        ended(),
    )
    (folder / "files" / "notes.txt").write_text("x")
    report = import_wandb(folder.parent.parent, workspace)
    assert (report.new, report.failed) == (1, [])
    found = workspace.run("wandb_my-project_abc")
    state = found.state()
    assert (state.status, state.display_name, state.description) == (
        "Completed", "misty-sky-1", "why",
    )  # fmt: skip
    assert state.tags == {"baseline": None, "group": "ablation"}
    assert state.properties == {
        "param.lr": "0.1", "param.opt.name": "adam", "param.opt.betas": "[0.9, 0.99]",
    }  # fmt: skip
    assert (found.record.host, found.record.git["commit"]) == ("box", "c0ffee")
    assert state.started == BEGAN * 10**9 + 5
    assert found.record.experiment.startswith("my-project-")
    assert found.series("loss").values == [1, 0.5]
    assert list(found.series("loss").times) == [BEGAN * 10**9, (BEGAN + 1) * 10**9]
    assert found.series("note").values == ["start"]
    assert found.series("deep.x").values == [3]
    assert found.series("best").values == [7]
    assert str(found.series("odd").values) == "[nan]"
    assert "nothing" not in found.metric_names()
    assert (found.layout.files / "user_logs/std_log.txt").read_text() == "printed\n"
    assert (found.layout.files / "outputs/wandb/notes.txt").read_text() == "x"


def test_media_of_both_ways_of_writing(workspace, offline):
    image = {"_type": "image-file", "path": "media/images/a.png", "width": 3}
    bars = {"_type": "histogram", "values": [1, 1], "bins": [0, 1, 2]}
    nested = field(2, entry("_step", 2) + b"".join(
        entry(["new", key], value) for key, value in bars.items()
    ))  # fmt: skip
    import_wandb(offline(run(), history(1, old=image, bars=bars), nested, ended()), workspace)
    found = workspace.run("wandb_my-project_abc")
    assert found.structured("old")[0]["value"]["path"] == "outputs/wandb/media/images/a.png"
    assert found.structured("bars")[0]["value"]["p50"] == [1]
    assert found.structured("new")[0]["value"]["max"] == [2]
    assert {item.shape for item in found.metric_names().values()} == {"image", "table"}


def test_a_histogram_with_packed_bins_has_as_many_bars_as_values(workspace, offline):
    packed = {"min": -1, "size": 0.5, "count": 10**15}
    bars = {"_type": "histogram", "values": [1, 0, 3], "packedBins": packed}
    assert import_wandb(offline(run(), history(1, bars=bars), ended()), workspace).failed == []
    spread = workspace.run("wandb_my-project_abc").structured("bars")[0]["value"]
    assert (spread["min"], spread["max"], spread["count"]) == ([-1], [0.5], [4])


@pytest.mark.parametrize(
    ("end", "status", "reason"),
    [((), "Canceled", "had not ended"), ((ended(3),), "Failed", "exit code was 3")],
)
def test_how_it_ended(workspace, offline, end, status, reason):
    import_wandb(offline(run(), history(0, loss=1), *end), workspace)
    state = workspace.run("wandb_my-project_abc").state()
    assert state.status == status
    assert reason in state.reason


def test_a_resumed_run_is_one_run(workspace, offline):
    offline(run(), history(0, loss=1), ended(1))
    later = offline(run(), history(1, loss=0.5), ended(), stamp="20260102_000000")
    report = import_wandb(later.parent, workspace)
    assert report.new == 1
    found = workspace.run("wandb_my-project_abc")
    assert found.series("loss").values == [1, 0.5]
    assert found.state().status == "Completed"


def test_again_adds_nothing_and_more_is_read(workspace, offline):
    folder = offline(run(), history(0, loss=1))
    assert import_wandb(folder, workspace).new == 1
    assert import_wandb(folder, workspace).unchanged == 1
    (folder / "run-abc.wandb").write_bytes(log(run(), history(0, loss=1), history(1, loss=2)))
    assert import_wandb(folder, workspace).renewed == 1
    assert workspace.run("wandb_my-project_abc").series("loss").values == [1, 2]


def test_records_across_blocks(workspace, offline):
    records = [history(n, loss=n, text="x" * 5000) for n in range(40)]
    offline_folder = offline(run(), *records, history(40, text="y" * 100_000), ended())
    import_wandb(offline_folder, workspace)
    found = workspace.run("wandb_my-project_abc")
    assert found.series("loss").values == list(range(40))
    assert len(found.series("text").values[-1]) == 100_000


@pytest.mark.parametrize("cut", [1, 9, 30])
def test_a_log_that_is_being_written_is_read_to_its_last_whole_record(workspace, offline, cut):
    folder = offline(run(), history(0, loss=1), history(1, loss=2))
    path = folder / "run-abc.wandb"
    path.write_bytes(path.read_bytes()[:-cut])
    import_wandb(folder, workspace)
    assert workspace.run("wandb_my-project_abc").series("loss").values == [1]


def test_a_damaged_log_is_named_and_nothing_of_it_comes(workspace, offline):
    folder = offline(run(), *(history(n, loss=n) for n in range(10)))
    path = folder / "run-abc.wandb"
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)
    report = import_wandb(folder, workspace)
    assert f"{path} is damaged at byte" in report.failed[0][1]
    assert list(workspace.run_folders()) == []


@pytest.mark.parametrize(
    "record",
    [
        field(2, field(1, field(1, "loss") + field(16, "{"))),
        field(2, field(1, field(1, "plot._type") + field(16, '"histogram"')))[:-4],
        field(2, entry("plot", {"_type": "histogram", "values": 3})),
        field(2, field(2, "step")),
        field(2, entry("_timestamp", 1e300) + entry("loss", 1)),
        field(18, field(1, "soon")),
        field(17, field(1, "abc") + field(4, field(1, field(1, "lr") + field(16, "nonsense")))),
    ],
    ids=["json", "cut", "histogram", "field", "time", "exit", "configuration"],
)
def test_a_log_that_holds_something_else_ends_its_own_run_only(workspace, offline, record):
    folder = offline(run(), record)
    offline(run("other"), history(0, loss=1), ended(), run_id="other")
    report = import_wandb(folder.parent, workspace)
    assert report.new == 1
    [(where, why)] = report.failed
    assert where == str(folder / "run-abc.wandb")
    assert f"{where} cannot be understood" in why
    assert [name for _, name in workspace.run_folders()] == ["wandb_my-project_other"]


def test_a_log_whose_first_record_is_none_is_named(workspace, offline):
    folder = offline(b"\x0f")
    [(where, why)] = import_wandb(folder, workspace).failed
    assert f"{where} cannot be understood" in why


def test_other_files_and_empty_folders_are_named(workspace, tmp_path):
    with pytest.raises(ImportSourceInvalid, match="no runs"):
        import_wandb(tmp_path, workspace)
    (tmp_path / "a.wandb").write_bytes(b"something else")
    report = import_wandb(tmp_path, workspace)
    assert "is no log of Weights & Biases" in report.failed[0][1]


def test_a_run_that_never_began_is_passed_over(workspace, offline):
    report = import_wandb(offline(), workspace)
    assert "stopped at once" in report.left[0][1]


@pytest.mark.full
def test_a_million_points_come(workspace, offline):
    many = (history(n, **{f"m{k}": n / (k + 1) for k in range(100)}) for n in range(10_000))
    folder = offline(run(), *many, ended())
    assert import_wandb(folder, workspace).points == 1_000_000
