"""Conda environments from a channel made by hand: solved, installed, activated; what is said."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ml_jupyter import environments
from ml_jupyter.environments import EnvironmentSpec, Prepared, conda_build
from ml_jupyter.exceptions import EnvironmentBuildFailed
from tests import package_lab
from tests.unit.environments.conftest import Lab

SITE = package_lab.site_packages()


@pytest.fixture
def channel(lab: Lab) -> package_lab.Channel:
    made = package_lab.channel(lab.folder / "channel")
    made.add_python()
    return made


def conda(channel: package_lab.Channel, *packages: str, **values: object) -> EnvironmentSpec:
    return EnvironmentSpec(  # type: ignore[arg-type]
        "lab", "conda", conda=packages, channels=(channel.url,), **values
    )


def prepare(lab: Lab, spec: EnvironmentSpec) -> Prepared:
    return environments.prepare(spec, lab.settings, lab.hear, lambda: False)


def test_packages_are_solved_installed_and_activated(
    lab: Lab, channel: package_lab.Channel
) -> None:
    script = 'export LIB_HOME="$CONDA_PREFIX/a b"\nexport PATH="/elsewhere:$PATH"\n'
    channel.add("lib", "2.1", {"etc/conda/activate.d/lib.sh": script})
    channel.add("lib", "1.0")
    channel.add("tool", "3.0", {f"{SITE}/tool.py": "NAME = 'tool'\n"}, depends=["lib >=2"])
    lab.wheel("one")
    spec = conda(channel, "tool", pip=("one",), pip_options=lab.pip().pip_options)
    prepared = prepare(lab, spec)
    program = "import sys, tool, one; print(tool.NAME, one.VERSION, sys.prefix)"
    text = subprocess.check_output([prepared.interpreter, "-c", program], text=True)
    prefix = str(Path(prepared.path[0]).parent)
    assert text.split() == ["tool", "1.0", prefix]
    assert prepared.variables == {
        "CONDA_PREFIX": prefix,
        "CONDA_DEFAULT_ENV": "lab",
        "PYTHONNOUSERSITE": "1",
        "LIB_HOME": f"{prefix}/a b",
    }
    assert b" + lib 2.1 0\n" in lab.said
    assert b"one==1.0" in lab.said
    assert environments.ready(spec, lab.settings) == prepared


@pytest.mark.parametrize(
    ("package", "words", "culprit"),
    [
        ("nothing", "No candidates were found for nothing", "nothing"),
        ("tool>=9", "No candidates were found for tool", "tool"),
        ("needy", "absent >=3, for which no candidates were found", "needy"),
    ],
)
def test_the_solver_says_itself_why_there_is_no_solution(
    lab: Lab, channel: package_lab.Channel, package: str, words: str, culprit: str
) -> None:
    channel.add("tool")
    channel.add("needy", depends=["absent >=3"])
    with pytest.raises(EnvironmentBuildFailed) as caught:
        prepare(lab, conda(channel, package))
    assert words in str(caught.value)
    assert caught.value.package == culprit
    assert lab.left() == []


def test_an_unreachable_channel_names_itself_and_the_way_out(lab: Lab) -> None:
    spec = EnvironmentSpec("lab", "conda", conda=("x",), channels=("http://127.0.0.1:9/mine",))
    with pytest.raises(EnvironmentBuildFailed, match=r"127\.0\.0\.1:9/mine.*refused") as caught:
        prepare(lab, spec)
    assert "ML_JUPYTER_ENVIRONMENT_MODE=pip" in str(caught.value)
    assert lab.left() == []


def test_packages_without_a_python_are_refused(lab: Lab) -> None:
    channel = package_lab.channel(lab.folder / "bare")
    channel.add("python", "3.99.0", {"share/nothing": ""})
    with pytest.raises(EnvironmentBuildFailed, match="bring no Python"):
        prepare(lab, conda(channel))


@pytest.mark.parametrize(
    ("version", "packages", "specs", "warned"),
    [
        ("", ("numpy",), ["python >=3.8", "numpy"], False),
        ("3.10", ("python=3.10", "numpy"), ["python=3.10", "numpy"], False),
        ("3.6.2", ("python=3.6.2", "azureml-core", "numpy"), ["python 3.8.*", "numpy"], True),
    ],
)
def test_what_the_solver_is_asked_for(
    version: str, packages: tuple[str, ...], specs: list[str], warned: bool
) -> None:
    spec = EnvironmentSpec("lab", "conda", conda=packages, python_version=version)
    found, warnings = conda_build.match_specs(spec)
    assert found == specs
    assert bool(warnings) is warned
