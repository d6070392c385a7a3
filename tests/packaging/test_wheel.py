"""What the wheel and the source distribution hold."""

from __future__ import annotations

import json
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROOT = Path(__file__).resolve().parents[2]
LARGEST_BYTES = 3_000_000
SHARED = "data/share/jupyter/labextensions/ml-jupyter/"


def _names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def _text(wheel: Path, ending: str) -> str:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(ending)]
        return archive.read(name).decode("utf-8")


def test_wheel_is_small(wheel):
    assert wheel.stat().st_size < LARGEST_BYTES


def test_wheel_runs_on_every_platform(wheel):
    assert wheel.name.endswith("-py3-none-any.whl")


@pytest.mark.parametrize(
    "ending",
    [
        "ml_jupyter/py.typed",
        "ml_jupyter/static/run.js",
        "ml_jupyter/static/export.js",
        "ml_jupyter/_version.py",
        SHARED + "package.json",
        SHARED + "install.json",
        SHARED + "static/style.js",
        SHARED + "schemas/ml-jupyter/sidebar.json",
        "data/etc/jupyter/jupyter_server_config.d/ml_jupyter.json",
        ".dist-info/entry_points.txt",
        ".dist-info/licenses/LICENSE",
    ],
)
def test_wheel_holds(wheel, ending):
    assert [name for name in _names(wheel) if name.endswith(ending)] != []


def test_wheel_holds_the_notices_of_bundled_packages(wheel):
    notices = _text(wheel, SHARED + "third-party-licenses.txt")
    for package in ("react ", "react-dom ", "uplot "):
        assert f"\n{package}" in notices
    assert "Permission is hereby granted" in notices


def test_wheel_holds_every_module_and_no_test(wheel):
    modules = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "ml_jupyter").rglob("*.py")
        if "labextension" not in path.parts
    }
    names = set(_names(wheel))
    assert modules - names == set()
    assert [
        name for name in names if name.startswith(("tests/", "scripts/", "labextension/"))
    ] == []


def test_wheel_ships_the_bundle_once(wheel):
    assert [name for name in _names(wheel) if name.startswith("ml_jupyter/labextension/")] == []


def test_wheel_ships_no_source_maps_and_no_machine_paths(wheel):
    names = _names(wheel)
    assert [name for name in names if name.endswith(".map")] == []
    with zipfile.ZipFile(wheel) as archive:
        found = [name for name in names if str(ROOT).encode() in archive.read(name)]
    assert found == []


def test_versions_agree(wheel):
    version = json.loads((ROOT / "labextension" / "package.json").read_text("utf-8"))["version"]
    metadata = Parser().parsestr(_text(wheel, ".dist-info/METADATA"))
    assert metadata["Version"] == version
    assert f"'{version}'" in _text(wheel, "ml_jupyter/_version.py")


def test_metadata(wheel):
    metadata = Parser().parsestr(_text(wheel, ".dist-info/METADATA"))
    assert metadata["License-Expression"] == "BSD-3-Clause"
    assert metadata["Requires-Python"] == ">=3.10"
    heavy = ("mlflow", "ray", "torch", "tensorflow", "scikit-learn", "matplotlib")
    core = [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert [line for line in core if line.startswith(heavy)] == []


def test_source_distribution_holds_what_a_build_needs(distributions):
    (source,) = distributions.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {name.split("/", 1)[-1] for name in archive.getnames()}
    needed = {
        "pyproject.toml",
        "LICENSE",
        "README.md",
        "labextension/package.json",
        "labextension/src/model/types.ts",
        "jupyter-config/server-config/ml_jupyter.json",
        "ml_jupyter/static/run.js",
        "ml_jupyter/static/export.js",
        "ml_jupyter/labextension/static/style.js",
        "scripts/hatch_node.py",
    }
    assert needed - names == set()
    assert [name for name in names if "node_modules" in name] == []
