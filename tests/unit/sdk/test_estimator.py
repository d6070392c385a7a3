"""The SDK's older way to describe a job."""

from __future__ import annotations

import pytest

from ml_jupyter.core import Environment, ScriptRunConfig
from ml_jupyter.exceptions import TrainingException
from ml_jupyter.train.dnn import Mpi, Nccl, PyTorch, TensorFlow
from ml_jupyter.train.estimator import Estimator
from ml_jupyter.train.hyperdrive import (
    HyperDriveConfig,
    PrimaryMetricGoal,
    RandomParameterSampling,
    choice,
)
from ml_jupyter.train.sklearn import SKLearn


def test_it_is_a_script_run_config():
    made = Estimator(
        ".",
        compute_target="local",
        entry_script="train.py",
        script_params={"--lr": 0.1, "--quick": "", "--name": "a b"},
    )
    assert isinstance(made, ScriptRunConfig)
    assert (made.script, made.arguments) == ("train.py", ["--lr", 0.1, "--quick", "--name", "a b"])
    assert made.run_config.target == "local"
    assert made.distributed_job_config is None


def test_packages_make_an_environment():
    made = SKLearn(".", entry_script="a.py", pip_packages=["lightgbm"], framework_version="1.4")
    packages = list(made.run_config.environment.python.conda_dependencies.pip_packages)
    assert "scikit-learn==1.4" in packages
    assert "lightgbm" in packages


def test_a_given_environment_and_none():
    given = Environment("mine")
    made = Estimator(".", entry_script="a.py", environment_definition=given)
    assert made.run_config.environment is given
    own = Estimator(".", entry_script="a.py", user_managed=True).run_config.environment
    assert own.python.user_managed_dependencies


def test_distribution():
    torch = PyTorch(
        ".", entry_script="a.py", node_count=2, process_count_per_node=2,
        distributed_training=Nccl(),
    )  # fmt: skip
    assert torch.distributed_job_config.process_count == 4
    mpi = Estimator(".", entry_script="a.py", node_count=2, distributed_training=Mpi(3))
    assert (mpi.distributed_job_config.process_count_per_node, mpi.run_config.node_count) == (3, 2)
    flow = TensorFlow(".", entry_script="a.py", worker_count=2, parameter_server_count=0)
    assert flow.distributed_job_config.worker_count == 2


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "entry_script"),
        ({"entry_script": "a.py", "inputs": [1]}, "inputs"),
        ({"entry_script": "a.py", "pip_package": []}, "pip_package"),
    ],
)
def test_what_is_wrong_is_named(given, named):
    with pytest.raises(TrainingException, match=named):
        Estimator(".", **given)


def test_a_sweep_takes_one():
    job = Estimator(".", entry_script="a.py")
    made = HyperDriveConfig(
        RandomParameterSampling({"--lr": choice(1, 2)}), "m", PrimaryMetricGoal.MAXIMIZE, 2,
        estimator=job,
    )  # fmt: skip
    assert made.run_config is job
    assert made.estimator is job
