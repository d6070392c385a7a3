"""The context of a build."""

from __future__ import annotations

import tarfile
from pathlib import Path

from ml_jupyter.containers.context import kept, packed


def test_ignored_files_stay_out(tmp_path: Path) -> None:
    for name in ("a.txt", "data/big.bin", "data/keep.bin", "deep/er/x.log", "deep/er/y.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / ".dockerignore").write_text("# no data\ndata/*\n!data/keep.bin\n**/*.log\n")
    files = [name for name in kept(tmp_path) if (tmp_path / name).is_file()]
    assert files == [".dockerignore", "a.txt", "data/keep.bin", "deep/er/y.txt"]


def test_given_files_go_over_those_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("old")
    (tmp_path / "link").symlink_to("requirements.txt")
    (tmp_path / "run.sh").write_text("x")
    (tmp_path / "run.sh").chmod(0o755)
    given = {"requirements.txt": b"new", "Dockerfile": b"FROM x"}
    with packed(tmp_path, given) as stream, tarfile.open(fileobj=stream) as archive:
        members = {item.name: item for item in archive.getmembers()}
        content = archive.extractfile("requirements.txt")
        assert content is not None
        assert content.read() == b"new"
    assert members["link"].issym()
    assert members["run.sh"].mode & 0o111
    assert set(members) == {"requirements.txt", "Dockerfile", "link", "run.sh"}


def test_without_a_folder_there_are_only_the_given_files() -> None:
    with packed(None, {"Dockerfile": b"FROM x"}) as stream, tarfile.open(fileobj=stream) as archive:
        assert archive.getnames() == ["Dockerfile"]
