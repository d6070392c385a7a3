"""Compute targets that only a cloud has: each says what to use here instead.

``X(workspace, name)`` raises as for any target that is not there, so that the ``try``/``except`` of
a notebook goes on to its attach or provisioning configuration, which then says why and what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ml_jupyter.exceptions import TargetNotFound, UserErrorException
from ml_jupyter.sdk.compute import ComputeTarget

if TYPE_CHECKING:
    from ml_jupyter.sdk.workspace import Workspace

_POOL = "Use AmlCompute.provisioning_configuration(...) for a pool of this machine."
_THERE = "Run ml_jupyter on that machine, in a JupyterLab or a shell there. " + _POOL


class CloudCompute(ComputeTarget):
    """A target outside this machine; it cannot be made here."""

    #: What to do instead, one sentence.
    _instead = _POOL

    def __new__(cls, workspace: Workspace, name: str) -> NoReturn:
        """Raises TargetNotFound: there can be none."""
        raise TargetNotFound(
            f"ComputeTargetNotFound: there is no {cls.__name__} {name!r} in this workspace.",
            hint=cls._instead,
        )

    @classmethod
    def attach_configuration(cls, *_given: Any, **_more: Any) -> NoReturn:
        """Raises UserErrorException, which says what to use instead."""
        raise UserErrorException(f"{cls.__name__} needs a cloud.", hint=cls._instead)

    @classmethod
    def provisioning_configuration(cls, *_given: Any, **_more: Any) -> NoReturn:
        """Raises UserErrorException, which says what to use instead."""
        raise UserErrorException(f"{cls.__name__} needs a cloud.", hint=cls._instead)

    @classmethod
    def attach(cls, workspace: Workspace, name: str, *_given: Any, **_more: Any) -> NoReturn:
        """Raises UserErrorException, which says what to use instead."""
        raise UserErrorException(f"{cls.__name__} needs a cloud.", hint=cls._instead)


class RemoteCompute(CloudCompute):
    """A machine that is reached by SSH."""

    _instead = _THERE

    @staticmethod
    def attach_configuration(
        username: str,
        subscription_id: Any = None,
        resource_group: Any = None,
        vm_name: Any = None,
        resource_id: Any = None,
        address: Any = None,
        ssh_port: int = 22,
        password: str = "",
        private_key_file: str = "",
        private_key_passphrase: str = "",
    ) -> NoReturn:
        """Raises UserErrorException, which says what to use instead."""
        raise UserErrorException(
            "RemoteCompute: jobs are not sent to other machines by SSH.",
            hint=_THERE,
        )

    def get_credentials(self) -> NoReturn:
        """Raises UserErrorException: none are kept."""
        raise UserErrorException("No credentials of other machines are kept here.")


class DsvmCompute(CloudCompute):
    """A data science virtual machine."""


class BatchCompute(CloudCompute):
    """An Azure Batch account."""


class AksCompute(CloudCompute):
    """A Kubernetes cluster of Azure."""


class KubernetesCompute(CloudCompute):
    """A Kubernetes cluster."""


class DatabricksCompute(CloudCompute):
    """A Databricks workspace."""

    _instead = "Run the script as a plain job: ScriptRunConfig(..., compute_target='local')."


class HDInsightCompute(DatabricksCompute):
    """A Spark cluster."""


class SynapseCompute(DatabricksCompute):
    """A Synapse Spark pool."""


class AdlaCompute(DatabricksCompute):
    """A Data Lake Analytics account."""


class DataFactoryCompute(DatabricksCompute):
    """A Data Factory."""


class KustoCompute(DatabricksCompute):
    """A Data Explorer cluster."""
