"""``AmlCompute``: a named pool of node slots on this machine (surface 7.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional

from ml_jupyter.compute import vm_sizes
from ml_jupyter.compute.nodes import PoolUse, use_of
from ml_jupyter.compute.pool import PoolTarget
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.compute import ComputeTarget
from ml_jupyter.sdk.compute_aml_configuration import IDLE_S, AmlComputeProvisioningConfiguration
from ml_jupyter.sdk.compute_runs import active_runs
from ml_jupyter.sdk.compute_status import (
    SUCCEEDED,
    AmlComputeStatus,
    NodeStateCounts,
    ScaleSettings,
    moment,
)

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run
    from ml_jupyter.sdk.workspace import Workspace

_QUOTAS = "There are no quotas here: the queue shares this machine out."


class AmlCompute(ComputeTarget):
    """A pool of this machine: up to ``max_nodes`` nodes run at a time, further jobs wait."""

    @staticmethod
    def provisioning_configuration(
        vm_size: str = "",
        vm_priority: str = "dedicated",
        min_nodes: int = 0,
        max_nodes: Optional[int] = None,
        idle_seconds_before_scaledown: float = IDLE_S,
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
        location: Optional[str] = None,
        enable_node_public_ip: bool = True,
    ) -> AmlComputeProvisioningConfiguration:
        """What ``ComputeTarget.create`` takes to make a pool.

        Parameters
        ----------
        vm_size : str
            A size of Azure's virtual machines, in any case: how many cores, how much memory and how
            many GPUs a node reserves, as far as the machine has them. Empty: one CPU slot.
        vm_priority : str
            ``dedicated``, or ``lowpriority``: its runs wait behind others; none is interrupted.
        min_nodes : int
            Nodes that are shown as allocated even when nothing runs.
        max_nodes : int, optional
            Nodes that may be in use at a time, which share the machine; None: as many of this size
            as the machine holds.
        idle_seconds_before_scaledown : float
            So many seconds a node stays allocated after its last run.
        tags : dict, optional
            Stored with the target.
        description : str, optional
            Stored with the target.
        admin_username, admin_user_password, admin_user_ssh_key, vnet_resourcegroup_name, \
vnet_name, subnet_name, remote_login_port_public_access, identity_type, identity_id, location, \
enable_node_public_ip
            Of machines in a cloud; accepted, not used and not stored.

        Raises
        ------
        UserErrorException
            A value that cannot be; names the parameter.
        """
        made = AmlComputeProvisioningConfiguration(
            vm_size, vm_priority, min_nodes, max_nodes, idle_seconds_before_scaledown,
            tags=tags, description=description,
        )  # fmt: skip
        made.validate_configuration()
        return made

    @property
    def type(self) -> str:
        """``AmlCompute``."""
        return "AmlCompute"

    @property
    def vm_priority(self) -> str:
        """``dedicated`` or ``lowpriority``."""
        return str(self._record.settings.get("vm_priority", "dedicated"))

    @property
    def scale_settings(self) -> ScaleSettings:
        """Least and greatest number of nodes, and how long an idle one stays."""
        pool = self._pool()
        idle = self._record.settings.get("idle_seconds_before_scaledown", IDLE_S)
        return ScaleSettings(pool.min_nodes, pool.max_nodes, idle)

    def get_status(self) -> AmlComputeStatus:
        """The pool now: node counts follow what runs and what waits."""
        self.refresh_state()
        use = self._use()
        counts: Dict[str, int] = {}
        for node in use.nodes:
            counts[node.state] = counts.get(node.state, 0) + 1
        return AmlComputeStatus(
            allocation_state="Steady" if use.target == len(use.nodes) else "Resizing",
            allocation_state_transition_time=moment(max(use.changed, self._record.modified)),
            creation_time=self.created_on,
            current_node_count=len(use.nodes),
            errors=None,
            modified_time=self.modified_on,
            node_state_counts=NodeStateCounts(**counts),
            provisioning_state=SUCCEEDED,
            provisioning_state_transition_time=self.created_on,
            scale_settings=self.scale_settings,
            target_node_count=use.target,
            vm_priority=self.vm_priority,
            vm_size=self.vm_size or "",
        )

    def list_nodes(self) -> List[Dict[str, Any]]:
        """The nodes that are allocated now: ``nodeId``, ``nodeState``, ``runId`` and addresses.

        ``nodeState`` is ``idle``, ``preparing`` or ``running``; ``runId`` is None for an idle node
        and for one that another user's run is on.
        """
        self.refresh_state()
        return [
            {
                "nodeId": f"{self.name}-{node.index}",
                "nodeState": node.state,
                "runId": node.run_id or None,
                "privateIpAddress": "127.0.0.1",
                "publicIpAddress": None,
                "port": None,
            }
            for node in self._use().nodes
        ]

    def update(
        self,
        min_nodes: Optional[int] = None,
        max_nodes: Optional[int] = None,
        idle_seconds_before_scaledown: Optional[float] = None,
    ) -> None:
        """Change the pool; runs that wait already keep the numbers they were submitted with.

        Raises
        ------
        UserErrorException
            A value that cannot be; nothing was changed.
        """
        given = {
            "min_nodes": min_nodes,
            "max_nodes": max_nodes,
            "idle_seconds_before_scaledown": idle_seconds_before_scaledown,
        }
        self._change({key: value for key, value in given.items() if value is not None})

    def wait_for_completion(  # type: ignore[override]
        self,
        show_output: bool = False,
        min_node_count: Optional[int] = None,
        timeout_in_minutes: float = 25,
        is_delete_operation: bool = False,
    ) -> None:
        """Return when so many nodes can be had, which is at once.

        Parameters
        ----------
        show_output : bool
            Print the state, as the Azure ML SDK does.
        min_node_count : int, optional
            At most ``max_nodes``.
        timeout_in_minutes : float
            Kept for notebooks; there is nothing to wait for.

        Raises
        ------
        UserErrorException
            The pool will never have ``min_node_count`` nodes.
        ComputeTargetException
            It was deleted.
        """
        if is_delete_operation:
            super().wait_for_completion(show_output, is_delete_operation)
            return
        self.refresh_state()
        most = self._pool().max_nodes
        if min_node_count is not None and min_node_count > most:
            raise UserErrorException(
                f"min_node_count is {min_node_count}, and compute target {self.name!r} has "
                f"{most} nodes at most."
            )
        if show_output:
            print(f"{SUCCEEDED}\nAmlCompute wait for completion finished\n")
            print("Minimum number of nodes requested have been provisioned")

    def get(self) -> AmlCompute:
        """The pool itself, read afresh."""
        self.refresh_state()
        return self

    def get_active_runs(
        self, type: Any = None, tags: Any = None, properties: Any = None, status: Any = None
    ) -> Iterator[Run]:
        """Its runs that have not ended, newest first; the filters are those of ``get_runs``."""
        return active_runs(self, type, tags, properties, status)

    @staticmethod
    def supported_vmsizes(
        workspace: Optional[Workspace], location: Optional[str] = None
    ) -> List[Dict[str, Any]]:
        """The sizes that are known here: ``name``, ``vCPUs``, ``memoryGB`` (GiB) and ``gpus``."""
        return [
            {
                "name": size.name,
                "vCPUs": size.cores,
                "memoryGB": round(size.memory / vm_sizes.GIB, 2),
                "gpus": size.gpus,
            }
            for size in vm_sizes.sizes()
        ]

    @staticmethod
    def list_usages(workspace: Workspace, show_all: bool = False, location: Any = None) -> Any:
        """Not here: raises UserErrorException."""
        raise UserErrorException(_QUOTAS, hint="get_status() of each target tells its use.")

    @staticmethod
    def list_quotas(workspace: Workspace, location: Any = None) -> Any:
        """Not here: raises UserErrorException."""
        raise UserErrorException(_QUOTAS, hint="max_nodes is the limit of a pool.")

    @staticmethod
    def update_quotas(
        workspace: Workspace, vm_family: Any, limit: Any = None, location: Any = None
    ) -> Any:
        """Not here: raises UserErrorException."""
        raise UserErrorException(_QUOTAS, hint="Call update(max_nodes=…) on the pool.")

    def add_identity(self, identity_type: Any, identity_id: Any = None) -> None:
        """Not here: raises UserErrorException."""
        raise UserErrorException("Jobs run as the user who submits them; there is no identity.")

    def remove_identity(self, identity_id: Any = None) -> None:
        """Not here: raises UserErrorException."""
        raise UserErrorException("Jobs run as the user who submits them; there is no identity.")

    def _properties(self) -> Dict[str, Any]:
        return {
            "vmSize": self.vm_size,
            "vmPriority": self.vm_priority,
            "scaleSettings": self.scale_settings.serialize(),
        }

    def _pool(self) -> PoolTarget:
        return PoolTarget(self._workspace._settings, self._record)

    def _use(self) -> PoolUse:
        return use_of(self._pool(), self._workspace._folder, self._workspace._settings)
