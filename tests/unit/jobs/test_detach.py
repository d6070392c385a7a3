"""Whether runs outlive the server, and the command that sees to it."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path

import pytest

from ml_jupyter.jobs import detach


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make this a machine with a user manager whose ``systemd-run`` ends so."""

    def make(*, lingers: bool, status: int) -> None:
        program = tmp_path / "programs" / "systemd-run"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\nexit {status}\n", "utf-8")
        program.chmod(0o755)
        (tmp_path / "systemd").mkdir()
        (tmp_path / "systemd" / "private").touch()
        linger = tmp_path / "linger"
        linger.mkdir()
        if lingers:
            (linger / getpass.getuser()).touch()
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
        monkeypatch.setattr(detach, "_LINGER", linger)
        monkeypatch.setattr(detach, "_CONTAINER_MARKS", ())
        detach._makes_scopes.cache_clear()

    return make


@pytest.mark.parametrize(
    ("lingers", "status", "outlives"), [(True, 0, True), (False, 0, False), (True, 1, False)]
)
def test_runs_outlive_the_server_where_a_scope_can_be_had(
    machine: Callable[..., None], lingers: bool, status: int, outlives: bool
) -> None:
    machine(lingers=lingers, status=status)
    assert detach.ends_with_server() is not outlives
    assert detach.prefix()[:3] == (["systemd-run", "--user", "--scope"] if outlives else [])


def test_without_systemd_nothing_ends_with_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    monkeypatch.setattr(detach, "_CONTAINER_MARKS", ())
    assert detach.ends_with_server() is False
    assert detach.prefix() == []
