"""A build in a process of its own, for ``Environment.build``: log, lock and error are files.

``python -m ml_jupyter.environments.background`` reads the specification from standard input.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict

from ml_jupyter._files import read_json, storage_failed, write_json
from ml_jupyter.config import Settings
from ml_jupyter.environments import building
from ml_jupyter.environments.specification import EnvironmentSpec
from ml_jupyter.exceptions import EnvironmentBuildFailed, MlJupyterError
from ml_jupyter.history import lock

#: Seconds within which the process must have begun.
BEGIN_S = 30.0
_LOCK_S = 1.0


@dataclass(frozen=True)
class Paths:
    """Files of one build: what it says, the lock it holds, the error that ended it."""

    log: Path
    lock: Path
    error: Path

    @classmethod
    def of(cls, spec: EnvironmentSpec, settings: Settings) -> Paths:
        """The files for a specification."""
        folder, name = settings.state / "builds", spec.digest
        return cls(folder / f"{name}.log", folder / f"{name}.lock", folder / f"{name}.json")

    def begin(self) -> None:
        """Make the folder and an empty log; what an earlier build left is gone.

        Raises
        ------
        StorageFailed
            They cannot be made.
        """
        try:
            self.log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.error.exists():
                self.error.unlink()
            self.log.write_bytes(b"")
        except OSError as error:
            raise storage_failed(error, self.log) from error


def error_of(paths: Paths, spec: EnvironmentSpec) -> EnvironmentBuildFailed:
    """The error that ended a build."""
    try:
        value: Dict[str, Any] = read_json(paths.error)
    except (OSError, MlJupyterError):
        return EnvironmentBuildFailed(f"The build of environment {spec.name!r} was killed.")
    return EnvironmentBuildFailed(
        str(value["message"]), package=str(value["package"]), log=str(value["log"])
    )


def main() -> int:
    """Build what standard input describes."""
    spec = EnvironmentSpec.from_json(json.load(sys.stdin))
    settings = Settings.load()
    paths = Paths.of(spec, settings)
    held = lock.acquire(paths.lock, _LOCK_S)
    try:
        building.prepare(spec, settings, _write, lambda: False)
    except MlJupyterError as error:
        facts = {"message": str(error), "package": "", "log": ""}
        if isinstance(error, EnvironmentBuildFailed):
            facts.update(package=error.package, log=error.log)
        write_json(paths.error, facts, mode=0o600)
        return 1
    finally:
        held.release()
    return 0


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
