"""Imports point down only, and the core needs nothing but the standard library."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.architecture.tree import (
    FRONT_ENDS,
    PACKAGE,
    core_modules,
    dotted,
    imports,
    modules,
    room,
)

# Height of each room; a module may import rooms of a lower height and its own.
HEIGHT = {
    "exceptions": 0,
    "azureml": 1,
    "config": 1,
    "history": 2,
    "devices": 3,
    "distributed": 3,
    "containers": 4,
    "jobfile": 3,
    "environments": 5,
    "datasets": 5,
    "jobs": 6,
    "compute": 7,
    "models": 7,
    "sweeps": 7,
    "sdk": 8,
    "core": 9,
    "data": 9,
    "callbacks": 9,
    "importers": 9,
    "mlflow": 9,
    "tensorboard": 9,
    "train": 9,
    "widgets": 9,
    "server": 9,
    "serving": 9,
    "cli": 9,
    "testing": 10,
}
MAY_LOOK_UP = {"__init__", "__main__"}  # the package's own door: re-exports lazily


def _height(name: str) -> int:
    if name in MAY_LOOK_UP:
        return 9
    return 0 if name.startswith("_") else HEIGHT[name]


def _arrows() -> list[tuple[str, str, str]]:
    found = []
    for path in modules():
        for name, line in imports(path):
            parts = name.split(".")
            if parts[0] == "ml_jupyter" and len(parts) > 1 and _is_room(parts[1]):
                found.append((room(path), parts[1], f"{path.relative_to(PACKAGE)}:{line}"))
    return found


def _is_room(name: str) -> bool:
    return (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()


def test_every_room_has_a_height():
    rooms = {room(path) for path in modules()}
    unknown = {name for name in rooms if not name.startswith("_") and name not in HEIGHT}
    reexports = {name for name in unknown if (PACKAGE / f"{name}.py").is_file()}
    assert unknown - reexports == set(), "say in HEIGHT where these rooms stand"


def test_no_import_points_up():
    upwards = [
        f"{where}: {source} imports {target}"
        for source, target, where in _arrows()
        if source in HEIGHT
        and target in HEIGHT
        and _height(target) > _height(source)
        # The widget of a run is brought in when a run is shown (STYLE.md, 2.1).
        and not (source == "sdk" and target == "widgets")
    ]
    assert upwards == []


def test_widgets_come_into_the_sdk_only_late():
    early = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in core_modules()
        for name, line in imports(path, top_level_only=True)
        if name.startswith("ml_jupyter.")
        and name.split(".")[1] in FRONT_ENDS
        and room(path) != "__init__"
        and room(path) in HEIGHT
    ]
    assert early == []


def test_front_ends_do_not_import_each_other():
    across = [
        f"{where}: {source} imports {target}"
        for source, target, where in _arrows()
        if source in FRONT_ENDS and target in FRONT_ENDS and source != target
        # The command line starts the server's own program; it may not use its code otherwise.
    ]
    assert across == []


def test_nothing_imports_testing():
    assert [where for source, target, where in _arrows() if target == "testing" != source] == []


def test_core_imports_only_the_standard_library_at_import():
    foreign = [
        f"{path.relative_to(PACKAGE)}:{line} imports {name}"
        for path in core_modules()
        for name, line in imports(path, top_level_only=True)
        if name.split(".")[0] not in {*sys.stdlib_module_names, "ml_jupyter", ""}
    ]
    assert foreign == []


@pytest.mark.parametrize("statement", ["import ml_jupyter", "import ml_jupyter.core"])
def test_import_loads_no_third_party_module(statement):
    program = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    bare = subprocess.run(
        [sys.executable, "-I", "-c", program.split("\n", 1)[1]],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded = set(json.loads(done.stdout)) - set(json.loads(bare.stdout))
    foreign = {name.split(".")[0] for name in loaded} - {*sys.stdlib_module_names, "ml_jupyter"}
    assert foreign == set()


def test_the_usual_names_load_nothing_that_starts_or_reads_jobs():
    program = (
        "import json, sys\n"
        "from ml_jupyter import Workspace, Experiment, Run, ScriptRunConfig, Environment\n"
        "print(json.dumps([name for name in sys.modules if name.startswith('ml_jupyter.')]))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded = {name.split(".")[1] for name in json.loads(done.stdout) if name.count(".") > 1}
    assert loaded & {"compute", "containers", "datasets", "devices", "jobfile", "sweeps"} == set()
    assert "ml_jupyter.jobs.inputs" not in json.loads(done.stdout)


def test_every_core_module_can_be_imported_alone():
    names = [dotted(path) for path in core_modules() if path.name != "__main__.py"]
    program = (
        "import importlib, sys\n"
        f"for name in {names!r}:\n"
        "    for loaded in [m for m in sys.modules if m.startswith('ml_jupyter')]:\n"
        "        del sys.modules[loaded]\n"
        "    importlib.import_module(name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
