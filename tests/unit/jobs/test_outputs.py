"""Collecting ``outputs/`` and ``logs/``."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from ml_jupyter.history.layout import RunLayout
from ml_jupyter.jobs import outputs


@pytest.fixture
def layout(tmp_path: Path) -> RunLayout:
    layout = RunLayout(tmp_path / "experiment" / "run")
    layout.work.mkdir(parents=True)
    outputs.prepare(layout)
    return layout


def test_what_is_written_is_seen_at_once_and_kept(layout: RunLayout) -> None:
    (layout.work / "logs/sub").mkdir()
    (layout.work / "logs/sub/events").write_text("1")
    assert (layout.files / "logs/sub/events").read_text() == "1"
    (layout.work / "scratch").write_text("x")
    assert outputs.collect(layout) == []
    assert (layout.files / "logs/sub/events").read_text() == "1"
    assert not layout.work.exists()
    assert outputs.collect(layout) == []


def test_working_folder_is_kept_on_request(layout: RunLayout) -> None:
    (layout.work / "scratch").write_text("x")
    outputs.collect(layout, keep_work=True)
    assert (layout.work / "scratch").read_text() == "x"


def test_links_to_what_is_removed_become_files(layout: RunLayout) -> None:
    (layout.work / "checkpoints").mkdir()
    (layout.work / "checkpoints/7.pt").write_text("weights")
    (layout.work / "outputs/best.pt").symlink_to("../checkpoints/7.pt")
    (layout.work / "outputs/all").symlink_to("../checkpoints")
    (layout.work / "outputs/last.pt").symlink_to("best.pt")
    warnings = outputs.collect(layout)
    best = layout.files / "outputs/best.pt"
    assert not best.is_symlink()
    assert best.read_text() == "weights"
    assert (layout.files / "outputs/last.pt").read_text() == "weights"
    assert warnings == ["outputs/all is a link to a folder, which was not kept."]


def test_folder_replaced_by_a_link_is_not_followed(layout: RunLayout, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (layout.work / "outputs").rmdir()
    (layout.work / "outputs").symlink_to(tmp_path / "elsewhere")
    assert outputs.collect(layout) == ["./outputs was replaced by a link; it was not kept."]
    assert list((layout.files / "outputs").iterdir()) == []
    assert (tmp_path / "elsewhere").is_dir()


def test_uploads_from_before_the_start_win_too(tmp_path: Path) -> None:
    """Files that were uploaded while the run waited."""
    layout = RunLayout(tmp_path / "experiment" / "run")
    (layout.files / "outputs").mkdir(parents=True)
    (layout.files / "outputs/before").write_text("1")
    layout.work.mkdir()
    outputs.prepare(layout)
    assert (layout.files / "outputs/before").read_text() == "1"
    (layout.work / "outputs/after").write_text("2")
    (layout.work / "outputs/before").write_text("other")
    warnings = outputs.collect(layout)
    assert sorted(os.listdir(layout.files / "outputs")) == ["after", "before"]
    assert (layout.files / "outputs/before").read_text() == "1"
    assert warnings == [
        "outputs/before was uploaded by hand and then changed by the job; the upload was kept."
    ]


def test_uploads_are_only_noted_while_the_job_runs(layout: RunLayout) -> None:
    outputs.collect(layout)
    (layout.files / "outputs/late").write_text("1")
    outputs.note_upload(layout, "outputs/late")
    outputs.note_upload(layout, "mine/late")
    assert not (layout.path / "uploads").exists()


def test_links_that_lead_nowhere_stay_as_they_are(layout: RunLayout) -> None:
    (layout.work / "outputs/loop").symlink_to("loop")
    (layout.work / "outputs/gone").symlink_to("../checkpoints/missing.pt")
    os.mkfifo(layout.work / "pipe")
    (layout.work / "outputs/pipe").symlink_to("../pipe")
    warnings = outputs.collect(layout)
    assert warnings == ["outputs/pipe is a link to a thing that is no file, which was not kept."]
    assert os.readlink(layout.files / "outputs/loop") == "loop"
    assert not layout.work.exists()


@pytest.mark.parametrize("moment", ["unlinked", "one collected"])
def test_a_collection_that_was_killed_goes_on(layout: RunLayout, moment: str) -> None:
    """Between the removal of the link and the move of the folder nothing must be lost."""
    for name in ("outputs", "logs"):
        (layout.work / name / "a").write_text(name)
    (layout.files / "outputs").unlink()
    if moment == "one collected":
        (layout.work / "outputs").rename(layout.files / "outputs")
    assert outputs.collect(layout) == []
    assert (layout.files / "outputs/a").read_text() == "outputs"
    assert (layout.files / "logs/a").read_text() == "logs"
    assert not layout.work.exists()


def test_uploads_win_over_whatever_the_job_put_in_their_place(layout: RunLayout) -> None:
    names = ("outputs/model", "outputs/sub/best", "outputs/linked/last", "logs/plain")
    for name in names:
        (layout.files / name).parent.mkdir(exist_ok=True)
        (layout.files / name).write_text("upload")
        outputs.note_upload(layout, name)
    (layout.work / "outputs/model").unlink()
    (layout.work / "outputs/model/inside").mkdir(parents=True)
    shutil.rmtree(layout.work / "outputs/sub")
    (layout.work / "outputs/sub").write_text("a file now")
    shutil.rmtree(layout.work / "outputs/linked")
    elsewhere = layout.path.parent / "elsewhere"
    elsewhere.mkdir()
    (layout.work / "outputs/linked").symlink_to(elsewhere)
    assert len(outputs.collect(layout)) == 1
    assert [(layout.files / name).read_text() for name in names] == ["upload"] * 4
    assert list(elsewhere.iterdir()) == []


def test_what_cannot_be_kept_stays_in_the_working_folder(
    layout: RunLayout, monkeypatch: pytest.MonkeyPatch
) -> None:
    (layout.work / "big").write_text("weights")
    (layout.work / "outputs/big").symlink_to("../big")
    (layout.work / "logs/a").write_text("1")

    def full(source: int, target: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(outputs, "copy_content", full)
        (warning,) = outputs.collect(layout)
    assert "./outputs could not be kept as a whole" in warning
    assert "No space left" in warning
    assert (layout.work / "big").read_text() == "weights"
    assert (layout.files / "outputs/big").read_text() == "weights"
    assert (layout.files / "logs/a").read_text() == "1"
    assert outputs.collect(layout) == []
    assert (layout.files / "outputs/big").read_text() == "weights"
    assert not (layout.files / "outputs/big").is_symlink()
