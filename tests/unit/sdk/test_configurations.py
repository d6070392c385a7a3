"""Run configurations, script configurations and environments as values: defaults, copies, files."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from ml_jupyter.environments import curated
from ml_jupyter.exceptions import RunConfigurationException, UserErrorException
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk.compute_resources import ResourceConfiguration
from ml_jupyter.sdk.distributed import (
    MpiConfiguration,
    PyTorchConfiguration,
    TensorflowConfiguration,
)
from ml_jupyter.sdk.environment import Environment
from ml_jupyter.sdk.run_configuration import DockerConfiguration, RunConfiguration
from ml_jupyter.sdk.script_run_config import ScriptRunConfig


def user_managed(name: str = "mine") -> Environment:
    made = Environment(name)
    made.python.user_managed_dependencies = True
    return made


def _docker(_script: str, arguments: list[str]) -> DockerConfiguration:
    return DockerConfiguration(arguments=arguments)


def test_a_target_object_reads_back_as_its_name() -> None:
    config = ScriptRunConfig(".", "train.py")
    assert config.run_config.target == "local"
    config.run_config.target = SimpleNamespace(name="gpu-cluster")
    assert config.run_config.target == "gpu-cluster"
    with pytest.raises(UserErrorException, match="compute_target"):
        config.run_config.target = 3


def test_run_config_wins_over_what_it_contains_with_a_warning() -> None:
    run_config = RunConfiguration("other.py", ["--lr", 0.1])
    with pytest.warns(UserWarning, match="compute_target, environment is ignored"):
        config = ScriptRunConfig(
            ".", run_config=run_config, compute_target="x", environment=user_managed()
        )
    assert config.run_config is run_config
    assert (config.script, config.arguments, run_config.target) == (
        "other.py",
        ["--lr", 0.1],
        "local",
    )


def test_what_is_assigned_later_reaches_the_run_configuration() -> None:
    config = ScriptRunConfig(".", "train.py", environment=user_managed("first"))
    second, docker = user_managed("second"), DockerConfiguration(True)
    resources = ResourceConfiguration(cpu=2)
    config.environment, config.docker_runtime_config = second, docker
    config.compute_target = SimpleNamespace(name="gpu-cluster")
    config.max_run_duration_seconds, config.resources = 60, resources
    made = config.run_config
    assert (made.environment, made.docker, made.resources) == (second, docker, resources)
    assert (made.target, made.max_run_duration_seconds) == ("gpu-cluster", 60)
    assert (config.compute_target, config.environment) == ("gpu-cluster", second)
    config.compute_target = config.environment = config.docker_runtime_config = None
    config.resources = None
    assert (made.target, made.docker.use_docker, made.resources.cpu) == ("local", False, None)
    assert made.environment.python.user_managed_dependencies


@pytest.mark.parametrize("make", [RunConfiguration, partial(ScriptRunConfig, "."), _docker])
def test_a_text_is_no_list_of_arguments(make: Callable[..., object]) -> None:
    with pytest.raises(UserErrorException, match=r"arguments must be a list, not str.*'--lr', 0"):
        make("train.py", arguments="--lr 0.1")


def test_a_distributed_configuration_of_another_type_is_refused_at_once() -> None:
    with pytest.raises(RunConfigurationException, match="dict; it takes one of MpiConfiguration"):
        ScriptRunConfig(".", "train.py", distributed_job_config={"nodes": 2})


@pytest.mark.parametrize(
    ("distributed", "communicator", "nodes"),
    [
        (MpiConfiguration(2, 3), "Mpi", 3),
        (PyTorchConfiguration("Gloo", 4, 2), "Gloo", 2),
        (TensorflowConfiguration(2), "ParameterServer", 1),
    ],
)
def test_distributed_configurations_set_communicator_and_nodes(
    distributed: object, communicator: str, nodes: int
) -> None:
    config = ScriptRunConfig(".", "train.py", distributed_job_config=distributed).run_config
    assert (config.communicator, config.node_count) == (communicator, nodes)


def test_a_bare_tensorflow_configuration_has_one_parameter_server() -> None:
    assert TensorflowConfiguration(worker_count=2).parameter_server_count == 1


@pytest.mark.parametrize("separate", [False, True])
def test_a_saved_run_configuration_reads_back_equal(tmp_path: Path, separate: bool) -> None:
    config = RunConfiguration("train.py", ["--lr", 0.1, "a b"], framework="PyTorch")
    config.target = "gpu-cluster"
    config.environment = user_managed("my-env")
    config.environment.environment_variables = {"A": "1"}
    config.environment_variables = {"SEED": "7"}
    config.docker = DockerConfiguration(True, arguments=["--ipc=host"])
    file = config.save(tmp_path, "sklearn", separate_environment_yaml=separate)
    assert file == tmp_path / ".azureml" / "sklearn.runconfig"
    assert (tmp_path / ".azureml" / "sklearn_environment.yml").exists() is separate
    for loaded in (RunConfiguration.load(tmp_path, "sklearn"), RunConfiguration.load(file)):
        assert loaded == config
        assert loaded.target == "gpu-cluster"


def test_unknown_keys_of_a_file_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "old.runconfig"
    file.write_text(
        "script: a.py\nhdi:\n  yarnDeployMode: cluster\nmpi:\n  processCountPerNode: 4\n"
    )
    loaded = RunConfiguration.load(file)
    assert loaded.mpi == MpiConfiguration(4)
    loaded.save(file)
    assert "yarnDeployMode: cluster" in file.read_text()


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("- a list", RunConfigurationException, "mapping"),
        ("a: [", RunConfigurationException, "YAML"),
        (None, UserErrorException, "no run configuration"),
    ],
)
def test_bad_files_are_named(
    tmp_path: Path, text: str | None, error: type[Exception], message: str
) -> None:
    file = tmp_path / "bad.runconfig"
    if text is not None:
        file.write_text(text)
    with pytest.raises(error, match=message) as caught:
        RunConfiguration.load(file)
    assert "bad.runconfig" in str(caught.value)


def test_an_environment_is_cloned_deeply() -> None:
    first = user_managed()
    second = first.clone("other")
    second.environment_variables["A"] = "1"
    second.python.interpreter_path = "/usr/bin/python3"
    assert (first.environment_variables, first.python.interpreter_path) == ({}, "python")
    assert (second.name, second.version, first.interpreter) == ("other", None, sys.executable)


def test_an_environment_survives_a_folder(tmp_path: Path) -> None:
    environment = user_managed()
    environment.environment_variables = {"lowerCase_KEY": "v"}
    environment.save_to_directory(tmp_path / "env")
    assert Environment.load_from_directory(tmp_path / "env") == environment
    with pytest.raises(UserErrorException, match="overwrite=True"):
        environment.save_to_directory(tmp_path / "env")
    with pytest.raises(UserErrorException, match=r"azureml_environment\.json"):
        Environment.load_from_directory(tmp_path)


@pytest.fixture
def workspace(tmp_path: Path) -> SimpleNamespace:
    return SimpleNamespace(_folder=WorkspaceFolder.create(tmp_path / "w", "lab"))


def test_registering_makes_a_version_only_for_new_content(workspace: SimpleNamespace) -> None:
    environment = user_managed()
    assert environment.register(workspace).version == "1"
    assert environment.register(workspace).version == "1"
    environment.environment_variables["A"] = "1"
    assert environment.register(workspace).version == "2"
    stored = Environment.get(workspace, "mine")
    stored.environment_variables["A"] = "changed"
    assert Environment.get(workspace, "mine").environment_variables == {"A": "1"}
    assert Environment.get(workspace, "mine", version="1").environment_variables == {}
    listed = Environment.list(workspace)
    assert listed["mine"].version == "2"
    assert all(name == "mine" or name in curated.names() for name in listed)


@pytest.mark.parametrize(
    ("name", "version"), [("nothing", None), ("mine", "9"), ("mine", "x"), ("../mine", None)]
)
def test_an_unknown_environment_is_named(
    workspace: SimpleNamespace, name: str, version: str | None
) -> None:
    user_managed().register(workspace)
    with pytest.raises(UserErrorException, match="Registered environments: mine"):
        Environment.get(workspace, name, version)


def test_reserved_names_are_refused(workspace: SimpleNamespace) -> None:
    with pytest.raises(UserErrorException, match="reserved"):
        user_managed("AzureML-mine").register(workspace)
