"""``mlj data …``: files and folders that jobs read, by name and version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ml_jupyter.cli import context, output
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.dataset_factory import Dataset

_COLUMNS = ("name", "version", "type", "description", "tags")
_MAKERS: dict[str, Callable[[list[str]], Any]] = {
    "file": lambda paths: Dataset.File.from_files(paths),
    "delimited": lambda paths: Dataset.Tabular.from_delimited_files(paths),
    "parquet": lambda paths: Dataset.Tabular.from_parquet_files(paths),
    "json-lines": lambda paths: Dataset.Tabular.from_json_lines_files(paths),
}
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
        "mlj data register -n table -p 'data/*.parquet' --type parquet",
    )
)
@_name
@click.option(
    "-p", "--path", "paths", multiple=True, required=True, metavar="PATH|URL",
    help="File, folder, pattern or address; repeatable.",
)  # fmt: skip
@click.option(
    "--type", "kind", type=click.Choice(list(_MAKERS)), default="file", show_default=True,
    help="What the files are: any files, or tables.",
)  # fmt: skip
@click.option("--description", help="What it is.")
@click.option("--tag", "tags", multiple=True, metavar="K=V", help="Repeatable.")
@output.prints(*_COLUMNS)
def register(
    name: str,
    paths: tuple[str, ...],
    kind: str,
    description: str | None,
    tags: tuple[str, ...],
    workspace_name: str | None,
) -> dict[str, Any]:
    """Keep data under a name; a new version only when its sources changed."""
    pairs = [text.partition("=") for text in tags]
    made = _MAKERS[kind]([*paths])
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
    """Copy the files into a folder; the rows of a table as NAME.csv."""
    found = _found(workspace_name, name, version)
    with context.notices_aside():
        if hasattr(found, "iter_dataframes"):
            files = [_table(found, Path(download_path), overwrite=overwrite)]
        else:
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


def _table(found: Any, folder: Path, *, overwrite: bool) -> str:
    """Write a table's rows, as many at a time as fit into memory."""
    path = folder / f"{found.name}.csv"
    if path.exists() and not overwrite:
        raise UserErrorException(f"{path} exists.", hint="Replace it with --overwrite.")
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with open(part, "w", encoding="utf-8", newline="") as out:
        for at, frame in enumerate(found.iter_dataframes()):
            frame.to_csv(out, index=False, header=at == 0)
    part.replace(path)
    return str(path)


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
