"""``ComputeInstance``: this machine under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional

from ml_jupyter.compute.instance import KIND, InstanceTarget
from ml_jupyter.compute.record import TargetConfiguration
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk.compute import ComputeTarget
from ml_jupyter.sdk.compute_runs import active_runs
from ml_jupyter.sdk.compute_status import SUCCEEDED, TargetStatus
from ml_jupyter.sdk.labels import tags_of

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run
    from ml_jupyter.sdk.workspace import Workspace


class ComputeInstanceProvisioningConfiguration:
    """What an instance is to be; see ``ComputeInstance.provisioning_configuration``."""

    def __init__(
        self,
        vm_size: str = "",
        tags: Optional[Mapping[str, Any]] = None,
        description: Optional[str] = None,
    ) -> None:
        self.vm_size = vm_size
        self.tags = tags_of(tags)
        self.description = description

    def validate_configuration(self) -> None:
        """Nothing of it can be wrong."""

    def target_configuration(self) -> TargetConfiguration:
        """What is stored."""
        settings = {"vm_size": str(self.vm_size or "")}
        return TargetConfiguration(KIND, settings, self.tags, self.description)


class ComputeInstance(ComputeTarget):
    """The machine by a name: shares its slots with ``local``, and can be stopped for jobs."""

    @staticmethod
    def provisioning_configuration(
        vm_size: str = "",
        ssh_public_access: bool = False,
        admin_user_ssh_public_key: Optional[str] = None,
        vnet_resourcegroup_name: Optional[str] = None,
        vnet_name: Optional[str] = None,
        subnet_name: Optional[str] = None,
        tags: Optional[Mapping[str, Any]] = None,
        description: Optional[str] = None,
        assigned_user_object_id: Optional[str] = None,
        assigned_user_tenant_id: Optional[str] = None,
    ) -> ComputeInstanceProvisioningConfiguration:
        """What ``ComputeTarget.create`` takes.

        Parameters
        ----------
        vm_size : str
            Stored and shown; the machine is what it is.
        tags : dict, optional
            Stored with the target.
        description : str, optional
            Stored with the target.
        ssh_public_access, admin_user_ssh_public_key, vnet_resourcegroup_name, vnet_name, \
subnet_name, assigned_user_object_id, assigned_user_tenant_id
            Of machines in a cloud; accepted, not used and not stored.
        """
        return ComputeInstanceProvisioningConfiguration(vm_size, tags, description)

    @property
    def type(self) -> str:
        """``ComputeInstance``."""
        return "ComputeInstance"

    def get_status(self) -> TargetStatus:
        """Whether it takes jobs: state ``Running`` or ``Stopped``."""
        self.refresh_state()
        stopped = InstanceTarget(self._workspace._settings, self._record).stopped
        state = "Stopped" if stopped else "Running"
        return TargetStatus(state, None, self.created_on, self.modified_on, self.vm_size)

    def start(self, wait_for_completion: bool = False, show_output: bool = False) -> None:
        """Take jobs again."""
        self._set_stopped(False, show_output)

    def stop(self, wait_for_completion: bool = False, show_output: bool = False) -> None:
        """Take no jobs until ``start()``; those that wait or run go on."""
        self._set_stopped(True, show_output)

    def restart(self, wait_for_completion: bool = False, show_output: bool = False) -> None:
        """As ``start()``: the machine itself is not touched."""
        self._set_stopped(False, show_output)

    def delete(self, wait_for_completion: bool = False, show_output: bool = False) -> None:
        """Forget the instance; runs that were submitted to it go on."""
        super().delete()
        if show_output:
            print(SUCCEEDED)

    def get(self) -> ComputeInstance:
        """The instance itself, read afresh."""
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
        """As ``AmlCompute.supported_vmsizes``."""
        from ml_jupyter.sdk.compute_aml import AmlCompute

        return AmlCompute.supported_vmsizes(workspace, location)

    def update_sso_settings(self, value: Any) -> None:
        """Not here: raises UserErrorException."""
        raise UserErrorException("This machine has no single sign-on: you are signed in to it.")

    def _set_stopped(self, stopped: bool, show_output: bool) -> None:
        self._change({"stopped": stopped})
        if show_output:
            print(self.get_status().state)
