"""Removing what a run has left with an engine."""

from __future__ import annotations

import select
import socket
from pathlib import Path

from ml_jupyter.containers import leftovers
from ml_jupyter.testing.isolation import isolated


def test_an_engine_that_a_copied_run_names_elsewhere_is_not_called(tmp_path: Path) -> None:
    with isolated(tmp_path / "world") as settings, socket.create_server(("127.0.0.2", 0)) as server:
        address = f"tcp://127.0.0.2:{server.getsockname()[1]}"
        assert leftovers.remove(settings, address, "run-1", tmp_path)
        assert select.select([server], [], [], 0)[0] == []
        assert leftovers.sweep(settings) == 0
