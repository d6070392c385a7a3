"""A cache of its own, and packages that need no network."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.environments import EnvironmentSpec
from tests import package_lab


class Lab:
    """Builds specifications into a cache, and keeps what is said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wheels = folder / "wheels"
        self.settings = Settings.load(cache=folder / "cache", state=folder / "state")
        self.said = b""

    def hear(self, data: bytes) -> None:
        """Takes the output of a build."""
        self.said += data

    def pip(self, *packages: str, name: str = "lab", **values: object) -> EnvironmentSpec:
        """A pip environment of packages in the folder of wheels."""
        options = ("--no-index", f"--find-links {self.wheels}")
        return EnvironmentSpec(name, "pip", pip=packages, pip_options=options, **values)  # type: ignore[arg-type]

    def wheel(self, name: str, version: str = "1.0", **values: object) -> None:
        """Put a wheel into the folder."""
        package_lab.wheel(self.wheels, name, version, **values)  # type: ignore[arg-type]

    def left(self) -> list[str]:
        """Folders of environments, whole or not."""
        root = self.settings.cache / "environments"
        return [path.name for path in root.iterdir() if path.is_dir()] if root.is_dir() else []


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)
