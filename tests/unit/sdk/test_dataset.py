"""Datasets and datastores as notebooks use them, with real jobs and a real web server."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Dataset, Datastore, Experiment, Run, ScriptRunConfig, Workspace
from ml_jupyter.data.datapath import DataPath
from ml_jupyter.exceptions import UserErrorException

READS = """
import os, sys, glob
from ml_jupyter import Run
run = Run.get_context()
folder = sys.argv[sys.argv.index("--data") + 1]
paths = glob.glob(folder + "/**/*.txt", recursive=True)
names = sorted(os.path.relpath(path, folder) for path in paths)
print(names, run.input_datasets, os.environ.get("numbers"))
assert all(open(os.path.join(folder, name)).read() for name in names)
run.log("files", len(names))
"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A web server with two text files."""
    root = tmp_path / "www" / "mnist"
    root.mkdir(parents=True)
    for name in ("train", "test"):
        (root / f"{name}.txt").write_text(name, "utf-8")
    handler = functools.partial(Quiet, directory=str(root.parent))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/mnist"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def folder(here: Path) -> Path:
    """``data`` with a.txt, b.csv and inner/c.txt."""
    root = here / "data"
    (root / "inner").mkdir(parents=True)
    for name in ("a.txt", "b.csv", "inner/c.txt"):
        (root / name).write_text(name, "utf-8")
    return root


@pytest.fixture
def source(tmp_path: Path) -> str:
    root = tmp_path / "source"
    root.mkdir()
    (root / "read.py").write_text(READS, "utf-8")
    return str(root)


def log_of(run: Run) -> str:
    return str(run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"])


def test_files_of_addresses_reach_a_job(experiment: Experiment, source: str, site: str) -> None:
    dataset = Dataset.File.from_files(path=[f"{site}/train.txt", f"{site}/test.txt"])
    registered = dataset.register(
        experiment.workspace, "mnist", description="digits", create_new_version=True
    )
    host = site.split("/")[2].split(":")[0]
    assert registered.to_path() == [f"/http/{host}/mnist/train.txt", f"/http/{host}/mnist/test.txt"]
    config = ScriptRunConfig(source, "read.py", ["--data", registered.as_mount(), "--batch", 64])
    run = experiment.submit(config)
    run.wait_for_completion()
    assert run.get_metrics() == {"files": 2}
    (read,) = run.get_details()["inputDatasets"]
    assert read["dataset"] == {"name": "mnist", "version": "1"}
    assert read["sources"] == [f"{site}/train.txt", f"{site}/test.txt"]
    assert not (run._folder.layout.path / "inputs").exists()


def test_local_files_by_name(experiment: Experiment, source: str, folder: Path) -> None:
    dataset = Dataset.File.from_files(str(folder))
    given = dataset.as_named_input("numbers").as_download()
    run = experiment.submit(ScriptRunConfig(source, "read.py", ["--data", given]))
    run.wait_for_completion()
    log = log_of(run)
    assert "['a.txt', 'inner/c.txt']" in log
    assert "'numbers': '" in log
    assert log.rstrip().endswith("/inputs/numbers")
    assert run.input_datasets == {}


def test_an_address_that_cannot_be_had_fails_the_run_in_words(
    experiment: Experiment, source: str, site: str
) -> None:
    dataset = Dataset.File.from_files(f"{site}/none.txt")
    run = experiment.submit(ScriptRunConfig(source, "read.py", ["--data", dataset.as_mount()]))
    details = run.wait_for_completion(raise_on_error=False)
    assert details["status"] == "Failed"
    assert "404" in details["error"]["error"]["message"]
    assert details["error"]["error"]["code"] == "DataUnavailable"


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("data", ["/a.txt", "/b.csv", "/inner/c.txt"]),
        ("data/a.txt", ["/a.txt"]),
        ("data/*.txt", ["/a.txt"]),
        ("data/**/*.txt", ["/a.txt", "/inner/c.txt"]),
        ("data/inn*", ["/inner/c.txt"]),
    ],
)
def test_paths_and_globs(folder: Path, pattern: str, paths: list[str]) -> None:
    assert Dataset.File.from_files(pattern).to_path() == paths


@pytest.mark.parametrize("path", ["none.txt", "data/*.bin", [], "", 3, [None], "http://"])
def test_what_is_refused(folder: Path, path: Any) -> None:
    with pytest.raises(UserErrorException):
        Dataset.File.from_files(path)
    if path == "none.txt":
        assert Dataset.File.from_files(path, validate=False).to_path() == []


def test_names_and_versions(workspace: Workspace, folder: Path) -> None:
    first = Dataset.File.from_files("data/a.txt").register(workspace, "letters")
    assert (first.name, first.version) == ("letters", 1)
    again = Dataset.File.from_files("data/a.txt").register(workspace, "letters")
    assert again.id == first.id
    other = Dataset.File.from_files("data")
    with pytest.raises(UserErrorException, match="create_new_version"):
        other.register(workspace, "letters")
    second = other.register(workspace, "letters", tags={"a": "b"}, create_new_version=True)
    assert second.version == 2
    assert Dataset.get_by_name(workspace, "letters").to_path() == second.to_path()
    assert Dataset.get_by_name(workspace, "letters", version=1).id == first.id
    assert Dataset.get_by_id(workspace, str(first.id)).version == 1
    assert workspace.datasets["letters"].version == 2
    assert second.add_tags({"c": "d"}).remove_tags(["a"]).tags == {"c": "d"}
    for wrong in (("none", "latest"), ("letters", 9), ("../x", "latest")):
        with pytest.raises(UserErrorException):
            Dataset.get_by_name(workspace, *wrong)
    second.unregister_all_versions()
    assert workspace.datasets == {}


def test_parts_of_a_dataset(folder: Path, workspace: Workspace) -> None:
    whole = Dataset.File.from_files("data")
    assert whole.take(1).to_path() == ["/a.txt"]
    assert whole.skip(1).take(1).to_path() == ["/b.csv"]
    left, right = whole.random_split(0.5, seed=4)
    assert sorted(left.to_path() + right.to_path()) == whole.to_path()
    kept = left.register(workspace, "left")
    assert Dataset.get_by_name(workspace, "left").to_path() == kept.to_path() == left.to_path()
    with pytest.raises(UserErrorException, match="percentage"):
        whole.random_split(2)


def test_downloads_and_mounts(folder: Path, site: str, tmp_path: Path) -> None:
    both = Dataset.File.from_files(["data/a.txt", f"{site}/test.txt"])
    paths = both.download(tmp_path / "copy")
    assert sorted(Path(path).read_text() for path in paths) == ["a.txt", "test"]
    with pytest.raises(UserErrorException, match="overwrite"):
        both.download(tmp_path / "copy")
    with both.mount() as mounted:
        point = Path(mounted.mount_point)
        assert (point / "a.txt").read_text() == "a.txt"
        assert len(list(point.rglob("*.txt"))) == 2
    assert not point.exists()
    assert (folder / "a.txt").exists()


def test_a_datastore_is_a_folder_of_the_workspace(
    workspace: Workspace, folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    store = workspace.get_default_datastore()
    assert store.name == "workspaceblobstore"
    store.upload(str(folder), "letters")
    store.upload(str(folder), "letters")
    assert "Skipping upload for a.txt" in capsys.readouterr().out
    dataset = Dataset.File.from_files((store, "letters/*.txt"))
    assert dataset.to_path() == ["/a.txt"]
    assert Dataset.File.from_files(DataPath(store, "letters")).to_path() == [
        "/a.txt",
        "/b.csv",
        "/inner/c.txt",
    ]
    registered = dataset.register(workspace, "stored")
    assert Dataset.get_by_name(workspace, "stored").to_path() == registered.to_path()
    assert store.download(tmp_path / "out", prefix="letters") == 3
    assert (tmp_path / "out/letters/a.txt").read_text() == "a.txt"
    with pytest.raises(UserErrorException):
        store.upload_files([str(folder / "a.txt")], target_path="../../outside")
    with pytest.raises(UserErrorException, match="no datastore"):
        Datastore.get(workspace, "s3")


def test_a_job_writes_into_a_datastore(experiment: Experiment, tmp_path: Path) -> None:
    store = experiment.workspace.get_default_datastore()
    root = tmp_path / "writer"
    root.mkdir()
    (root / "write.py").write_text(
        "import sys; open(sys.argv[1] + '/made.txt', 'w').write('made')", "utf-8"
    )
    run = experiment.submit(ScriptRunConfig(str(root), "write.py", [store.path("out").as_mount()]))
    run.wait_for_completion()
    assert Dataset.File.from_files((store, "out")).to_path() == ["/made.txt"]
