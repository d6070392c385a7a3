"""What MLflow keeps of a model's name, beside its versions: ``mlflow/names/<name>.json``."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

from ml_jupyter._files import read_json, write_json
from ml_jupyter.history import lock
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.mlflow.errors import missing, taken, translated
from ml_jupyter.models.record import check_name
from ml_jupyter.models.store import ModelStore

Facts = Dict[str, Any]


class ModelNames:
    """Names of registered models: those that have versions, and those that MLflow has announced.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Where they are.
    store : ModelStore
        The versions.
    """

    def __init__(self, workspace: WorkspaceFolder, store: ModelStore) -> None:
        self._folder = workspace.layout.root / "mlflow" / "names"
        self._store = store

    def all(self) -> List[str]:
        """All names, in the order of the alphabet."""
        announced = {path.stem for path in self._folder.glob("*.json")}
        return sorted(announced | set(self._store.names()))

    def get(self, name: str) -> Facts:
        """``description``, ``tags``, ``aliases``, ``created`` and ``modified`` (ms) of a name.

        Raises
        ------
        MlflowException
            There is no such model.
        """
        facts = self._find(name)
        if facts is None:
            raise missing(f"Registered Model with name={name} not found")
        return facts

    def create(self, name: str, description: Optional[str], tags: Dict[str, str]) -> None:
        """Announce a name.

        Raises
        ------
        MlflowException
            It is there already, or is none that a workspace accepts.
        """
        with self._locked():
            if self._find(name) is not None:
                raise taken(f"Registered Model (name={name}) already exists.")
            now = time.time_ns() // 1_000_000
            facts = {"description": description, "tags": tags, "aliases": {}, "created": now}
            write_json(self._path(name), {**facts, "modified": now})

    def change(self, name: str, change: Callable[[Facts], None]) -> Facts:
        """Change the facts of a name, whoever else changes them.

        Raises
        ------
        MlflowException
            There is no such model.
        """
        with self._locked():
            facts = self.get(name)
            change(facts)
            facts["modified"] = time.time_ns() // 1_000_000
            write_json(self._path(name), facts)
        return facts

    def delete(self, name: str) -> None:
        """Forget a name."""
        with self._locked(), suppress(FileNotFoundError):
            self._path(name).unlink()

    def _find(self, name: str) -> Optional[Facts]:
        with translated():
            versions = self._store.versions(check_name(name))
        with suppress(FileNotFoundError):
            found: Facts = read_json(self._path(name))
            return found
        if not versions:
            return None
        with translated():
            first, last = (self._store.get(name, number) for number in (versions[0], versions[-1]))
        return {
            "description": None, "tags": {}, "aliases": {},
            "created": first.created // 1_000_000, "modified": last.modified // 1_000_000,
        }  # fmt: skip

    def _path(self, name: str) -> Path:
        with translated():
            return self._folder / f"{check_name(name)}.json"

    def _locked(self) -> Any:
        self._folder.mkdir(parents=True, exist_ok=True)
        return lock.exclusive(self._folder / ".lock")
