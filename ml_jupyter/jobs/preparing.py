"""Making a run's environment and data ready before it takes any slot: one process a build.

The run goes from Queued to Preparing and back to its place in the queue, or to its end. A process
that is killed leaves Preparing with a free lock; ``settle`` brings the run back, some times.
"""

from __future__ import annotations

import contextlib
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Callable, Dict, Optional

from ml_jupyter._files import read_json
from ml_jupyter.config import Settings
from ml_jupyter.environments import BuildCanceled, EnvironmentSpec, prepare, ready
from ml_jupyter.environments.store import Place, place_of
from ml_jupyter.exceptions import DataUnavailable, EnvironmentBuildFailed, MlJupyterError, RunLocked
from ml_jupyter.history import lock, status
from ml_jupyter.history.layout import BUILD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import election, inputs, markers
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import discard

_LOCK_S = 5.0
#: Runs whose wish is remembered at one time.
_KEPT = 10_000


class Builds:
    """What waiting runs still need built; remembers what each of them asks for.

    Parameters
    ----------
    settings : Settings
        Name the cache of built environments.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._asked: Dict[str, _Wish] = {}
        self._whole: Dict[str, int] = {}  # hash → when its mark was written, ns

    def missing(self, run: RunFolder) -> Optional[str]:
        """Name of what has to be made ready first; None: the run can be placed.

        Runs that need the same environment give the same name, so that it is built once.
        """
        wish = self._of(run)
        if wish.place is not None and not self._is_whole(wish.place):
            return wish.place.digest
        if wish.fetches and inputs.have_to_be_fetched(wish.spec, run.layout):
            return f"inputs of {run.id}"
        return None

    def _is_whole(self, place: Place) -> bool:
        """Whether it is built; read once as long as its mark stays the same."""
        written = place.written()
        if written and self._whole.get(place.digest) == written:
            return True
        if place.prepared() is None:
            return False
        self._whole[place.digest] = written
        return True

    def _of(self, run: RunFolder) -> _Wish:
        if run.id not in self._asked:
            if len(self._asked) >= _KEPT:
                self._asked.clear()
            self._asked[run.id] = _wish_of(run, self._settings)
        return self._asked[run.id]


@dataclass(frozen=True)
class _Wish:
    """What a waiting run needs before it can be placed."""

    spec: LaunchSpec
    place: Optional[Place] = None
    fetches: bool = False


def _wish_of(run: RunFolder, settings: Settings) -> _Wish:
    spec = _launch(run)
    if spec is None:
        return _Wish(LaunchSpec())
    place = None
    if spec.build is not None:
        place = place_of(EnvironmentSpec.from_json(spec.build), settings)
    fetches = inputs.have_to_be_fetched(spec, run.layout)
    plain = LaunchSpec(inputs=spec.inputs)  # the rest, with the submitter's environment, is big
    return _Wish(plain, place, fetches)


def prepare_run(root: Path, experiment_id: str, run_id: str, settings: Settings) -> None:
    """See one waiting run's environment through; returns when the run is in its next state.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    """
    run = WorkspaceFolder(root).run(run_id, experiment_id)
    try:
        held = lock.acquire(run.layout.lock, _LOCK_S)
    except RunLocked:
        return
    try:
        spec = _launch(run)
        if spec is None:
            return
        build = None if spec.build is None else EnvironmentSpec.from_json(spec.build)
        if build is not None and ready(build, settings) is None:
            reason = f"Building environment {build.name!r}."
        else:
            reason = "Fetching data."
        if run.move_if((status.QUEUED,), status.PREPARING, reason=reason):
            _Preparation(run, spec, build, settings).see_through()
    finally:
        held.release()
    with contextlib.suppress(MlJupyterError, OSError):
        election.ensure_dispatcher(settings)


class _Preparation:
    """One build for one run."""

    def __init__(
        self,
        run: RunFolder,
        spec: LaunchSpec,
        build: Optional[EnvironmentSpec],
        settings: Settings,
    ) -> None:
        self._run, self._spec, self._build, self._settings = run, spec, build, settings
        self._stopped = False

    def see_through(self) -> None:
        signal.signal(signal.SIGTERM, self._on_terminate)
        path = self._run.layout.files / BUILD_LOG
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab", buffering=0) as log:
            try:
                self._build_and_fetch(lambda data: _write(log, data))
            except BuildCanceled:
                log.write(b"Stopped.\n")
                self._give_up()
                return
            except (MlJupyterError, OSError) as error:
                log.write(f"{error}\n".encode("utf-8", "replace"))
                self._fail(error)
                return
        if not self._run.move_if((status.PREPARING,), status.QUEUED):
            self._give_up()

    def _build_and_fetch(self, output: Callable[[bytes], None]) -> None:
        spec, settings = self._spec, self._settings
        variables = self._variables()
        if self._build is not None:
            prepare(self._build, settings, output, self._cancelled, spec.tools, variables)
        if inputs.have_to_be_fetched(spec, self._run.layout):
            inputs.fetch(spec, self._run.layout, settings, variables, output, self._cancelled)

    def _variables(self) -> Dict[str, str]:
        """The submitter's; the programs carry this run, so that none of them outlives it."""
        return {
            **self._spec.environment,
            "GIT_TERMINAL_PROMPT": "0",
            "ML_JUPYTER_RUN_ID": self._run.id,
            "ML_JUPYTER_WORKSPACE": str(markers.workspace_of(self._run).root),
        }

    def _cancelled(self) -> bool:
        return self._stopped or self._run.state().status != status.PREPARING

    def _give_up(self) -> None:
        """Canceled by the user; or the machine ends, and the run waits for its next start."""
        run = self._run
        if run.move_if((status.PREPARING,), status.QUEUED):
            return
        run.move_if((status.CANCEL_REQUESTED,), status.CANCELED, reason="Canceled by the user.")
        discard(run)

    def _fail(self, error: Exception) -> None:
        code = "DataUnavailable" if isinstance(error, DataUnavailable) else "EnvironmentBuildFailed"
        facts: Dict[str, Any] = {"code": code, "message": str(error)}
        if code == "EnvironmentBuildFailed":
            facts["package"] = ""
        if isinstance(error, EnvironmentBuildFailed):
            facts.update(package=error.package, log=error.log)
        live = (status.PREPARING, status.CANCEL_REQUESTED)
        self._run.move_if(live, status.FAILED, reason=str(error), error=facts)
        discard(self._run)

    def _on_terminate(self, *_: object) -> None:
        self._stopped = True


def _write(log: IO[bytes], data: bytes) -> None:
    log.write(data)


def _launch(run: RunFolder) -> Optional[LaunchSpec]:
    try:
        return LaunchSpec.from_json(read_json(run.layout.launch), str(run.layout.launch))
    except (OSError, MlJupyterError):  # it was cancelled and tidied up meanwhile
        return None
