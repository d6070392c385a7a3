"""``CondaDependencies``: adding, removing, forms (surface 6.5)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import CondaDependencies
from ml_jupyter.core import conda_dependencies, environment, runconfig
from ml_jupyter.exceptions import UserErrorException

OWN = f"python={sys.version_info[0]}.{sys.version_info[1]}"


def test_it_is_one_class_under_all_its_names() -> None:
    assert conda_dependencies.CondaDependencies is CondaDependencies
    assert environment.CondaDependencies is CondaDependencies
    assert runconfig.CondaDependencies is CondaDependencies


def test_create_alone_stands_for_this_project() -> None:
    made = CondaDependencies.create()
    assert list(made.pip_packages) == ["azureml-defaults"]
    assert list(made.conda_packages) == []
    assert made.as_dict()["dependencies"][0] == OWN


def test_create_with_everything() -> None:
    made = CondaDependencies.create(
        pip_indexurl="https://mirror/simple", pip_packages=["torch==1.6.0"],
        conda_packages=["numpy"], python_version="3.8", pin_sdk_version=False,
    )  # fmt: skip
    assert made.get_python_version() == "3.8"
    assert list(made.pip_options) == ["--index-url https://mirror/simple"]
    assert (list(made.conda_packages), list(made.pip_packages)) == (["numpy"], ["torch==1.6.0"])
    text = made.serialize_to_string()
    assert text.index("python=3.8") < text.index("numpy") < text.index("torch==1.6.0")


def test_adding_replaces_and_removing_goes_by_name() -> None:
    made = CondaDependencies()
    for package in ("torch==1.6", "Torch==2.0", "scikit_learn", "scikit-learn>=1"):
        made.add_pip_package(package)
    assert list(made.pip_packages) == ["Torch==2.0", "scikit-learn>=1"]
    made.remove_pip_package("torch")
    made.add_conda_package("numpy=1.2")
    made.add_conda_package("numpy=1.3")
    made.remove_conda_package("python-dateutil")
    assert (list(made.conda_packages), list(made.pip_packages)) == (
        ["numpy=1.3"],
        ["scikit-learn>=1"],
    )
    made.set_pip_option("--extra-index-url https://a")
    made.set_pip_option("--extra-index-url https://b")
    made.set_pip_requirements(["six"])
    assert (list(made.pip_options), list(made.pip_packages)) == (
        ["--extra-index-url https://b"],
        ["six"],
    )
    made.remove_pip_option("--extra-index-url")
    made.add_channel("pytorch")
    made.add_channel("pytorch")
    made.remove_channel("anaconda")
    assert (list(made.pip_options), list(made.conda_channels)) == ([], ["conda-forge", "pytorch"])


def test_tensorflow_and_others() -> None:
    made = CondaDependencies()
    made.add_tensorflow_conda_package("gpu", "2.4")
    made.add_tensorflow_pip_package(version="2.21.0")
    assert list(made.conda_packages) == ["tensorflow-gpu=2.4"]
    assert list(made.pip_packages) == ["tensorflow==2.21.0"]
    with pytest.raises(UserErrorException, match="CNTK"):
        made.add_cntk_package()
    merged = CondaDependencies.merge_requirements(["a>=1", "b", "a<2,>=1"])
    assert merged == ["a>=1,<2", "b"]
    assert made.get_default_number_of_packages() == 2


def test_a_file_survives(tmp_path: Path) -> None:
    made = CondaDependencies.create(pip_packages=["six"], conda_packages=["numpy"])
    path = made.save(tmp_path / "c.yml")
    assert CondaDependencies(path) == made
    assert made.save(tmp_path) == str(tmp_path / "conda_dependencies.yml")
    assert made.save_to_file(tmp_path / "below", "env/c.yml") == "env/c.yml"
    assert CondaDependencies(tmp_path / "below" / "env" / "c.yml") == made
    copied = made.as_dict()
    copied["dependencies"].clear()
    assert CondaDependencies(path) == made


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a list", "holds no mapping"),
        ("a: [", "not readable as YAML"),
        ("dependencies:\n- npm: [x]\n", "neither a package nor a list"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_specification_is_named(tmp_path: Path, text: str | None, words: str) -> None:
    path = tmp_path / "c.yml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UserErrorException, match=words) as caught:
        CondaDependencies(path)
    assert "c.yml" in str(caught.value)


@pytest.mark.parametrize("value", ["", None, 3])
def test_a_package_is_text(value: Any) -> None:
    with pytest.raises(UserErrorException, match="must be text"):
        CondaDependencies().add_pip_package(value)
