"""What Git knows of a source folder: repository, branch, commit, uncommitted changes.

Asks the ``git`` program (two short calls at once) and never writes. Property names as the Azure ML
SDK writes them.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

TIMEOUT_S = 1.0
_USER = re.compile(r"^([a-z][a-z0-9+.-]*://)[^/@]*@", re.IGNORECASE)
_OID, _HEAD = "# branch.oid ", "# branch.head "


@dataclass(frozen=True)
class GitFacts:
    """Facts of a source folder; None: not known."""

    repository: Optional[str] = None
    branch: Optional[str] = None
    commit: Optional[str] = None
    dirty: Optional[bool] = None

    def as_record(self) -> Dict[str, Any]:
        """For ``run.json``; empty outside a repository."""
        return {key: value for key, value in vars(self).items() if value is not None}

    def as_properties(self) -> Dict[str, str]:
        """As properties of a run, each under both of the names that the Azure ML SDK gives it."""
        facts = {
            ("azureml.git.repository_uri", "mlflow.source.git.repoURL"): self.repository,
            ("azureml.git.branch", "mlflow.source.git.branch"): self.branch,
            ("azureml.git.commit", "mlflow.source.git.commit"): self.commit,
            ("azureml.git.dirty",): None if self.dirty is None else str(self.dirty),
        }
        return {
            name: value for names, value in facts.items() if value is not None for name in names
        }


class GitQuery:
    """Questions to Git that run while the caller does something else.

    Parameters
    ----------
    folder : Path
        Source folder; nothing is started when no ``.git`` lies in it or above it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._status: Optional[subprocess.Popen[bytes]] = None
        self._remotes: Optional[subprocess.Popen[bytes]] = None
        if in_repository(folder):
            self._status = _start(folder, "status", "--porcelain=v2", "--branch", "--", ".")
            self._remotes = _start(folder, "config", "--get-regexp", r"^remote\..*\.url$")

    def facts(self, timeout_s: float = TIMEOUT_S) -> GitFacts:
        """The answers; what takes longer than ``timeout_s`` seconds from now is left out.

        In a repository so large that its changes cannot be found in time, ``dirty`` is not known.
        """
        asked = self._status is not None
        status, remotes = self._answers(timeout_s)
        repository = None if remotes is None else parse_remotes(remotes)
        if status is not None:
            return GitFacts(repository=repository, **parse_status(status))
        if not asked:
            return GitFacts(repository=repository)
        head = _answer(_start(self._folder, "rev-parse", "HEAD", "--abbrev-ref", "HEAD"), timeout_s)
        commit, branch = [*(head or "").split(), None, None][:2]
        return GitFacts(repository, None if branch == "HEAD" else branch, commit)

    def close(self) -> None:
        """Give up the questions that nobody waits for any more."""
        self._answers(0.0)

    def _answers(self, timeout_s: float) -> Tuple[Optional[str], Optional[str]]:
        asked, self._status, self._remotes = (self._status, self._remotes), None, None
        return _answer(asked[0], timeout_s), _answer(asked[1], timeout_s)


def in_repository(folder: Path) -> bool:
    """Whether ``folder`` or one above it holds ``.git``."""
    path = os.path.abspath(str(folder))
    while not os.path.exists(os.path.join(path, ".git")):
        path, last = os.path.dirname(path), path
        if path == last:
            return False
    return True


def without_credentials(url: str) -> str:
    """A remote's URL without user name and password; ``git@host:path`` has none and stays."""
    return _USER.sub(r"\1", url)


def parse_status(text: str) -> Mapping[str, Any]:
    """Branch, commit and dirtiness from ``git status --porcelain=v2 --branch``.

    Source: git-status(1), "Porcelain Format Version 2".
    """
    lines = text.splitlines()
    branch, commit = _after(lines, _HEAD), _after(lines, _OID)
    return {
        "branch": None if branch in (None, "(detached)") else branch,
        "commit": None if commit in (None, "(initial)") else commit,
        "dirty": any(not line.startswith("#") for line in lines),
    }


def parse_remotes(text: str) -> Optional[str]:
    """URL of ``origin``, else of the first remote."""
    pairs = [line.split(" ", 1) for line in text.splitlines() if " " in line]
    urls = {key[len("remote.") : -len(".url")]: url for key, url in pairs}
    url = urls.get("origin") or next(iter(urls.values()), None)
    return None if url is None else without_credentials(url)


def _after(lines: Sequence[str], prefix: str) -> Optional[str]:
    return next((line[len(prefix) :] for line in lines if line.startswith(prefix)), None)


def _start(folder: Path, *arguments: str) -> Optional[subprocess.Popen[bytes]]:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        return subprocess.Popen(
            ["git", "-C", str(folder), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
    except OSError:  # no git program: the facts are left out
        return None


def _answer(process: Optional[subprocess.Popen[bytes]], timeout_s: float) -> Optional[str]:
    if process is None:
        return None
    try:
        output, _ = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        process.kill()
        if process.stdout is not None:  # not read to its end: what Git started may hold it open
            process.stdout.close()
        process.wait()
        return None
    return output.decode("utf-8", "replace") if process.returncode == 0 else None
