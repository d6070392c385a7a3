"""``mlj compute …``: the compute targets of a workspace."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ml_jupyter.cli import context, output
from ml_jupyter.compute import registry
from ml_jupyter.compute.record import TargetConfiguration
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.compute import ComputeTarget
from ml_jupyter.sdk.compute_aml import AmlCompute
from ml_jupyter.sdk.compute_docker import DockerCompute
from ml_jupyter.sdk.compute_instance import ComputeInstance

_COLUMNS = ("name", "type", "state", "size", "nodes", "max_nodes")
_POOL = {
    "size": "vm_size",
    "tier": "vm_priority",
    "min_instances": "min_nodes",
    "max_instances": "max_nodes",
    "idle_time_before_scale_down": "idle_seconds_before_scaledown",
}
_DOCKER = {name: name for name in ("image", "arguments", "shm_size", "shared_volumes")}
_name = click.option("-n", "--name", required=True, help="Name of the target.")


@click.group()
def compute() -> None:
    """Make and look at the compute targets of a workspace: where its jobs run."""


@compute.command("list", epilog=output.examples("mlj compute list -o table"))
@output.prints(*_COLUMNS)
def list_(workspace_name: str | None) -> list[dict[str, Any]]:
    """List the compute targets; "local", this machine, is always there and not listed."""
    return [_short(item) for item in ComputeTarget.list(context.workspace(workspace_name))]


@compute.command(epilog=output.examples("mlj compute show -n gpu"))
@_name
@output.prints(*_COLUMNS)
def show(name: str, workspace_name: str | None) -> dict[str, Any]:
    """Show one target with its settings and its state now."""
    return _long(ComputeTarget(context.workspace(workspace_name), name))


@compute.command(
    epilog=output.examples(
        "mlj compute create -n gpu --type amlcompute --size STANDARD_NC6 --max-instances 2",
        "mlj compute create -f pool.yml",
    )
)
@click.option("-n", "--name", help="Name: 2-24 letters, digits and '-'.")
@click.option("--type", "kind", help="amlcompute (a pool, default), computeinstance, docker, …")
@click.option("--size", help="Size of a node, as Azure names it: Standard_NC6.")
@click.option(
    "--tier",
    type=click.Choice(["dedicated", "low_priority"], case_sensitive=False),
    help="Low-priority runs give way to others.",
)
@click.option("--min-instances", type=int, help="Nodes shown as allocated when nothing runs.")
@click.option("--max-instances", type=int, help="Nodes in use at a time.")
@click.option("--idle-time-before-scale-down", type=float, help="Seconds an idle node stays.")
@click.option("--image", help="Image of a Docker target.")
@click.option("-f", "--file", type=click.Path(exists=True, dir_okay=False), help="All in YAML.")
@click.option("--no-wait", is_flag=True, help="Accepted: nothing has to be waited for.")
@output.prints(*_COLUMNS)
def create(
    name: str | None,
    kind: str | None,
    file: str | None,
    no_wait: bool,
    workspace_name: str | None,
    **flags: Any,
) -> dict[str, Any]:
    """Make a target, or show the one of this name when it is the same."""
    values = {} if file is None else _read(Path(file))
    values.update({key: value for key, value in flags.items() if value is not None})
    found = name or values.pop("name", None)
    if not found:
        raise click.UsageError("Say its name with -n.")
    values.pop("name", None)
    wanted = _configuration(str(kind or values.pop("type", "amlcompute")).lower(), values)
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        target = ComputeTarget.create(context.workspace(workspace_name), found, wanted)
    for item in heard:
        click.echo(f"mlj: warning: {item.message}", err=True)
    return _long(target)


@compute.command(epilog=output.examples("mlj compute update -n gpu --max-instances 4"))
@_name
@click.option("--min-instances", type=int, help="Nodes shown as allocated when nothing runs.")
@click.option("--max-instances", type=int, help="Nodes in use at a time.")
@click.option("--idle-time-before-scale-down", type=float, help="Seconds an idle node stays.")
@output.prints(*_COLUMNS)
def update(
    name: str,
    min_instances: int | None,
    max_instances: int | None,
    idle_time_before_scale_down: float | None,
    workspace_name: str | None,
) -> dict[str, Any]:
    """Change the numbers of a pool; runs that wait keep theirs."""
    pool = AmlCompute(context.workspace(workspace_name), name)
    pool.update(min_instances, max_instances, idle_time_before_scale_down)
    return _long(pool)


@compute.command(epilog=output.examples("mlj compute delete -n gpu -y"))
@_name
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@output.prints()
def delete(name: str, yes: bool, workspace_name: str | None) -> output.Result:
    """Forget a target; runs that were submitted to it go on."""
    target = ComputeTarget(context.workspace(workspace_name), name)
    if not yes:
        click.confirm(f"Forget compute target {name!r}?", abort=True, err=True)
    target.delete()
    return output.Result({"name": name, "state": target.provisioning_state})


@compute.command(epilog=output.examples("mlj compute start -n bench"))
@_name
@output.prints("name", "state")
def start(name: str, workspace_name: str | None) -> dict[str, Any]:
    """Let a compute instance take jobs again."""
    instance = ComputeInstance(context.workspace(workspace_name), name)
    instance.start()
    return _short(instance)


@compute.command(epilog=output.examples("mlj compute stop -n bench"))
@_name
@output.prints("name", "state")
def stop(name: str, workspace_name: str | None) -> dict[str, Any]:
    """Let a compute instance take no jobs; those that wait or run go on."""
    instance = ComputeInstance(context.workspace(workspace_name), name)
    instance.stop()
    return _short(instance)


@compute.command("list-nodes", epilog=output.examples("mlj compute list-nodes -n gpu -o table"))
@_name
@output.prints("nodeId", "nodeState", "runId")
def list_nodes(name: str, workspace_name: str | None) -> list[dict[str, Any]]:
    """List the nodes of a pool that are allocated now, and the runs on them."""
    return AmlCompute(context.workspace(workspace_name), name).list_nodes()


@compute.command("list-sizes", epilog=output.examples("mlj compute list-sizes -o table"))
@output.prints("name", "vCPUs", "memoryGB", "gpus")
def list_sizes(workspace_name: str | None) -> list[dict[str, Any]]:
    """List the sizes that a pool may name."""
    return AmlCompute.supported_vmsizes(None)


def _short(target: ComputeTarget) -> dict[str, Any]:
    value: dict[str, Any] = {"name": target.name, "type": target.type, "size": target.vm_size}
    status = target.get_status()
    if isinstance(target, AmlCompute):
        value.update(state=target.provisioning_state, nodes=status.current_node_count)
        value["max_nodes"] = target.scale_settings.maximum_node_count
    else:
        value.update(state=status.state, nodes=None, max_nodes=None)
    return value


def _long(target: ComputeTarget) -> dict[str, Any]:
    whole = target.serialize()
    return {**_short(target), "id": target.id, "tags": target.tags, **whole["properties"]}


def _configuration(kind: str, values: dict[str, Any]) -> Any:
    common = {key: values.pop(key, None) for key in ("tags", "description")}
    if kind == "amlcompute":
        tier = values.pop("tier", None)
        given = _renamed(kind, values, _POOL)
        if tier is not None:
            given["vm_priority"] = str(tier).replace("_", "")
        return AmlCompute.provisioning_configuration(**given, **common)
    if kind == "computeinstance":
        given = _renamed(kind, values, {"size": "vm_size"})
        return ComputeInstance.provisioning_configuration(**given, **common)
    if kind == "docker":
        return DockerCompute.provisioning_configuration(**_renamed(kind, values, _DOCKER), **common)
    registry.class_of(kind)
    return TargetConfiguration(kind, values, common["tags"] or {}, common["description"])


def _renamed(kind: str, values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    unknown = [key for key in values if key not in names]
    if unknown:
        raise UserErrorException(
            f"A target of type {kind} has no {unknown[0]!r}.",
            hint=f"It takes {', '.join(sorted({*names, 'tags', 'description'}))}.",
        )
    return {names[key]: value for key, value in values.items()}


def _read(file: Path) -> dict[str, Any]:
    import yaml

    try:
        value = yaml.safe_load(file.read_text("utf-8-sig"))
    except yaml.YAMLError as error:
        raise UserErrorException(f"{file} is not readable as YAML: {error}") from error
    if not isinstance(value, dict):
        raise UserErrorException(f"{file} does not hold a mapping.")
    return {str(key): item for key, item in value.items() if key != "$schema"}
