"""The wheel in a clean environment without Node: everything is there, with nothing to enable."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def version() -> str:
    package = json.loads((ROOT / "labextension" / "package.json").read_text("utf-8"))
    return str(package["version"])


def test_there_is_no_node(clean):
    assert shutil.which("node", path=str(clean.folder / "bin")) is None


def test_server_extension_is_enabled(clean, version):
    done = clean.run("jupyter", "server", "extension", "list")
    lines = [line for line in (done.stdout + done.stderr).splitlines() if "ml_jupyter" in line]
    assert done.returncode == 0
    assert any("enabled" in line for line in lines), lines
    assert any(version in line and "OK" in line for line in lines), lines


def test_labextension_is_enabled(clean, version):
    done = clean.run("jupyter", "labextension", "list")
    (line,) = [x for x in (done.stdout + done.stderr).splitlines() if "ml-jupyter" in x]
    assert f"v{version}" in line
    assert "enabled" in line
    assert "OK" in line


def test_command_line_says_its_version(clean, version):
    done = clean.run("mlj", "--version")
    assert done.returncode == 0, done.stderr
    assert version in done.stdout


def test_a_run_is_recorded_and_read_back(clean, tmp_path):
    program = (
        "import pathlib, sys\n"
        "from ml_jupyter.core import Experiment, Workspace\n"
        "ws = Workspace.create('packaged', location=pathlib.Path(sys.argv[1]))\n"
        "experiment = Experiment(ws, 'first')\n"
        "with experiment.start_logging(snapshot_directory=None, outputs=False) as run:\n"
        "    run.log('loss', 0.5)\n"
        "    run.log('loss', 0.25)\n"
        "print(run.get_status(), run.get_metrics())\n"
    )
    done = clean.run("python", "-W", "error", "-c", program, str(tmp_path / "workspace"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("Completed {'loss': [0.5, 0.25]}")


def test_every_module_can_be_imported(clean):
    program = (
        "import importlib, pkgutil, ml_jupyter\n"
        "names = [m.name for m in pkgutil.walk_packages(ml_jupyter.__path__, 'ml_jupyter.')]\n"
        # What needs an extra, or a framework of the user's.
        "skip = ('ml_jupyter.testing', 'ml_jupyter.mlflow.', 'ml_jupyter.callbacks.', '__main__')\n"
        "[importlib.import_module(n) for n in names if not any(s in n for s in skip)]\n"
        "print(len(names))\n"
    )
    done = clean.run("python", "-c", program)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 40
