"""Modules beside a notebook that its code imports, so that a job finds them too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

_MOST_FILES = 1000


def beside(folder: Path, *codes: str) -> list[Path]:
    """Files of ``folder`` that these codes import, directly or through one another.

    Parameters
    ----------
    folder : Path
        Where the notebook is.
    *codes : str
        Python texts.

    Returns
    -------
    list of Path
        Relative to ``folder``, sorted; a package with all its Python files.
    """
    found: set[Path] = set()
    waiting = [name for code in codes for name in _imported(code)]
    while waiting and len(found) < _MOST_FILES:
        for path in _files(folder, waiting.pop()):
            if path not in found:
                found.add(path)
                waiting += _imported((folder / path).read_text("utf-8", "replace"))
    return sorted(found)


def _imported(code: str) -> list[str]:
    """First words of the modules that code imports; none of code that is no Python."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return []
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module)
    return [name.partition(".")[0] for name in names]


def _files(folder: Path, name: str) -> Iterator[Path]:
    if (folder / f"{name}.py").is_file():
        yield Path(f"{name}.py")
    package = folder / name
    if (package / "__init__.py").is_file():
        for path in sorted(package.rglob("*.py")):
            yield path.relative_to(folder)
