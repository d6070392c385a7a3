"""Requirements, versions, pip's settings, failures: from text to what counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_jupyter.environments import (
    EnvironmentSpec,
    failure,
    interpreters,
    pip_settings,
    requirements,
    secrets,
)
from ml_jupyter.environments.interpreters import Interpreter
from ml_jupyter.exceptions import RunConfigurationException


@pytest.mark.parametrize(
    ("conda", "pip"),
    [
        ("numpy", ["numpy"]),
        ("numpy=1.2", ["numpy==1.2.*"]),
        ("numpy==1.2.3", ["numpy==1.2.3"]),
        ("numpy 1.2.*", ["numpy==1.2.*"]),
        ("numpy=1.2.3=py38_0", ["numpy==1.2.3"]),
        ("numpy>=1.2,<2", ["numpy>=1.2,<2"]),
        ("conda-forge::pytorch=1.6", ["torch==1.6.*"]),
        ("matplotlib-base", ["matplotlib"]),
        ("python=3.8", []),
        ("cudatoolkit=10.1", []),
        ("azureml-core", []),
    ],
)
def test_conda_packages_for_pip(conda: str, pip: list[str]) -> None:
    assert requirements.translated([conda])[0] == pip


def test_what_pip_does_not_have_is_told() -> None:
    assert requirements.translated(["mkl", "numpy", "cudnn=8"])[1] == ["mkl", "cudnn"]


@pytest.mark.parametrize(
    ("items", "version"),
    [
        (["python=3.6.2"], "3.6.2"),
        (["numpy", "python>=3.8,<3.10"], "3.8"),
        (["python=3.9.*"], "3.9"),
        (["python"], ""),
        (["python-dateutil=2.8"], ""),
    ],
)
def test_the_python_that_is_asked_for(items: list[str], version: str) -> None:
    assert requirements.python_of(items) == version


def test_packages_of_azure_ml_mean_this_project() -> None:
    items = ["azureml-defaults", "azureml_core==1.61", "azureml", "ml-jupyter", "torch", " "]
    assert requirements.without_ours(items) == ("torch",)


PRESENT = [
    Interpreter(f"/{text}", interpreters.parse(text)) for text in ("3.9.1", "3.9.7", "3.12.0")
]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("3.9.1", "3.9.1"),
        ("3.9", "3.9.7"),
        ("3.9.18", "3.9.7"),
        ("3.6.2", "3.9.7"),
        ("3.10", "3.12.0"),
        ("3.14", "3.12.0"),
        ("3", "3.12.0"),
        ("", "3.9.1"),
    ],
)
def test_the_nearest_python(wanted: str, found: str) -> None:
    best = interpreters.nearest(interpreters.parse(wanted), PRESENT)
    assert best is not None
    assert best.shown == found


def test_no_python_at_all() -> None:
    assert interpreters.nearest((3, 9), []) is None


def test_what_pip_was_told_counts_for_uv(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (tmp_path / ".config" / "pip").mkdir(parents=True)
    (tmp_path / ".config" / "pip" / "pip.conf").write_text(
        f"[global]\nindex-url = https://mirror/simple\nfind-links = {wheels} /no/such\n"
        "[install]\nextra-index-url =\n  https://one/simple\n  https://two/simple\n"
    )
    found = pip_settings.variables({"HOME": str(tmp_path), "PIP_INDEX_URL": "https://mine/simple"})
    assert found["UV_DEFAULT_INDEX"] == "https://mine/simple"
    assert found["UV_INDEX"] == "https://one/simple https://two/simple"
    assert found["UV_FIND_LINKS"] == str(wheels)
    told = {"HOME": str(tmp_path), "UV_INDEX_URL": "https://uv/simple"}
    assert "UV_DEFAULT_INDEX" not in pip_settings.variables(told)
    off = {"HOME": str(tmp_path), "PIP_CONFIG_FILE": "/dev/null"}
    assert pip_settings.variables(off) == {}


@pytest.mark.parametrize(
    ("tail", "package", "message"),
    [
        (
            (
                "Using Python 3.11\nerror: No solution found when resolving dependencies\n"
                "  cause: Because torch==1.6.0 has no wheels with a matching tag and you require "
                "torch==1.6.0, we can conclude that your requirements are unsatisfiable.\n"
            ),
            "torch",
            "could not be built: torch==1.6.0 has no wheels with a matching tag and you require",
        ),
        (
            (
                "  \u00d7 Failed to build `horovod==0.28`\n"
                "  ├─▶ The build backend returned an error\n"
                "  ╰─▶ Call to `x` failed (exit status: 1)\n\n[stderr]\nno mpicxx\n"
            ),
            "horovod",
            "Failed to build `horovod==0.28`: The build backend returned an error.",
        ),
        (
            "error: Failed to fetch: `https://host/simple/torch/`\n  Caused by: dns error\n",
            "torch",
            "dns error",
        ),
        ("Killed\n", "", "could not be built: Killed."),
        ("", "", "ended with exit code 2"),
    ],
)
def test_an_installers_words_become_one_sentence(tail: str, package: str, message: str) -> None:
    spec = EnvironmentSpec("mine", "pip", pip=("torch==1.6.0", "horovod"))
    error = failure.failed(spec, tail, 2)
    assert error.package == package
    assert message in str(error)
    assert str(error).startswith("Environment 'mine' could not be built: ")


def test_addresses_are_shown_without_their_credentials() -> None:
    text = "--extra-index-url https://mara:pw@host/simple and https://tok@host/t/abc123/main"
    assert secrets.masked(text) == (
        "--extra-index-url https://***@host/simple and https://***@host/t/***/main"
    )
    assert secrets.masked("git+https://host/a@v1") == "git+https://host/a@v1"


def test_a_specification_survives_json_and_hides_what_is_private() -> None:
    spec = EnvironmentSpec(
        "mine", "conda", "3", conda=("a",), channels=("https://c/t/tok/x",), pip=("b",),
        pip_options=("--index-url https://u:pw@h/s",), registry={"address": "r", "key": "0f"},
    )  # fmt: skip
    assert EnvironmentSpec.from_json({**spec.to_json(), "newer": 1}) == spec
    shown = repr(spec.public())
    assert "pw" not in shown
    assert "tok" not in shown
    assert spec.digest == spec.with_(name="other", version=None, engine="x").digest
    assert spec.digest != spec.with_(pip=("c",)).digest
    with pytest.raises(RunConfigurationException):
        EnvironmentSpec.from_json({"name": "x", "mode": "magic"})
