"""``mlj model …``: the registered models of a workspace."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import click

from ml_jupyter.cli import context, output
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.compute_resources import ResourceConfiguration
from ml_jupyter.sdk.model import Model
from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.workspace import Workspace

_COLUMNS = ("name", "version", "framework", "sizeInBytes", "runId", "createdTime")
#: Files of a run, as MLflow and as Azure ML write their addresses.
_OF_RUN = re.compile(
    r"(?:runs:/+(?P<run>[^/]+)/(?P<path>.+)"
    r"|azureml://jobs/(?P<job>[^/]+)/outputs/artifacts/(?:paths/)?(?P<artifact>.+))\Z"
)
_FACTS = ("description", "tags", "properties")
_KNOWN = {"name", "path", "version", "type", "stage", "flavors", "framework", *_FACTS}
_name = click.option("-n", "--name", required=True, help="Name of the model.")
_version = click.option("-v", "--version", type=int, help="Its version; default: the latest.")
_label = click.option("--label", type=click.Choice(["latest"]), help="The same as no version.")


@click.group()
def model() -> None:
    """Register, look at and fetch models."""


@model.command(
    "list", epilog=output.examples("mlj model list -o table", "mlj model list -n digits")
)
@click.option("-n", "--name", help="Only this name, all its versions.")
@click.option("-r", "--run", "run_id", help="Only what this run has registered.")
@click.option("--tag", "tags", multiple=True, metavar="K[=V]", help="Only with this tag.")
@output.prints(*_COLUMNS)
def list_(
    name: str | None, run_id: str | None, tags: tuple[str, ...], workspace_name: str | None
) -> list[dict[str, Any]]:
    """List the latest version of each model, or all versions of one."""
    wanted = [tag.split("=", 1) if "=" in tag else tag for tag in tags]
    found = Model.list(
        context.workspace(workspace_name), name, tags=wanted or None, run_id=run_id,
        latest=name is None and run_id is None,
    )  # fmt: skip
    return [item.serialize() for item in found]


@model.command(epilog=output.examples("mlj model show -n digits -v 2"))
@_name
@_version
@_label
@output.prints(*_COLUMNS)
def show(
    name: str, version: int | None, label: str | None, workspace_name: str | None
) -> dict[str, Any]:
    """Show one version with its files."""
    found = Model(context.workspace(workspace_name), name, version=version)
    files = [{"path": item.path, "size": item.size} for item in found._record.files]
    return {**found.serialize(), "files": files}


@model.command(
    epilog=output.examples(
        "mlj model create -n digits -p outputs/model.pkl",
        "mlj model create -n digits -p runs:/RUN/outputs/model --tag stage=trial",
    )
)
@click.option("-f", "--file", type=click.Path(exists=True, dir_okay=False), help="All in YAML.")
@click.option("-n", "--name", help="Name of the model.")
@click.option("-p", "--path", help="File or folder; runs:/RUN/outputs/model of a run.")
@click.option("--type", "kind", help="custom_model, mlflow_model …; kept as a property.")
@click.option("--framework", help="ScikitLearn, Onnx, PyTorch, TensorFlow …")
@click.option("--description", help="What it is.")
@click.option("--tag", "tags", multiple=True, metavar="K[=V]", help="Repeatable.")
@click.option("--cpu", type=float, help="Cores that it gets when it is deployed.")
@click.option("--memory", type=float, help="GB of memory that it gets when it is deployed.")
@output.prints(*_COLUMNS)
def create(
    file: str | None,
    tags: tuple[str, ...],
    cpu: float | None,
    memory: float | None,
    kind: str | None,
    workspace_name: str | None,
    **flags: Any,
) -> dict[str, Any]:
    """Register a file or folder, of this machine or of a run, as the next version of a name."""
    values = {} if file is None else _read(Path(file))
    values.update({key: value for key, value in flags.items() if value is not None})
    if tags:
        given = [tag.partition("=") for tag in tags]
        added = {key: value if equals else None for key, equals, value in given}
        values["tags"] = {**(values.get("tags") or {}), **added}
    if kind is not None:
        values["type"] = kind
    for key in ("name", "path"):
        if not values.get(key):
            raise click.UsageError(f"Say its {key} with --{key}, or in a file with -f.")
    resources = ResourceConfiguration(cpu, memory) if cpu or memory else None
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        made = _register(context.workspace(workspace_name), values, resources)
    for item in heard:
        click.echo(f"mlj: warning: {item.message}", err=True)
    return made.serialize()


@model.command(epilog=output.examples("mlj model download -n digits -p models"))
@_name
@_version
@_label
@click.option("-p", "--download-path", default=".", help="Folder to copy it to; default: here.")
@click.option("--overwrite", is_flag=True, help="Replace what lies there.")
@output.prints("name", "version", "path")
def download(
    name: str,
    version: int | None,
    label: str | None,
    download_path: str,
    overwrite: bool,
    workspace_name: str | None,
) -> dict[str, Any]:
    """Copy a model into a folder."""
    found = Model(context.workspace(workspace_name), name, version=version)
    path = found.download(download_path, exist_ok=overwrite)
    return {"name": found.name, "version": found.version, "path": path}


@model.command(epilog=output.examples("mlj model update -n digits --add-tag stage=production"))
@_name
@_version
@click.option("--add-tag", "tags", multiple=True, metavar="K[=V]", help="Repeatable.")
@click.option("--remove-tag", "gone", multiple=True, metavar="K", help="Repeatable.")
@click.option("--description", help="What it is.")
@output.prints(*_COLUMNS)
def update(
    name: str,
    version: int | None,
    tags: tuple[str, ...],
    gone: tuple[str, ...],
    description: str | None,
    workspace_name: str | None,
) -> dict[str, Any]:
    """Change tags and description of a version."""
    found = Model(context.workspace(workspace_name), name, version=version)
    given = [tag.partition("=") for tag in tags]
    added = {key: value if equals else None for key, equals, value in given}
    found.update_tags_properties(added, gone)
    if description is not None:
        found.update(description=description)
    return found.serialize()


@model.command(epilog=output.examples("mlj model delete -n digits -v 2 -y"))
@_name
@click.option("-v", "--version", type=int, required=True, help="Its version.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@output.prints("name", "version")
def delete(name: str, version: int, yes: bool, workspace_name: str | None) -> dict[str, Any]:
    """Delete a version and its files."""
    found = Model(context.workspace(workspace_name), name, version=version)
    if not yes:
        click.confirm(f"Delete model {found.id}?", abort=True, err=True)
    found.delete()
    return {"name": name, "version": version}


def _register(
    workspace: Workspace, values: dict[str, Any], resources: ResourceConfiguration | None
) -> Model:
    facts: dict[str, Any] = {key: values.get(key) for key in _FACTS}
    kept = {key: str(values[key]) for key in ("type", "stage") if values.get(key)}
    facts["properties"] = {**(facts["properties"] or {}), **kept}
    facts.update(model_framework=values.get("framework"), resource_configuration=resources)
    match = _OF_RUN.match(str(values["path"]))
    if match is None:
        return Model.register(workspace, values["path"], values["name"], **facts)
    run = Run.get(workspace, match["run"] or match["job"])
    return run.register_model(values["name"], match["path"] or match["artifact"], **facts)


def _read(file: Path) -> dict[str, Any]:
    import yaml

    try:
        value = yaml.safe_load(file.read_text("utf-8-sig"))
    except yaml.YAMLError as error:
        raise UserErrorException(f"{file} is not readable as YAML: {error}") from error
    if not isinstance(value, dict):
        raise UserErrorException(f"{file} does not hold a mapping.")
    value.pop("$schema", None)
    unknown = sorted(map(str, set(value) - _KNOWN))
    if unknown:
        raise UserErrorException(
            f"{file}: a model has no {unknown[0]!r}.", hint=f"It takes {', '.join(sorted(_KNOWN))}."
        )
    path = value.get("path")
    if isinstance(path, str) and not _OF_RUN.match(path):
        value["path"] = str(file.parent / path)
    return value
