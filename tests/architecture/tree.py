"""What the architecture tests look at: the repository's files and the package's imports."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ml_jupyter"
NOT_SOURCE = {"labextension", "static"}
FRONT_ENDS = {"server", "widgets", "cli"}
NOT_CORE = {*FRONT_ENDS, "callbacks", "mlflow", "serving", "testing"}


def modules() -> list[Path]:
    """Every Python source of the package, sorted."""
    found = [path for path in PACKAGE.rglob("*.py") if room(path) not in NOT_SOURCE]
    return sorted(path for path in found if path.name != "_version.py")


def core_modules() -> list[Path]:
    """The sources that must run anywhere with the standard library only."""
    return [path for path in modules() if room(path) not in NOT_CORE]


def room(path: Path) -> str:
    """First part below the package: ``history`` for history/lock.py, ``config`` for config.py."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def dotted(path: Path) -> str:
    """The name under which the module is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path, *, top_level_only: bool = False) -> Iterator[tuple[str, int]]:
    """Absolute names of the modules that a source imports, with line numbers."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {id(node) for block in _type_checking(tree) for node in ast.walk(block)}
    nodes = _top_level(tree) if top_level_only else ast.walk(tree)
    for node in nodes:
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, path)
            yield base, node.lineno
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)


def tracked() -> list[Path]:
    """Every file that git tracks and that is there."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def _absolute(node: ast.ImportFrom, path: Path) -> str:
    if not node.level:
        return node.module or ""
    here = dotted(path).split(".")
    package = here if path.name == "__init__.py" else here[:-1]
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def _top_level(tree: ast.Module) -> Iterator[ast.AST]:
    """Nodes that run at import: everything outside functions."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield node
        waiting.extend(ast.iter_child_nodes(node))


def _type_checking(tree: ast.Module) -> Iterator[ast.If]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield node
