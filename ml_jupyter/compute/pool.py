"""Named pools of this machine: what ``AmlCompute.provisioning_configuration`` gives here."""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import blake2b
from math import inf
from typing import Any, Dict, Mapping, Optional, Tuple

from ml_jupyter.compute import shape, vm_sizes
from ml_jupyter.compute.base import Submission
from ml_jupyter.compute.local import LocalTarget
from ml_jupyter.compute.record import TargetRecord
from ml_jupyter.compute.shape import Machine, NodeShape
from ml_jupyter.compute.vm_sizes import VmSize
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import RunConfigurationException, UserErrorException
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs.queue_limits import capacity
from ml_jupyter.jobs.spec import LaunchSpec

KIND = "amlcompute"
LOW_PRIORITY = "lowpriority"
_PRIORITIES = ("dedicated", LOW_PRIORITY)


class PoolTarget(LocalTarget):
    """Runs jobs on node slots of this machine; those beyond ``max_nodes`` wait."""

    def __init__(self, settings: Settings, record: TargetRecord) -> None:
        super().__init__(settings, record)
        self._seen: Optional[Machine] = None

    @staticmethod
    def check(record_settings: Mapping[str, Any], settings: Settings) -> Tuple[str, ...]:
        """What a new pool cannot be given here, in at most one sentence.

        Raises
        ------
        UserErrorException
            A number out of its range, or no such priority; names the parameter.
        """
        _check_numbers(record_settings)
        priority = record_settings.get("vm_priority", _PRIORITIES[0])
        if priority not in _PRIORITIES:
            raise UserErrorException(
                f"vm_priority cannot be {priority!r}.", hint=f"Use {' or '.join(_PRIORITIES)}."
            )
        warning = _warning(record_settings, machine(settings))
        return () if warning is None else (warning,)

    @property
    def size(self) -> Optional[VmSize]:
        """The size of its nodes; None: not known here."""
        return vm_sizes.find(str(self.record.settings.get("vm_size", "")))

    @property
    def min_nodes(self) -> int:
        """Nodes that are shown as allocated even when nothing runs."""
        return int(self.record.settings.get("min_nodes", 0))

    @property
    def max_nodes(self) -> int:
        """Nodes that may be in use at a time."""
        most = self.record.settings.get("max_nodes")
        return shape.node_count(self.size, self.min_nodes, most, self._machine())

    @property
    def pool_id(self) -> str:
        """Names the node slots on this machine; each copy of a workspace has slots of its own."""
        place = f"{self.record.id} {os.path.realpath(str(self.record.root))}"
        return blake2b(place.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def node(self, nodes: int = 1) -> NodeShape:
        """What each node of a run on so many nodes reserves by default."""
        return shape.node_shape(self.size, self.max_nodes, self._machine(), nodes)

    def launch_changes(self, spec: LaunchSpec) -> LaunchSpec:
        """The job on nodes of this pool: what it does not ask for itself, a node gives."""
        pool = self._pool()
        if spec.pool == pool:
            return spec
        node = self.node(spec.nodes)
        return replace(
            spec,
            pool=pool,
            slots=spec.slots if spec.slots > 1 else node.slots,
            memory=spec.memory or node.memory,
            gpus=spec.gpus or node.gpus,
        )

    def validate(self, submission: Submission) -> None:
        """As for ``local``, and what a node of this size, or this pool, can never give."""
        spec, most = submission.spec, self.max_nodes
        if spec.nodes > most:
            raise RunConfigurationException(
                f"The job needs {spec.nodes} nodes, and compute target {self.name!r} has "
                f"{most} at most.",
                hint=f"Ask for fewer nodes, or call update(max_nodes={spec.nodes}) on the target.",
            )
        self._check_size(spec)
        super().validate(submission)

    def started(self, run: RunFolder) -> None:
        """Say with the run when its nodes share GPUs."""
        launch = run.record.definition.get("launch", {})
        nodes, gpus = int(launch.get("nodes", 1)), float(launch.get("gpus", 0))
        size = self.size
        if nodes > 1 and 0 < gpus < 1 <= (size.gpus if size is not None else 0):
            run.warn(
                f"The {nodes} nodes share the GPUs of this machine, {gpus:g} of one each; "
                "communication by NCCL needs a GPU of its own for each process, Gloo does not."
            )

    def _machine(self) -> Machine:
        if self._seen is None:  # asking the driver takes milliseconds
            self._seen = machine(self._settings)
        return self._seen

    def _pool(self) -> Dict[str, Any]:
        return {
            "id": self.pool_id,
            "name": self.name,
            "max_nodes": self.max_nodes,
            "low_priority": self.record.settings.get("vm_priority") == LOW_PRIORITY,
        }

    def _check_size(self, spec: LaunchSpec) -> None:
        size = self.size
        if size is None or spec.pool is not None:
            return
        for what, wanted, there in (
            ("cores", spec.slots, size.cores),
            ("GPUs", spec.gpus, size.gpus),
            ("bytes of memory", spec.memory, size.memory),
        ):
            if wanted > there:
                raise RunConfigurationException(
                    f"The job needs {wanted:g} {what} a node, and the nodes of compute target "
                    f"{self.name!r} ({size.name}) have {there:g}."
                )


def machine(settings: Settings) -> Machine:
    """What this machine has; GPUs that do not answer are none."""
    found = capacity(settings)
    gpus = [gpu for gpu in found.gpus if gpu.problem is None]
    return Machine(found.slots, found.memory, len(gpus))


def _check_numbers(values: Mapping[str, Any]) -> None:
    least, most = values.get("min_nodes", 0), values.get("max_nodes")
    for name, value in (("min_nodes", least), ("max_nodes", most)):
        if value is not None and (type(value) is not int or value < 0):
            raise UserErrorException(f"{name} must be a whole number from 0 on, not {value!r}.")
    if most == 0:
        raise UserErrorException("max_nodes must be at least 1: a pool without nodes runs nothing.")
    if most is not None and least > most:
        raise UserErrorException(f"min_nodes is {least}, and max_nodes is {most}.")
    idle = values.get("idle_seconds_before_scaledown")
    number = isinstance(idle, (int, float)) and not isinstance(idle, bool)
    if idle is not None and not (number and 0 <= idle < inf):
        raise UserErrorException(
            f"idle_seconds_before_scaledown must be a number of seconds from 0 on, not {idle!r}."
        )


def _warning(values: Mapping[str, Any], there: Machine) -> Optional[str]:
    name = str(values.get("vm_size") or "")
    size = vm_sizes.find(name)
    count = shape.node_count(size, values.get("min_nodes", 0), values.get("max_nodes"), there)
    if size is None:
        return (
            f"vm_size {name!r} is not a size that is known here; a node is one CPU slot of "
            "this machine."
            if name
            else None
        )
    less = shape.shortfall(size, count, there)
    return None if less is None else f"{less}. Jobs run on what there is."
