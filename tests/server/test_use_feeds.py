"""What pages follow of a run's use, its finding, and the logs of its ranks."""

from __future__ import annotations

import base64

from ml_jupyter.history import status
from ml_jupyter.history.system_log import Channel, SystemLog

CPU = Channel("cpu", "%", "CPU", 1600.0)


async def test_new_samples_come_to_the_page(connect, workspace, run):
    page = await connect()
    place = {"workspace": workspace.id, "run": run.id}
    await page.send(op="subscribe", id=1, stream="system", **place)
    first = await page.until(lambda m: m["id"] == 1)
    assert (first["type"], first["series"], first["summary"]) == ("system", [], None)
    log = SystemLog(run.layout)
    log.note(interval_s=5.0, gpus=[])
    log.append(CPU, (run.state().started or run.record.created) + 10**9, 50.0)
    await page.until(lambda m: m["id"] == 1 and len(m["series"]) == 1)
    log.append(CPU, (run.state().started or run.record.created) + 2 * 10**9, 150.0)
    last = await page.until(lambda m: m["id"] == 1 and m["series"][0]["count"] == 2)
    assert last["series"][0]["values"] == [50.0, 150.0]
    log.close()


async def test_the_finding_comes_with_the_end(connect, workspace, run):
    page = await connect()
    await page.send(op="subscribe", id=1, stream="run", workspace=workspace.id, run=run.id)
    await page.until(lambda m: m["id"] == 1 and m["run"]["finding"] is None)
    error = {"code": "RunFailed", "message": "It does not converge."}
    run.set_status(status.FAILED, reason="It does not converge.", error=error)
    told = await page.until(lambda m: m["id"] == 1 and m["run"]["status"] == "Failed")
    assert told["run"]["finding"]["title"] == "It does not converge."


async def test_a_rank_s_log_is_followed_with_line_numbers(connect, workspace, run):
    log = "user_logs/std_log_process_2.txt"
    run.note(ranks=[{"rank": 2, "name": "2", "node": 0, "log": log, "exit_code": None}])
    path = run.layout.files / log
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"one\ntwo\n")
    page = await connect()
    place = {"workspace": workspace.id, "run": run.id}
    await page.send(op="subscribe", id=1, stream="log", rank=2, offset=4, **place)
    first = await page.until(lambda m: m["id"] == 1)
    assert (first["line"], base64.b64decode(first["data"])) == (2, b"two\n")
    with path.open("ab") as stream:
        stream.write(b"three\n")
    second = await page.until(lambda m: m["id"] == 1)
    assert (second["line"], base64.b64decode(second["data"])) == (3, b"three\n")
