"""A Docker daemon of the tests' own, installed when missing, all of it below one folder."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import docker
import pytest

from ml_jupyter.containers import Engine
from ml_jupyter.exceptions import DockerUnavailable
from tests.docker import rootfs

IMAGE = "mlj-test-python:latest"
_PACKAGES = ("docker.io", "debootstrap", "iptables")
_START_S = 60.0
_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000  # linux/sched.h
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1  # linux/sockios.h, linux/if.h
_STOP_S = 30.0


class Daemon:
    """``dockerd`` with all that it keeps below one folder, and without the bridge ``docker0``.

    It runs in a network namespace of its own, because without a bridge it removes ``docker0``,
    which may be that of the machine's own daemon. Containers with the network of the host get the
    machine's: they are started by ``containerd``, which stays outside.

    Parameters
    ----------
    options : str
        Further options of ``dockerd``.
    """

    def __init__(self, *options: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mlj-dockerd-"))
        self.host = f"unix://{self.folder}/docker.sock"
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._containerd: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of the daemon."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises
        ------
        RuntimeError
            It ended, or does not answer; with its last words.
        """
        place = self.folder
        if self._containerd is None:
            self._containerd = self._spawn(
                "containerd", "--root", f"{place}/containerd", "--state", f"{place}/containerd-run",
                "--address", f"{place}/containerd.sock",
            )  # fmt: skip
        (place / "pid").unlink(missing_ok=True)
        self._process = self._spawn(
            "dockerd", "--data-root", f"{place}/data", "--exec-root", f"{place}/exec",
            "-H", self.host, "-p", f"{place}/pid", "--containerd", f"{place}/containerd.sock",
            "--bridge=none", "--iptables=false", "--ip6tables=false", *self._options,
            alone=True,
        )  # fmt: skip
        deadline = time.monotonic() + _START_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self._last_words())
            time.sleep(0.02)

    def client(self) -> docker.APIClient:
        """A client, to be closed by the caller."""
        return docker.APIClient(self.host, timeout=60)

    def import_image(self, data: bytes, name: str = IMAGE) -> None:
        """Make an image of a root file system."""
        repository, _, tag = name.partition(":")
        with closing(self.client()) as client:
            client.import_image_from_data(data, repository=repository, tag=tag)

    def containers(self) -> list[dict[str, Any]]:
        """All containers, those that have ended too."""
        with closing(self.client()) as client:
            return list(client.containers(all=True))

    def run(self, command: list[str], mounts: list[str], variables: dict[str, str]) -> str:
        """What a command prints in a container of the test image."""
        with closing(self.client()) as client:
            config = {"Env": [f"{name}={value}" for name, value in variables.items()]}
            config.update({"Image": IMAGE, "Cmd": command, "HostConfig": {"Binds": mounts}})
            made = client.create_container_from_config(config)["Id"]
            client.start(made)
            client.wait(made)
            said = client.logs(made).decode()
            client.remove_container(made)
        return said

    def beside(self, command: list[str]) -> subprocess.Popen[bytes]:
        """A program on the network of the daemon."""
        pid = self.pid
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=lambda: _join_network(pid),
        )  # fmt: skip

    def kill(self) -> None:
        """End it as ``kill -9`` does; what it started goes on."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def end_in_order(self) -> None:
        """End it as the system does when it is shut down; its folder stays."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                self.kill()

    def stop(self) -> None:
        """End it and all that it started, and remove its folder."""
        self.end_in_order()
        for pid in self._left():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self._containerd is not None:
            self._containerd.wait()
        for path in sorted(self._mounts(), key=len, reverse=True):
            subprocess.run(["umount", "-l", path], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _spawn(self, name: str, *options: str, alone: bool = False) -> subprocess.Popen[bytes]:
        program = shutil.which(name) or f"/usr/sbin/{name}"
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [program, *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                preexec_fn=_leave_network if alone else None,
            )  # fmt: skip

    def _left(self) -> list[int]:
        """Processes that name its folder: containerd and its shims."""
        mark, found = os.fsencode(str(self.folder)), []
        for name in os.listdir("/proc"):
            try:
                if name.isdigit() and mark in Path("/proc", name, "cmdline").read_bytes():
                    found.append(int(name))
            except OSError:
                continue
        return [pid for pid in found if pid != os.getpid()]

    def _mounts(self) -> list[str]:
        lines = Path("/proc/self/mounts").read_text().splitlines()
        return [line.split()[1] for line in lines if line.split()[1].startswith(str(self.folder))]

    def _answers(self) -> bool:
        try:
            Engine(self.host).ping()
        except DockerUnavailable:
            return False
        return True

    def _last_words(self) -> str:
        lines = (self.folder / "log").read_text("utf-8", "replace").splitlines()
        return "\n".join(lines[-5:])


def _leave_network() -> None:
    """Enter a new network namespace with a loopback address (unshare(2), netdevice(7))."""
    if _LIBC.unshare(_CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def _join_network(pid: int) -> None:
    """Enter the network namespace of a process (setns(2))."""
    handle = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    if _LIBC.setns(handle, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
    os.close(handle)


_shared: dict[str, Daemon] = {}


def shared(config: pytest.Config) -> Daemon:
    """The daemon of this test process, with the image ``IMAGE``; ended with the session."""
    if "daemon" not in _shared:
        install()
        daemon = Daemon()
        config.add_cleanup(daemon.stop)
        try:
            daemon.start()
        except RuntimeError as error:
            pytest.skip(f"no Docker daemon can run on this machine: {error}")
        daemon.import_image(rootfs.of_this_python())
        _shared["daemon"] = daemon
    return _shared["daemon"]


def install(program: str = "dockerd", packages: Sequence[str] = _PACKAGES) -> None:
    """Install a program from Debian's packages where it is missing; one test process at a time."""
    with open(Path(tempfile.gettempdir()) / "mlj-docker-install.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if shutil.which(program) or Path(f"/usr/sbin/{program}").exists():
            return
        if os.getuid() != 0 or not shutil.which("apt-get"):
            pytest.skip(f"{program} is not installed, and only root can install it with apt-get")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (
            ("update", "-qq"),
            ("install", "-y", "-qq", "--no-install-recommends", *packages),
        ):
            subprocess.run(
                ["apt-get", *words], env=environment, check=True, capture_output=True, timeout=600
            )
