"""``Tensorboard``: a TensorBoard process over one or more runs (surface 8.3)."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, List, Optional, Sequence, Union

from ml_jupyter import _time
from ml_jupyter._files import PathLike
from ml_jupyter.exceptions import MissingDependency, TrainingException

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run

_START_WITHIN_S = 60.0
_RELOAD_S = 2


class Tensorboard:
    """Starts TensorBoard over the ``logs/`` folders of runs; what they write later is seen too.

    Parameters
    ----------
    runs : Run or list of Run
        At least one.
    local_root : path, optional
        Folder where links to the runs' logs are put; default: a temporary one.
    port : int
        Port on this machine; the next free one is taken when it is in use.
    use_display_name : bool
        Name runs by their display names instead of their ids.

    Examples
    --------
    >>> board = Tensorboard(run)  # doctest: +SKIP
    >>> url = board.start()  # doctest: +SKIP
    >>> board.stop()  # doctest: +SKIP
    """

    def __init__(
        self,
        runs: Union[Run, Sequence[Run]],
        local_root: Optional[PathLike] = None,
        port: int = 6006,
        use_display_name: bool = False,
    ) -> None:
        listed: List[Any] = list(runs) if isinstance(runs, (list, tuple)) else [runs]
        if not listed:
            raise TrainingException("Tensorboard needs at least one run.")
        if importlib.util.find_spec("tensorboard") is None:
            raise MissingDependency("tensorboard", "tensorboard", "TensorBoard")
        self._runs = listed
        self._root = None if local_root is None else Path(local_root)
        self._port = port
        self._by_display_name = use_display_name
        self._process: Optional[subprocess.Popen[bytes]] = None

    def start(self, start_browser: bool = False) -> str:
        """Start TensorBoard and return its URL as soon as it answers; again gives the same one.

        Parameters
        ----------
        start_browser : bool
            Open the page in a browser.

        Raises
        ------
        TrainingException
            TensorBoard ended or did not answer within a minute; holds its last words.
        """
        if self._process is None or self._process.poll() is not None:
            self._begin()
        url = f"http://127.0.0.1:{self._port}/"
        if start_browser:
            import webbrowser

            webbrowser.open(url)
        return url

    def wait(self) -> None:
        """Wait until the process has ended, by ``stop`` or by itself."""
        if self._process is not None:
            self._process.wait()

    def stop(self) -> None:
        """End the process; a second call does nothing."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)

    def _begin(self) -> None:
        root = self._root or Path(tempfile.mkdtemp(prefix="ml_jupyter-tensorboard-"))
        self._link(root)
        self._port = _free_port(self._port)
        with tempfile.TemporaryFile() as said:
            self._process = subprocess.Popen(
                _command(root, self._port), stdout=said, stderr=said, stdin=subprocess.DEVNULL
            )
            weakref.finalize(self, _clean_up, self._process, root if self._root is None else None)
            _wait(self._process, self._port, said)

    def _link(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        for run in self._runs:
            name = run.display_name if self._by_display_name else run.id
            link = root / str(name).replace(os.sep, "_")
            if not link.exists() and not link.is_symlink():
                link.symlink_to(run._folder.layout.files / "logs", target_is_directory=True)


def _command(root: Path, port: int) -> List[str]:
    return [
        sys.executable,
        "-m",
        "tensorboard.main",
        f"--logdir={root}",
        "--host=127.0.0.1",
        f"--port={port}",
        f"--reload_interval={_RELOAD_S}",
        "--load_fast=false",
    ]


def _wait(process: subprocess.Popen[bytes], port: int, said: Any) -> None:
    deadline = _time.monotonic() + _START_WITHIN_S
    while _time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):  # URLError is one
            urllib.request.urlopen(f"http://127.0.0.1:{port}/data/logdir", timeout=5).close()
            return
        time.sleep(0.1)
    _end(process)
    said.seek(0)
    words = said.read()[-2000:].decode("utf-8", "replace").strip()
    raise TrainingException(f"TensorBoard did not start. Its last words: {words or '(none)'}")


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(trial.getsockname()[1])
    return wanted


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _clean_up(process: subprocess.Popen[bytes], folder: Optional[Path]) -> None:
    if process.poll() is None:
        _end(process)
    if folder is not None:
        shutil.rmtree(str(folder), ignore_errors=True)
