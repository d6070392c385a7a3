"""What a pool is to be, before it is made."""

from __future__ import annotations

from typing import Any, Mapping, Optional

from ml_jupyter.compute import vm_sizes
from ml_jupyter.compute.pool import KIND, PoolTarget
from ml_jupyter.compute.record import TargetConfiguration
from ml_jupyter.sdk import session
from ml_jupyter.sdk.labels import tags_of

IDLE_S = 1800


class AmlComputeProvisioningConfiguration:
    """What a pool is to be; ``AmlCompute.provisioning_configuration`` tells the parameters.

    Those of machines in a cloud are accepted, not used and not stored: a workspace holds no secret.
    """

    def __init__(
        self,
        vm_size: str = "",
        vm_priority: str = "dedicated",
        min_nodes: Optional[int] = 0,
        max_nodes: Optional[int] = None,
        idle_seconds_before_scaledown: Optional[float] = IDLE_S,
        admin_username: Optional[str] = None,
        admin_user_password: Optional[str] = None,
        admin_user_ssh_key: Optional[str] = None,
        vnet_resourcegroup_name: Optional[str] = None,
        vnet_name: Optional[str] = None,
        subnet_name: Optional[str] = None,
        tags: Optional[Mapping[str, Any]] = None,
        description: Optional[str] = None,
        remote_login_port_public_access: str = "NotSpecified",
        identity_type: Optional[str] = None,
        identity_id: Any = None,
        compute_location: Optional[str] = None,
        enable_node_public_ip: bool = True,
    ) -> None:
        self.vm_size = vm_size
        self.vm_priority = vm_priority
        self.min_nodes = 0 if min_nodes is None else min_nodes
        self.max_nodes = max_nodes
        self.idle_seconds_before_scaledown = (
            IDLE_S if idle_seconds_before_scaledown is None else idle_seconds_before_scaledown
        )
        self.tags = tags_of(tags)
        self.description = description

    def validate_configuration(self) -> None:
        """Refuse values that cannot be.

        Raises
        ------
        UserErrorException
            Names the parameter.
        """
        PoolTarget.check(self.target_configuration().settings, session.settings())

    def target_configuration(self) -> TargetConfiguration:
        """What is stored; a known size by the name that Azure gives it."""
        size = vm_sizes.find(str(self.vm_size or ""))
        settings = {
            "vm_size": str(self.vm_size or "") if size is None else size.name.upper(),
            "vm_priority": str(self.vm_priority or "dedicated").lower(),
            "min_nodes": self.min_nodes,
            "max_nodes": self.max_nodes,
            "idle_seconds_before_scaledown": self.idle_seconds_before_scaledown,
        }
        return TargetConfiguration(KIND, settings, self.tags, self.description)
