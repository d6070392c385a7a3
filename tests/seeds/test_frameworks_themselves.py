"""The how-tos of PyTorch and TensorFlow from data to service, with the frameworks themselves.

Sources: see test_train_pytorch.py and test_train_tensorflow.py. Their data is out of reach and too
large for a test: the digits of scikit-learn stand for it. Training on several processes with these
frameworks is in tests/distributed and tests/notebooks.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from ml_jupyter.core import Environment, Experiment, Model, ScriptRunConfig, Workspace
from ml_jupyter.core.dataset import Dataset
from ml_jupyter.core.model import InferenceConfig
from ml_jupyter.core.resource_configuration import ResourceConfiguration
from tests.distributed.conftest import python_with as python_with
from tests.seeds.web import served

pytestmark = [pytest.mark.full, pytest.mark.timeout(1200)]

PROGRAMS = Path(__file__).parent / "programs"
CONDA = """\
channels:
- conda-forge
dependencies:
- pip:
  - azureml-defaults
  - torch
  - scikit-learn
  - onnx
  - onnxscript
  - onnxruntime
"""
X, Y = load_digits(return_X_y=True)


def test_pytorch_from_a_specification_to_services(ws: Workspace, project: Path) -> None:
    """PyTorch, all sections up to "Export to ONNX"."""
    (project / "conda_dependencies.yml").write_text(CONDA)
    environment = Environment.from_conda_specification("pytorch", "./conda_dependencies.yml")
    src = ScriptRunConfig(
        source_directory=str(PROGRAMS),
        script="pytorch_digits.py",
        arguments=["--num_epochs", 10, "--output_dir", "./outputs"],
        environment=environment,
    )
    run = Experiment(ws, name="pytorch-birds").submit(src)
    run.wait_for_completion(show_output=True)
    found = run.get_metrics()
    assert found["loss"][-1] < found["loss"][0]
    assert found["accuracy"] > 0.85
    assert found["onnxruntime ms"] < found["PyTorch ms"]
    images = (X[1500:1505] / 16).reshape(5, 1, 8, 8).tolist()
    answers = []
    for file in ("model.pt", "model.onnx"):
        framework = Model.Framework.PYTORCH if file.endswith("pt") else Model.Framework.ONNX
        model = run.register_model("birds", f"outputs/{file}", model_framework=framework)
        service = Model.deploy(
            ws, "birds-service", [model], InferenceConfig(environment=environment), overwrite=True
        )
        service.wait_for_deployment(timeout_sec=300)
        answers.append(np.array(service.run({"instances": images})["predictions"]))
    np.testing.assert_allclose(*answers, rtol=1e-3, atol=1e-4)
    assert (answers[0].argmax(1) == Y[1500:1505]).mean() >= 0.6
    service.delete()


def test_tensorflow_from_the_web_to_a_service(
    ws: Workspace, project: Path, tmp_path: Path, python_with: Callable[[str], str]
) -> None:
    """TensorFlow, all sections: data, run, model of version 2.0, deployment without code."""
    web = tmp_path / "web"
    web.mkdir()
    for name, values in (("train-images.gz", X), ("train-labels.gz", Y)):
        (web / name).write_bytes(gzip.compress(values.astype(np.uint8).tobytes()))
    with served(web) as address:
        names = ("train-images.gz", "train-labels.gz")
        dataset = Dataset.File.from_files(path=[f"{address}/{name}" for name in names])
        dataset = dataset.register(workspace=ws, name="mnist-dataset", create_new_version=True)
        environment = Environment("tensorflow")
        environment.python.user_managed_dependencies = True
        environment.python.interpreter_path = python_with("tensorflow")
        args = ["--data-folder", dataset.as_mount(), "--batch-size", 64]
        args += ["--first-layer-neurons", 64, "--second-layer-neurons", 32]
        args += ["--learning-rate", 0.01]
        src = ScriptRunConfig(
            str(PROGRAMS), "tensorflow_digits.py", arguments=args, environment=environment
        )
        run = Experiment(workspace=ws, name="Tutorial-TF-Mnist").submit(src)
        run.wait_for_completion(show_output=True)
    assert run.get_metrics()["accuracy"] > 0.8
    with pytest.warns(UserWarning, match=r"asks for 0\.5 GB of memory"):
        model = run.register_model(
            model_name="tf-mnist",
            model_path="outputs/model",
            model_framework=Model.Framework.TENSORFLOW,
            model_framework_version="2.0",
            resource_configuration=ResourceConfiguration(cpu=1, memory_in_gb=0.5),
        )
    with pytest.warns(UserWarning, match=r"tensorflow 2\.0 cannot be installed|of memory"):
        service = Model.deploy(ws, "tensorflow-web-service", [model])
    service.wait_for_deployment(show_output=True)
    assert service.state == "Healthy"
    scores = np.array(service.run({"instances": (X[:50] / 16).tolist()})["predictions"])
    assert (scores.argmax(1) == Y[:50]).mean() > 0.8
    service.delete()
