"""Environments as objects: where they come from, what is stored, what is shown."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from ml_jupyter import Environment, Workspace
from ml_jupyter.config import Settings
from ml_jupyter.core.environment import (
    DEFAULT_CPU_IMAGE,
    CondaDependencies,
    ContainerRegistry,
    DockerBuildContext,
    EnvironmentReference,
)
from ml_jupyter.environments import curated
from ml_jupyter.exceptions import RunConfigurationException, UserErrorException
from tests import package_lab

#: The specification of the PyTorch how-to of the seeds.
TORCH = """
channels:
- conda-forge
dependencies:
- python=3.6.2
- pip:
  - azureml-defaults
  - torch==1.6.0
  - torchvision==0.7.0
  - future==0.17.1
  - pillow
"""


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def own_version() -> str:
    return ".".join(map(str, sys.version_info[:2]))


# -- ways (surface 6.4)


def test_the_specification_of_the_seeds_is_a_pip_environment(
    settings: Settings, tmp_path: Path
) -> None:
    file = write(tmp_path, "conda_dependencies.yml", TORCH)
    spec = Environment.from_conda_specification("pytorch-1.6-gpu", file).specification(settings)
    assert (spec.mode, spec.python_version) == ("pip", "3.6.2")
    assert spec.pip == ("torch==1.6.0", "torchvision==0.7.0", "future==0.17.1", "pillow")


def test_conda_packages_ask_for_conda(settings: Settings) -> None:
    environment = Environment("mine")
    packages = CondaDependencies.create(conda_packages=["numpy=1.2"], python_version="3.10")
    packages.add_channel("pytorch")
    environment.python.conda_dependencies = packages
    spec = environment.specification(settings)
    assert (spec.mode, spec.conda) == ("conda", ("python=3.10", "numpy=1.2"))
    assert spec.channels == ("anaconda", "conda-forge", "pytorch")
    forced = environment.specification(settings.with_(environment_mode="pip"))
    assert (forced.mode, forced.pip) == ("pip", ("numpy==1.2.*",))


def test_docker_goes_before_everything_but_a_forced_way(settings: Settings) -> None:
    environment = Environment("mine")
    environment.docker.enabled = True
    environment.python.user_managed_dependencies = True
    spec = environment.specification(settings)
    assert (spec.mode, spec.image, spec.pip) == ("docker", DEFAULT_CPU_IMAGE, ())
    assert environment.specification(settings.with_(environment_mode="user")).mode == "user"
    environment.docker.enabled = False
    assert environment.specification(settings).mode == "user"
    assert environment.specification(settings, in_docker=True).mode == "docker"


def test_an_interpreter_that_is_none_is_refused(settings: Settings) -> None:
    environment = Environment("mine")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = "/no/such/python"
    with pytest.raises(UserErrorException, match="interpreter_path: '/no/such/python'"):
        environment.specification(settings)


def test_an_environment_without_packages_is_this_python_s_version(settings: Settings) -> None:
    spec = Environment("mine").specification(settings)
    assert (spec.mode, spec.python_version, spec.pip) == ("pip", own_version(), ())


def test_a_file_of_packages_may_be_named_instead(settings: Settings, tmp_path: Path) -> None:
    environment = Environment("mine")
    file = write(tmp_path, "c.yml", "dependencies:\n- pip:\n  - six\n")
    environment.python.conda_dependencies_file = str(file)
    assert environment.specification(settings).pip == ("six",)


def test_what_is_no_specification_is_refused(settings: Settings) -> None:
    environment = Environment("mine")
    environment.python.conda_dependencies = ["six"]  # type: ignore[assignment]
    with pytest.raises(UserErrorException, match="takes CondaDependencies"):
        environment.specification(settings)


# -- files


def test_requirements_with_everything_that_pip_reads(settings: Settings, tmp_path: Path) -> None:
    package_lab.wheel(tmp_path, "one")
    write(tmp_path, "more.txt", "six>=1 # why not\n-r requirements.txt\n")
    text = "# head\n--extra-index-url https://a/s\n--extra-index-url https://b/s\n\n-r more.txt\n"
    file = write(
        tmp_path, "requirements.txt", text + "./one-1.0-py3-none-any.whl\nnumpy \\\n  <2\n"
    )
    spec = Environment.from_pip_requirements("mine", file, "24.0").specification(settings)
    assert spec.pip_options == (
        "--extra-index-url https://a/s",
        "--extra-index-url https://b/s",
    )
    wheel = str(tmp_path / "one-1.0-py3-none-any.whl")
    assert spec.pip == ("six>=1", wheel, "numpy    <2", "pip==24.0.*")
    with pytest.raises(UserErrorException, match="cannot be read"):
        Environment.from_pip_requirements("mine", tmp_path / "none.txt")


def test_a_folder_gives_an_equal_environment(tmp_path: Path) -> None:
    environment = Environment("mine")
    environment.python.conda_dependencies = CondaDependencies.create(pip_packages=["six", "torch"])
    environment.docker.base_dockerfile, environment.docker.base_image = "FROM x", None
    environment.docker.build_context = DockerBuildContext(location=tmp_path)
    environment.environment_variables = {"lowerCase_KEY": "v"}
    environment.save_to_directory(tmp_path / "saved")
    assert Environment.load_from_directory(tmp_path / "saved") == environment
    names = sorted(path.name for path in (tmp_path / "saved").iterdir())
    assert names == ["azureml_environment.json", "conda_dependencies.yml"]
    file = tmp_path / "saved" / "conda_dependencies.yml"
    file.write_text(file.read_text().replace("torch", "tensorflow"))
    edited = Environment.load_from_directory(tmp_path / "saved")
    assert list(edited.python.packages().pip_packages) == ["six", "tensorflow"]


def test_without_conda_there_is_nothing_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("CONDA_EXE", raising=False)
    with pytest.raises(UserErrorException, match="There is no conda on this machine"):
        Environment.from_existing_conda_environment("mine", "base")


def test_a_conda_environment_of_this_machine(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = write(
        tmp_path,
        "conda",
        '#!/bin/sh\n[ "$4" = mine ] || { echo "EnvironmentLocationNotFound: $4" >&2; exit 1; }\n'
        "printf 'name: mine\\nchannels: [conda-forge]\\n'\n"
        "printf 'dependencies: [python=3.10, numpy=1.26]\\n'\n",
    )
    program.chmod(0o755)
    monkeypatch.setenv("CONDA_EXE", str(program))
    found = Environment.from_existing_conda_environment("copy", "mine").specification(settings)
    assert (found.mode, found.conda) == ("conda", ("python=3.10", "numpy=1.26"))
    with pytest.raises(UserErrorException, match="EnvironmentLocationNotFound: other"):
        Environment.from_existing_conda_environment("copy", "other")


# -- images


def test_an_image_is_taken_as_it_is_or_with_packages(settings: Settings, tmp_path: Path) -> None:
    plain = Environment.from_docker_image("mine", "debian:12").specification(settings)
    assert (plain.mode, plain.image, plain.pip, plain.conda) == ("docker", "debian:12", (), ())
    file = write(tmp_path, "r.txt", "six\n")
    filled = Environment.from_docker_image("mine", "debian:12", pip_requirements=file)
    assert filled.specification(settings).pip == ("six",)
    conda = write(tmp_path, "c.yml", "dependencies: [python=3.10, numpy]\n")
    built = Environment.from_dockerfile("mine", "FROM debian:12\n", conda_specification=conda)
    spec = built.specification(settings)
    assert (spec.image, spec.dockerfile, spec.conda) == (
        None,
        "FROM debian:12\n",
        ("python=3.10", "numpy"),
    )
    with pytest.raises(UserErrorException, match="not both"):
        Environment.from_docker_image("mine", "x", None, conda, file)


def test_a_folder_with_a_dockerfile(settings: Settings, tmp_path: Path) -> None:
    write(tmp_path, "Dockerfile", "FROM debian:12\nCOPY . /app\n")
    context = DockerBuildContext.from_local_directory(None, tmp_path)
    spec = Environment.from_docker_build_context("mine", context).specification(settings)
    assert (spec.dockerfile, spec.build_context) == ("FROM debian:12\nCOPY . /app\n", str(tmp_path))
    with pytest.raises(UserErrorException, match="none cannot be read"):
        DockerBuildContext.from_local_directory(None, tmp_path, "none")


def test_an_image_and_a_dockerfile_at_once_are_refused(settings: Settings) -> None:
    from ml_jupyter import environments

    environment = Environment("mine")
    environment.docker.enabled, environment.docker.base_dockerfile = True, "FROM x"
    with pytest.raises(RunConfigurationException, match="are both set"):
        environments.check(environment.specification(settings), settings)


def test_credentials_stay_out_of_the_workspace(workspace: Workspace, settings: Settings) -> None:
    environment = Environment.from_docker_image("mine", "host/app:1")
    registry = environment.docker.base_image_registry
    registry.address, registry.username, registry.password = "host", "mara", "s3cr3t"
    environment.register(workspace)
    stored = Environment.get(workspace, "mine")
    assert isinstance(stored.docker.base_image_registry, ContainerRegistry)
    reference = stored.specification(settings).registry
    assert reference == environment.specification(settings).registry
    assert set(reference or {}) == {"address", "key"}
    folder = Path(workspace.get_details()["folder"])
    texts = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert not any(b"s3cr3t" in text or b"mara" in text for text in texts)
    assert "s3cr3t" not in repr(environment)


# -- registered and curated


def test_versions_and_labels(workspace: Workspace) -> None:
    environment = Environment("mine")
    assert environment.register(workspace).version == "1"
    assert environment.register(workspace).version == "1"
    environment.python.packages().add_pip_package("six")
    assert environment.register(workspace).version == "2"
    Environment.label(workspace, "mine", "1", ["stable"])
    assert Environment.get(workspace, "mine", label="stable").version == "1"
    assert Environment.get(workspace, "mine", label="latest").version == "2"
    assert EnvironmentReference("mine", "1").get_environment(workspace).version == "1"
    with pytest.raises(UserErrorException, match="mine, version 7"):
        Environment.label(workspace, "mine", "7", "x")
    with pytest.raises(UserErrorException, match="always means the newest"):
        Environment.label(workspace, "mine", "1", "latest")
    with pytest.raises(UserErrorException, match="mine, version none"):
        Environment.get(workspace, "mine", label="none")


def test_a_wheel_of_ones_own(workspace: Workspace, settings: Settings, tmp_path: Path) -> None:
    wheel = package_lab.wheel(tmp_path, "mine")
    requirement = Environment.add_private_pip_wheel(workspace, wheel)
    environment = Environment("with-wheel")
    environment.python.packages().add_pip_package(requirement)
    wheel.unlink()
    found = environment.build_local(workspace)
    assert Path(str(found["interpreter"])).exists()
    assert environment.get_image_details(workspace).image_exists is True
    with pytest.raises(UserErrorException, match="is not a wheel"):
        Environment.add_private_pip_wheel(workspace, tmp_path / "x.zip")


@pytest.mark.parametrize("name", curated.names())
def test_curated_names_are_there_and_say_what_they_are_here(
    workspace: Workspace, settings: Settings, name: str
) -> None:
    environment = Environment.get(workspace, name)
    assert environment.name == name
    assert "Here: " in str(environment)
    assert environment.specification(settings).mode in ("pip", "user")
    documented = (Path(__file__).resolve().parents[3] / "docs" / "environments.md").read_text()
    assert f"`{name}`" in documented
    with pytest.raises(UserErrorException, match="reserved"):
        Environment.get(workspace, "AzureML-Minimal").register(workspace)


def test_the_seeds_names(workspace: Workspace, tmp_path: Path) -> None:
    environment = Environment.get(workspace=workspace, name="AzureML-PyTorch-1.6-GPU")
    environment.save_to_directory(path=tmp_path / "curated")
    text = (tmp_path / "curated" / "conda_dependencies.yml").read_text()
    assert "torch==" in text
    mine = environment.clone(new_name="pytorch-1.6-gpu")
    mine.python.packages().add_pip_package("six")
    assert mine.register(workspace).version == "1"
    assert "six" not in str(Environment.get(workspace, "AzureML-PyTorch-1.6-GPU"))
    assert Environment.get(workspace, "AzureML-PyTorch-1.7-GPU").python.packages() == (
        environment.python.packages()
    )
    with pytest.raises(UserErrorException, match="AzureML-Nonsense"):
        Environment.get(workspace, "AzureML-Nonsense")


def test_a_notebook_shows_a_table_without_markup_of_its_own(workspace: Workspace) -> None:
    environment = Environment("mine")
    environment.python.packages().add_pip_package("<b>x</b>")
    shown = environment._repr_html_()
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    assert "Packages" in shown


def test_the_definition_is_plain_json(workspace: Workspace) -> None:
    value = json.loads(json.dumps(Environment("mine").to_dict()))
    assert value["python"]["condaDependencies"]["dependencies"] == [f"python={own_version()}"]
    assert value["docker"]["baseImage"] == DEFAULT_CPU_IMAGE
