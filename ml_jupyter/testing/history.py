"""The contract of a history reader as a test suite: whoever reads run folders subclasses it.

::

    class TestMyReader(HistoryReaderContract):
        def read(self, folder):
            return MyRun(folder)          # anything that looks like ReadRun

The suite writes the folders itself, byte by byte, so it needs none of our writers: it says what a
reader makes of docs/run-folder.md, of what was torn by a crash, and of what newer versions wrote.
Long, as one class is what a reader subclasses.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Dict, List, Sequence, Type

import pytest

from ml_jupyter.exceptions import FolderCorrupt, FormatTooNew, RunNotFound
from ml_jupyter.testing.history_folder import BOOL, EVENT, FLOAT, INT, NONE, FolderOnDisk, record
from ml_jupyter.testing.history_reader import ReadRun

__all__ = ["HistoryReaderContract", "ReadRun"]


class HistoryReaderContract:
    """What every reader of run folders does. ``read`` opens one."""

    #: The errors that this reader raises: no such run, a newer major version, a broken run.json.
    missing: Type[Exception] = RunNotFound
    too_new: Type[Exception] = FormatTooNew
    corrupt: Type[Exception] = FolderCorrupt

    def read(self, folder: Path) -> ReadRun:
        """The reader under test, opened on a run's folder."""
        raise NotImplementedError

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        """Where the folders of a test are written."""
        place = tmp_path / "Läufe von Mara"
        place.mkdir()
        return place

    # -- run.json

    def test_facts_are_those_of_the_file(self, root: Path) -> None:
        """Every documented key, texts in any letters."""
        facts: Dict[str, Any] = {
            "display_name": "erster Lauf 🙂", "parent_id": "p", "root_id": "r", "lock": "x/y",
            "target": "gpu-cluster", "snapshot_id": "s", "tags": {"a": None, "b": "ü"},
            "definition": {"script": "train.py"}, "git": {"branch": "main"},
            "properties": {"k": "v"},
        }  # fmt: skip
        disk = FolderOnDisk(root, **facts)
        found = self.read(disk.path).facts()
        assert {key: found[key] for key in disk.facts} == disk.facts

    def test_missing_optional_facts_have_defaults(self, root: Path) -> None:
        """The oldest writers knew fewer keys."""
        found = self.read(FolderOnDisk(root).path).facts()
        assert found["target"] == "local"
        assert found["parent_id"] is None
        assert (found["tags"], found["properties"], found["definition"]) == ({}, {}, {})

    def test_newer_minor_version_is_read_without_what_is_unknown(self, root: Path) -> None:
        """Unknown keys, event kinds and files are passed over."""
        disk = FolderOnDisk(root, format="1.99", novelty={"a": [1]})
        disk.event("novelty", 1, s="Completed", set={"status": "Completed"})
        disk.event("state", 2, s="Starting", novelty=True)
        disk.append("novelties/file", b"\0\1")
        run = self.read(disk.path)
        assert run.facts()["number"] == 7
        assert run.state()["status"] == "Starting"

    @pytest.mark.parametrize("version", ["2.0", "2", "17.3"])
    def test_newer_major_version_is_refused(self, root: Path, version: str) -> None:
        """What it means is not known, so nothing of it is shown as if it were."""
        disk = FolderOnDisk(root, format=version)
        with pytest.raises(self.too_new, match=version.replace(".", r"\.")):
            self.read(disk.path).facts()

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"id": "x"}', b"\xff\xfe"])
    def test_broken_file_is_named(self, root: Path, content: bytes) -> None:
        """An error of its own, with the file's name."""
        disk = FolderOnDisk(root)
        (disk.path / "run.json").write_bytes(content)
        with pytest.raises(self.corrupt, match=r"run\.json"):
            self.read(disk.path).facts()

    def test_copy_cut_off_half_way_is_no_run(self, root: Path) -> None:
        """Without ``run.json`` there is no run."""
        disk = FolderOnDisk(root)
        (disk.path / "run.json").unlink()
        with pytest.raises(self.missing):
            self.read(disk.path).facts()

    # -- events

    def test_state_is_the_last_legal_one(self, root: Path) -> None:
        """With its reason, error and exit code; times of the first Running and of the end."""
        disk = FolderOnDisk(root)
        disk.states("Preparing", "Starting", "Running")
        error = {"code": "ValueError", "message": "bad lr", "traceback": "…"}
        disk.event("state", 9, s="Failed", reason="Exit code 1.", error=error, exit_code=1)
        state = self.read(disk.path).state()
        assert (state["status"], state["reason"]) == ("Failed", "Exit code 1.")
        assert (state["error"], state["exit_code"]) == (error, 1)
        assert state["ended"] - state["started"] == 6_000_000_000

    def test_run_without_events_is_in_its_first_state(self, root: Path) -> None:
        """The file of events may not be there yet, or be empty."""
        disk = FolderOnDisk(root)
        assert self.read(disk.path).state()["status"] == "Queued"
        disk.append("events", b"")
        state = self.read(disk.path).state()
        assert (state["status"], state["started"], state["ended"]) == ("Queued", None, None)

    @pytest.mark.parametrize(
        ("moves", "status"),
        [
            (("Running", "Completed", "Running"), "Queued"),
            (("Starting", "Running", "Finalizing", "Completed", "Canceled"), "Completed"),
            (("Starting", "Running", "Finalizing", "Completed", "Failed"), "Failed"),
            (("Canceled", "Running", "Completed"), "Canceled"),
            (("Starting", "CancelRequested", "Running", "Canceled"), "Canceled"),
            (("Starting", "Dancing", "Running"), "Running"),
        ],
    )
    def test_illegal_moves_are_passed_over(
        self, root: Path, moves: Sequence[str], status: str
    ) -> None:
        """Two racing writers give one result, and what has ended stays so."""
        disk = FolderOnDisk(root)
        disk.states(*moves)
        assert self.read(disk.path).state()["status"] == status

    def test_reason_is_renewed_by_the_same_state(self, root: Path) -> None:
        """Why a run waits may change while it waits."""
        disk = FolderOnDisk(root)
        disk.event("state", 1, s="Queued", reason="2 runs are ahead.")
        disk.event("state", 2, s="Queued", reason="1 run is ahead.")
        assert self.read(disk.path).state()["reason"] == "1 run is ahead."

    def test_labels_details_children_and_warnings(self, root: Path) -> None:
        """Tags change, properties keep their first value, a warning is kept once."""
        disk = FolderOnDisk(root, tags={"old": "1"}, properties={"fixed": "first"})
        disk.event("tags", set={"new": None, "gone": "x"})
        disk.event("tags", remove=["gone", "never there"])
        disk.event("properties", set={"fixed": "second", "more": "y"})
        disk.event("details", display_name="a", description="b")
        disk.event("details", display_name="c", archived=True)
        disk.event("child", ids=["c1", "c2"])
        disk.event("child", ids=["c3"])
        disk.event("warning", text="slow disk")
        disk.event("warning", text="slow disk")
        disk.event("facts", set={"ranks": 1, "placement": {"nodes": []}})
        disk.event("facts", set={"ranks": 2})
        state = self.read(disk.path).state()
        assert state["tags"] == {"old": "1", "new": None}
        assert state["properties"] == {"fixed": "first", "more": "y"}
        details = (state["display_name"], state["description"], state["archived"])
        assert details == ("c", "b", True)
        assert state["children"] == ["c1", "c2", "c3"]
        assert state["warnings"] == ["slow disk"]
        assert state["noted"] == {"ranks": 2, "placement": {"nodes": []}}

    def test_parameters_come_from_arguments_a_sweep_and_the_run_itself(self, root: Path) -> None:
        """Of one name the later counts."""
        words = ["in.csv", "--lr", "-1e-3", "--fast", "--depth=4", "--opt", "sgd", "--on", "a", "b"]
        disk = FolderOnDisk(root, definition={"arguments": words})
        disk.event("tags", set={"hyperparameters": '{"--depth": 8, "opt": "adam", "no": null}'})
        disk.event("properties", set={"param.opt": "lion", "param.a.b": "x", "author": "me"})
        assert self.read(disk.path).parameters() == {
            "lr": "-1e-3", "fast": "true", "on": "true", "depth": "8", "opt": "lion", "no": "null",
            "a.b": "x",
        }  # fmt: skip

    def test_torn_last_line_is_left_until_it_is_whole(self, root: Path) -> None:
        """A writer that is in the middle of a line, or died there."""
        disk = FolderOnDisk(root)
        disk.states("Starting")
        line = b'{"e": "state", "t": 1767323049000000000, "s": "Running"}\n'
        disk.append("events", line[:20])
        run = self.read(disk.path)
        assert run.state()["status"] == "Starting"
        disk.append("events", line[20:])
        assert run.state()["status"] == "Running"
        assert self.read(disk.path).state()["status"] == "Running"

    def test_line_behind_a_torn_one_counts(self, root: Path) -> None:
        """A writer died in the middle of a line, and another went on behind it."""
        disk = FolderOnDisk(root)
        disk.append("events", b'{"e": "tags", "t": 17673230490')
        disk.states("Starting")
        disk.append("events", b"\0\0\0\n\n[1]\nnull\n7\n{}\n")
        disk.event("state", 3, s="Running")
        assert self.read(disk.path).state()["status"] == "Running"

    # -- metrics

    def test_every_kind_of_value(self, root: Path) -> None:
        """Types come back as they were logged, also text and integers beyond 64 bits."""
        disk = FolderOnDisk(root)
        text = disk.event("metric", name="mixed", value="übung 🙂")
        huge = disk.event("metric", name="mixed", value=2**80)
        disk.series(
            "mixed",
            [
                (FLOAT, 0.1, 3), (INT, -(2**63), 5), (BOOL, 1, -7), (BOOL, 0, 0),
                (NONE, None, 8), (EVENT, text, 9), (EVENT, huge, 10),
            ],
        )  # fmt: skip
        points = self.read(disk.path).points("mixed")
        assert [step for step, _ in points] == [3, 5, -7, 0, 8, 9, 10]
        wanted = [0.1, -(2**63), True, False, None, "übung 🙂", 2**80]
        assert [(type(value), value) for _, value in points] == [(type(v), v) for v in wanted]

    def test_points_without_a_step_have_their_index(self, root: Path) -> None:
        """Counted over all points of the series."""
        disk = FolderOnDisk(root)
        disk.series("loss", [(FLOAT, 1.0, None), (FLOAT, 0.5, 40), (FLOAT, 0.25, None)])
        assert list(self.read(disk.path).points("loss")) == [(0, 1.0), (40, 0.5), (2, 0.25)]

    def test_numbers_that_are_none_are_data(self, root: Path) -> None:
        """NaN and the infinities come back."""
        disk = FolderOnDisk(root)
        disk.series("loss", [(FLOAT, value, None) for value in (math.nan, math.inf, -math.inf)])
        values = [value for _, value in self.read(disk.path).points("loss")]
        assert math.isnan(values[0])
        assert values[1:] == [math.inf, -math.inf]

    @pytest.mark.parametrize("cut", [1, 8, 24, 28, 31])
    def test_torn_last_record_is_left_out(self, root: Path, cut: int) -> None:
        """A writer that is in the middle of a record, or died there."""
        disk = FolderOnDisk(root)
        path = disk.series("loss", [(FLOAT, 1.0, 0), (FLOAT, 2.0, 1)])
        disk.append(path, record(FLOAT, 3.0, 2)[:cut])
        assert list(self.read(disk.path).points("loss")) == [(0, 1.0), (1, 2.0)]

    @pytest.mark.parametrize("cut", [1, 8, 24, 28, 31])
    def test_records_behind_a_torn_one_are_found(self, root: Path, cut: int) -> None:
        """A full disk cut one short while another process went on."""
        disk = FolderOnDisk(root)
        path = disk.series("loss", [(FLOAT, 1.0, 0)])
        disk.append(path, record(FLOAT, 9.0, 1)[:cut])
        disk.append(path, record(FLOAT, 2.0, 2) + record(FLOAT, 3.0, 3))
        assert list(self.read(disk.path).points("loss")) == [(0, 1.0), (2, 2.0), (3, 3.0)]

    def test_padding_is_no_point(self, root: Path) -> None:
        """Records of kind 0 fill up what was torn."""
        disk = FolderOnDisk(root)
        path = disk.series("loss", [(FLOAT, 1.0, 0)])
        disk.append(path, b"\0" * 28 + b"mlj1" + record(FLOAT, 2.0, 1))
        assert list(self.read(disk.path).points("loss")) == [(0, 1.0), (1, 2.0)]

    def test_names_in_the_order_of_their_first_use(self, root: Path) -> None:
        """A name noted twice counts once; a torn line is no name."""
        disk = FolderOnDisk(root)
        for name in ("loss", "accuracy/top 1", "loss", "größe"):
            disk.metric(name)
        disk.append("metrics/names", b'{"h": "00", "n": "tor')
        assert list(self.read(disk.path).metric_names()) == ["loss", "accuracy/top 1", "größe"]

    def test_rows_and_tables(self, root: Path) -> None:
        """One event an entry, in their order."""
        disk = FolderOnDisk(root)
        disk.metric("row", shape="row")
        values: List[Dict[str, Any]] = [{"x": 1, "y": 0.5}, {"x": 2, "y": None}]
        for value in values:
            disk.event("metric", name="row", shape="row", value=value)
        entries = self.read(disk.path).structured("row")
        assert [entry["value"] for entry in entries] == values

    def test_metric_that_nobody_logged_is_empty(self, root: Path) -> None:
        """No error: a run may log it later."""
        run = self.read(FolderOnDisk(root).path)
        assert list(run.points("loss")) == []
        assert list(run.structured("loss")) == []
        assert list(run.metric_names()) == []

    def test_points_are_seen_while_they_come(self, root: Path) -> None:
        """Reading again gives what was appended meanwhile."""
        disk = FolderOnDisk(root)
        path = disk.series("loss", [(FLOAT, 1.0, 0)])
        run = self.read(disk.path)
        assert len(run.points("loss")) == 1
        disk.append(path, record(FLOAT, 2.0, 1))
        assert list(run.points("loss")) == [(0, 1.0), (1, 2.0)]

    # -- the log

    def test_log_is_bytes_from_an_offset(self, root: Path) -> None:
        """As the terminal gave them: no newline, letter or escape is touched or waited for."""
        disk = FolderOnDisk(root)
        run = self.read(disk.path)
        assert run.log() == b""
        data = b"\x1b[31mepoch 1\r\n" + "Größe".encode()[:-2] + b"\xff\0"
        disk.log(data)
        assert run.log() == data
        disk.log(b"more")
        assert run.log(len(data)) == b"more"
        assert run.log(len(data) + 100) == b""
