"""``mlj folder attach``: what a project folder needs for ``mlj run submit-script``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ml_jupyter.cli import context, output
from ml_jupyter.exceptions import WorkspaceNotFound
from ml_jupyter.sdk.conda_dependencies import CondaDependencies
from ml_jupyter.sdk.environment import Environment
from ml_jupyter.sdk.run_configuration import DockerConfiguration, RunConfiguration
from ml_jupyter.sdk.workspace import Workspace

_FOLDER = ".azureml"
_CONDA = "conda_dependencies.yml"
_PACKAGES = ["azureml-defaults", "scikit-learn", "matplotlib"]


@click.group()
def folder() -> None:
    """Connect a project folder with a workspace."""


@folder.command(
    epilog=output.examples(
        "mlj folder attach -w myworkspace -g myresourcegroup", "mlj folder attach -w new --create"
    )
)
@click.option("-e", "--experiment-name", help="Taken and not used: runs name their experiment.")
@click.option("-p", "--path", default=".", show_default=True, help="The project folder.")
@click.option("--ct", "--target", "target", default="local", help="Target of the configurations.")
@click.option("--create", is_flag=True, help="Make the workspace when it is not there.")
@output.prints("workspace", "folder")
def attach(
    resource_group: str,
    experiment_name: str | None,
    path: str,
    target: str,
    create: bool,
    workspace_name: str | None,
) -> dict[str, Any]:
    """Write .azureml/ with config.json and run configurations; files that are there stay."""
    workspace = _workspace(workspace_name, resource_group, create=create)
    place = Path(path)
    place.mkdir(parents=True, exist_ok=True)
    own = place / _FOLDER
    made = _write_config(workspace, place)
    made += _write_conda(own)
    for name, config in _configurations(target).items():
        file = own / f"{name}.runconfig"
        if not file.exists():
            config.save(file)
            made.append(file)
    return {
        "workspace": workspace.name,
        "folder": str(own),
        "written": sorted(item.name for item in made),
    }


def _workspace(name: str | None, resource_group: str, *, create: bool) -> Workspace:
    try:
        return context.workspace(name)
    except WorkspaceNotFound as error:
        if create and name is not None:
            return Workspace.create(name, resource_group=resource_group)
        error.hint = f"Make it: mlj folder attach -w {name} --create"
        raise


def _write_config(workspace: Workspace, place: Path) -> list[Path]:
    file = place / _FOLDER / "config.json"
    if file.exists():
        return []
    with context.notices_aside():
        workspace.write_config(place)
    return [file]


def _write_conda(own: Path) -> list[Path]:
    file = own / _CONDA
    if file.exists():
        return []
    own.mkdir(parents=True, exist_ok=True)
    CondaDependencies.create(pip_packages=_PACKAGES).save(file)
    return [file]


def _configurations(target: str) -> dict[str, RunConfiguration]:
    """Three to begin with: this Python, an environment with scikit-learn, a container."""
    local = RunConfiguration()
    sklearn, docker = RunConfiguration(), RunConfiguration()
    for config, name in ((sklearn, "sklearn"), (docker, "docker")):
        config.environment = Environment(name)
        config.environment.python.conda_dependencies_file = f"{_FOLDER}/{_CONDA}"
    docker.docker = DockerConfiguration(use_docker=True)
    found = {"local": local, "sklearn": sklearn, "docker": docker}
    for config in found.values():
        config.target = target
    return found
