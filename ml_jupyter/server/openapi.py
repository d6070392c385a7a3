"""The OpenAPI 3.1 document, made from the table of routes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ml_jupyter.server import shapes
from ml_jupyter.server.base import Operation
from ml_jupyter.server.schemas import ID, PATH, Parameter

_COMMON_ERRORS = (400, 403, 404, 405, 413, 500, 503, 504, 507)

_TOKEN = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "`token TOKEN`, as for every part of a Jupyter server.",
}


def document(base_url: str) -> dict[str, Any]:
    """The document of a server that lies below ``base_url``."""
    from ml_jupyter._version import __version__
    from ml_jupyter.server.routes import PREFIX, ROUTES

    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ml_jupyter",
            "version": __version__,
            "description": "Runs of this user's workspaces; docs/http-api.md explains the fields.",
        },
        "servers": [{"url": f"{base_url}{PREFIX}"}],
        "security": [{"token": []}],
        "paths": {f"/{route.path}": _path(route.path, route.operations) for route in ROUTES},
        "components": {
            "schemas": dict(shapes.SHAPES),
            "securitySchemes": {"token": _TOKEN},
        },
    }


def _path(path: str, operations: Mapping[str, Operation]) -> dict[str, Any]:
    found = {verb.lower(): _operation(verb, path, item) for verb, item in operations.items()}
    return {**_path_parameters(path), **found}


def _path_parameters(path: str) -> dict[str, Any]:
    names = re.findall(r"{(\w+)}", path)
    if not names:
        return {}
    found = [
        {"name": name, "in": "path", "required": True, "schema": PATH if name == "path" else ID}
        for name in names
    ]
    return {"parameters": found}


def _operation(verb: str, path: str, operation: Operation) -> dict[str, Any]:
    words = re.sub(r"\W+", "_", path).strip("_")
    found: dict[str, Any] = {
        "operationId": f"{verb.lower()}_{words}",
        "summary": operation.summary,
        "x-action": operation.action,
        "responses": _responses(operation),
    }
    if operation.parameters:
        found["parameters"] = [_parameter(item) for item in operation.parameters]
    if operation.body is not None:
        needed = bool(operation.body.get("required"))
        content = {"application/json": {"schema": operation.body}}
        found["requestBody"] = {"required": needed, "content": content}
    return found


def _parameter(item: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = dict(item.schema)
    if item.default is not None:
        schema["default"] = item.default
    if item.many:
        schema = {"type": "array", "items": dict(item.schema)}
    found = {"name": item.name, "in": "query", "description": item.help, "schema": schema}
    return {**found, "required": True} if item.required else found


def _responses(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {str(operation.status): _success(operation)}
    for status in operation.errors:
        found[str(status)] = _success(operation) if status < 400 else _error()
    for status in _COMMON_ERRORS:
        found.setdefault(str(status), _error())
    return found


def _success(operation: Operation) -> dict[str, Any]:
    if operation.answer == "bytes":
        return {"description": "The bytes.", "content": {"*/*": {"schema": {}}}}
    if not operation.answer:
        return {"description": "Done."}
    schema = shapes.reference(operation.answer)
    return {"description": "The answer.", "content": {"application/json": {"schema": schema}}}


def _error() -> dict[str, Any]:
    content = {"application/json": {"schema": shapes.reference("Error")}}
    return {"description": "Refused or failed; the code says why.", "content": content}
