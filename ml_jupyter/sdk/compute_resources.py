"""What a run asks for: ``azureml.core.resource_configuration`` and its like."""

from __future__ import annotations

import math
from typing import Any, Dict, Mapping, Optional, Union

from ml_jupyter.exceptions import RunConfigurationException
from ml_jupyter.sdk.section import Section

GIB = 1024**3
Number = Union[int, float]


class ResourceConfiguration(Section):
    """Cores, memory and GPUs; of a run on several nodes: for each node.

    Parameters
    ----------
    cpu : float, optional
        Cores; rounded up to CPU slots. None: one, or what a node of the compute target has.
    memory_in_gb : float, optional
        GiB of memory that are kept for the run. None: not counted, or a node's.
    gpu : float, optional
        GPUs: a whole number, or a share of one below 1, such as 0.5. None: none, or a node's.
    gpu_memory_in_gb : float, optional
        GiB that must be free on each of these GPUs (not in the Azure ML SDK).
    """

    def __init__(
        self,
        cpu: Optional[Number] = None,
        memory_in_gb: Optional[Number] = None,
        gpu: Optional[Number] = None,
        gpu_memory_in_gb: Optional[Number] = None,
    ) -> None:
        self.cpu = cpu
        self.memory_in_gb = memory_in_gb
        self.gpu = gpu
        self.gpu_memory_in_gb = gpu_memory_in_gb

    def serialize(self) -> Dict[str, Any]:
        """As a dict with the keys of the Azure ML SDK."""
        value = {"cpu": self.cpu, "memoryInGB": self.memory_in_gb, "gpu": self.gpu}
        if self.gpu_memory_in_gb is not None:
            value["gpuMemoryInGB"] = self.gpu_memory_in_gb
        return value

    @staticmethod
    def deserialize(payload_obj: Optional[Mapping[str, Any]]) -> Optional[ResourceConfiguration]:
        """What ``serialize`` gave; None for None."""
        if payload_obj is None:
            return None
        names = ("cpu", "memoryInGB", "gpu", "gpuMemoryInGB")
        return ResourceConfiguration(*(payload_obj.get(name) for name in names))

    def launch_values(self) -> Dict[str, Any]:
        """The request as fields of a LaunchSpec; what was left open is left out.

        Raises
        ------
        RunConfigurationException
            Not a number, or one out of its range; names it.
        """
        values: Dict[str, Any] = {}
        if self.cpu is not None:
            values["slots"] = max(1, math.ceil(_checked("cpu", self.cpu)))
        if self.memory_in_gb is not None:
            values["memory"] = int(_checked("memory_in_gb", self.memory_in_gb) * GIB)
        if self.gpu is not None:
            values["gpus"] = float(_checked("gpu", self.gpu))
        if self.gpu_memory_in_gb is not None:
            wanted = _checked("gpu_memory_in_gb", self.gpu_memory_in_gb)
            values["gpu_memory"] = int(wanted * GIB)
        return values


class AmlComputeConfiguration(Section):
    """Settings of a cluster that Azure ML makes for one run; kept in files and not used here."""

    def __init__(self) -> None:
        self.vm_size: Optional[str] = None
        self.vm_priority: Optional[str] = None
        self.retain_cluster = False
        self.name: Optional[str] = None
        self.cluster_max_node_count: Optional[int] = None


def launch_values(resources: Any, priority: Any) -> Dict[str, Any]:
    """The request of a run configuration as fields of a LaunchSpec.

    Raises
    ------
    RunConfigurationException
        ``resources`` is no ResourceConfiguration, or a number is out of its range.
    """
    values: Dict[str, Any] = {}
    if resources is not None:
        if not isinstance(resources, ResourceConfiguration):
            raise RunConfigurationException(
                f"resources must be a ResourceConfiguration, not {type(resources).__name__}."
            )
        values = resources.launch_values()
    if priority is not None:
        if type(priority) is not int:
            raise RunConfigurationException(f"priority must be a whole number, not {priority!r}.")
        values["priority"] = priority
    return values


def _checked(name: str, value: Any) -> Number:
    number: Number = value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise RunConfigurationException(
            f"resources: {name} must be a number from 0 on, not {value!r}."
        )
    return number
