"""``Webservice``: a deployed model, which answers over HTTP on this machine (surface 7.6).

What can be read of it, and its state, are in ``deployed_service``.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, List, Mapping, Optional, Tuple

from ml_jupyter import _time
from ml_jupyter.exceptions import RunNotFound, WebserviceException
from ml_jupyter.history import status, stream
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.jobs import submit
from ml_jupyter.models.plan import HEALTHY
from ml_jupyter.models.services import PRIMARY, SECONDARY, ServiceRecord, ServiceStore
from ml_jupyter.sdk import labels
from ml_jupyter.sdk.deployed_service import DeployedService
from ml_jupyter.sdk.model import Model
from ml_jupyter.sdk.service_client import call
from ml_jupyter.sdk.service_config import InferenceConfig, LocalWebserviceDeploymentConfiguration

if TYPE_CHECKING:
    from ml_jupyter.sdk.workspace import Workspace

_list = list
_POLL_S = 0.05
_STOP_S = 30.0
_TAIL_BYTES = 1 << 20


class Webservice(DeployedService):
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

    def _last_lines(self) -> str:
        lines: List[str] = self.get_logs(20).splitlines()
        return "The end of its log:\n" + "\n".join(lines) if lines else "Its log is empty."


class LocalWebservice(Webservice):
    """A web service on this machine: a job with a run, a log and a state of its own."""

    @staticmethod
    def deploy_configuration(
        port: Optional[int] = None, **settings: Any
    ) -> LocalWebserviceDeploymentConfiguration:
        """Settings for ``Model.deploy``; see ``LocalWebserviceDeploymentConfiguration``."""
        return LocalWebserviceDeploymentConfiguration(port, **settings)
