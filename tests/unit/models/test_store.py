"""The registry's engine: versions, contents, many writers, deletion."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ml_jupyter.exceptions import (
    FolderCorrupt,
    FormatTooNew,
    ModelNotFoundException,
    ModelPathNotFoundException,
    UserErrorException,
)
from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.models import content, frameworks
from ml_jupyter.models.store import ModelStore, matches


@pytest.fixture
def layout(tmp_path: Path) -> WorkspaceLayout:
    return WorkspaceLayout(tmp_path / "workspace")


@pytest.fixture
def store(layout: WorkspaceLayout) -> ModelStore:
    layout.root.mkdir()
    return ModelStore(layout)


def file(tmp_path: Path, text: str, name: str = "model.bin") -> content.Content:
    path = tmp_path / name
    path.write_text(text)
    return content.of_path(path)


def blobs(layout: WorkspaceLayout) -> set[str]:
    return {path.name for path in (layout.models / ".blobs").rglob("*") if path.is_file()}


def test_versions_count_from_one_and_the_latest_is_given(store: ModelStore, tmp_path: Path) -> None:
    first = store.register("net", file(tmp_path, "1"))
    second = store.register("net", file(tmp_path, "2"), tags={"best": "yes"})
    assert [first.key, second.key] == ["net:1", "net:2"]
    assert store.get("net") == second
    assert store.get("net", 1) == first
    assert [record.key for record in store.list()] == ["net:2", "net:1"]
    assert [record.key for record in store.list(latest=True)] == ["net:2"]
    assert store.names() == ["net"]


def test_a_version_is_what_its_place_says(
    store: ModelStore, layout: WorkspaceLayout, tmp_path: Path
) -> None:
    store.register("net", file(tmp_path, "1"))
    path = layout.models / "net" / "1.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "name": "../../x", "version": 7}))
    assert store.get("net").key == "net:1"
    assert [record.key for record in store.list()] == ["net:1"]


def test_contents_are_stored_once_and_laid_out_as_private_copies(
    store: ModelStore, layout: WorkspaceLayout, tmp_path: Path
) -> None:
    first = store.register("net", file(tmp_path, "same"))
    store.register("other", file(tmp_path, "same"))
    assert len(blobs(layout)) == 1
    path = store.lay_out(first, tmp_path / "out")
    path.write_text("changed")
    assert store.source(first.files[0]).read_text() == "same"


def test_a_folder_keeps_its_tree_and_follows_links(store: ModelStore, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    (folder / "variables").mkdir(parents=True)
    (folder / "saved_model.pb").write_text("graph")
    (tmp_path / "weights").write_text("numbers")
    (folder / "variables" / "data").symlink_to(tmp_path / "weights")
    (folder / "loop").symlink_to(folder)
    record = store.register("net", content.of_path(folder))
    made = store.lay_out(record, tmp_path / "out")
    assert made == tmp_path / "out" / "saved"
    assert (made / "variables" / "data").read_text() == "numbers"
    assert sorted(item.path for item in record.files) == [
        "saved/saved_model.pb", "saved/variables/data",
    ]  # fmt: skip


def test_deleting_frees_what_no_other_version_has_and_no_number_comes_back(
    store: ModelStore, layout: WorkspaceLayout, tmp_path: Path
) -> None:
    store.register("net", file(tmp_path, "shared"))
    store.register("other", file(tmp_path, "shared"))
    store.register("net", file(tmp_path, "own"))
    store.delete("net", 2)
    assert len(blobs(layout)) == 1
    assert store.register("net", file(tmp_path, "own")).version == 3
    store.delete("net", 1)
    assert store.lay_out(store.get("other"), tmp_path / "out").read_text() == "shared"
    with pytest.raises(ModelNotFoundException, match=r"net:1.*Its versions: 3"):
        store.get("net", 1)


def test_unknown_models_name_those_that_are_there(store: ModelStore, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundException, match="none at all"):
        store.get("net")
    store.register("near", file(tmp_path, "x"))
    with pytest.raises(ModelNotFoundException, match="Known: 'near'"):
        store.get("net")


@pytest.mark.parametrize("name", ["", "../up", ".hidden", "a/b", "ü", "x" * 256, 7])
def test_names_that_could_not_be_folders_are_refused(
    store: ModelStore, tmp_path: Path, name: object
) -> None:
    with pytest.raises(UserErrorException, match="is not valid"):
        store.register(name, file(tmp_path, "x"))  # type: ignore[arg-type]


def test_what_is_not_there_leaves_nothing(
    store: ModelStore, layout: WorkspaceLayout, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "absent", tmp_path / "empty"):
        with pytest.raises(ModelPathNotFoundException, match=path.name):
            content.of_path(path)
    gone = file(tmp_path, "x")
    (tmp_path / "model.bin").unlink()
    with pytest.raises(ModelPathNotFoundException, match="cannot be read"):
        store.register("net", gone)
    assert store.names() == []
    assert blobs(layout) == set()


def test_updates_see_the_latest_value(store: ModelStore, tmp_path: Path) -> None:
    store.register("net", file(tmp_path, "x"), tags={"a": "1"})
    stale = ModelStore(WorkspaceLayout(tmp_path / "workspace"))
    store.update("net", 1, tags=lambda present: {**present, "b": "2"})
    new = stale.update("net", 1, tags=lambda present: {**present, "c": "3"})
    assert new.tags == {"a": "1", "b": "2", "c": "3"}
    with pytest.raises(UserErrorException, match="never changes"):
        store.update("net", 1, files=())


def test_a_newer_minor_format_is_read_and_kept(
    store: ModelStore, layout: WorkspaceLayout, tmp_path: Path
) -> None:
    store.register("net", file(tmp_path, "x"))
    path = layout.models / "net" / "1.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "later": 7}))
    store.update("net", 1, description="new")
    assert json.loads(path.read_text())["later"] == 7
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": "99.0"}))
    with pytest.raises(FormatTooNew):
        store.get("net")


@pytest.mark.parametrize("files", [[["../up", 1, "aa"]], [["/abs", 1, "aa"]], "none", [["short"]]])
def test_a_record_that_leads_outside_or_is_none_is_refused(
    store: ModelStore, layout: WorkspaceLayout, tmp_path: Path, files: object
) -> None:
    store.register("net", file(tmp_path, "x"))
    path = layout.models / "net" / "1.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "files": files}))
    with pytest.raises(FolderCorrupt):
        store.get("net")


@pytest.mark.slow
def test_many_processes_register_at_once(
    store: ModelStore, layout: WorkspaceLayout, tmp_path: Path
) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from ml_jupyter.history.layout import WorkspaceLayout\n"
        "from ml_jupyter.models import content; from ml_jupyter.models.store import ModelStore\n"
        "store = ModelStore(WorkspaceLayout(Path(sys.argv[1])))\n"
        "path = Path(sys.argv[2]); path.write_text(sys.argv[2])\n"
        "for _ in range(10):\n"
        "    store.register('net', content.of_path(path), description=path.name)\n"
        "    store.delete('net', store.register('net', content.of_path(path)).version)\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", program, str(layout.root), str(tmp_path / name)])
        for name in ("a", "b", "c")
    ]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    records = list(store.list("net"))
    assert len(records) == 30
    assert len({record.version for record in records}) == 30
    for record in records:
        path = store.lay_out(record, tmp_path / "out" / str(record.version))
        assert path.read_text() == str(tmp_path / str(record.description))


def test_labels_match_as_the_sdk_s_lists_do(store: ModelStore, tmp_path: Path) -> None:
    record = store.register("net", file(tmp_path, "x"), tags={"area": "birds", "done": None})
    for wanted in (["area"], [["area", "birds"], "done"], {"done": None}, "done", None):
        assert matches(record, wanted, None)
    for wanted in (["other"], [["area", "fish"]], {"other": None}, "other"):
        assert not matches(record, wanted, None)


def test_files_tell_the_framework() -> None:
    assert frameworks.guess(("m.onnx",)) == "Onnx"
    assert frameworks.guess(("saved/saved_model.pb", "saved/variables/x")) == "TensorFlow"
    assert frameworks.guess(("net.pt",)) == "PyTorch"
    assert frameworks.guess(("model.joblib",)) == "ScikitLearn"
    assert frameworks.guess(("readme.md",)) == "Custom"


def test_too_little_memory_is_said_and_enough_is_not() -> None:
    assert "needs 0.55 GB" in str(frameworks.memory_warning("TensorFlow", 0.5, 0))
    assert frameworks.memory_warning("TensorFlow", 2, 0) is None
    assert frameworks.memory_warning("tensorflow", 2, 4 * 1024**3) is not None
    assert frameworks.memory_warning("Custom", 0.001, 10**9) is None
    assert frameworks.memory_warning("TensorFlow", None, 0) is None


def test_a_file_that_cannot_be_read_is_named(store: ModelStore, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        os.mkfifo(tmp_path / "pipe")  # root reads everything; a pipe is no file for anybody
        with pytest.raises(ModelPathNotFoundException, match="pipe"):
            content.of_path(tmp_path / "pipe")
        return
    locked = file(tmp_path, "x")
    (tmp_path / "model.bin").chmod(0)
    with pytest.raises(ModelPathNotFoundException, match="Permission denied"):
        store.register("net", locked)
