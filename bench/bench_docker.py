"""Jobs in containers: from submission to the first line, against ``docker run`` itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rows import Row

from ml_jupyter.containers import ContainerSpec
from ml_jupyter.history import status, stream
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import submit
from ml_jupyter.testing.isolation import eventually, isolated
from tests.docker import rootfs
from tests.docker.daemon import IMAGE, Daemon, install

TRIES = 12
_PROGRAM = "print('hello')\n"


def rows(full: bool) -> Iterator[Row]:
    """All rows of this part; none where no Docker daemon can run."""
    with _daemon() as daemon, tempfile.TemporaryDirectory(prefix="mlj-bench-") as folder:
        root = Path(folder)
        with isolated(root / "world", slots=2, dispatcher_idle_s=60.0) as settings:
            source = root / "source"
            source.mkdir()
            (source / "hello.py").write_text(_PROGRAM)
            workspace = WorkspaceFolder.create(root / "workspace", "bench")
            experiment = workspace.create_experiment("bench")
            container = ContainerSpec(image=IMAGE, engine=daemon.host).to_json()

            def start() -> RunFolder:
                spec = LaunchSpec.of(
                    settings, script="hello.py", interpreter="python", container=container
                )
                return submit(workspace, settings, experiment, spec, source=source, definition={})

            yield _first_line(daemon, start, source)


def _first_line(daemon: Daemon, start: object, source: Path) -> Row:
    assert callable(start)
    _ends(start())
    ours, theirs = [], []
    for _ in range(TRIES):
        theirs.append(_docker_run(daemon, source))
        begun = time.perf_counter()
        run = start()
        log = run.layout.files / STD_LOG
        next(stream.follow(log, ended=lambda run=run: _has_ended(run), timeout_s=60))
        ours.append(time.perf_counter() - begun)
        _ends(run)
    extra = (min(ours) - min(theirs)) * 1000  # those least disturbed by others on the machine
    reference = f"{min(ours) * 1000:.0f} ms, docker run {min(theirs) * 1000:.0f} ms"
    return Row("Docker submit → first line, beyond docker run", extra, "ms", 250, reference)


def _docker_run(daemon: Daemon, source: Path) -> float:
    """Seconds to the first line of the same script with Docker's own program."""
    program = shutil.which("docker") or "/usr/bin/docker"
    command = [program, "run", "--rm", "--init", "-t", "-v", f"{source}:/work", "-w", "/work"]
    begun = time.perf_counter()
    with subprocess.Popen(
        [*command, IMAGE, "python", "hello.py"],
        env={**os.environ, "DOCKER_HOST": daemon.host},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        return time.perf_counter() - begun


def _has_ended(run: RunFolder) -> bool:
    return run.state().status in status.TERMINAL


def _ends(run: RunFolder) -> None:
    eventually(lambda: _has_ended(run), 120, f"the end of {run.id}")


@contextmanager
def _daemon() -> Iterator[Daemon]:
    install()
    found = Daemon()
    try:
        found.start()
        found.import_image(rootfs.of_this_python())
        yield found
    finally:
        found.stop()
