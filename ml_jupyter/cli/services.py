"""``mlj service …``: models that answer over HTTP."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import click

from ml_jupyter.cli import context, output
from ml_jupyter.sdk.environment import Environment
from ml_jupyter.sdk.model import Model
from ml_jupyter.sdk.service_config import InferenceConfig, LocalWebserviceDeploymentConfiguration
from ml_jupyter.sdk.webservice import Webservice

_COLUMNS = ("name", "state", "models", "scoringUri", "restarts", "runId")
_name = click.option("-n", "--name", required=True, help="Name of the service.")


@click.group()
def service() -> None:
    """Deploy models, and look at and call the services."""


@service.command("list", epilog=output.examples("mlj service list -o table"))
@output.prints(*_COLUMNS)
def list_(workspace_name: str | None) -> list[dict[str, Any]]:
    """List the services with their state."""
    return [item.serialize() for item in Webservice.list(context.workspace(workspace_name))]


@service.command(epilog=output.examples("mlj service show -n digits"))
@_name
@output.prints(*_COLUMNS)
def show(name: str, workspace_name: str | None) -> dict[str, Any]:
    """Show one service."""
    return _service(workspace_name, name).serialize()


@service.command(
    epilog=output.examples(
        "mlj service deploy -n digits -m digits:3",
        "mlj service deploy -n digits -m digits --entry-script score.py",
    )
)
@_name
@click.option(
    "-m", "--model", "models", multiple=True, required=True, metavar="NAME[:VERSION]",
    help="A registered model; again for more.",
)  # fmt: skip
@click.option(
    "--entry-script",
    type=click.Path(exists=True, dir_okay=False),
    help="Script with init() and run(); default: what the framework of the model does.",
)
@click.option(
    "--source-directory",
    type=click.Path(exists=True, file_okay=False),
    help="Folder that the script needs; default: here.",
)
@click.option("--environment", help="A registered environment; default: this Python.")
@click.option("--port", type=int, help="Default: any that is free.")
@click.option("--no-auth", is_flag=True, help="Calls need no key.")
@click.option("--overwrite", is_flag=True, help="Replace the service of this name.")
@click.option("--no-wait", is_flag=True, help="Return before it answers.")
@output.prints(*_COLUMNS)
def deploy(
    name: str,
    models: tuple[str, ...],
    entry_script: str | None,
    source_directory: str | None,
    environment: str | None,
    port: int | None,
    no_auth: bool,
    overwrite: bool,
    no_wait: bool,
    workspace_name: str | None,
) -> dict[str, Any]:
    """Answer with models over HTTP, without code or with a script."""
    workspace = context.workspace(workspace_name)
    chosen = [
        Model(workspace, id=item) if ":" in item else Model(workspace, item) for item in models
    ]
    inference = None
    if entry_script is not None or environment is not None:
        script = None
        if entry_script is not None:
            root = Path(source_directory or ".")
            script = str(Path(entry_script).resolve().relative_to(root.resolve()))
        software = None if environment is None else Environment.get(workspace, environment)
        inference = InferenceConfig(script, source_directory=source_directory, environment=software)
    config = LocalWebserviceDeploymentConfiguration(port, auth_enabled=not no_auth)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        made = Model.deploy(workspace, name, chosen, inference, config, overwrite=overwrite)
    for item in heard:
        click.echo(f"mlj: warning: {item.message}", err=True)
    if not no_wait:
        with context.notices_aside():
            made.wait_for_deployment(show_output=True)
    return made.serialize()


@service.command(epilog=output.examples("mlj service run -n digits -d '{\"data\": [[1, 2]]}'"))
@_name
@click.option("-d", "--data", help="The request; default: standard input.")
@click.option("-f", "--file", type=click.Path(exists=True, dir_okay=False), help="Its file.")
@output.prints()
def run(name: str, data: str | None, file: str | None, workspace_name: str | None) -> Any:
    """Send a request and print the answer."""
    if file is not None:
        data = Path(file).read_text("utf-8")
    return _service(workspace_name, name).run(sys.stdin.read() if data is None else data)


@service.command(epilog=output.examples("mlj service logs -n digits --lines 20"))
@_name
@click.option("--lines", type=click.IntRange(1), default=100, help="Last lines; default: 100.")
@output.prints()
def logs(name: str, lines: int, workspace_name: str | None) -> Any:
    """Print the end of its log."""
    click.echo(_service(workspace_name, name).get_logs(lines), nl=False)
    return output.NOTHING


@service.command(epilog=output.examples("mlj service keys -n digits --query primary -o tsv"))
@_name
@output.prints("primary", "secondary")
def keys(name: str, workspace_name: str | None) -> dict[str, str]:
    """Print the two keys, each of which opens the service as bearer token."""
    primary, secondary = _service(workspace_name, name).get_keys()
    return {"primary": primary, "secondary": secondary}


@service.command(epilog=output.examples("mlj service restart -n digits"))
@_name
@output.prints(*_COLUMNS)
def restart(name: str, workspace_name: str | None) -> dict[str, Any]:
    """Stop it and start it again, for example after the machine was restarted."""
    found = _service(workspace_name, name)
    found.reload(wait=True)
    return found.serialize()


@service.command(epilog=output.examples("mlj service delete -n digits -y"))
@_name
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@output.prints("name")
def delete(name: str, yes: bool, workspace_name: str | None) -> dict[str, Any]:
    """Stop a service and forget it; its runs and logs stay."""
    found = _service(workspace_name, name)
    if not yes:
        click.confirm(f"Delete service {name!r}?", abort=True, err=True)
    found.delete()
    return {"name": name}


def _service(workspace_name: str | None, name: str) -> Webservice:
    return Webservice(context.workspace(workspace_name), name)
