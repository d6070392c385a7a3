"""What is known of a compute target without asking anything that runs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Dict, List, Optional

from ml_jupyter.compute.record import TargetRecord
from ml_jupyter.sdk import html
from ml_jupyter.sdk.compute_status import SUCCEEDED, moment

if TYPE_CHECKING:
    from ml_jupyter.sdk.workspace import Workspace


class TargetFacts:
    """The facts of a stored target, as properties with the names of the Azure ML SDK."""

    _workspace: Workspace
    _record: TargetRecord
    _deleted: bool

    @property
    def workspace(self) -> Workspace:
        """The workspace that keeps it."""
        return self._workspace

    @property
    def name(self) -> str:
        """Its name."""
        return self._record.name

    @property
    def id(self) -> str:
        """Its id: the same in every copy of the workspace."""
        return self._record.id

    @property
    def type(self) -> str:
        """``AmlCompute``, ``ComputeInstance``, ``Docker``, ``local``, or a plugin's kind."""
        return self._record.kind

    @property
    def location(self) -> str:
        """Always ``"local"``."""
        return "local"

    cluster_location = location

    @property
    def tags(self) -> Dict[str, Optional[str]]:
        """Tags given at creation."""
        return dict(self._record.tags)

    @property
    def description(self) -> Optional[str]:
        """Description given at creation."""
        return self._record.description

    @property
    def created_on(self) -> Optional[datetime]:
        """When it was made, UTC."""
        return moment(self._record.created)

    @property
    def modified_on(self) -> Optional[datetime]:
        """When it was last changed, UTC."""
        return moment(self._record.modified)

    @property
    def provisioning_state(self) -> str:
        """``Succeeded``: what is made here is there at once; ``Deleting`` after ``delete()``."""
        return "Deleting" if self._deleted else SUCCEEDED

    @property
    def provisioning_errors(self) -> Optional[List[Any]]:
        """Always None."""
        return None

    @property
    def is_attached(self) -> bool:
        """Always False."""
        return False

    @property
    def vm_size(self) -> Optional[str]:
        """Size of its nodes; None when it has none."""
        return self._record.settings.get("vm_size")

    @property
    def scale_settings(self) -> Any:
        """Numbers of nodes; None when it has none of its own."""
        return None

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(workspace={self._workspace!r}, name={self.name!r}, "
            f"id={self.id!r}, type={self.type!r}, provisioning_state={self.provisioning_state!r})"
        )

    def _repr_html_(self) -> str:
        facts = {"Compute target": self.name, "Type": self.type, "State": self.provisioning_state}
        if self.vm_size:
            facts["VM size"] = self.vm_size
        return html.table(facts)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, TargetFacts)
            and self._workspace == other._workspace
            and self.name == other.name
            and self.id == other.id
        )

    def __hash__(self) -> int:
        return hash((self._workspace, self.name, self.id))
