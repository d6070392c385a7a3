"""Which notebook a kernel belongs to."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

#: Set by Jupyter Server in kernels of notebooks: the notebook's path.
_SESSION = "JPY_SESSION_NAME"
#: Set by VS Code in the namespace of its notebooks.
_VSCODE = "__vsc_ipynb_file__"


def path_of(namespace: Mapping[str, Any]) -> str | None:
    """Path of the notebook as its host says it; None in a console or where nothing is said."""
    found = str(namespace.get(_VSCODE) or os.environ.get(_SESSION) or "")
    return found if found.endswith(".ipynb") else None


def is_vscode(namespace: Mapping[str, Any]) -> bool:
    """Whether the page is VS Code's, which is at no address of a Jupyter server."""
    return _VSCODE in namespace or "VSCODE_PID" in os.environ


def experiment_name(namespace: Mapping[str, Any]) -> str:
    """Name of the experiment that cells of this notebook belong to when none is given.

    Examples
    --------
    >>> experiment_name({"__vsc_ipynb_file__": "lab/My digits (2).ipynb"})
    'My-digits-2'
    """
    path = path_of(namespace)
    name = "" if path is None else PurePath(path).stem
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-_")[:36] or "notebook"
