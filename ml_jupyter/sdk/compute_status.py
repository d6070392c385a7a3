"""What compute targets say of themselves, under the names of the Azure ML SDK."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any, Dict, List, Mapping, Optional

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.section import Section, camel

SUCCEEDED = "Succeeded"
_NODE_STATES = ("preparing", "running", "idle", "unusable", "leaving", "preempted")


class ScaleSettings(Section):
    """Least and greatest number of nodes, and how long an idle one stays, in seconds."""

    def __init__(
        self,
        minimum_node_count: int,
        maximum_node_count: int,
        idle_seconds_before_scaledown: float,
    ) -> None:
        self.minimum_node_count = minimum_node_count
        self.maximum_node_count = maximum_node_count
        self.idle_seconds_before_scaledown = idle_seconds_before_scaledown

    def serialize(self) -> Dict[str, Any]:
        """As a dict; the time is an ISO 8601 duration."""
        return {
            "minNodeCount": self.minimum_node_count,
            "maxNodeCount": self.maximum_node_count,
            "nodeIdleTimeBeforeScaleDown": f"PT{self.idle_seconds_before_scaledown:g}S",
        }

    @staticmethod
    def deserialize(object_dict: Optional[Mapping[str, Any]]) -> Optional[ScaleSettings]:
        """What ``serialize`` gave; None for None."""
        if object_dict is None:
            return None
        _need(object_dict, "ScaleSettings", ("minNodeCount", "maxNodeCount"))
        idle = _seconds(object_dict.get("nodeIdleTimeBeforeScaleDown"))
        return ScaleSettings(object_dict["minNodeCount"], object_dict["maxNodeCount"], idle)


class NodeStateCounts(Section):
    """How many nodes are in which state."""

    def __init__(self, **counts: int) -> None:
        self.preparing_node_count = counts.get("preparing", 0)
        self.running_node_count = counts.get("running", 0)
        self.idle_node_count = counts.get("idle", 0)
        self.unusable_node_count = counts.get("unusable", 0)
        self.leaving_node_count = counts.get("leaving", 0)
        self.preempted_node_count = counts.get("preempted", 0)

    def serialize(self) -> Dict[str, int]:
        """As a dict."""
        return {camel(name): value for name, value in vars(self).items()}

    @staticmethod
    def deserialize(object_dict: Optional[Mapping[str, Any]]) -> Optional[NodeStateCounts]:
        """What ``serialize`` gave; None for None."""
        if object_dict is None:
            return None
        counts = {name: int(object_dict.get(f"{name}NodeCount", 0)) for name in _NODE_STATES}
        return NodeStateCounts(**counts)


class AmlComputeStatus(Section):
    """A pool at one moment. Times are UTC."""

    def __init__(
        self,
        allocation_state: str,
        allocation_state_transition_time: Optional[datetime],
        creation_time: Optional[datetime],
        current_node_count: int,
        errors: Optional[List[Any]],
        modified_time: Optional[datetime],
        node_state_counts: Optional[NodeStateCounts],
        provisioning_state: str,
        provisioning_state_transition_time: Optional[datetime],
        scale_settings: Optional[ScaleSettings],
        target_node_count: int,
        vm_priority: str,
        vm_size: str,
    ) -> None:
        self.allocation_state = allocation_state
        self.allocation_state_transition_time = allocation_state_transition_time
        self.creation_time = creation_time
        self.current_node_count = current_node_count
        self.errors = errors
        self.modified_time = modified_time
        self.node_state_counts = node_state_counts
        self.provisioning_state = provisioning_state
        self.provisioning_state_transition_time = provisioning_state_transition_time
        self.scale_settings = scale_settings
        self.target_node_count = target_node_count
        self.vm_priority = vm_priority
        self.vm_size = vm_size

    def serialize(self) -> Dict[str, Any]:
        """As a dict of plain JSON, with the keys of the Azure ML SDK."""
        return {camel(name): _plain(value) for name, value in vars(self).items()}

    @staticmethod
    def deserialize(object_dict: Optional[Mapping[str, Any]]) -> Optional[AmlComputeStatus]:
        """What ``serialize`` gave; None for None.

        Raises
        ------
        UserErrorException
            A key is missing; names it.
        """
        if object_dict is None:
            return None
        _need(object_dict, "AmlComputeStatus", ("allocationState", "currentNodeCount"))
        value = object_dict.get
        return AmlComputeStatus(
            allocation_state=object_dict["allocationState"],
            allocation_state_transition_time=_time_of(value("allocationStateTransitionTime")),
            creation_time=_time_of(value("creationTime")),
            current_node_count=object_dict["currentNodeCount"],
            errors=value("errors"),
            modified_time=_time_of(value("modifiedTime")),
            node_state_counts=NodeStateCounts.deserialize(value("nodeStateCounts")),
            provisioning_state=value("provisioningState", SUCCEEDED),
            provisioning_state_transition_time=_time_of(value("provisioningStateTransitionTime")),
            scale_settings=ScaleSettings.deserialize(value("scaleSettings")),
            target_node_count=value("targetNodeCount", object_dict["currentNodeCount"]),
            vm_priority=value("vmPriority", ""),
            vm_size=value("vmSize", ""),
        )


class TargetStatus(Section):
    """A target that has no nodes of its own at one moment.

    Attributes
    ----------
    state : str
        ``Running``, ``Stopped`` (a compute instance), ``Unusable``.
    errors : list of str, optional
        Why it is unusable, one sentence each.
    """

    def __init__(
        self,
        state: str,
        errors: Optional[List[str]],
        creation_time: Optional[datetime],
        modified_time: Optional[datetime],
        vm_size: Optional[str] = None,
    ) -> None:
        self.state = state
        self.errors = errors
        self.creation_time = creation_time
        self.modified_time = modified_time
        self.vm_size = vm_size

    def serialize(self) -> Dict[str, Any]:
        """As a dict of plain JSON."""
        return {camel(name): _plain(value) for name, value in vars(self).items()}


def moment(ns: int) -> Optional[datetime]:
    """A time in nanoseconds since the Unix epoch; None for 0."""
    return None if ns == 0 else datetime.fromtimestamp(ns // 1000 / 1e6, timezone.utc)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.serialize() if hasattr(value, "serialize") else value


def _time_of(text: Optional[str]) -> Optional[datetime]:
    return None if text is None else datetime.fromisoformat(text)


def _seconds(duration: Any) -> float:
    text = str(duration or "PT0S")
    try:
        return float(text[2:-1]) if text.startswith("PT") and text.endswith("S") else float(text)
    except ValueError as error:
        raise UserErrorException(f"{duration!r} is not a duration such as 'PT1800S'.") from error


def _need(value: Mapping[str, Any], what: str, keys: Any) -> None:
    missing = [key for key in keys if key not in value]
    if missing:
        raise UserErrorException(f"This is no {what}: the key {missing[0]!r} is missing.")
