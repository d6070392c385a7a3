"""JupyterLab on the demo workspace, with the quickstart open."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import demo_place


def main() -> None:
    """Become JupyterLab; further arguments are passed on to it."""
    demo_place.enter()
    demo_place.copy_notebooks()
    program = Path(sys.executable).with_name("jupyter-lab")
    command = [
        str(program),
        f"--ServerApp.root_dir={demo_place.NOTEBOOKS}",
        "--LabApp.default_url=/lab/tree/quickstart.ipynb",
        *sys.argv[1:],
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.insert(1, "--allow-root")
    os.environ["PATH"] = os.pathsep.join([str(program.parent), os.environ.get("PATH", "")])
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
