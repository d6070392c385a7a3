"""Models of real frameworks, each in a Python of its own, deployed without code."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Model, Workspace
from ml_jupyter.core.model import InferenceConfig
from ml_jupyter.exceptions import WebserviceException
from tests.serving.conftest import Made

pytestmark = pytest.mark.full


def deployed(
    workspace: Workspace, made: Made, path: Path, framework: str | None, **facts: Any
) -> Any:
    model = Model.register(workspace, path, "net", model_framework=framework, **facts)
    inference = InferenceConfig(environment=made.environment)
    service = Model.deploy(workspace, "net-service", [model], inference)
    service.wait_for_deployment(timeout_sec=120)
    return service


def flat(value: Any) -> list[float]:
    return [number for row in value for number in (row if isinstance(row, list) else [row])]


def refused(service: Any, data: Any) -> str:
    with pytest.raises(WebserviceException) as caught:
        service.run(data)
    assert caught.value.status_code == 400
    return str(caught.value)


def test_onnx(workspace: Workspace, made_with: Callable[..., Made]) -> None:
    made = made_with("onnx", "onnx")
    service = deployed(workspace, made, made.folder / "ridge.onnx", None)
    rows = service.run({"instances": made.rows})["predictions"]
    assert flat(rows) == pytest.approx(made.predictions, rel=1e-4)
    columns = service.run({"inputs": {"X": made.rows}})["outputs"]
    assert columns == rows == service.run({"data": made.rows})["outputs"]
    assert "needs the input 'X'" in refused(service, {"inputs": {}})
    assert "shape 1 x 2; the model takes any x 10" in refused(service, {"data": [[1.0, 2.0]]})
    assert "no number" in refused(service, {"data": [["a"] * 10]})
    assert "no output 'z'" in refused(service, {"data": made.rows, "output_filter": ["z"]})
    service.delete()


def test_torchscript(workspace: Workspace, made_with: Callable[..., Made]) -> None:
    made = made_with("torch", "torch")
    service = deployed(workspace, made, made.folder / "net.pt", Model.Framework.PYTORCH)
    assert flat(service.run({"data": made.rows})["outputs"]) == pytest.approx(
        made.predictions, rel=1e-4
    )
    whole = [[int(value) for value in row] for row in made.rows]
    assert flat(service.run({"instances": whole})["predictions"]) == pytest.approx(
        made.predictions, rel=1e-4
    )
    assert "shapes cannot be multiplied" in refused(service, {"data": [[1.0, 2.0]]})
    service.delete()


def test_an_exported_program_with_several_inputs(
    workspace: Workspace, made_with: Callable[..., Made]
) -> None:
    made = made_with("torch", "exported")
    service = deployed(workspace, made, made.folder / "net.pt2", Model.Framework.PYTORCH)
    (request,) = made.rows
    outputs = service.run({"inputs": request})["outputs"]
    assert outputs["y"] == pytest.approx(made.predictions, rel=1e-4)
    assert outputs["parts"][1] == [2, 4, 6]
    for change, said in (
        ({"ids": [1.5, 2, 3]}, "not whole"),
        ({"ids": [1, 2]}, "refused the data"),
        ({"x": [[1.0]]}, "has shape 1 x 1; the model takes any x 4"),
        ({"scale": [1.0]}, "takes one number"),
        ({"wrong": 1}, "has no input 'wrong'"),
    ):
        assert said in refused(service, {"inputs": {**request, **change}})
    service.delete()


def test_texts_and_probabilities_by_class(
    workspace: Workspace, made_with: Callable[..., Made]
) -> None:
    made = made_with("onnx", "zipmap")
    service = deployed(workspace, made, made.folder / "colours.onnx", Model.Framework.ONNX)
    rows = service.run({"instances": made.rows})["predictions"]
    assert [row["output_label"] for row in rows] == ["yes", "no", "yes", "no"]
    sure = [row["output_probability"]["yes"] for row in rows]
    assert sure == pytest.approx(made.predictions, rel=1e-4)
    assert "no number" in refused(service, {"instances": [{"colour": ["red"], "size": ["x"]}]})
    wide = {"instances": [{"colour": ["pink"], "size": [1.0, 2.0]}]}
    assert "takes any x 1" in refused(service, wide)
    service.delete()


def test_weights_alone_are_no_model_that_can_be_served(
    workspace: Workspace, made_with: Callable[..., Made]
) -> None:
    made = made_with("torch", "torch")
    with pytest.raises(WebserviceException, match=r"torch\.jit\.script"):
        deployed(workspace, made, made.folder / "weights.pt", Model.Framework.PYTORCH)


def test_saved_model(workspace: Workspace, made_with: Callable[..., Made]) -> None:
    made = made_with("tensorflow", "tensorflow")
    service = deployed(workspace, made, made.folder / "saved", Model.Framework.TENSORFLOW)
    rows = service.run({"signature_name": "serving_default", "instances": made.rows})
    assert flat(rows["predictions"]) == pytest.approx(made.predictions, rel=1e-4)
    assert "has no signature 'other'" in refused(
        service, {"signature_name": "other", "data": made.rows}
    )
    assert "takes any x 4" in refused(service, {"inputs": {"x": [[1.0]]}})
    service.delete()


def test_keras(workspace: Workspace, made_with: Callable[..., Made]) -> None:
    made = made_with("tensorflow", "keras")
    service = deployed(workspace, made, made.folder / "net.keras", Model.Framework.TFKERAS)
    assert flat(service.run({"data": made.rows})["outputs"]) == pytest.approx(
        made.predictions, rel=1e-4
    )
    service.delete()


def test_a_framework_that_is_not_here_is_installed(
    workspace: Workspace, made_with: Callable[..., Made], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_with("onnx", "onnx")
    if importlib.util.find_spec("onnxruntime") is not None:  # then this Python is not asked
        monkeypatch.setattr(importlib.util, "find_spec", lambda *_: None)
    model = Model.register(workspace, made.folder / "ridge.onnx", "ridge")
    service = Model.deploy(workspace, "ridge-service", [model])
    service.wait_for_deployment(timeout_sec=300)
    assert flat(service.run({"data": made.rows})["outputs"]) == pytest.approx(
        made.predictions, rel=1e-4
    )
    assert (
        "onnxruntime"
        in service.get_run().get_details_with_logs()["logFiles"]["system_logs/build_log.txt"]
    )
    service.delete()
