"""Looking for lost runs goes on whatever happens to one look, and ends with the server."""

from __future__ import annotations

import asyncio
import dataclasses
import logging

import pytest

from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import submit
from ml_jupyter.server.settler import Settler
from ml_jupyter.testing.isolation import end_all, engine_processes
from tests.server.socket_page import until


async def test_a_look_that_fails_is_not_the_last(connect, workspace, app, monkeypatch, caplog):
    looks = []

    def fails(_settler: Settler) -> None:
        looks.append(1)
        raise RuntimeError("a bug")

    monkeypatch.setattr(Settler, "_settle_all", fails)
    settler = app.services.settler
    settler._limits = dataclasses.replace(settler._limits, settle_s=0.01)
    with caplog.at_level(logging.CRITICAL, logger=app.log.name):
        await connect()
        await until(lambda: len(looks) >= 3)
    await settler.close()
    assert not [task for task in asyncio.all_tasks() if "_look_on" in repr(task)]


@pytest.mark.slow
async def test_a_server_takes_up_what_a_crash_has_left(
    settings, workspace, tmp_path, app, monkeypatch
):
    """The second of two jobs waits for the only slot when everything is killed; no page is open."""
    (tmp_path / "source").mkdir()
    experiment = workspace.create_experiment("explore")

    def submitted(command):
        spec = LaunchSpec.of(settings, command=command, slots=2)
        source = tmp_path / "source"
        return submit(workspace, settings, experiment, spec, source=source, definition={})

    first = submitted("sleep 600")
    await until(lambda: first.state().status == "Running")
    second = submitted("true")
    end_all(settings)
    assert (first.state().status, second.state().status) == ("Running", "Queued")
    await app._start_jupyter_server_extension(app.serverapp)
    await until(lambda: second.state().status == "Completed")
    assert first.state().status == "Failed"


async def test_a_server_without_work_starts_no_dispatcher(settings, workspace, app):
    await app._start_jupyter_server_extension(app.serverapp)
    await app.services.settler._first
    assert engine_processes(settings) == set()
