"""Putting this package in the place of ``azureml``: a finder of modules in front of the others.

``azureml.core`` then *is* the module ``ml_jupyter.core``, not a copy of it, so that ``except``
clauses and ``isinstance`` match whichever name a class came by (surface 1.2).
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, Optional, Sequence

from ml_jupyter.azureml import absent
from ml_jupyter.exceptions import NameTaken

NAME = "azureml"
_HERE = "ml_jupyter"
#: What of the SDK is here; the other rooms of this package are not the SDK's.
_ROOMS = (
    "core", "data", "exceptions", "mlflow", "telemetry", "tensorboard", "train", "widgets",
)  # fmt: skip
#: Set where the alias is on, so that jobs submitted from there have it, too.
VARIABLE = "ML_JUPYTER_AZUREML"


class AliasFinder(MetaPathFinder):
    """Finds ``azureml`` and everything below it in this package."""

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        """A specification for names of the SDK; None for all others."""
        if fullname == NAME:
            return ModuleSpec(NAME, _Top(), is_package=True)
        if not fullname.startswith(f"{NAME}."):
            return None
        if absent.advice_for(fullname) is not None or fullname.split(".")[1] not in _ROOMS:
            return ModuleSpec(fullname, _Refusing())
        ours = _HERE + fullname[len(NAME) :]
        if not _exists(ours):
            return None  # Python's own words name it well
        return ModuleSpec(fullname, _Same(ours))


class _Top(Loader):
    """Makes the module ``azureml``, which holds nothing of its own."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = ModuleType(NAME, "The names of the Azure ML SDK, answered by ml_jupyter.")
        module.__path__ = []
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


class _Same(Loader):
    """Gives a module of ours under its name in the SDK."""

    def __init__(self, ours: str) -> None:
        self._ours = ours
        self._spec: Any = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._ours)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec  # the import system has just put the other name's there


class _Refusing(Loader):
    """Says why a module is not here when it is imported, not when it is merely looked for."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        raise absent.refuse_module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Never reached."""


def install() -> None:
    """Let ``import azureml`` mean this package, in this process and in jobs submitted from it.

    Raises
    ------
    NameTaken
        The Azure ML SDK is installed; it is left as it is.

    Examples
    --------
    >>> import ml_jupyter.azureml
    >>> ml_jupyter.azureml.install()
    >>> from azureml.core import Workspace
    >>> Workspace.__module__
    'ml_jupyter.sdk.workspace'
    """
    if not installed():
        place = _real()
        if place is not None:
            raise NameTaken(
                f"The Azure ML SDK is installed ({place}); azureml goes on meaning it.",
                hint="pip uninstall azureml-core, or import from ml_jupyter instead of azureml.",
            )
        sys.meta_path.insert(0, AliasFinder())
    os.environ[VARIABLE] = "1"


def install_where_free() -> bool:
    """As ``install``, but False and no error where the SDK is installed."""
    if not installed() and _real() is not None:
        return False
    install()
    return True


def installed() -> bool:
    """Whether the alias is on in this process."""
    return any(isinstance(finder, AliasFinder) for finder in sys.meta_path)


def uninstall() -> None:
    """Turn the alias off; ``azureml`` is unknown again."""
    if installed():
        sys.meta_path[:] = [item for item in sys.meta_path if not isinstance(item, AliasFinder)]
        _forget()
    os.environ.pop(VARIABLE, None)


def _real() -> Optional[str]:
    """Where the SDK is installed: a folder ``azureml`` with ``core`` in it; None: it is not."""
    loaded = sys.modules.get(f"{NAME}.core")
    if loaded is not None and loaded.__name__ != f"{_HERE}.core":
        return str(getattr(loaded, "__file__", None))
    places = [os.path.join(folder, NAME) for folder in sys.path]
    core = PathFinder.find_spec(f"{NAME}.core", places)
    return None if core is None else str(core.origin or NAME)


def _forget() -> None:
    for name in [item for item in sys.modules if item == NAME or item.startswith(f"{NAME}.")]:
        del sys.modules[name]


def _exists(ours: str) -> bool:
    parent, _, _ = ours.rpartition(".")
    if not hasattr(importlib.import_module(parent), "__path__"):
        return False
    return ours in sys.modules or importlib.util.find_spec(ours) is not None
