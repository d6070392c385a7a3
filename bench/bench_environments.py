"""Environments: what an unchanged one costs at submission, building again, and the whole way."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from rows import Row, best_of, median, percentiles

from ml_jupyter import environments
from ml_jupyter.config import Settings
from ml_jupyter.environments import EnvironmentSpec, store
from ml_jupyter.history import status
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import submit
from ml_jupyter.testing.isolation import eventually, isolated

PACKAGES = 20
FILES = 50


def rows(full: bool) -> Iterator[Row]:
    """All rows of this part."""
    with tempfile.TemporaryDirectory(prefix="mlj-bench-") as folder:
        root = Path(folder)
        with isolated(root / "world", dispatcher_idle_s=60.0) as settings:
            spec = of_wheels(root / "wheels")
            begun = time.perf_counter()
            environments.prepare(spec, settings, lambda data: None, lambda: False)
            first = time.perf_counter() - begun
            yield hit(spec, settings)
            yield again(spec, settings, first)
            yield submitted(spec, settings, root)


def of_wheels(folder: Path) -> EnvironmentSpec:
    """A pip environment of 20 packages with 50 files each."""
    folder.mkdir()
    for number in range(PACKAGES):
        _wheel(folder, f"bench_package_{number}")
    names = tuple(f"bench-package-{number}" for number in range(PACKAGES))
    options = ("--no-index", f"--find-links {folder}")
    version = ".".join(map(str, sys.version_info[:2]))
    return EnvironmentSpec("bench", "pip", python_version=version, pip=names, pip_options=options)


def hit(spec: EnvironmentSpec, settings: Settings) -> Row:
    """What submission asks of an unchanged environment: is it right, and is it there."""
    value = spec.to_json()

    def ask() -> None:
        found = EnvironmentSpec.from_json(value)
        environments.check(found, settings)
        assert environments.ready(found, settings) is not None

    p50, p99 = percentiles(ask, 500)
    reference = f"p99 {p99 * 1000:.2f} ms"
    return Row("unchanged environment at submission, p50", p50 * 1000, "ms", 50, reference)


def again(spec: EnvironmentSpec, settings: Settings, first: float) -> Row:
    """Building it again from what uv has kept, as after a kill."""

    def build() -> None:
        store.place_of(spec, settings).clear()
        environments.prepare(spec, settings, lambda data: None, lambda: False)

    took = best_of(build, 5)
    reference = f"{took:.2f} s, the first time {first:.2f} s"
    return Row(f"build of {PACKAGES} kept packages", took, "s", 3, reference)


def submitted(spec: EnvironmentSpec, settings: Settings, root: Path) -> Row:
    """A whole run in the environment against the same without one to be built."""
    workspace = WorkspaceFolder.create(root / "workspace", "bench")
    experiment = workspace.create_experiment("bench")
    source = root / "source"
    source.mkdir()
    (source / "hello.py").write_text("print('hello')\n")

    def run(build: EnvironmentSpec | None) -> float:
        job = LaunchSpec.of(
            settings, script="hello.py", build=None if build is None else build.to_json()
        )
        begun = time.perf_counter()
        made = submit(workspace, settings, experiment, job, source=source, definition={})
        eventually(lambda: made.state().status in status.TERMINAL, 60, "the end of the run")
        return time.perf_counter() - begun

    run(None), run(spec)
    plain = median([run(None) for _ in range(10)])
    built = median([run(spec) for _ in range(10)])
    reference = f"{built * 1000:.0f} ms, without {plain * 1000:.0f} ms"
    shutil.rmtree(source)
    return Row("run in a built environment, more", (built - plain) * 1000, "ms", 50, reference)


def _wheel(folder: Path, name: str) -> None:
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        for number in range(FILES):
            archive.writestr(f"{name}/module_{number}.py", f"VALUE = {number}\n" * 20)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{info}/WHEEL", wheel)
        archive.writestr(f"{info}/RECORD", "")
