"""Importing event files, written with TensorBoard's own library."""

from __future__ import annotations

import math
import shutil
import struct
import zlib
from pathlib import Path

import pytest
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import HistogramProto, Summary
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.plugins.histogram.summary_v2 import histogram_pb
from tensorboard.plugins.hparams.summary_v2 import hparams_pb
from tensorboard.plugins.image import metadata as images
from tensorboard.plugins.scalar.summary_v2 import scalar_pb
from tensorboard.plugins.text.summary_v2 import text_pb
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.summary.writer.record_writer import RecordWriter

from ml_jupyter.exceptions import ImportSourceInvalid
from ml_jupyter.importers import import_tensorboard

BEGAN = 1_700_000_000


def write(folder: Path, *events: tuple[int, Summary]) -> Path:
    """An event file with summaries at steps, a second apart."""
    writer = EventFileWriter(str(folder))
    for step, summary in events:
        writer.add_event(Event(step=step, wall_time=BEGAN + step, summary=summary))
    writer.close()
    return max(folder.glob("*tfevents*"))


def png() -> bytes:
    def part(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    size = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0\xff")
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", size) + part(b"IDAT", rows) + part(b"IEND", b"")


def images_pb(tag: str, *contents: bytes) -> Summary:
    tensor = TensorProto(dtype=7, string_val=[b"1", b"1", *contents])
    facts = images.create_summary_metadata("", "")
    return Summary(value=[Summary.Value(tag=tag, tensor=tensor, metadata=facts)])


@pytest.fixture
def only(workspace):
    """Imports a folder with one run, and gives that run."""

    def run_of(folder: Path):
        report = import_tensorboard(folder, workspace)
        assert report.failed == []
        [(experiment, run_id)] = workspace.run_folders()
        return workspace.run(run_id, experiment)

    return run_of


def test_scalars_of_both_kinds(only, tmp_path):
    old = [(n, Summary(value=[Summary.Value(tag="old", simple_value=n / 2)])) for n in range(3)]
    new = [(n, scalar_pb("new", n / 4)) for n in range(3)]
    bare = Summary(value=[Summary.Value(tag="new", tensor=scalar_pb("x", 9.0).value[0].tensor)])
    write(tmp_path / "logs", *old, *new, (7, bare))
    run = only(tmp_path / "logs")
    assert run.series("old").values == [0, 0.5, 1]
    assert run.series("new").values == [0, 0.25, 0.5, 9]
    assert list(run.series("new").steps) == [0, 1, 2, 7]
    assert list(run.series("old").times) == [(BEGAN + n) * 10**9 for n in range(3)]
    state = run.state()
    assert (state.status, state.display_name) == ("Completed", "logs")
    assert (state.started, state.ended) == (BEGAN * 10**9, (BEGAN + 7) * 10**9)
    assert run.record.experiment == "logs"


def test_texts_images_and_histograms(only, tmp_path):
    bars = HistogramProto(
        min=0, max=10, num=4, bucket_limit=[5, 20], bucket=[1, 3], sum=0, sum_squares=0
    )
    write(
        tmp_path / "logs",
        (0, text_pb("note", "hello")),
        (1, images_pb("one", png())),
        (2, images_pb("two/a b", png(), png())),
        (3, histogram_pb("new", [float(n) for n in range(101)], buckets=100)),
        (3, Summary(value=[Summary.Value(tag="old", histo=bars)])),
    )
    run = only(tmp_path / "logs")
    assert run.series("note").values == ["hello"]
    [image] = run.structured("one")
    assert (image["step"], image["value"]["path"]) == (1, "images/one_1.png")
    assert (run.layout.files / "images/one_1.png").read_bytes() == png()
    assert run.structured("two/a b/1")[0]["value"]["path"] == "images/two/a_b/1_2.png"
    spread = run.structured("new")[0]["value"]
    assert (spread["step"], spread["min"], spread["max"]) == ([3], [0], [100])
    assert spread["p50"][0] == pytest.approx(50, abs=1)
    assert run.structured("old")[0]["value"]["p50"] == [pytest.approx(5 + 5 / 3)]


def test_hyperparameters_are_parameters(only, tmp_path):
    write(tmp_path / "logs", (0, hparams_pb({"lr": 0.1, "layers": 3, "kind": "a", "on": True})))
    kept = only(tmp_path / "logs").state().properties
    assert kept == {
        "param.lr": "0.1", "param.layers": "3", "param.kind": "a", "param.on": "True",
    }  # fmt: skip


def test_every_folder_is_a_run_and_opens_in_tensorboard_again(workspace, tmp_path):
    root = tmp_path / "my logs"
    first = write(root / "train", (0, scalar_pb("loss", 1.0)))
    write(root / "validation", (0, scalar_pb("loss", 2.0)))
    assert import_tensorboard(root, workspace).new == 2
    runs = [workspace.run(run_id, where) for where, run_id in workspace.run_folders()]
    assert {run.state().display_name for run in runs} == {"train", "validation"}
    assert {run.record.experiment[:8] for run in runs} == {"my-logs-"}
    [train] = [run for run in runs if run.state().display_name == "train"]
    assert (train.layout.files / "logs" / first.name).read_bytes() == first.read_bytes()


def test_again_and_from_elsewhere_adds_nothing(workspace, tmp_path):
    write(tmp_path / "logs" / "a", (0, scalar_pb("loss", 1.0)))
    assert import_tensorboard(tmp_path / "logs", workspace).new == 1
    shutil.move(tmp_path / "logs", tmp_path / "moved")
    assert import_tensorboard(tmp_path, workspace).unchanged == 1
    write(tmp_path / "moved" / "a", (1, scalar_pb("loss", 2.0)))
    report = import_tensorboard(tmp_path / "moved", workspace)
    assert (report.new, report.renewed, report.points) == (0, 1, 2)


def test_a_copy_of_a_run_is_another_run(workspace, tmp_path):
    write(tmp_path / "logs" / "a" / "run", (0, scalar_pb("loss", 1.0)))
    shutil.copytree(tmp_path / "logs" / "a", tmp_path / "logs" / "b")
    assert import_tensorboard(tmp_path / "logs", workspace).new == 2


def test_what_is_being_written_is_passed_over(only, tmp_path):
    path = write(tmp_path / "logs", *((n, scalar_pb("loss", n)) for n in range(10)))
    path.write_bytes(path.read_bytes()[:-7])
    assert len(only(tmp_path / "logs").series("loss")) == 9


@pytest.mark.parametrize("at", [0, 3, 40])
def test_a_damaged_file_is_named_and_nothing_of_it_comes(workspace, tmp_path, at):
    path = write(tmp_path / "logs", *((n, scalar_pb("loss", n)) for n in range(10)))
    data = bytearray(path.read_bytes())
    data[at : at + 8] = b"\xff" * 8
    path.write_bytes(data)
    report = import_tensorboard(tmp_path, workspace)
    assert report.new == 0
    assert str(path) in report.failed[0][1]
    assert list(workspace.run_folders()) == []


def test_a_value_that_holds_something_else_ends_its_own_run_only(workspace, tmp_path):
    facts = hparams_pb({"lr": 0.1})
    facts.value[0].metadata.plugin_data.content = b"\xff"
    write(tmp_path / "logs" / "damaged", (0, facts))
    write(tmp_path / "logs" / "whole", (0, scalar_pb("loss", 1.0)))
    report = import_tensorboard(tmp_path / "logs", workspace)
    assert report.new == 1
    [(where, why)] = report.failed
    assert where == str(tmp_path / "logs" / "damaged")
    assert f"{where} cannot be understood" in why


def test_values_that_are_not_taken_over_are_said(workspace, tmp_path):
    value = scalar_pb("pr", 1.0).value[0]
    value.metadata.plugin_data.plugin_name = "pr_curves"
    write(tmp_path / "logs", (0, Summary(value=[value])))
    report = import_tensorboard(tmp_path, workspace)
    assert report.left == [
        (str(tmp_path / "logs"), "1 values of 'pr_curves' are only in its event files.")
    ]


def test_nan_and_infinity_stay(only, tmp_path):
    write(tmp_path / "logs", (0, scalar_pb("x", math.nan)), (1, scalar_pb("x", math.inf)))
    assert str(only(tmp_path / "logs").series("x").values) == "[nan, inf]"


def test_a_folder_without_event_files_is_refused(workspace, tmp_path):
    with pytest.raises(ImportSourceInvalid, match="no event files"):
        import_tensorboard(tmp_path, workspace)


@pytest.mark.full
def test_a_million_points_come(workspace, tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    with open(folder / "events.out.tfevents.1.host", "wb") as file:
        writer = RecordWriter(file)
        value = Summary.Value(tag="loss", simple_value=0.5)
        for step in range(1000):
            event = Event(step=step, wall_time=BEGAN + step, summary=Summary(value=[value] * 1000))
            writer.write(event.SerializeToString())
    assert import_tensorboard(folder, workspace).points == 1_000_000
