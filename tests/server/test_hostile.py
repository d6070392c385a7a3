"""What a hostile client tries besides paths: forged requests, huge bodies, probing."""

from __future__ import annotations

import json

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPRequest

from ml_jupyter.history import records
from ml_jupyter.server import errors
from ml_jupyter.server.workers import Workers


@pytest.fixture
def run(workspace):
    experiment = workspace.create_experiment("explore")
    return workspace.create_run(experiment, "run-1", records.INTERACTIVE, "Queued")


class Browser:
    """Asks as a browser with the login cookie does."""

    def __init__(self, server) -> None:
        self.root = f"http://localhost:{server.port}{server.base_url}"
        self.origin = f"http://localhost:{server.port}"
        self.token = server.identity_provider.token
        self.cookies: dict[str, str] = {}

    async def log_in(self) -> None:
        for path in ("login", f"api/status?token={self.token}"):
            answer = await self.ask("GET", path)
            for item in answer.headers.get_list("Set-Cookie"):
                name, _, value = item.split(";")[0].partition("=")
                self.cookies[name] = value

    async def ask(self, verb, path, body=None, **headers):
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
        return await AsyncHTTPClient().fetch(
            HTTPRequest(
                self.root + path,
                verb,
                headers,
                body,
                allow_nonstandard_methods=True,
                follow_redirects=False,
            ),
            raise_error=False,
        )


@pytest.fixture
def visitor(jp_serverapp, http_server, app):
    return Browser(jp_serverapp)


async def test_a_forged_change_is_refused_and_an_own_one_is_not(visitor, workspace, run):
    await visitor.log_in()
    path = f"ml-jupyter/workspaces/{workspace.id}/runs/run-1"
    assert (await visitor.ask("GET", path, Referer=visitor.root)).code == 200
    change = json.dumps({"display_name": "forged"})
    for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        answer = await visitor.ask("PATCH", path, change, **headers)
        assert answer.code in (403, 404)
        assert (await visitor.ask("POST", f"{path}/cancel", "{}", **headers)).code in (403, 404)
    assert run.state().status == "Queued"
    assert run.state().display_name is None
    answer = await visitor.ask(
        "PATCH",
        path,
        json.dumps({"display_name": "own"}),
        Origin=visitor.origin,
        **{"X-XSRFToken": visitor.cookies["_xsrf"]},
    )
    assert answer.code == 200
    assert run.state().display_name == "own"


async def test_tensorboards_own_questions_are_judged_by_their_origin(visitor, workspace):
    await visitor.log_in()
    path = "ml-jupyter/tensorboards/none/data/plugin/timeseries/timeSeries"
    answer = await visitor.ask("POST", path, "requests=[]", Origin=visitor.origin)
    assert (answer.code, json.loads(answer.body)["code"]) == (404, "tensorboard_not_found")
    for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        answer = await visitor.ask("POST", path, "requests=[]", **headers)
        assert answer.code in (403, 404)
        assert b"tensorboard_not_found" not in answer.body
    answer = await visitor.ask("POST", "ml-jupyter/tensorboards", "{}", Origin=visitor.origin)
    assert answer.code == 403, "starting one is no question: it needs the token"


async def test_another_site_may_not_read(visitor, workspace, run):
    await visitor.log_in()
    path = f"ml-jupyter/workspaces/{workspace.id}/runs"
    answer = await visitor.ask("GET", path, Origin="http://evil.example")
    assert answer.code in (403, 404)
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_large_is_refused_before_it_is_kept(
    fetch, workspace, run, app, chunked
):
    most = app.services.limits.body_bytes
    where = ("workspaces", workspace.id, "runs", "run-1")
    data = b'{"description": "' + b"x" * most + b'"}'

    async def produce(write):
        for start in range(0, len(data), 65536):
            await write(data[start : start + 65536])

    given = {"body_producer": produce, "headers": {}} if chunked else {"body": data}
    answer = await fetch(*where, method="PATCH", **{"body": None, **given})
    assert answer.status in (413, 599)
    if answer.status == 413:
        assert answer.json["code"] == "too_large"
    assert run.state().description is None
    assert (await fetch(*where)).status == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"display_name": 5}, "body.display_name"),
        ({"display_name": ""}, "body.display_name"),
        ({"tags": {"k": 1}}, "body.tags.k"),
        ({"tags": []}, "body.tags"),
        ({"unknown": 1}, "body"),
        ({"archived": "yes"}, "body.archived"),
        ([], "body"),
    ],
)
async def test_wrong_fields_are_named(fetch, workspace, run, body, field):
    answer = await fetch(
        "workspaces", workspace.id, "runs", "run-1", method="PATCH", json_body=body
    )
    assert (answer.status, answer.json["code"]) == (400, "invalid_argument")
    assert answer.json["details"]["field"] == field
    assert field in answer.json["message"]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"archived": NaN}'])
async def test_what_is_not_json_is_refused(fetch, workspace, run, body):
    answer = await fetch("workspaces", workspace.id, "runs", "run-1", method="PATCH", body=body)
    assert (answer.status, answer.json["code"]) == (400, "invalid_argument")


@pytest.mark.parametrize(
    ("rest", "params", "field"),
    [
        (("runs",), {"limit": "5000"}, "limit"),
        (("runs",), {"limit": "x"}, "limit"),
        (("runs",), {"status": "Sleeping"}, "status"),
        (("runs",), {"top_level": "maybe"}, "top_level"),
        (("runs", "run-1", "metrics"), {"points": "1"}, "points"),
        (("runs", "run-1", "metrics"), {"x_min": "nan"}, "x_min"),
        (("runs", "run-1", "metrics"), {"axis": "wall"}, "axis"),
        (("runs", "run-1", "log"), {"offset": "9" * 50}, "offset"),
        (("runs", "run-1", "log"), {"length": "99999999"}, "length"),
    ],
)
async def test_wrong_parameters_are_named(fetch, workspace, run, rest, params, field):
    answer = await fetch("workspaces", workspace.id, *rest, params=params)
    assert (answer.status, answer.json["code"]) == (400, "invalid_argument")
    assert answer.json["details"]["field"] == field


async def test_an_unforeseen_error_tells_nothing_of_the_machine(fetch, workspace, monkeypatch, app):
    def broken(**_):
        raise RuntimeError("/home/mara/secret/place failed")

    monkeypatch.setattr(app.services.workspaces, "all", broken)
    answer = await fetch("workspaces")
    assert (answer.status, answer.json["code"]) == (500, "internal")
    assert b"secret" not in answer.body
    assert b"Traceback" not in answer.body


def test_paths_are_cut_down_to_their_last_part():
    text = "Cannot write /home/mara/runs/x: full; see https://example.org/a/b and outputs/a.txt."
    assert errors.without_paths(text) == (
        "Cannot write …/x: full; see https://example.org/a/b and outputs/a.txt."
    )


@pytest.mark.parametrize("field", ["source_directory", "script"])
@pytest.mark.parametrize("path", ["..", "/etc", "../../etc", "a\0b"])
async def test_a_job_cannot_be_taken_from_outside_the_root(
    fetch, workspace, jp_root_dir, field, path
):
    body = {"experiment": "e", "source_directory": ".", "script": "train.py", field: path}
    answer = await fetch("workspaces", workspace.id, "runs", method="POST", json_body=body)
    assert answer.status in (400, 422), answer.body
    assert (await fetch("workspaces", workspace.id, "runs")).json["total"] == 0


async def test_work_that_takes_too_long_and_too_much_of_it_is_refused():
    import threading

    gate = threading.Event()
    workers = Workers(1, 1, 0.05, "test")
    try:
        with pytest.raises(errors.TimedOut):
            await workers.run(gate.wait)
        with pytest.raises(errors.TimedOut):
            await workers.run(gate.wait)
        with pytest.raises(errors.Busy):
            await workers.run(gate.wait)
    finally:
        gate.set()
        workers.close()
