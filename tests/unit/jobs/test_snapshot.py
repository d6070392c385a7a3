"""Snapshots: what is taken, what is left out, what is stored once, and laying out again."""

from __future__ import annotations

import json
import os
import time
import zipfile
from pathlib import Path

import pytest

from ml_jupyter.exceptions import ArtifactNotFound, FolderCorrupt, SnapshotException
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.jobs import bounds as bounds_module
from ml_jupyter.jobs import snapshot, stat_cache
from ml_jupyter.jobs.blobs import BlobStore
from ml_jupyter.jobs.snapshot import Bounds


class Shop:
    """A workspace, a source folder and a cache folder."""

    def __init__(self, folder: Path) -> None:
        self.layout = WorkspaceLayout(folder / "workspace")
        self.layout.root.mkdir()
        self.cache = folder / "cache"
        self.source = folder / "source"
        self.source.mkdir()
        self.target = folder / "target"

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def take(self, **bounds: float) -> snapshot.Snapshot:
        limits = Bounds(**bounds)  # type: ignore[arg-type]
        return snapshot.take(self.layout, self.cache, self.source, limits)

    def names(self) -> list[str]:
        return [path for path, _ in snapshot.entries(self.layout, self.take().id)]

    def blobs(self) -> list[Path]:
        return [path for path in (self.layout.snapshots / "blobs").rglob("*") if path.is_file()]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_content_modes_links_and_empty_folders_come_back(shop: Shop) -> None:
    shop.write({"a.py": "A", "data/é b.txt": "B", "run.sh": "#!/bin/sh\n"})
    (shop.source / "run.sh").chmod(0o755)
    (shop.source / "empty/inner").mkdir(parents=True)
    (shop.source / "data/link").symlink_to("../a.py")
    shop.target.mkdir()
    snapshot.lay_out(shop.layout, shop.take().id, shop.target)
    found = sorted(str(path.relative_to(shop.target)) for path in shop.target.rglob("*"))
    assert found == ["a.py", "data", "data/link", "data/é b.txt", "empty", "empty/inner", "run.sh"]
    assert (shop.target / "data/é b.txt").read_text() == "B"
    assert os.readlink(shop.target / "data/link") == "../a.py"
    assert os.access(shop.target / "run.sh", os.X_OK)
    assert not os.access(shop.target / "a.py", os.X_OK)


def test_laid_out_files_are_private_copies(shop: Shop) -> None:
    shop.write({"a.py": "original"})
    taken = shop.take()
    shop.target.mkdir()
    snapshot.lay_out(shop.layout, taken.id, shop.target)
    (shop.target / "a.py").write_text("changed by the job")
    assert snapshot.read_file(shop.layout, taken.id, "a.py").read_text() == "original"
    assert (shop.source / "a.py").read_text() == "original"
    assert (shop.target / "a.py").stat().st_nlink == 1


def test_equal_contents_are_stored_once_and_equal_trees_have_one_id(shop: Shop) -> None:
    shop.write({"a.py": "same", "b.py": "same", "c.py": "other"})
    first = shop.take()
    assert len(shop.blobs()) == 2
    assert shop.take().id == first.id
    shop.write({"c.py": "changed"})
    assert shop.take().id != first.id
    assert len(shop.blobs()) == 3


def test_unchanged_files_are_not_read_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.write({"a.py": "A", "b.py": "B"})
    now = time.time_ns()
    monkeypatch.setattr("ml_jupyter._time.now_ns", lambda: now + 2 * stat_cache.RACY_NS)
    shop.take()
    added: list[str] = []
    add = BlobStore.add

    def counting(store: BlobStore, path: str) -> str:
        added.append(Path(path).name)
        return add(store, path)

    monkeypatch.setattr(BlobStore, "add", counting)
    shop.write({"b.py": "B2"})
    shop.take()
    assert added == ["b.py"]


def test_file_changed_within_the_clocks_grain_is_noticed(shop: Shop) -> None:
    """Same size, same times: only files that have been left alone for a while are trusted."""
    shop.write({"a.py": "one"})
    facts = (shop.source / "a.py").stat()
    first = shop.take()
    with open(shop.source / "a.py", "r+") as stream:
        stream.write("two")
    os.utime(shop.source / "a.py", ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert shop.take().id != first.id


def test_lost_blob_is_stored_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns()
    monkeypatch.setattr("ml_jupyter._time.now_ns", lambda: now + 2 * stat_cache.RACY_NS)
    shop.write({"a.py": "A"})
    shop.take()
    for path in shop.layout.snapshots.rglob("*"):
        if path.is_file():
            path.unlink()
    again = shop.take()
    assert snapshot.read_file(shop.layout, again.id, "a.py").read_text() == "A"


def test_always_and_by_default_left_out(shop: Shop) -> None:
    shop.write({
        "train.py": "", ".env": "SECRET=1", ".env.local": "", ".env.example": "", ".git/HEAD": "",
        "__pycache__/x.pyc": "", "p/__pycache__/x.pyc": "", ".ipynb_checkpoints/n.ipynb": "",
        "venv/pyvenv.cfg": "", "venv/bin/python": "", "conda/conda-meta/history": "",
        ".azureml/config.json": "{}", ".azureml/a.lock": "",
    })  # fmt: skip
    assert shop.names() == [".azureml/config.json", ".env.example", "train.py"]


def test_gitignore_nested_and_undone(shop: Shop) -> None:
    shop.write({
        ".gitignore": "*.log\n/data/\n!keep.log\n!.env\n", "a.log": "", "keep.log": "", ".env": "",
        "data/big": "", "sub/data/small": "", "sub/.gitignore": "*.txt\n!x.log\n", "sub/a.txt": "",
        "sub/x.log": "", "sub/y.log": "", "b.txt": "",
    })  # fmt: skip
    assert shop.names() == [
        ".env", ".gitignore", "b.txt", "keep.log", "sub/.gitignore", "sub/data/small", "sub/x.log",
    ]  # fmt: skip


@pytest.mark.parametrize("name", [".amlignore", ".ml_jupyterignore"])
def test_own_ignore_file_replaces_gitignore(shop: Shop, name: str) -> None:
    shop.write({".gitignore": "*.py\n", name: "*.csv\n", "a.py": "", "b.csv": ""})
    assert shop.names() == sorted([".gitignore", name, "a.py"])


def test_own_ignore_file_goes_before_amlignore(shop: Shop) -> None:
    shop.write({".amlignore": "*.py\n", ".ml_jupyterignore": "*.csv\n", "a.py": "", "b.csv": ""})
    assert "a.py" in shop.names()
    assert "b.csv" not in shop.names()


def test_links_that_lead_out_are_left_out_with_a_warning(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s")
    (shop.source / "out").symlink_to("../secret")
    (shop.source / "absolute").symlink_to(tmp_path / "secret")
    (shop.source / "folder").symlink_to("..")
    os.mkfifo(shop.source / "pipe")
    taken = shop.take()
    assert taken.files == 0
    assert len(taken.warnings) == 4
    assert any("out is a link that leads out" in text for text in taken.warnings)
    assert any("pipe is neither a file nor a folder" in text for text in taken.warnings)


def test_workspace_inside_the_source_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text("")
    layout = WorkspaceLayout(tmp_path / "runs-here")
    layout.root.mkdir()
    (layout.root / "workspace.json").write_text("{}")
    taken = snapshot.take(layout, tmp_path / "runs-here/cache", tmp_path)
    assert [name for name, _ in snapshot.entries(layout, taken.id)] == ["train.py"]


def test_large_sources_are_named_and_limits_raise(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.write({f"f{size}.bin": "x" * size for size in range(100, 1300, 100)})
    monkeypatch.setattr(bounds_module, "WARN_BYTES", 1000)
    (warning,) = shop.take().warnings
    assert "f1200.bin" in warning
    assert "f300.bin" in warning
    assert "f200.bin" not in warning
    with pytest.raises(SnapshotException, match=r"f1200\.bin"):
        shop.take(bytes=500)
    with pytest.raises(SnapshotException, match="longer than 0 s"):
        shop.take(seconds=0.0)


def test_unreadable_file_is_named(shop: Shop) -> None:
    if os.getuid() == 0:
        pytest.skip("the superuser reads everything")
    shop.write({"a.py": ""})
    (shop.source / "a.py").chmod(0)
    with pytest.raises(SnapshotException, match=r"a\.py"):
        shop.take()


def test_restore_as_zip(shop: Shop) -> None:
    shop.write({"a.py": "A", "d/b.py": "B"})
    taken = shop.take()
    path = snapshot.restore(shop.layout, taken.id, shop.target)
    assert path == shop.target / f"{taken.id}.zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["a.py", "d/b.py"]
        assert archive.read("d/b.py") == b"B"


def test_unknown_and_hostile_trees(shop: Shop) -> None:
    with pytest.raises(SnapshotException, match="no snapshot"):
        snapshot.entries(shop.layout, "0" * 32)
    shop.write({"a.py": "A"})
    taken = shop.take()
    with pytest.raises(ArtifactNotFound):
        snapshot.read_file(shop.layout, taken.id, "b.py")
    path = shop.layout.snapshots / "trees" / f"{taken.id}.json"
    path.write_text(path.read_text().replace("a.py", "../a.py"))
    with pytest.raises(FolderCorrupt, match="leads out"):
        snapshot.lay_out(shop.layout, taken.id, shop.target)


@pytest.mark.parametrize("outside", ["../secret", "/etc/passwd", "", "A" * 64])
def test_a_tree_whose_contents_lie_elsewhere_gives_none(shop: Shop, outside: str) -> None:
    shop.write({"a.py": "A"})
    taken = shop.take()
    path = shop.layout.snapshots / "trees" / f"{taken.id}.json"
    tree = json.loads(path.read_text())
    tree["files"][0][3] = outside
    path.write_text(json.dumps(tree))
    for use in (snapshot.lay_out, snapshot.restore):
        with pytest.raises(FolderCorrupt, match="names no content"):
            use(shop.layout, taken.id, shop.target)
    with pytest.raises(FolderCorrupt, match="names no content"):
        snapshot.read_file(shop.layout, taken.id, "a.py")
