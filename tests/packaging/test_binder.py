"""The Binder image's steps, followed in a clean environment: JupyterLab opens the quickstart."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

import pytest
import yaml

pytestmark = [pytest.mark.full, pytest.mark.timeout(1200)]

ROOT = Path(__file__).resolve().parents[2]
START_S = 60


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A copy of the repository in an environment made as Binder makes it; its variables.

    Conda's channels are left out: the interpreter is this one, the pip part is as written.
    """
    folder = tmp_path_factory.mktemp("binder")
    source = folder / "repository"
    subprocess.run(["git", "clone", "-q", ROOT, source], check=True, timeout=120)
    environment = yaml.safe_load((source / "binder" / "environment.yml").read_text("utf-8"))
    (by_pip,) = [item["pip"] for item in environment["dependencies"] if isinstance(item, dict)]
    venv.create(folder / "env", with_pip=True, symlinks=True)
    home = folder / "home"
    home.mkdir()
    # Certificates, mirrors and proxies of this machine stay; what points at this environment goes.
    ours = ("JUPYTER", "ML_JUPYTER_", "PYTHON", "VIRTUAL_ENV")
    variables = {
        **{key: value for key, value in os.environ.items() if not key.startswith(ours)},
        "HOME": str(home),
        "NPM_CONFIG_USERCONFIG": os.path.expanduser("~/.npmrc"),
        "PATH": os.pathsep.join([str(folder / "env" / "bin"), _path_without_node(folder)]),
        "LANG": "C.UTF-8",
        "REPOSITORY": str(source),
    }
    pip = [str(folder / "env" / "bin" / "pip"), "install", "-qq", *by_pip]
    for command in (pip, [str(source / "binder" / "postBuild")]):
        done = subprocess.run(
            command,
            cwd=source,
            env=variables,
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return variables


def _path_without_node(folder: Path) -> str:
    """The usual programs, less Node: what a conda image without it has."""
    place = folder / "programs"
    place.mkdir()
    for name in ("bash", "sh", "env", "git", "dirname", "cat", "uname", "ps"):
        program = shutil.which(name)
        if program:
            (place / name).symlink_to(program)
    return str(place)


def test_lab_opens_the_quickstart(image):
    command = [
        "jupyter",
        "lab",
        "--no-browser",
        "--port=0",
        "--IdentityProvider.token=t",
        "--allow-root",
    ]
    program = shutil.which(command[0], path=image["PATH"])
    log_file = Path(image["HOME"]) / "lab.log"
    with log_file.open("wb") as log:
        server = subprocess.Popen(
            [str(program), *command[1:]], cwd=image["REPOSITORY"], env=image, stdout=log, stderr=log
        )
    try:
        port = _port(server, log_file)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/?token=t", timeout=30) as answer:
            assert answer.url.split("?")[0].endswith("/lab/tree/notebooks/quickstart.ipynb")
        contents = (
            f"http://127.0.0.1:{port}/api/contents/notebooks/quickstart.ipynb?token=t&content=0"
        )
        with urllib.request.urlopen(contents, timeout=30) as answer:
            assert json.load(answer)["type"] == "notebook"
        machine = f"http://127.0.0.1:{port}/ml-jupyter/machine?token=t"
        with urllib.request.urlopen(machine, timeout=30) as answer:
            assert json.load(answer)["cpu_count"] >= 1
    finally:
        server.terminate()
        server.wait(30)


def _port(server: subprocess.Popen[bytes], log: Path) -> int:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", log.read_text("utf-8", "replace"))
        if found and _answers(int(found.group(1))):
            return int(found.group(1))
    raise AssertionError(log.read_text("utf-8", "replace")[-3000:])


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token=t", timeout=5):
            return True
    except urllib.error.URLError:
        return False
