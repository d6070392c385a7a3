"""The source folder of a submitted cell."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.run import Run
from ml_jupyter.widgets.magics import modules
from ml_jupyter.widgets.magics.cell import CONTEXT, Cell
from ml_jupyter.widgets.magics.context import VARIABLES_FILE, Context

SCRIPT = "cell.py"


def gathered(cell: Cell, namespace: Mapping[str, Any], variables: Iterable[str]) -> Context:
    """What a cell takes along.

    Raises
    ------
    UserErrorException
        It reads variables that were not chosen; the message names them.
    """
    context = Context(namespace, variables)
    needed = set(cell.needed)
    known = namespace.get("run")
    if "run" in needed and "run" not in context.variables and (known is None or _is_run(known)):
        needed.discard("run")
        context.give_run()
    context.need(needed)
    if context.unpassed:
        names = ",".join(context.unpassed)
        raise UserErrorException(
            f"The cell uses variables of the notebook that a job does not have: {names}.",
            hint=f"Pass them with --vars {names}, or set them in the cell.",
        )
    return context


def write(folder: Path, cell: Cell, context: Context, notebook: Path, files: Iterable[str]) -> None:
    """Fill an empty folder with script, context, modules and further files.

    Parameters
    ----------
    folder : Path
        Where to.
    cell, context
        What was read.
    notebook : Path
        The notebook's folder.
    files : iterable of str
        Patterns of further files, relative to it.

    Raises
    ------
    UserErrorException
        A pattern finds nothing, or leads out of the notebook's folder.
    """
    script, module = cell.script(context.names), context.module()
    wanted = set(modules.beside(notebook, script, module))
    for pattern in files:
        wanted |= _matching(notebook, pattern)
    for path in sorted(wanted):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(notebook / path, folder / path)
    (folder / SCRIPT).write_text(script, "utf-8")
    (folder / f"{CONTEXT}.py").write_text(module, "utf-8")
    data = context.pickled()
    if data is not None:
        (folder / VARIABLES_FILE).write_bytes(data)


def _matching(notebook: Path, pattern: str) -> set[Path]:
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        raise UserErrorException(f"--files {pattern}: only files below the notebook's folder go.")
    found: set[Path] = set()
    for path in notebook.glob(pattern):
        inner = path.rglob("*") if path.is_dir() else [path]
        found |= {item.relative_to(notebook) for item in inner if item.is_file()}
    if not found:
        raise UserErrorException(f"--files {pattern}: there is no such file in {notebook}.")
    return found


def _is_run(value: Any) -> bool:
    return isinstance(value, Run) or type(value).__name__ == "OfflineRun"
