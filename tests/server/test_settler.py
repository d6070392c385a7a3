"""Looking for lost runs goes on whatever happens to one look, and ends with the server."""

from __future__ import annotations

import asyncio
import dataclasses
import logging

from ml_jupyter.server.settler import Settler
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
