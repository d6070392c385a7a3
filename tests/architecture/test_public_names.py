"""Every public name is documented, and ``__all__`` tells the truth."""

from __future__ import annotations

import ast
import importlib
import inspect

import pytest

from tests.architecture.tree import PACKAGE, dotted, modules

#: Its names load a framework each, which is not here; tests/callbacks loads them.
ELSEWHERE = {"ml_jupyter.callbacks"}


def _with_all() -> list[str]:
    found = [dotted(path) for path in modules() if "__all__" in path.read_text("utf-8")]
    return [name for name in found if name not in ELSEWHERE]


@pytest.mark.parametrize("name", _with_all())
def test_all_is_true(name):
    module = importlib.import_module(name)
    listed = list(module.__all__)
    assert len(listed) == len(set(listed))
    assert [item for item in listed if not hasattr(module, item)] == []


@pytest.mark.parametrize("name", _with_all())
def test_every_exported_name_is_documented(name):
    module = importlib.import_module(name)
    objects = {item: getattr(module, item) for item in module.__all__}
    ours = {
        item: value
        for item, value in objects.items()
        if (inspect.isclass(value) or inspect.isroutine(value))
        and str(getattr(value, "__module__", "")).startswith("ml_jupyter")
    }
    assert [item for item, value in ours.items() if not inspect.getdoc(value)] == []


def test_every_public_definition_has_a_docstring():
    missing = [
        f"{path.relative_to(PACKAGE)}:{node.lineno} {node.name}"
        for path in modules()
        for node in _public(ast.parse(path.read_text("utf-8")))
        if ast.get_docstring(node) is None
    ]
    assert missing == []


def _public(tree: ast.Module) -> list[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]
