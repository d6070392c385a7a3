"""``mlj data …``: files and folders that jobs read, by name and version."""

from __future__ import annotations

from typing import Any

import click

from ml_jupyter.cli import context, output
from ml_jupyter.sdk.dataset_factory import Dataset

_COLUMNS = ("name", "version", "type", "description", "tags")
_name = click.option("-n", "--name", required=True, help="Name of the data.")
_version = click.option("-v", "--version", help="Its version; default: the latest.")


@click.group()
def data() -> None:
    """Register, look at and fetch data: files and folders that jobs read by name."""


@data.command("list", epilog=output.examples("mlj data list -o table"))
@output.prints(*_COLUMNS)
def list_(workspace_name: str | None) -> list[dict[str, Any]]:
    """List the latest version of all registered data."""
    found = Dataset.get_all(context.workspace(workspace_name))
    return [_short(item) for item in found.values()]


@data.command(epilog=output.examples("mlj data show -n iris", "mlj data show -n iris -v 2 -o yaml"))
@_name
@_version
@output.prints(*_COLUMNS)
def show(name: str, version: str | None, workspace_name: str | None) -> dict[str, Any]:
    """Show one version with its sources."""
    return _long(_found(workspace_name, name, version))


@data.command(
    epilog=output.examples(
        "mlj data register -n iris -p data/iris.csv --tag license=cc0",
        "mlj data register -n faces -p https://example.org/faces.zip",
    )
)
@_name
@click.option(
    "-p", "--path", "paths", multiple=True, required=True, metavar="PATH|URL",
    help="File, folder, pattern or address; repeatable.",
)  # fmt: skip
@click.option("--description", help="What it is.")
@click.option("--tag", "tags", multiple=True, metavar="K=V", help="Repeatable.")
@output.prints(*_COLUMNS)
def register(
    name: str,
    paths: tuple[str, ...],
    description: str | None,
    tags: tuple[str, ...],
    workspace_name: str | None,
) -> dict[str, Any]:
    """Keep data under a name; a new version only when its sources changed."""
    pairs = [text.partition("=") for text in tags]
    made = Dataset.File.from_files([*paths])
    kept = made.register(
        context.workspace(workspace_name), name, description,
        {key: value for key, _, value in pairs}, create_new_version=True,
    )  # fmt: skip
    return _long(kept)


data.add_command(click.Command(
    "create", callback=register.callback, params=register.params, help=register.help,
    epilog=output.examples("mlj data create -n iris -p data/iris.csv"),
    short_help="The same as register.",
))  # fmt: skip


@data.command(epilog=output.examples("mlj data download -n iris -p data"))
@_name
@_version
@click.option("-p", "--download-path", default=".", show_default=True, help="Where to.")
@click.option("--overwrite", is_flag=True, help="Replace files that are there.")
@output.prints("file")
def download(
    name: str,
    version: str | None,
    download_path: str,
    overwrite: bool,
    workspace_name: str | None,
) -> list[dict[str, str]]:
    """Copy the files into a folder."""
    found = _found(workspace_name, name, version)
    with context.notices_aside():
        files = found.download(download_path, overwrite=overwrite)
    return [{"file": item} for item in files]


@data.command(epilog=output.examples("mlj data delete -n iris -y"))
@_name
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@output.prints("name")
def delete(name: str, yes: bool, workspace_name: str | None) -> dict[str, str]:
    """Forget a name with all its versions; the files stay where they are."""
    found = _found(workspace_name, name, None)
    if not yes:
        click.confirm(f"Forget data {name!r}, all versions?", abort=True, err=True)
    found.unregister_all_versions()
    return {"name": name}


def _found(workspace_name: str | None, name: str, version: str | None) -> Any:
    return Dataset.get_by_name(context.workspace(workspace_name), name, version or "latest")


def _short(found: Any) -> dict[str, Any]:
    return {
        "name": found.name,
        "version": found.version,
        "type": found._content()["kind"],
        "description": found.description,
        "tags": found.tags,
    }


def _long(found: Any) -> dict[str, Any]:
    return {**_short(found), "id": found.id, **found._content()}
