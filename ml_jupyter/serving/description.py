"""``/swagger.json``: what a service takes, as Swagger 2.0, from data to data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ml_jupyter.models.plan import ServingPlan

_ERRORS = {
    "400": "The request cannot be answered; the message says why.",
    "401": "No key, or a wrong one.",
    "500": "The model failed.",
    "503": "The model is being loaded, or too many calls wait.",
    "504": "The model took too long.",
}


def swagger(plan: ServingPlan, address: str, inputs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The description of a service.

    Parameters
    ----------
    plan : ServingPlan
        What is served.
    address : str
        Host and port.
    inputs : sequence of mapping
        ``name``, ``dtype`` and ``shape`` of what the model takes.
    """
    value: dict[str, Any] = {
        "swagger": "2.0",
        "info": {
            "title": plan.service,
            "description": plan.description or f"Answers of {_models(plan)}.",
            "version": ", ".join(str(version) for _, version in plan.models) or "1",
        },
        "host": address,
        "schemes": ["http"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": {
            "/": {"get": _health()},
            "/score": {"post": _score(plan)},
        },
        "definitions": {
            "ServiceInput": _input(plan, inputs),
            "ServiceOutput": {},
            "ErrorResponse": {
                "type": "object",
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    }
    if plan.auth:
        value["securityDefinitions"] = {
            "Bearer": {"type": "apiKey", "name": "Authorization", "in": "header"}
        }
        value["paths"]["/score"]["post"]["security"] = [{"Bearer": []}]
    return value


def _models(plan: ServingPlan) -> str:
    return ", ".join(f"{name}:{version}" for name, version in plan.models) or plan.entry_script


def _health() -> dict[str, Any]:
    return {
        "operationId": "ServiceHealthCheck",
        "summary": "Whether the model answers.",
        "responses": {
            "200": {"description": "Healthy.", "schema": {"type": "string"}},
            "503": {"description": "Not now; the message says why."},
        },
    }


def _score(plan: ServingPlan) -> dict[str, Any]:
    body = {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/ServiceInput"}}
    answers: dict[str, Any] = {
        "200": {"description": "The answer.", "schema": {"$ref": "#/definitions/ServiceOutput"}}
    }
    for code, text in _ERRORS.items():
        if plan.auth or code != "401":
            answers[code] = {
                "description": text,
                "schema": {"$ref": "#/definitions/ErrorResponse"},
            }
    return {
        "operationId": "RunMLService",
        "summary": f"Run {_models(plan)}.",
        "parameters": [body],
        "responses": answers,
    }


def _input(plan: ServingPlan, inputs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"} if inputs else {}
    if inputs:
        named = {str(item["name"]): _tensor(item) for item in inputs}
        lone: dict[str, Any] = next(iter(named.values())) if len(named) == 1 else {"type": "object"}
        if len(named) > 1:
            lone["properties"] = named
        schema["properties"] = {"data": lone}
        schema["required"] = ["data"]
    if plan.sample_input is not None:
        example = plan.sample_input
        wrapped = isinstance(example, dict) or not inputs
        schema["example"] = example if wrapped else {"data": example}
    return schema


def _tensor(item: Mapping[str, Any]) -> dict[str, Any]:
    dtype = str(item["dtype"])
    kind = "integer" if "int" in dtype else "string" if dtype == "object" else "number"
    value: dict[str, Any] = {"type": "boolean" if dtype == "bool" else kind}
    for size in reversed(item["shape"] if item["shape"] is not None else ()):
        bounds = {} if size is None else {"minItems": size, "maxItems": size}
        value = {"type": "array", "items": value, **bounds}
    if item["shape"] is None:
        return {"type": "array", "items": {}}
    return value
