"""Users of the system for a test, which only root can make; they end with it."""

from __future__ import annotations

import grp
import os
import pwd
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

UMASK = 0o002


@dataclass(frozen=True)
class Person:
    """A user of the system.

    Attributes
    ----------
    name : str
        Of the user.
    home : Path
        Private to the user.
    group : str
        A group that several persons are in.
    """

    name: str
    home: Path
    group: str

    def run(self, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, in the home folder; both outputs come as text."""
        plain = {"PATH": os.environ["PATH"], "HOME": str(self.home), "USER": self.name}
        return subprocess.run(
            [str(word) for word in command],
            env={**plain, "LANG": "C.UTF-8", **variables},
            cwd=self.home,
            user=self.name,
            group=pwd.getpwnam(self.name).pw_gid,
            extra_groups=[self.group],
            umask=UMASK,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@contextmanager
def people(place: Path, group: str, names: tuple[str, ...]) -> Iterator[Mapping[str, Person]]:
    """Make a group and its users, with homes below a folder that everybody may enter."""
    _do("groupadd", group)
    made: dict[str, Person] = {}
    try:
        for name in names:
            made[name] = Person(name, place / name, group)
            _do("useradd", "-m", "-d", str(place / name), "-G", group, "-s", "/bin/bash", name)
            (place / name).chmod(0o700)
        yield made
    finally:
        for name in made:
            _end_processes(name)
            _do("userdel", name)
        with suppress(KeyError):
            grp.getgrnam(group)
            _do("groupdel", group)


def _end_processes(name: str) -> None:
    uid = pwd.getpwnam(name).pw_uid
    theirs = [item for item in psutil.process_iter(["uids"]) if uid in (item.info["uids"] or ())]
    for process in theirs:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(theirs, timeout=20)


def _do(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
