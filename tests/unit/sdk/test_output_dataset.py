"""Results of real jobs that become data, datastores of one's own, and who used what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Dataset, Datastore, Experiment, Run, ScriptRunConfig, Workspace
from ml_jupyter.data import OutputFileDatasetConfig
from ml_jupyter.data.datapath import DataPath, DataPathComputeBinding
from ml_jupyter.exceptions import DataUnavailable, UserErrorException
from ml_jupyter.sdk.views.data import data_json

WRITES = """
import sys
from pathlib import Path
folder = Path(sys.argv[1])
(folder / "inner").mkdir(exist_ok=True)
(folder / "a.csv").write_text("n\\n1\\n2\\n")
(folder / "inner" / "note.txt").write_text("made")
if "fail" in sys.argv:
    raise SystemExit("no luck")
"""


@pytest.fixture
def source(here: Path) -> str:
    root = here / "source"
    root.mkdir()
    (root / "write.py").write_text(WRITES, "utf-8")
    return str(root)


def submitted(experiment: Experiment, source: str, *arguments: Any) -> Run:
    run = experiment.submit(ScriptRunConfig(source, "write.py", list(arguments)))
    run.wait_for_completion(raise_on_error=False)
    return run


@pytest.mark.parametrize("mode", ["as_mount", "as_upload"])
def test_results_get_a_name(experiment: Experiment, source: str, mode: str) -> None:
    workspace = experiment.workspace
    made = OutputFileDatasetConfig("made").register_on_complete("made", tags={"by": "test"})
    run = submitted(experiment, source, getattr(made, mode)())
    assert run.get_status() == "Completed", run.get_details()
    found = Dataset.get_by_name(workspace, "made")
    assert found.to_path() == ["/a.csv", "/inner/note.txt"]
    assert found.tags == {"by": "test"}
    (told,) = run.get_details()["outputDatasets"]
    assert told["dataset"] == {"name": "made", "version": "1"}
    assert told["outputDetails"]["outputName"] == "made"
    (use,) = found.get_runs()
    assert (use["run"], use["version"], use["role"]) == (run.id, 1, "written")
    kept = workspace.get_default_datastore().folder / "dataset" / run.id / "made"
    assert (kept / "a.csv").is_file()
    assert not (run._folder.layout.path / "delivered").exists()
    again = submitted(experiment, source, made)
    assert Dataset.get_by_name(workspace, "made").version == 2
    reader = submitted(experiment, source, "source", found.as_mount())
    assert [use["run"] for use in found.get_runs()] == [reader.id, run.id]
    shown = data_json(workspace._folder, reader._folder)
    assert shown["written"] == []
    assert (shown["read"][0]["dataset"], shown["read"][0]["version"]) == ("made", 1)
    assert [(item["id"], item["role"]) for item in shown["read"][0]["runs"]] == [
        (run.id, "written")
    ]
    wrote = data_json(workspace._folder, run._folder)["written"][0]
    assert (wrote["mode"], wrote["places"]) == (mode[3:], [str(kept)])
    assert [use["run"] for use in Dataset.get_by_name(workspace, "made").get_runs()] == [again.id]


def test_a_failed_job_gives_no_name_and_uploads_nothing(
    experiment: Experiment, source: str
) -> None:
    store = experiment.workspace.get_default_datastore()
    made = OutputFileDatasetConfig("made", (store, "out/{run-id}")).register_on_complete("made")
    run = submitted(experiment, source, made.as_upload(), "fail")
    assert run.get_status() == "Failed"
    assert experiment.workspace.datasets == {}
    assert not (store.folder / "out").exists()
    assert run.get_details()["outputDatasets"][0]["dataset"]["name"] is None


def test_uploads_beside_what_is_there(experiment: Experiment, source: str) -> None:
    store = experiment.workspace.get_default_datastore()
    (store.folder / "out").mkdir(parents=True)
    (store.folder / "out" / "a.csv").write_text("old", "utf-8")
    made = OutputFileDatasetConfig("made", (store, "out"))
    run = submitted(experiment, source, made.as_upload(source_globs=["*.csv"]))
    assert (store.folder / "out" / "a.csv").read_text("utf-8") == "old"
    assert not (store.folder / "out" / "inner").exists()
    assert "was there already" in run.get_details()["warnings"][0]["message"]
    submitted(experiment, source, made.as_upload(overwrite=True))
    assert (store.folder / "out" / "a.csv").read_text("utf-8") == "n\n1\n2\n"
    assert made.as_input().dataset.to_path() == ["/a.csv", "/inner/note.txt"]


def test_a_result_as_a_table(experiment: Experiment, source: str) -> None:
    made = OutputFileDatasetConfig("rows").read_delimited_files(path_glob="*.csv")
    submitted(experiment, source, made.register_on_complete("rows"))
    table = Dataset.get_by_name(experiment.workspace, "rows")
    assert list(table.to_pandas_dataframe()["n"]) == [1, 2]


def test_what_outputs_refuse(workspace: Workspace) -> None:
    with pytest.raises(UserErrorException, match="name of an output"):
        OutputFileDatasetConfig("a b")
    with pytest.raises(UserErrorException, match="target"):
        OutputFileDatasetConfig("a", "somewhere")
    with pytest.raises(UserErrorException, match="depends on the run"):
        OutputFileDatasetConfig("a").as_input()
    outside = OutputFileDatasetConfig("a", (workspace.get_default_datastore(), "../../x"))
    with pytest.raises(UserErrorException, match="inside the folder"):
        outside.to_job_output(workspace)


def test_folders_of_ones_own_as_datastores(experiment: Experiment, here: Path, source: str) -> None:
    workspace = experiment.workspace
    (here / "disk").mkdir()
    store = Datastore.register_folder(workspace, "disk", "disk")
    store.upload("source", "code", show_progress=False)
    assert (here / "disk" / "code" / "write.py").is_file()
    with pytest.raises(UserErrorException, match="overwrite"):
        Datastore.register_folder(workspace, "disk", source)
    with pytest.raises(UserErrorException, match="no folder"):
        Datastore.register_folder(workspace, "none", "none")
    store.set_as_default()
    assert workspace.get_default_datastore().name == "disk"
    submitted(experiment, source, OutputFileDatasetConfig("made"))
    assert len(list((here / "disk" / "dataset").glob("*/made/a.csv"))) == 1
    assert set(workspace.datastores) == {"workspaceblobstore", "workspacefilestore", "disk"}
    store.unregister()
    assert workspace.get_default_datastore().name == "workspaceblobstore"
    with pytest.raises(UserErrorException, match="no datastore 'disk'"):
        Datastore.get(workspace, "disk")


def test_addresses_as_datastores(experiment: Experiment, here: Path, source: str) -> None:
    workspace = experiment.workspace
    (here / "remote").mkdir()
    store = Datastore.register_url(workspace, "far", (here / "remote").as_uri())
    assert store.datastore_type == "Remote"
    store.upload_files([f"{source}/write.py"], source, "code", show_progress=False)
    assert (here / "remote" / "code" / "write.py").is_file()
    files = Dataset.File.from_files((store, "code/*.py"))
    assert files.to_path() == ["/write.py"]
    assert store.download("copy", prefix="code") == 1
    assert (here / "copy" / "code" / "write.py").is_file()
    registered = files.register(workspace, "code")
    assert Path(registered.download("again")[0]).read_text("utf-8") == WRITES
    run = submitted(experiment, source, ".", registered.as_named_input("code").as_mount())
    assert run.get_status() == "Completed", run.get_details()
    assert run.get_details()["inputDatasets"][0]["sources"] == [
        (here / "remote" / "code" / "write.py").as_uri()
    ]
    with pytest.raises(UserErrorException, match="out of its datastore"):
        Dataset.File.from_files((store, "../x"))
    with pytest.raises(UserErrorException, match="no folder"):
        store.path("x").as_mount().to_job_input()
    with pytest.raises(DataUnavailable):
        Dataset.File.from_files("nosuchscheme://host/*.csv")


def test_services_of_the_cloud_say_what_to_use(workspace: Workspace) -> None:
    for name in dir(Datastore):
        if name.startswith(("register_azure", "register_dbfs", "register_hdfs")):
            with pytest.raises(UserErrorException, match="cloud") as caught:
                getattr(Datastore, name)(workspace, "store", account_name="x")
            assert caught.value.hint


def test_paths_and_references_lead_to_each_other(workspace: Workspace) -> None:
    path = DataPath(workspace.get_default_datastore(), "folder", "given")
    reference = path.create_data_reference(
        datapath_compute_binding=DataPathComputeBinding("download", "here")
    )
    assert (reference.data_reference_name, reference.mode) == ("given", "download")
    assert DataPath.create_from_data_reference(reference) == path
    assert DataPathComputeBinding.create_from_data_reference(reference).path_on_compute == "here"
    with pytest.raises(UserErrorException, match="datapath"):
        DataPathComputeBinding().create_data_reference("x")
