"""``import azureml`` where the SDK is not installed, and where it is."""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ml_jupyter import azureml as alias
from ml_jupyter._azureml_job import write_package
from ml_jupyter.azureml.absent import MODULES, NAMES
from ml_jupyter.exceptions import CloudOnly, NameTaken

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def installed(monkeypatch):
    monkeypatch.delenv(alias.VARIABLE, raising=False)
    alias.install()
    yield
    alias.uninstall()


@pytest.mark.parametrize(
    "name",
    [
        "core", "core.compute", "core.compute_target", "core.runconfig", "core.workspace", "data",
        "data.datapath", "exceptions", "telemetry", "tensorboard.export", "train.dnn",
        "train.estimator", "train.hyperdrive", "train.hyperdrive.sampling", "train.sklearn",
        "widgets",
    ],
)  # fmt: skip
def test_a_module_is_ours_and_no_copy(installed, name):
    ours = importlib.import_module(f"ml_jupyter.{name}")
    assert importlib.import_module(f"azureml.{name}") is ours
    assert ours.__name__ == f"ml_jupyter.{name}"
    assert ours.__spec__.name == f"ml_jupyter.{name}"


def test_errors_match_whichever_name_they_came_by(installed):
    from azureml.core import Experiment
    from azureml.exceptions import UserErrorException

    import ml_jupyter

    assert Experiment is ml_jupyter.Experiment
    with pytest.raises(UserErrorException):
        Experiment(None, "not a name!")


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_of_the_cloud_says_what_to_use(installed, name):
    with pytest.raises(ImportError, match="needs the Azure cloud") as caught:
        importlib.import_module(f"{name}.more" if name.count(".") == 1 else name)
    assert isinstance(caught.value, CloudOnly)
    assert caught.value.hint
    with pytest.raises(CloudOnly):
        importlib.import_module(name)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_name_of_the_cloud_says_what_to_use(installed, name):
    module, _, attribute = name.replace("ml_jupyter", "azureml", 1).rpartition(".")
    with pytest.raises(CloudOnly, match=attribute):
        exec(f"from {module} import {attribute}")


def test_other_unknown_names_are_plain_errors(installed):
    with pytest.raises(ImportError, match="cannot import name 'Nothing'"):
        exec("from azureml.core import Nothing")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("azureml.core.nothing")
    with pytest.raises(CloudOnly, match=r"azureml\.server is not part of"):
        importlib.import_module("azureml.server")


def test_it_can_be_turned_off_again(installed):
    importlib.import_module("azureml.core")
    assert os.environ[alias.VARIABLE] == "1"
    alias.uninstall()
    assert alias.VARIABLE not in os.environ
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("azureml.core")


def test_a_magic_loads_it(monkeypatch):
    from IPython.core.interactiveshell import InteractiveShell

    monkeypatch.delenv(alias.VARIABLE, raising=False)
    shell = InteractiveShell()
    try:
        shell.run_line_magic("load_ext", "ml_jupyter.azureml")
        result = shell.run_cell("from azureml.core import Workspace; Workspace.__module__")
        assert result.result == "ml_jupyter.sdk.workspace"
        shell.run_line_magic("unload_ext", "ml_jupyter.azureml")
        assert not alias.installed()
    finally:
        alias.uninstall()
        shell.history_manager.end_session()


@pytest.fixture
def real_sdk(tmp_path):
    """A folder for the path that looks as the real SDK does."""
    core = tmp_path / "site" / "azureml" / "core"
    core.mkdir(parents=True)
    extends = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"
    (core.parent / "__init__.py").write_text(extends)
    (core / "__init__.py").write_text("WHOSE = 'theirs'\n")
    return tmp_path / "site"


def test_a_real_sdk_is_never_shadowed(real_sdk, monkeypatch):
    monkeypatch.syspath_prepend(str(real_sdk))
    monkeypatch.setenv(alias.VARIABLE, "")
    with pytest.raises(NameTaken, match=r"azureml/core/__init__\.py"):
        alias.install()
    assert not alias.installed()


def _python(program: str, *folders: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def test_the_package_of_jobs_gives_our_names(tmp_path):
    shim = write_package(tmp_path / "shim")
    program = "from azureml.core.run import Run; print(Run.__module__)"
    assert _python(program, shim, ROOT) == "ml_jupyter.sdk.run"


def test_the_package_of_jobs_steps_aside_for_a_real_sdk(tmp_path, real_sdk):
    shim = write_package(tmp_path / "shim")
    assert _python("import azureml.core as c; print(c.WHOSE)", shim, ROOT, real_sdk) == "theirs"


def test_the_module_of_the_extra_waits_until_it_is_needed(tmp_path, real_sdk):
    package = ROOT / "packages" / "ml-jupyter-azureml"
    program = """
        import ml_jupyter_azureml, sys
        assert "ml_jupyter" not in sys.modules
        import azureml.core as core
        print(getattr(core, "WHOSE", "ours"))
    """
    assert _python(program, package, ROOT) == "ours"
    assert _python(program, package, ROOT, real_sdk) == "theirs"
