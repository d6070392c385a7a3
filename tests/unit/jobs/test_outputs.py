"""Collecting ``outputs/`` and ``logs/``."""

from __future__ import annotations

import os
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
