"""``Webservice``: a deployed model, which answers over HTTP on this machine (surface 7.6).

Longer than most files here: it is the list of what a service can do, a few lines each.
"""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional, Tuple

from ml_jupyter import _time
from ml_jupyter.exceptions import ModelNotFoundException, RunNotFound, WebserviceException
from ml_jupyter.history import status, stream
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.jobs import submit
from ml_jupyter.models.plan import FACT, FAILED, HEALTHY, TRANSITIONING
from ml_jupyter.models.services import PRIMARY, SECONDARY, ServiceRecord, ServiceStore
from ml_jupyter.sdk import labels
from ml_jupyter.sdk.model import Model
from ml_jupyter.sdk.service_client import call
from ml_jupyter.sdk.service_config import InferenceConfig, LocalWebserviceDeploymentConfiguration

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run
    from ml_jupyter.sdk.workspace import Workspace

_list = list
_POLL_S = 0.05
_STOP_S = 30.0
_TAIL_BYTES = 1 << 20
_STATES = {status.FAILED: "Failed", status.CANCELED: "Stopped", status.COMPLETED: "Stopped"}


class Webservice:
    """A deployed model.

    Parameters
    ----------
    workspace : Workspace
        Where it is recorded.
    name : str
        Its name.

    Raises
    ------
    WebserviceException
        There is none of this name.
    """

    def __new__(cls, workspace: Workspace, name: str, **_ignored: Any) -> Webservice:
        """A LocalWebservice: there are no others here."""
        return super().__new__(LocalWebservice)

    def __init__(self, workspace: Workspace, name: str, **_ignored: Any) -> None:
        self.workspace = workspace
        self._record = ServiceStore(workspace._folder.layout).get(name)

    @classmethod
    def _of(cls, workspace: Workspace, record: ServiceRecord) -> LocalWebservice:
        service = object.__new__(LocalWebservice)
        service.workspace, service._record = workspace, record
        return service

    @staticmethod
    def list(
        workspace: Workspace,
        compute_type: Optional[str] = None,
        image_name: Optional[str] = None,
        image_id: Optional[str] = None,
        model_name: Optional[str] = None,
        model_id: Optional[str] = None,
        tags: Any = None,
        properties: Any = None,
        **_ignored: Any,
    ) -> _list[LocalWebservice]:
        """The services of a workspace by name.

        Parameters
        ----------
        compute_type : str, optional
            ``local``; any other has none.
        model_name, model_id : str, optional
            Only services that answer with this model, or version.
        tags, properties : list or mapping, optional
            Keys, or ``[key, value]`` pairs; all of them must match.
        """
        from ml_jupyter.models.store import matches

        found = ServiceStore(workspace._folder.layout).list()
        if (compute_type or "local").lower() not in ("local", "localwebservice"):
            return []
        return [
            Webservice._of(workspace, record)
            for record in found
            if matches(record, tags, properties)
            and (model_id is None or model_id in record.models)
            and (model_name is None or model_name in (key.split(":")[0] for key in record.models))
        ]

    # -- facts

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
    def models(self) -> _list[Model]:
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
            "models": _list(self._record.models),
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

    # -- using it

    def wait_for_deployment(
        self, show_output: bool = False, timeout_sec: Optional[float] = None
    ) -> None:
        """Wait until it answers.

        Parameters
        ----------
        show_output : bool
            Print what happens.
        timeout_sec : float, optional
            Seconds to wait; None: as long as it takes.

        Raises
        ------
        WebserviceException
            It cannot be started, or not in time; says why, with the end of its log.
        """
        deadline = None if timeout_sec is None else _time.monotonic() + timeout_sec
        said = ""
        while True:
            state, message = self._look()
            text = f"{state}: {message}" if message else state
            if show_output and text != said:
                print(text)
                said = text
            if state == HEALTHY:
                break
            if state in ("Failed", "Stopped"):
                raise WebserviceException(
                    f"Service {self.name!r} is {state}: {message}", hint=self._last_lines()
                )
            if deadline is not None and _time.monotonic() > deadline:
                raise WebserviceException(
                    f"Service {self.name!r} did not answer within {timeout_sec:g} s: {message}"
                )
            time.sleep(_POLL_S)
        if show_output:
            print(f"Service {self.name!r} answers at {self.scoring_uri}")

    def run(self, input_data: Any) -> Any:
        """Send a request; what the model answers.

        Parameters
        ----------
        input_data : str, bytes or object
            The request's body; an object is written as JSON.

        Raises
        ------
        WebserviceException
            It does not run, or answered with an error; ``status_code`` is the HTTP status.
        """
        address = self.scoring_uri
        state, message = self._look()
        if address is None or state in ("Failed", "Stopped"):
            raise WebserviceException(f"Service {self.name!r} is {state}: {message}")
        key = self.get_keys()[0] if self.auth_enabled else None
        return call(address, input_data, key, float(self._record.plan.get("timeout_s", 60.0)))

    def get_logs(self, num_lines: int = 5000, init: bool = False) -> str:
        """The last lines of its log: what the model's process and the service have printed.

        Parameters
        ----------
        num_lines : int
            Lines at most.
        init : bool
            Accepted and not used: there is no container whose start has another log.
        """
        try:
            path = self.get_run()._folder.layout.files / STD_LOG
        except RunNotFound:
            return ""
        text = stream.read(path, -_TAIL_BYTES).decode("utf-8", "replace")
        lines = text.replace("\r\n", "\n").splitlines(keepends=True)
        return "".join(lines[-num_lines:])

    def get_keys(self) -> Tuple[str, str]:
        """The primary and the secondary key; each opens the service, as bearer token.

        Raises
        ------
        WebserviceException
            They are not for this user to read.
        """
        keys = self._store.keys(self.name)
        return keys[PRIMARY], keys[SECONDARY]

    def regen_key(self, key: str, set_key: Optional[str] = None) -> None:
        """Replace the ``Primary`` or ``Secondary`` key; the old one is of no use at once."""
        self._store.new_key(self.name, key, set_key)

    # -- changing

    def update(
        self,
        models: Any = None,
        deployment_config: Optional[LocalWebserviceDeploymentConfiguration] = None,
        wait: bool = False,
        inference_config: Optional[InferenceConfig] = None,
        tags: Optional[Mapping[str, Any]] = None,
        properties: Optional[Mapping[str, Any]] = None,
        description: Optional[str] = None,
        auth_enabled: Optional[bool] = None,
        **_ignored: Any,
    ) -> None:
        """Replace what is given and start it again, on the same port, with the same keys.

        Tags, properties and description alone are changed while it answers.

        Raises
        ------
        UserErrorException, WebserviceException
            Names the parameter that is wrong; the service goes on as it was.
        """
        changes = {
            "tags": None if tags is None else labels.tags_of(tags),
            "properties": None if properties is None else labels.properties_of(properties),
            "description": description,
        }
        given = {key: value for key, value in changes.items() if value is not None}
        parts = (models, deployment_config, inference_config, auth_enabled)
        if any(part is not None for part in parts):
            self._start_again(models, deployment_config, inference_config, auth_enabled)
        if given:
            self._record = self._store.change(self.name, **given)
        if wait:
            self.wait_for_deployment()

    def reload(self, wait: bool = False) -> None:
        """Stop it and start it again as it is, for example after the machine was restarted."""
        self._start_again(None, None, None, None)
        if wait:
            self.wait_for_deployment()

    def update_deployment_state(self) -> None:
        """Read its record again; the state is always read afresh."""
        self._record = self._store.get(self.name)

    def delete(self, delete_cache: bool = True, delete_image: bool = False, **_: Any) -> None:
        """Stop it and forget it. Its runs and their logs stay."""
        self._stop()
        self._store.delete(self.name)

    # -- inside

    @property
    def _store(self) -> ServiceStore:
        return ServiceStore(self.workspace._folder.layout)

    def _start_again(
        self,
        models: Any,
        config: Optional[LocalWebserviceDeploymentConfiguration],
        inference: Optional[InferenceConfig],
        auth: Optional[bool],
    ) -> None:
        from ml_jupyter.sdk import service_deployment

        before = self._store.get(self.name)
        stored = before.definition.get("inference")
        if config is None:
            settings = before.definition.get("deployment", {})
            config = LocalWebserviceDeploymentConfiguration.of_json(settings)
        if auth is not None:
            config.auth_enabled = auth
        if models is None:
            models = [Model(self.workspace, id=key) for key in before.models]
        if inference is None and stored is not None:
            inference = InferenceConfig.of_json(stored, self._store.variables(self.name))
        wanted = service_deployment.checked(self.name, models, inference, config)
        port = self.port
        self._stop()
        kept = {**before.definition, "port": port}
        before = self._store.change(self.name, definition=kept)
        self._record = service_deployment.start(self.workspace, wanted, before)

    def _stop(self) -> None:
        try:
            run = self.get_run()
        except RunNotFound:
            return
        submit.cancel(run._folder, self.workspace._settings)
        deadline = _time.monotonic() + _STOP_S
        while run.get_status() not in status.TERMINAL:
            if _time.monotonic() > deadline:
                raise WebserviceException(f"Service {self.name!r} could not be stopped.")
            time.sleep(_POLL_S)

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

    def _last_lines(self) -> str:
        lines: List[str] = self.get_logs(20).splitlines()
        return "The end of its log:\n" + "\n".join(lines) if lines else "Its log is empty."

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
        return isinstance(other, Webservice) and self.id == other.id

    def __hash__(self) -> int:
        return hash(self.id)


class LocalWebservice(Webservice):
    """A web service on this machine: a job with a run, a log and a state of its own."""

    @staticmethod
    def deploy_configuration(
        port: Optional[int] = None, **settings: Any
    ) -> LocalWebserviceDeploymentConfiguration:
        """Settings for ``Model.deploy``; see ``LocalWebserviceDeploymentConfiguration``."""
        return LocalWebserviceDeploymentConfiguration(port, **settings)
