"""What is known of a deployed service: what is recorded, and how it does now."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Tuple

from ml_jupyter import _time
from ml_jupyter.exceptions import ModelNotFoundException, RunNotFound
from ml_jupyter.history import status
from ml_jupyter.models.plan import FACT, FAILED, HEALTHY, TRANSITIONING
from ml_jupyter.models.services import ServiceRecord, ServiceStore
from ml_jupyter.sdk.model import Model

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run
    from ml_jupyter.sdk.workspace import Workspace

_STATES = {status.FAILED: "Failed", status.CANCELED: "Stopped", status.COMPLETED: "Stopped"}


class DeployedService:
    """A service as the workspace and its run know it. Only ``Webservice`` is made of it."""

    workspace: Workspace
    _record: ServiceRecord

    @property
    def name(self) -> str:
        """Its name."""
        return self._record.name

    @property
    def id(self) -> str:
        """Id, the same through updates."""
        return self._record.id

    @property
    def compute_type(self) -> str:
        """Always ``"Local"``."""
        return "Local"

    @property
    def description(self) -> Optional[str]:
        """What it is about."""
        return self._record.description

    @property
    def tags(self) -> Dict[str, Optional[str]]:
        """The tags, as a copy."""
        return dict(self._record.tags)

    @property
    def properties(self) -> Dict[str, str]:
        """The properties, as a copy."""
        return dict(self._record.properties)

    @property
    def auth_enabled(self) -> bool:
        """Whether calls need a key."""
        return bool(self._record.plan.get("auth", True))

    @property
    def created_time(self) -> datetime:
        """When it was deployed first, UTC."""
        return datetime.fromtimestamp(self._record.created / 1e9, timezone.utc)

    @property
    def updated_time(self) -> datetime:
        """When it was changed last, UTC."""
        return datetime.fromtimestamp(self._record.modified / 1e9, timezone.utc)

    @property
    def models(self) -> List[Model]:
        """The models that it answers with; deleted ones are left out."""
        found = []
        for key in self._record.models:
            try:
                found.append(Model(self.workspace, id=key))
            except ModelNotFoundException:
                continue
        return found

    @property
    def state(self) -> str:
        """``Transitioning``, ``Healthy``, ``Unhealthy`` (restarting), ``Failed`` or ``Stopped``."""
        return self._look()[0]

    @property
    def error(self) -> Optional[str]:
        """Why it does not answer; None while it does."""
        state, message = self._look()
        return None if state == HEALTHY else message

    @property
    def restarts(self) -> int:
        """How often the model's process was started again."""
        return int(self._facts().get("restarts", 0))

    @property
    def port(self) -> Optional[int]:
        """Port of this machine; None before it listens."""
        return self._facts().get("port") or self._record.plan.get("port") or None

    @property
    def scoring_uri(self) -> Optional[str]:
        """Address to send requests to; None before it listens."""
        return self._address("score")

    @property
    def swagger_uri(self) -> Optional[str]:
        """Address of its description; None before it listens."""
        return self._address("swagger.json")

    def get_run(self) -> Run:
        """The run that serves it now, or did last.

        Raises
        ------
        RunNotFound
            It was deleted.
        """
        from ml_jupyter.sdk.run import Run

        return Run.get(self.workspace, self._record.run_id)

    def serialize(self) -> Dict[str, Any]:
        """All facts as a dict."""
        state, message = self._look()
        return {
            "authEnabled": self.auth_enabled,
            "computeType": self.compute_type,
            "createdTime": _time.iso(self._record.created),
            "description": self.description,
            "error": None if state == HEALTHY else message,
            "id": self.id,
            "models": list(self._record.models),
            "name": self.name,
            "port": self.port,
            "properties": self.properties,
            "restarts": self.restarts,
            "runId": self._record.run_id,
            "scoringUri": self.scoring_uri,
            "state": state,
            "swaggerUri": self.swagger_uri,
            "tags": self.tags,
            "updatedTime": _time.iso(self._record.modified),
        }

    @property
    def _store(self) -> ServiceStore:
        return ServiceStore(self.workspace._folder.layout)

    def _facts(self) -> Mapping[str, Any]:
        try:
            found: Mapping[str, Any] = self.get_run()._folder.state().facts.get(FACT) or {}
        except RunNotFound:
            return {}
        return found

    def _look(self) -> Tuple[str, str]:
        """State, and a sentence that explains it."""
        try:
            run = self.get_run()
        except RunNotFound:
            return "Stopped", "Its run was deleted."
        now = run.get_status()
        state, facts = run._folder.state(), self._facts()
        if now in _STATES:
            known = facts.get("message") if facts.get("state") == FAILED else None
            return _STATES[now], str(known or state.reason or "It has ended.")
        if now in (status.RUNNING, status.NOT_RESPONDING) and facts:
            said = str(facts.get("state", TRANSITIONING))
            # Its run is about to end, and has not written all of its log.
            return (TRANSITIONING if said == FAILED else said), str(facts.get("message", ""))
        return TRANSITIONING, state.reason or "It is being started."

    def _address(self, path: str) -> Optional[str]:
        facts = self._facts()
        if not facts.get("port"):
            return None
        return f"http://{facts.get('host', '127.0.0.1')}:{facts['port']}/{path}"

    def __repr__(self) -> str:
        return (
            f"LocalWebservice(workspace={self.workspace!r}, name={self.name}, state={self.state}, "
            f"scoring_uri={self.scoring_uri})"
        )

    def _repr_html_(self) -> str:
        from ml_jupyter.sdk import html

        facts = {
            "Service": self.name,
            "State": self.state,
            "Models": ", ".join(self._record.models),
            "Address": self.scoring_uri or "",
            "Run": self._record.run_id,
        }
        return html.table(facts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeployedService) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)
