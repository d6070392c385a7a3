"""Every setting, error code and command is in the documentation."""

from __future__ import annotations

import inspect
from dataclasses import fields
from pathlib import Path

import pytest

from ml_jupyter import exceptions
from ml_jupyter.config import PREFIX, Settings

DOCS = Path(__file__).resolve().parents[2] / "docs"
ERRORS = sorted(
    {
        item
        for _, item in inspect.getmembers(exceptions, inspect.isclass)
        if issubclass(item, exceptions.MlJupyterError)
    },
    key=lambda item: item.__name__,
)


@pytest.mark.parametrize("name", [item.name for item in fields(Settings)])
def test_every_setting_is_described(name: str) -> None:
    text = (DOCS / "settings.md").read_text("utf-8")
    assert f"| `{name}` | `{PREFIX}{name.upper()}` |" in text


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_is_described(error: type[exceptions.MlJupyterError]) -> None:
    text = (DOCS / "errors.md").read_text("utf-8")
    assert f"| `{error.code}` | `{error.__name__}`" in text


def test_codes_are_unique() -> None:
    codes = [error.code for error in ERRORS]
    assert len(codes) == len(set(codes))


def test_the_defaults_are_the_ones_described() -> None:
    lines = (DOCS / "settings.md").read_text("utf-8").splitlines()
    for item in fields(Settings):
        cells = next(line for line in lines if line.startswith(f"| `{item.name}` |")).split("|")
        if isinstance(item.default, bool):
            assert cells[-2].strip() == ("yes" if item.default else "no")
        elif isinstance(item.default, (int, float)):
            assert float(cells[-2]) == item.default
