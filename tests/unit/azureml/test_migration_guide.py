"""The table of docs/migration.md is true."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import azureml as alias
from ml_jupyter.azureml.absent import MODULES
from ml_jupyter.exceptions import MlJupyterError

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "migration.md"
ROWS = re.findall(
    r"^\| `(azureml\.[\w.]+)` \| (works|differs|not here) \|", GUIDE.read_text("utf-8"), re.M
)


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    monkeypatch.delenv(alias.VARIABLE, raising=False)
    alias.install()
    yield
    alias.uninstall()


def found(name: str) -> Any:
    """What a dotted name leads to: a module, or a name in one."""
    module, _, attribute = name.rpartition(".")
    if attribute[0].isupper() or "_" in attribute:
        return getattr(importlib.import_module(module), attribute)
    return importlib.import_module(name)


def test_the_table_was_read():
    assert len(ROWS) > 30


@pytest.mark.parametrize("name", [name for name, here in ROWS if here != "not here"])
def test_what_is_here_can_be_imported(name):
    assert callable(found(name))


@pytest.mark.parametrize("name", [name for name, here in ROWS if here == "not here"])
def test_what_is_not_here_says_so(name):
    with pytest.raises(MlJupyterError) as caught:
        found(name).provisioning_configuration()  # a target of the cloud refuses to be made
    assert caught.value.hint


def test_what_the_guide_calls_absent_is_in_the_list():
    modules = {name for name, here in ROWS if here == "not here" and name.islower()}
    assert modules <= set(MODULES)
