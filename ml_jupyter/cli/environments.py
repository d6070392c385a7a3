"""``mlj environment …``: the software that jobs run in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ml_jupyter.cli import context, output
from ml_jupyter.cli.findings import refused
from ml_jupyter.exceptions import JobFileInvalid, UserErrorException
from ml_jupyter.jobfile.environment_file import load_environment
from ml_jupyter.sdk import environment_store
from ml_jupyter.sdk.environment import Environment
from ml_jupyter.sdk.job_file_environment import environment_of

_COLUMNS = ("name", "version", "registered", "image", "packages")
_name = click.option("-n", "--name", required=True, help="Name of the environment.")
_version = click.option("-v", "--version", help="Its version; default: the latest.")
_FILE = click.Path(exists=True, dir_okay=False)


@click.group()
def environment() -> None:
    """Register, build and look at environments: the software that jobs run in."""


@environment.command(
    "list",
    epilog=output.examples("mlj environment list -o table", "mlj environment list --registered"),
)
@click.option("--registered", is_flag=True, help="Without the curated ones.")
@output.prints(*_COLUMNS)
def list_(registered: bool, workspace_name: str | None) -> list[dict[str, Any]]:
    """List the latest version of each registered environment, and the curated ones."""
    workspace = context.workspace(workspace_name)
    names = environment_store.registered(workspace)
    rows = [_short(item, names) for item in Environment.list(workspace).values()]
    return [row for row in rows if row["registered"] or not registered]


@environment.command(epilog=output.examples("mlj environment show -n sklearn -o yaml"))
@_name
@_version
@output.prints(*_COLUMNS)
def show(name: str, version: str | None, workspace_name: str | None) -> dict[str, Any]:
    """Show all of one version, and whether it is built."""
    workspace = context.workspace(workspace_name)
    found = Environment.get(workspace, name, version)
    built = found.get_image_details(workspace)
    names = environment_store.registered(workspace)
    return {**_short(found, names), "built": built.image_exists, "definition": found.to_dict()}


@environment.command(
    epilog=output.examples(
        "mlj environment register -f environment.yml",
        "mlj environment register -n sklearn --conda-file conda.yml",
        "mlj environment register -n gpu --image pytorch/pytorch --requirements requirements.txt",
    )
)
@click.option("-f", "--file", type=_FILE, help="All in YAML: name, image, build, conda_file.")
@click.option("-n", "--name", help="Name of the environment; the file's when left out.")
@click.option("--conda-file", type=_FILE, help="Conda specification of its packages.")
@click.option("--requirements", type=_FILE, help="Requirements file of its packages.")
@click.option("--image", help="Docker image that it is made from.")
@click.option("--dockerfile", type=_FILE, help="Dockerfile that makes its image.")
@output.prints(*_COLUMNS)
def register(
    file: str | None,
    name: str | None,
    conda_file: str | None,
    requirements: str | None,
    image: str | None,
    dockerfile: str | None,
    workspace_name: str | None,
) -> output.Result:
    """Keep an environment under a name; a new version only when its content changed."""
    workspace = context.workspace(workspace_name)
    flags = {"conda_specification": conda_file, "pip_requirements": requirements}
    given = [item for item in (conda_file, requirements, image, dockerfile) if item]
    if (file is None) == (not given):
        raise click.UsageError("Say what is in it: with -f, or with --conda-file, --image ….")
    if file is None:
        if name is None:
            raise click.UsageError("Say its name with -n.")
        made = _from_flags(name, image, dockerfile, flags)
        return output.Result(_short(made.register(workspace), [name]))
    try:
        choice = load_environment(file)
    except JobFileInvalid as invalid:
        return refused(invalid)
    if name is None and choice.name is None:
        raise click.UsageError(f"{file} has no name; say it with -n.")
    kept = environment_of(replace(choice, name=name or choice.name), workspace)
    return output.Result(_short(kept, [kept.name]))


environment.add_command(click.Command(
    "create", callback=register.callback, params=register.params, help=register.help,
    epilog=output.examples("mlj environment create -f environment.yml"),
    short_help="The same as register.",
))  # fmt: skip


@environment.command(epilog=output.examples("mlj environment build -n sklearn"))
@_name
@_version
@output.prints("name", "version", "interpreter", "image")
def build(name: str, version: str | None, workspace_name: str | None) -> dict[str, Any]:
    """Build it now, so that no job has to wait; the installer's words go to standard error."""
    workspace = context.workspace(workspace_name)
    found = Environment.get(workspace, name, version)
    with context.notices_aside():
        made = found.build_local(workspace)
    return {"name": found.name, "version": found.version, **made}


@environment.command(epilog=output.examples("mlj environment delete -n sklearn -v 2 -y"))
@_name
@click.option("-v", "--version", help="Only this version; default: all of them.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@output.prints("name", "version")
def delete(
    name: str, version: str | None, yes: bool, workspace_name: str | None
) -> list[dict[str, str]]:
    """Forget an environment; runs that used it keep their own copy of what it was."""
    workspace = context.workspace(workspace_name)
    what = f"environment {name!r}" + (f", version {version}" if version else ", all versions")
    if not yes:
        click.confirm(f"Delete {what}?", abort=True, err=True)
    gone = environment_store.forget(workspace, name, version)
    return [{"name": name, "version": item} for item in gone]


def _from_flags(
    name: str, image: str | None, dockerfile: str | None, packages: dict[str, str | None]
) -> Environment:
    conda, requirements = packages["conda_specification"], packages["pip_requirements"]
    if image is not None and dockerfile is not None:
        raise UserErrorException("--image and --dockerfile: a job runs in one image.")
    if image is not None:
        return Environment.from_docker_image(name, image, None, conda, requirements)
    if dockerfile is not None:
        return Environment.from_dockerfile(name, Path(dockerfile), conda, requirements)
    if conda is not None and requirements is not None:
        raise UserErrorException("--conda-file and --requirements: choose one of them.")
    if conda is not None:
        return Environment.from_conda_specification(name, conda)
    return Environment.from_pip_requirements(name, str(requirements))


def _short(found: Environment, registered: Collection[str]) -> dict[str, Any]:
    packages = found.python.packages()
    image = found.docker.base_image if found.docker.enabled else None
    listed = [*packages.conda_packages, *packages.pip_packages]
    return {
        "name": found.name,
        "version": found.version,
        "registered": found.name in registered,
        "image": image or ("Dockerfile" if found.docker.base_dockerfile else None),
        "interpreter": found.interpreter if found.python.user_managed_dependencies else None,
        "python": packages.get_python_version(),
        "packages": listed,
    }
