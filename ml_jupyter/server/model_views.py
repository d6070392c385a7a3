"""Registered models and services as JSON. Blocking: call from a thread."""

from __future__ import annotations

import json
from typing import Any

from ml_jupyter.exceptions import ArtifactNotFound, ModelNotFoundException, UserErrorException
from ml_jupyter.models.record import ModelRecord
from ml_jupyter.models.services import ServiceRecord, ServiceStore, check_name
from ml_jupyter.models.store import ModelStore
from ml_jupyter.sdk.views import safe
from ml_jupyter.sdk.webservice import Webservice
from ml_jupyter.sdk.workspace import Workspace
from ml_jupyter.server.errors import ServiceNotFound
from ml_jupyter.server.run_files import RunFile, offered
from ml_jupyter.server.workspaces import OpenWorkspace

#: Characters of an example that are told; the rest is in the model's record.
_SAMPLE_CHARACTERS = 4096


def models(item: OpenWorkspace, run_id: str | None = None) -> list[dict[str, Any]]:
    """The newest version of each model, newest registration first.

    Parameters
    ----------
    run_id : str, optional
        All versions that this run registered instead.
    """
    store = ModelStore(item.folder.layout)
    found = store.list(latest=run_id is None)
    return [
        {**_model(record), "version_count": len(store.versions(record.name))}
        for record in found
        if run_id is None or record.run_id == run_id
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
            "datasets": _datasets(record),
            "sample_input": _sample(record.sample_input),
            "sample_output": _sample(record.sample_output),
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


def open_file(item: OpenWorkspace, name: str, version: int, path: str) -> RunFile:
    """Open a file of a version.

    The path is only ever compared with the names in the version's list; it is no path of a file
    system.

    Raises
    ------
    ModelNotFoundException
        There is no such version.
    ArtifactNotFound
        It has no such file, or its content is lost.
    """
    store = ModelStore(item.folder.layout)
    record = store.get(name, version)
    missing = ArtifactNotFound(f"Model {record.key} has no file {path!r}.")
    found = next((file for file in record.files if file.path == path), None)
    if found is None:
        raise missing
    try:
        return offered(store.source(found), path)
    except OSError as error:
        raise missing from error


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


def _sample(value: Any) -> dict[str, Any] | None:
    """An example as text."""
    if value is None:
        return None
    text = json.dumps(safe(value), indent=2, ensure_ascii=False, default=str)
    return {"text": text[:_SAMPLE_CHARACTERS], "whole": len(text) <= _SAMPLE_CHARACTERS}


def _datasets(record: ModelRecord) -> list[dict[str, Any]]:
    """The data that it was made from, with their purpose."""
    found = []
    for purpose, about in record.datasets:
        facts = about if isinstance(about, dict) else {}
        name, version = facts.get("name"), facts.get("version")
        found.append(
            {
                "purpose": str(purpose),
                "name": None if name is None else str(name),
                "version": version if isinstance(version, int) else None,
            }
        )
    return found


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
