"""The client's side of the dispatcher: waking the one that runs, or starting one.

There is one dispatcher a user. It holds ``dispatcher.lock`` in the runtime folder and answers at
``dispatcher.sock`` there. Order makes lost wake-ups impossible: a client writes
its marker before it wakes; a dispatcher that leaves closes its socket before it looks at the
markers for the last time.
"""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path
from typing import Any, Dict, List, Tuple

from ml_jupyter import _time
from ml_jupyter.config import Settings
from ml_jupyter.devices import library
from ml_jupyter.exceptions import WorkspaceException
from ml_jupyter.history import lock
from ml_jupyter.jobs import detach
from ml_jupyter.jobs.version import software_version

WAKE = "wake"
GIVE_WAY = "give way"
TAKEN = b"taken"
#: Seconds that a client waits for the answer of a busy dispatcher before it starts another, which
#: finds out by the lock whether it is needed.
ANSWER_S = 0.5
#: Seconds that a client waits for a dispatcher that it started; the run is queued whatever happens.
START_S = 0.5
_SOCKET_PATH_BYTES = 100  # sun_path is 108 on Linux and 104 on macOS: unix(7)
_POLL_S = 0.005


class DispatcherPaths:
    """Files of the user's dispatcher.

    Parameters
    ----------
    settings : Settings
        Names the runtime and the state folder.
    """

    def __init__(self, settings: Settings) -> None:
        self._runtime = settings.runtime
        self.lock = settings.runtime / "dispatcher.lock"
        self.facts = settings.runtime / "dispatcher.json"
        self.log = settings.state / "dispatcher.log"

    @property
    def socket(self) -> Path:
        """Where it listens; elsewhere when the runtime folder's path is too long for a socket."""
        path = self._runtime / "dispatcher.sock"
        if len(os.fsencode(str(path))) <= _SOCKET_PATH_BYTES:
            return path
        digest = blake2b(os.fsencode(str(path)), digest_size=8).hexdigest()
        return (
            private_folder(Path(tempfile.gettempdir()) / f"mlj-{os.getuid()}-{digest}") / "d.sock"
        )

    def prepare(self) -> None:
        """Make the runtime folder, private to the user."""
        private_folder(self._runtime)


def private_folder(path: Path) -> Path:
    """Make a folder that only this user can enter.

    Raises
    ------
    WorkspaceException
        It is there and belongs to somebody else, or others may write to it.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        facts = path.stat()
    except OSError as error:
        raise WorkspaceException(
            f"The runtime folder {path} cannot be made: {error.strerror}."
        ) from error
    if facts.st_uid != os.getuid() or facts.st_mode & 0o022:
        raise WorkspaceException(
            f"The runtime folder {path} is not private to you.",
            hint="Remove it, or set ML_JUPYTER_RUNTIME to a folder of your own.",
        )
    return path


def is_running(settings: Settings) -> bool:
    """Whether this user's dispatcher runs."""
    return lock.is_held(DispatcherPaths(settings).lock)


def ensure_dispatcher(settings: Settings) -> None:
    """Wake the dispatcher; start one when there is none, or only one of an older version.

    Inside a job it is the job's supervisor that starts it: what a job starts ends with the job.
    On Windows, where no job runs, there is none.
    """
    if sys.platform == "win32":
        return
    paths = DispatcherPaths(settings)
    paths.prepare()
    if is_outdated(paths):
        send(paths, GIVE_WAY)
    elif send(paths, WAKE):
        return
    if _supervised():
        return
    start(settings)
    deadline = _time.monotonic() + START_S
    while not send(paths, WAKE) and _time.monotonic() < deadline:
        time.sleep(_POLL_S)


def start(settings: Settings) -> None:
    """Start a dispatcher, detached; it leaves at once when another one serves already."""
    paths = DispatcherPaths(settings)
    paths.log.parent.mkdir(parents=True, exist_ok=True)
    command = [*detach.prefix(), *dispatcher_command(settings)]
    line = " ".join(map(shlex.quote, command)) + " </dev/null >/dev/null 2>&1 &"
    subprocess.run(  # the shell ends at once, so that nobody has a child to wait for
        ["/bin/sh", "-c", line],
        stdin=subprocess.DEVNULL,
        env=_environment(),
        cwd="/",
        start_new_session=True,
        check=False,
    )


def dispatcher_command(settings: Settings) -> List[str]:
    """Command line of a dispatcher: this interpreter, this package, nothing from site-packages."""
    package = str(Path(__file__).resolve().parent.parent.parent)
    values = {item.name: getattr(settings, item.name) for item in fields(settings)}
    text = json.dumps(
        {key: str(item) if isinstance(item, Path) else item for key, item in values.items()}
    )
    path = (
        f"import sys; sys.path.insert(0, {package!r}); sys.path += {library.binding_folders()!r}; "
    )
    program = path + "from ml_jupyter.jobs.dispatcher_start import main; main()"
    return [sys.executable, "-I", "-S", "-c", program, text]


def send(paths: DispatcherPaths, message: str) -> bool:
    """Send a message to the dispatcher; whether it has taken it.

    It answers before it acts. Without the answer a message to a dispatcher that is being killed
    would count as taken: its socket is open for a moment longer than it lives.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(ANSWER_S)
        try:
            client.connect(str(paths.socket))
            client.sendall(message.encode("ascii"))
            client.shutdown(socket.SHUT_WR)
            return client.recv(len(TAKEN)) == TAKEN
        except OSError:
            return False


def is_outdated(paths: DispatcherPaths) -> bool:
    """Whether the dispatcher that runs, or ran last, is older than this software."""
    return software_version() > _running_version(paths)


def _running_version(paths: DispatcherPaths) -> Tuple[int, ...]:
    try:
        facts: Dict[str, Any] = json.loads(paths.facts.read_bytes())
        return tuple(int(part) for part in facts["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return software_version()


def _supervised() -> bool:
    run, experiment = (
        os.environ.get("ML_JUPYTER_RUN_ID"),
        os.environ.get("ML_JUPYTER_EXPERIMENT_ID"),
    )
    workspace = os.environ.get("ML_JUPYTER_WORKSPACE")
    if not (run and experiment and workspace):
        return False
    return lock.is_held(Path(workspace, "runs", experiment, run, "lock"))


def _environment() -> Dict[str, str]:
    """Variables of a dispatcher: none of a job's, so that it is never taken for a part of one."""
    kept = (
        "HOME",
        "PATH",
        "LANG",
        "LC_ALL",
        "TMPDIR",
        "USER",
        "LOGNAME",
        "XDG_RUNTIME_DIR",
        "DBUS_SESSION_BUS_ADDRESS",
        "LD_LIBRARY_PATH",  # some images have the driver's library elsewhere
        library.RECORDING,
    )
    return {name: os.environ[name] for name in kept if name in os.environ}
