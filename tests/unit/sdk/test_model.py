"""Registered models as notebooks use them: from files, from runs, found, fetched, deleted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import (
    Dataset,
    Experiment,
    Model,
    ResourceConfiguration,
    Run,
    ScriptRunConfig,
    Workspace,
)
from ml_jupyter.core.webservice import WebserviceException
from ml_jupyter.exceptions import (
    ModelNotFoundException,
    ModelPathNotFoundException,
    PathOutside,
    UserErrorException,
)


@pytest.fixture
def weights(here: Path) -> Path:
    path = here / "model.pt"
    path.write_text("weights")
    return path


@pytest.fixture
def run(experiment: Experiment, weights: Path) -> Run:
    """A run with one file and one folder of models."""
    with experiment.start_logging() as run:
        run.upload_file("outputs/model.pt", weights)
        run.upload_file("outputs/saved/saved_model.pb", weights)
        run.upload_file("outputs/saved/variables/data", weights)
    return run


def test_the_seed_s_registration(run: Run, workspace: Workspace) -> None:
    with pytest.warns(UserWarning, match=r"0\.5 GB of memory, but TensorFlow needs 0\.55 GB"):
        model = run.register_model(
            model_name="tf-mnist",
            model_path="outputs/saved",
            model_framework=Model.Framework.TENSORFLOW,
            model_framework_version="2.0",
            resource_configuration=ResourceConfiguration(cpu=1, memory_in_gb=0.5),
        )
    assert (model.id, model.run_id, model.experiment_name) == ("tf-mnist:1", run.id, "explore-runs")
    assert model.run == run
    assert model.model_framework == "TensorFlow"
    assert model.resource_configuration == ResourceConfiguration(1, 0.5)
    assert model.resource_configuration.memory_in_gb == 0.5
    assert any("0.5 GB" in item["message"] for item in run.get_details()["warnings"])
    assert "1 cores, 0.5 GB of memory" in model._repr_html_()
    path = Path(model.download("got"))
    assert path == Path("got/saved")
    assert (path / "variables" / "data").read_text() == "weights"


def test_every_parameter_of_register_model_is_kept(run: Run, workspace: Workspace) -> None:
    class Data:
        id, name, version = "d-1", "birds", 3

    run.register_model(
        "birds", "outputs/model.pt", tags={"area": "birds", "n": 1}, properties={"lr": 0.1},
        model_framework="PyTorch", model_framework_version="2.1", description="A net.",
        datasets=[("training", Data())], sample_input_dataset=[[1.0, 2.0]],
        sample_output_dataset=Data(), resource_configuration=ResourceConfiguration(2, 4, 1),
    )  # fmt: skip
    model = Model(workspace, "birds")
    assert (model.tags, model.properties) == ({"area": "birds", "n": "1"}, {"lr": "0.1"})
    assert (model.description, model.model_framework_version) == ("A net.", "2.1")
    assert model.datasets == {"training": [{"id": "d-1", "name": "birds", "version": 3}]}
    assert model.sample_input_dataset == [[1.0, 2.0]]
    assert model.sample_output_dataset["dataset"]["name"] == "birds"
    assert model.serialize()["resourceConfiguration"]["gpu"] == 1
    assert [item.id for item in Model.list(workspace, dataset_id="d-1")] == ["birds:1"]


def test_the_path_defaults_to_the_name_and_must_be_there(run: Run, workspace: Workspace) -> None:
    run.upload_file("net", "model.pt")
    assert run.register_model("net").version == 1
    with pytest.raises(ModelPathNotFoundException, match=r"outputs/model\.pth.*outputs/model\.pt"):
        run.register_model("net", "outputs/model.pth")
    with pytest.raises(PathOutside):
        run.register_model("net", "../../secret")
    with pytest.raises(UserErrorException, match="is not valid"):
        run.register_model("a b", "outputs/model.pt")
    assert [item.version for item in Model.list(workspace, "net")] == [1]


@pytest.mark.slow
def test_a_script_registers_what_it_has_just_written(
    experiment: Experiment, here: Path, workspace: Workspace
) -> None:
    (here / "train.py").write_text(
        "from ml_jupyter import Run\n"
        "open('outputs/model.txt', 'w').write('trained')\n"
        "print(Run.get_context().register_model('inside', 'outputs/model.txt').id)\n"
    )
    run = experiment.submit(ScriptRunConfig(".", "train.py"))
    run.wait_for_completion()
    model = Model(workspace, "inside")
    assert model.run_id == run.id
    assert Path(Model.get_model_path("inside", _workspace=workspace)).read_text() == "trained"


def test_finding(run: Run, workspace: Workspace, weights: Path) -> None:
    Model.register(workspace, weights, "local", tags={"area": "fish"}, model_framework="Onnx")
    run.register_model("net", "outputs/model.pt", tags={"area": "birds"})
    run.register_model("net", "outputs/model.pt", tags={"area": "birds", "best": None})
    ids = lambda **wanted: [item.id for item in Model.list(workspace, **wanted)]  # noqa: E731
    assert ids() == ["net:2", "net:1", "local:1"]
    assert ids(latest=True) == ["net:2", "local:1"]
    assert ids(tags=["best"]) == ids(tags=[["area", "birds"], "best"]) == ["net:2"]
    assert ids(run_id=run.id) == ["net:2", "net:1"]
    assert ids(model_framework="Onnx") == ids(name="local") == ["local:1"]
    assert Model(workspace, "net", tags=[["area", "birds"]]).version == 2
    assert Model(workspace, id="net:1") == Model(workspace, "net", version=1)
    assert list(workspace.models) == ["net", "local"]
    for wanted in (
        {"name": "absent"},
        {"name": "net", "version": 9},
        {"name": "net", "tags": ["x"]},
    ):
        with pytest.raises(ModelNotFoundException, match="ModelNotFound") as caught:
            Model(workspace, **wanted)
        assert isinstance(caught.value, WebserviceException)
    with pytest.raises(UserErrorException, match="name:version"):
        Model(workspace, id="net")


def test_download_replaces_only_when_told(workspace: Workspace, weights: Path) -> None:
    model = Model.register(workspace, weights, "net")
    assert model.download("out") == "out/model.pt"
    Path("out/model.pt").write_text("mine")
    with pytest.raises(WebserviceException, match="exist_ok"):
        model.download("out")
    assert Path("out/model.pt").read_text() == "mine"
    model.download("out", exist_ok=True)
    assert Path("out/model.pt").read_text() == "weights"
    assert [path.name for path in Path("out").iterdir()] == ["model.pt"]


def test_tags_change_and_properties_do_not(workspace: Workspace, weights: Path) -> None:
    model = Model.register(workspace, weights, "net", tags={"a": 1, "b": 2}, properties={"lr": 1})
    model.add_tags({"c": 3})
    model.remove_tags("a")
    model.add_properties({"lr": 1, "size": 5})
    assert Model(workspace, "net").tags == {"b": "2", "c": "3"}
    assert Model(workspace, "net").properties == {"lr": "1", "size": "5"}
    with pytest.raises(UserErrorException, match="immutable"):
        model.add_properties({"lr": 2})
    model.update(description="new", tags={"d": None})
    assert (Model(workspace, "net").description, model.tags) == ("new", {"d": None})


def test_a_deleted_version_is_gone_and_its_number_too(workspace: Workspace, weights: Path) -> None:
    Model.register(workspace, weights, "net").delete()
    with pytest.raises(ModelNotFoundException):
        Model(workspace, "net")
    assert Model.register(workspace, weights, "net").version == 2


def test_child_paths_choose_files(workspace: Workspace, here: Path) -> None:
    for name in ("a.onnx", "b.txt", "deep/c.onnx", "deep/d.txt"):
        (here / "all" / name).parent.mkdir(parents=True, exist_ok=True)
        (here / "all" / name).write_text(name)
    model = Model.register(workspace, "all", "net", child_paths=["a.onnx", "deep"])
    assert [item.path for item in model._record.files] == [
        "all/a.onnx", "all/deep/c.onnx", "all/deep/d.txt",
    ]  # fmt: skip
    assert len(Model.register(workspace, "all", "net", child_paths=["*.onnx"])._record.files) == 2
    with pytest.raises(ModelPathNotFoundException, match=r"\(none\)"):
        Model.register(workspace, "all", "net", child_paths=["none"])


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"tags": "best"}, "tags must be a dict"),
        ({"datasets": ["training"]}, "pairs"),
        ({"sample_input_dataset": object()}, "neither a dataset"),
        ({"sample_input_dataset": [0] * 600_000}, "a few rows"),
        ({"resource_configuration": {"cpu": 1}}, "must be a ResourceConfiguration"),
    ],
)
def test_wrong_parameters_register_nothing(
    workspace: Workspace, weights: Path, facts: dict[str, Any], said: str
) -> None:
    with pytest.raises(UserErrorException, match=said):
        Model.register(workspace, weights, "net", **facts)
    assert Model.list(workspace) == []


def test_real_datasets_are_kept_by_name_and_version(workspace: Workspace, weights: Path) -> None:
    data = Dataset.File.from_files("model.pt")
    with pytest.raises(UserErrorException, match=r"not registered\. Call its register"):
        Model.register(workspace, weights, "net", datasets=[("training", data)])
    data = data.register(workspace, "birds")
    model = Model.register(workspace, weights, "net", datasets=[("training", data)])
    assert model.datasets == {"training": [{"id": data.id, "name": "birds", "version": 1}]}
    assert Model.list(workspace, dataset_id=data.id) == [model]


def test_a_script_that_is_tried_without_a_run_goes_on(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Run.get_context().register_model("net", "outputs/net.pt") is None
    assert capsys.readouterr().out == "Attempted to register_model: net, outputs/net.pt\n"


def test_records_hold_no_path_of_this_machine(workspace: Workspace, weights: Path) -> None:
    Model.register(workspace, weights, "net")
    text = (workspace._folder.layout.models / "net" / "1.json").read_text()
    assert str(weights.parent) not in text
    assert json.loads(text)["path"] == "model.pt"
