"""A run's files: uploads, downloads, names (surface 4.9)."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter import Experiment, Run
from ml_jupyter.exceptions import ArtifactNotFound, NameTaken, PathOutside, UserErrorException


@pytest.fixture
def run(experiment: Experiment) -> Iterator[Run]:
    found = experiment.start_logging(outputs=False, snapshot_directory=None)
    yield found
    found.complete()


@pytest.fixture
def filled(run: Run, here: Path) -> Run:
    for name in ("outputs/model/a.bin", "outputs/model/b.bin", "outputs/model2/x", "top.txt"):
        run.upload_file(name, io.BytesIO(name.encode()))
    return run


def below(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_uploading_files_streams_and_folders(run: Run, here: Path) -> None:
    (here / "m.bin").write_bytes(b"model")
    (here / "tree" / "deep").mkdir(parents=True)
    (here / "tree" / "deep" / "f").write_bytes(b"f")
    (here / "tree" / "g").write_bytes(b"g")
    run.upload_file("outputs/m.bin", "m.bin")
    run.upload_file("text.txt", io.StringIO("text"))
    run.upload_files(["one", "two"], ["m.bin", here / "m.bin"])
    run.upload_folder("kept", "tree")
    assert run.get_file_names() == [
        "kept/deep/f",
        "kept/g",
        "one",
        "outputs/m.bin",
        "text.txt",
        "two",
    ]


def test_an_existing_name_is_refused_and_named(filled: Run) -> None:
    with pytest.raises(NameTaken, match=r"top\.txt"):
        filled.upload_file("top.txt", io.BytesIO(b"new"))
    filled.download_file("top.txt", "back.txt")
    assert Path("back.txt").read_bytes() == b"top.txt"


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "C:\\x", "", ".", "a\0b"])
def test_names_stay_inside_the_run(run: Run, name: str) -> None:
    with pytest.raises(PathOutside):
        run.upload_file(name, io.BytesIO(b""))
    with pytest.raises(UserErrorException):
        run.download_file(name, "x")
    assert run.get_file_names() == []


def test_links_out_of_the_run_are_neither_listed_nor_followed(run: Run, here: Path) -> None:
    (here / "secret").write_text("secret", "utf-8")
    files = run._folder.layout.files
    files.mkdir(exist_ok=True)
    os.symlink(here / "secret", files / "leak")
    os.symlink(here, files / "folder")
    assert run.get_file_names() == []
    with pytest.raises(PathOutside):
        run.download_file("folder/secret")
    with pytest.raises(PathOutside):
        run.upload_file("folder/new", io.BytesIO(b""))


def test_wrong_sources_are_named(run: Run) -> None:
    with pytest.raises(UserErrorException, match="no file 'none'"):
        run.upload_file("x", "none")
    with pytest.raises(UserErrorException, match="no folder 'none'"):
        run.upload_folder("x", "none")
    with pytest.raises(TypeError, match="2 names for 1 paths"):
        run.upload_files(["a", "b"], ["a"])


def test_download_targets(filled: Run, here: Path) -> None:
    filled.download_file("outputs/model/a.bin")
    filled.download_file("outputs/model/a.bin", "new/deep/renamed")
    filled.download_file("outputs/model/a.bin", "folder/")
    (here / "there").mkdir()
    assert filled.download_file("outputs/model/a.bin", "there") is None  # type: ignore[func-returns-value]
    assert below(here) == ["a.bin", "folder/a.bin", "new/deep/renamed", "there/a.bin"]


def test_an_unknown_file_lists_near_ones(filled: Run) -> None:
    with pytest.raises(ArtifactNotFound, match=r"outputs/model/a\.bin"):
        filled.download_file("outputs/model/a.bim")


def test_a_prefix_is_a_folder(filled: Run, here: Path) -> None:
    filled.download_files(prefix="outputs/model", output_directory="with")
    filled.download_files("outputs/model/", "without", append_prefix=False)
    filled.download_files(output_directory="all")
    assert below(here / "with") == ["outputs/model/a.bin", "outputs/model/b.bin"]
    assert below(here / "without") == ["a.bin", "b.bin"]
    assert len(below(here / "all")) == 4
    with pytest.raises(ArtifactNotFound, match="'none'"):
        filled.download_files("none")


def test_a_prefix_that_is_a_file_takes_that_file(filled: Run, here: Path) -> None:
    """Surface 9.8."""
    filled.download_files(prefix="outputs/model2/x", output_directory="kept")
    filled.download_files("outputs/model2/x", "bare", append_prefix=False)
    assert (below(here / "kept"), below(here / "bare")) == (["outputs/model2/x"], ["x"])


def test_output_paths_rename(filled: Run, here: Path) -> None:
    filled.download_files("outputs/model", "d", output_paths=["1", "2"])
    assert below(here / "d") == ["1", "2"]
    with pytest.raises(UserErrorException, match="1 entries for 2 files"):
        filled.download_files("outputs/model", "d", output_paths=["1"])


def test_a_circle_of_links_is_no_file(run: Run) -> None:
    (run._folder.layout.files / "outputs").mkdir(parents=True)
    (run._folder.layout.files / "outputs" / "loop").symlink_to("loop")
    assert run.get_file_names() == []
    with pytest.raises(ArtifactNotFound):
        run.download_file("outputs/loop")
