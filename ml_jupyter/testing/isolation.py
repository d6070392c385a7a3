"""A world of its own for tests: settings, slots and a dispatcher that end with it.

from ml_jupyter.testing.isolation import isolated_settings  # a pytest fixture

def test_something(isolated_settings): ...
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Iterator, Optional, Set

from ml_jupyter.config import Settings
from ml_jupyter.jobs import processes
from ml_jupyter.jobs.election import DispatcherPaths

if TYPE_CHECKING:
    import pytest

_END_S = 20.0
_FOLDERS = ("home", "cache", "state", "runtime", "slot_dir")


@contextmanager
def isolated(folder: Path, **changes: Any) -> Iterator[Settings]:
    """Settings with all folders below ``folder``, which ``Settings.load()`` finds too.

    At the end the dispatcher, the supervisors and all jobs that were started under these settings
    are killed, and the environment is as it was.

    Parameters
    ----------
    folder : Path
        An empty folder.
    **changes
        Other settings, as for ``Settings.load``; 2 slots by default.
    """
    folders = {name: folder / name for name in _FOLDERS}
    if "runtime" not in changes:  # a short path: that of a socket has a limit
        folders["runtime"] = Path(tempfile.mkdtemp(prefix="mlj-"))
    values = {"slots": 2, "dispatcher_idle_s": 5.0, **folders, **changes}
    before = dict(os.environ)
    for name in [item for item in os.environ if item.startswith(("ML_JUPYTER_", "AZUREML_"))]:
        del os.environ[name]
    os.environ.update({f"ML_JUPYTER_{name.upper()}": str(item) for name, item in values.items()})
    settings = Settings.load(**values)
    try:
        yield settings
    finally:
        os.environ.clear()
        os.environ.update(before)
        end_all(settings)
        for path in (settings.runtime, DispatcherPaths(settings).socket.parent):
            shutil.rmtree(str(path), ignore_errors=True)


def end_all(settings: Settings) -> None:
    """Kill the dispatcher, the supervisors and the jobs of these settings.

    Raises
    ------
    TimeoutError
        Some of them cannot be killed; names them.
    """
    deadline = time.monotonic() + _END_S
    while True:
        left = engine_processes(settings) | job_processes(settings)
        if not left:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"These processes cannot be killed: {sorted(left)}")
        processes.send(left, signal.SIGKILL)
        time.sleep(0.02)


def engine_processes(settings: Settings) -> Set[int]:
    """Dispatcher and supervisors of these settings, known by their command line."""
    mark = os.fsencode(str(settings.runtime))
    found = set()
    for pid, facts in processes.table().items():
        try:
            line = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if not facts.zombie and mark in line and b"ml_jupyter.jobs.dispatcher_start" in line:
            found.add(pid)
    return found


def job_processes(settings: Settings, run_id: Optional[str] = None) -> Set[int]:
    """Living processes of jobs of these settings, or of one run."""
    if run_id is not None:
        return processes.with_variables({"ML_JUPYTER_RUN_ID": run_id})
    found = processes.with_variables({"ML_JUPYTER_RUNTIME": str(settings.runtime)})
    return {pid for pid in found if _has_run_id(pid)}


def eventually(
    condition: Callable[[], Any], timeout_s: float = 10.0, what: str = "the condition"
) -> Any:
    """The first true value of ``condition()``.

    Raises
    ------
    AssertionError
        It did not become true within ``timeout_s`` seconds; names ``what``.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {timeout_s:g} s")
        time.sleep(0.005)


def _has_run_id(pid: int) -> bool:
    try:
        return b"ML_JUPYTER_RUN_ID=" in Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False


def _fixture() -> Any:
    import pytest

    @pytest.fixture(name="isolated_settings")
    def isolated_settings(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
        """Settings of a world of its own; indirect parameters are a dict of changes."""
        with isolated(tmp_path / "world", **getattr(request, "param", {})) as settings:
            yield settings

    return isolated_settings


def __getattr__(name: str) -> Any:
    if name == "isolated_settings":  # pytest is imported only by those who ask for the fixture
        globals()[name] = _fixture()
        return globals()[name]
    raise AttributeError(name)
