"""Registered models and services as JSON. Blocking: call from a thread."""

from __future__ import annotations

from typing import Any

from ml_jupyter.exceptions import ModelNotFoundException, UserErrorException
from ml_jupyter.models.record import ModelRecord
from ml_jupyter.models.services import ServiceRecord, ServiceStore, check_name
from ml_jupyter.models.store import ModelStore
from ml_jupyter.sdk.views import safe
from ml_jupyter.sdk.webservice import Webservice
from ml_jupyter.sdk.workspace import Workspace
from ml_jupyter.server.errors import ServiceNotFound
from ml_jupyter.server.workspaces import OpenWorkspace


def models(item: OpenWorkspace) -> list[dict[str, Any]]:
    """The newest version of each model, newest registration first."""
    store = ModelStore(item.folder.layout)
    return [
        {**_model(record), "version_count": len(store.versions(record.name))}
        for record in store.list(latest=True)
    ]


def versions(item: OpenWorkspace, name: str) -> list[dict[str, Any]]:
    """All versions of a model with their files, newest first.

    Raises
    ------
    ModelNotFoundException
        There is none of this name.
    """
    store = ModelStore(item.folder.layout)
    store.get(name)
    deployed = ServiceStore(item.folder.layout)
    return [
        {
            **_model(record),
            "files": [{"path": file.path, "size": file.size} for file in record.files],
            "services": deployed.users_of(record.key),
        }
        for record in sorted(store.list(name), key=lambda one: one.version, reverse=True)
    ]


def delete_model(item: OpenWorkspace, name: str, version: int) -> None:
    """Delete a version that no service answers with.

    Raises
    ------
    ModelNotFoundException
        There is no such version.
    UserErrorException
        A service answers with it.
    """
    store = ModelStore(item.folder.layout)
    record = store.get(name, version)
    users = ServiceStore(item.folder.layout).users_of(record.key)
    if users:
        raise UserErrorException(
            f"Model {record.key} is served by {users[0]!r}.", hint="Delete the service first."
        )
    store.delete(name, version)


def services(item: OpenWorkspace) -> list[dict[str, Any]]:
    """The services of a workspace by name, without their keys."""
    workspace = Workspace._of(item.folder, item.settings)
    return [_service(workspace, record) for record in ServiceStore(item.folder.layout).list()]


def delete_service(item: OpenWorkspace, name: str) -> None:
    """Stop a service and forget it; its runs and their logs stay.

    Raises
    ------
    ServiceNotFound
        There is none.
    WebserviceException
        It cannot be stopped.
    """
    if check_name(name) not in ServiceStore(item.folder.layout).names():
        raise ServiceNotFound(f"There is no service {name!r} in this workspace.")
    Webservice(Workspace._of(item.folder, item.settings), name).delete()


def version_number(text: str) -> int:
    """The version that a part of an address names.

    Raises
    ------
    ModelNotFoundException
        Not a number.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ModelNotFoundException(f"{text!r} is no version of a model.")
    return int(text)


def _model(record: ModelRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "version": record.version,
        "created_ms": record.created / 1e6,
        "user": record.user,
        "description": record.description,
        "tags": dict(record.tags),
        "properties": dict(record.properties),
        "framework": record.framework,
        "framework_version": record.framework_version,
        "run_id": record.run_id,
        "experiment": record.experiment,
        "size": record.bytes,
        "resources": safe(record.resources),
    }


def _service(workspace: Workspace, record: ServiceRecord) -> dict[str, Any]:
    facts = Webservice._of(workspace, record).serialize()
    return {
        "name": record.name,
        "models": list(record.models),
        "state": facts["state"],
        "error": facts["error"],
        "restarts": facts["restarts"],
        "scoring_uri": facts["scoringUri"],
        "run_id": record.run_id,
        "description": record.description,
        "tags": dict(record.tags),
        "created_ms": record.created / 1e6,
    }
