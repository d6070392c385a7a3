"""Every route against every kind of caller, and the table against the handlers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.base.handlers import APIHandler
from tornado.httpclient import HTTPClientError
from tornado.web import RequestHandler

from ml_jupyter.server import errors
from ml_jupyter.server.app import MlJupyterApp
from ml_jupyter.server.openapi import document
from ml_jupyter.server.routes import FALLBACK, ROUTES, Route

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
CASES = [(route, verb) for route in ROUTES for verb in route.operations]
REST = [(route, verb) for route, verb in CASES if route.path != "socket"]
DOCS = Path(__file__).parents[2] / "docs"


def name(value: Any) -> str:
    return value.path if isinstance(value, Route) else str(value)


def defined(handler: type[RequestHandler]) -> set[str]:
    """Verbs that a handler answers itself."""
    bases = (RequestHandler, APIHandler)
    return {
        verb
        for verb in VERBS
        if getattr(handler, verb.lower())
        not in [getattr(base, verb.lower(), None) for base in bases]
    }


def parts(route: Route, **values: str) -> list[str]:
    known = {"workspace_id": "w", "run_id": "r", "experiment_id": "e", "board_id": "b"}
    known |= {"path": "f", "name": "n", "version": "1", "view_id": "v"}
    known["schema_name"] = "commandJob.schema.json"
    return route.path.format(**{**known, **values}).split("/")


def body_for(route: Route, verb: str) -> dict[str, Any] | None:
    if verb not in ("POST", "PATCH", "PUT"):
        return None
    if route.path == "tensorboards":
        return {"workspace_id": "w", "run_ids": ["r"]}
    if route.path.endswith("/views"):
        return {"kind": "compare", "name": "n", "content": {}}
    if route.path.endswith("{view_id}"):
        return {"revision": 1}
    if route.path.endswith("/beside"):
        return {"folder": ""}
    if route.path.endswith("/runs"):
        return {"experiment": "e", "source_directory": "."}
    return {}


@pytest.mark.parametrize("route", ROUTES, ids=name)
def test_each_verb_is_in_the_table_and_guarded_as_it_says(route):
    assert defined(route.handler) == set(route.operations)
    for verb, operation in route.operations.items():
        method = getattr(route.handler, verb.lower())
        assert verb.lower() in vars(route.handler), (
            f"{verb} is inherited: guard it in the leaf class"
        )
        assert method.authorized_action == (operation.action, "ml_jupyter")
        assert is_authenticated(method), f"{verb} lacks @web.authenticated"


def test_the_fallback_is_guarded_too():
    assert defined(FALLBACK) == set(VERBS)
    for verb in VERBS:
        method = getattr(FALLBACK, verb.lower())
        assert method.authorized_action == ("read", "ml_jupyter")
        assert is_authenticated(method)


def is_authenticated(method: Any) -> bool:
    """Whether a login check is the outermost decorator."""
    return (
        getattr(method, "__wrapped__", None) is not None
        and method.__code__.co_filename.endswith(
            (str(Path("tornado") / "web.py"), str(Path("auth") / "decorator.py"))
        )
        and "current_user" in method.__code__.co_names
    )


@pytest.mark.parametrize(("route", "verb"), REST, ids=name)
async def test_without_a_token_nothing_is_told(fetch, workspace, route, verb):
    answer = await fetch(
        *parts(route), method=verb, headers={"Authorization": ""}, json_body=body_for(route, verb)
    )
    assert answer.status == 403
    if verb != "HEAD":
        assert answer.json["code"] == "not_authenticated"
    answer = await fetch(
        *parts(route),
        method=verb,
        headers={"Authorization": "token wrong"},
        json_body=body_for(route, verb),
    )
    assert answer.status == 403


@pytest.mark.parametrize(("route", "verb"), CASES, ids=name)
async def test_a_user_who_may_only_read_cannot_do_more(
    app, jp_serverapp, fetch, workspace, monkeypatch, route, verb
):
    asked = []

    class Watching:
        def is_authorized(self, handler, user, action, resource):
            asked.append((action, resource))
            return action == "read"

    monkeypatch.setitem(jp_serverapp.web_app.settings, "authorizer", Watching())
    answer = await fetch(*parts(route), method=verb, json_body=body_for(route, verb))
    action = route.operations[verb].action
    assert asked[0] == (action, "ml_jupyter")
    if action == "read":
        assert answer.status != 403
    else:
        assert answer.status == 403
        assert answer.json["code"] == "not_authorized"


@pytest.mark.parametrize(("route", "verb"), [c for c in REST if "{" in c[0].path], ids=name)
@pytest.mark.parametrize("bad", ["nosuch", "-bad id", "a%00b", "%2e%2e", "x" * 300])
async def test_bad_ids_are_refused_in_one_shape(fetch, workspace, route, verb, bad):
    ids = ("workspace_id", "run_id", "experiment_id", "board_id", "view_id", "schema_name")
    values = dict.fromkeys((*ids, "name", "version"), bad)
    answer = await fetch(*parts(route, **values), method=verb, json_body=body_for(route, verb))
    assert answer.status in (400, 404)
    if verb != "HEAD":
        assert set(answer.json) == {"code", "message", "hint", "details"}


@pytest.mark.parametrize("route", [r for r in ROUTES if r.path != "socket"], ids=name)
async def test_other_verbs_are_refused(fetch, workspace, route):
    for verb in set(VERBS) - set(route.operations) - {"HEAD"}:
        answer = await fetch(
            *parts(route), method=verb, json_body={} if verb in ("POST", "PATCH", "PUT") else None
        )
        assert answer.status == 405, (verb, answer.body)
        assert answer.json["code"] == "method_not_allowed"
        assert set(route.operations) <= set(re.split(", ", answer.headers["Allow"]))


@pytest.mark.parametrize(
    "path", [("nothing",), ("workspaces", "w", "nothing"), ("",), ("runs", "..", "..")]
)
async def test_what_does_not_exist_has_the_same_shape(fetch, workspace, path):
    answer = await fetch(*path)
    assert answer.status == 404
    assert answer.json["code"] == "not_found"


async def test_the_document_describes_what_there_is(fetch, workspace, jp_base_url):
    answer = await fetch("openapi.json")
    assert answer.status == 200
    assert answer.json == json.loads(json.dumps(document(jp_base_url)))
    assert answer.json["servers"] == [{"url": f"{jp_base_url}ml-jupyter"}]
    operations = {
        (path.strip("/"), verb.upper()): found["x-action"]
        for path, item in answer.json["paths"].items()
        for verb, found in item.items()
        if verb != "parameters"
    }
    assert operations == {
        (route.path, verb): getattr(route.handler, verb.lower()).authorized_action[0]
        for route in ROUTES
        for verb in defined(route.handler)
    }


def test_the_documentation_names_every_route():
    text = (DOCS / "http-api.md").read_text("utf-8").replace("{ws}", "{}")
    for route in ROUTES:
        assert re.sub(r"{\w+}", "{}", route.path) in re.sub(r"{\w+}", "{}", text), route.path


async def test_the_socket_needs_a_login(jp_ws_fetch, app, workspace):
    with pytest.raises(HTTPClientError) as refused:
        await jp_ws_fetch("ml-jupyter", "socket", headers={"Authorization": "token wrong"})
    assert refused.value.code == 403


def test_the_documentation_names_every_setting_and_every_code():
    text = (DOCS / "http-api.md").read_text("utf-8")
    for trait in MlJupyterApp.class_own_traits(config=True):
        assert f"`{trait}`" in text, trait
    for code in errors.STATUS:
        assert f"`{code}`" in text, code
