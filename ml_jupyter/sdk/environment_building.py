"""Building environments ahead of a run: at once with output, or in the background."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, List, Optional

from ml_jupyter import _time, environments
from ml_jupyter._files import PathLike, storage_failed
from ml_jupyter.config import PREFIX, Settings
from ml_jupyter.environments import background, store, tools
from ml_jupyter.environments.specification import EnvironmentSpec
from ml_jupyter.exceptions import EnvironmentBuildFailed, UserErrorException
from ml_jupyter.history import lock
from ml_jupyter.sdk.section import Section

if TYPE_CHECKING:
    from ml_jupyter.sdk.environment import Environment
    from ml_jupyter.sdk.workspace import Workspace

_LOOK_S = 0.1
#: Builds of this process that may still go on; kept so that their ends are taken in.
_children: List[subprocess.Popen[bytes]] = []


class ImageDetails(Section):
    """What is known of a built environment.

    Attributes
    ----------
    name, digest, mode : str
        Of the environment; its hash names the built one.
    image_exists : bool
        Whether it is built.
    interpreter, image : str, optional
        What runs use of it.
    built, size : float, int
        Seconds since the epoch, and bytes on the disk; 0: not built.
    """

    def __init__(self, spec: EnvironmentSpec, settings: Settings) -> None:
        found = environments.ready(spec, settings)
        place = store.place_of(spec, settings)
        facts = place.facts() or {}
        self.name = spec.name
        self.digest = spec.digest
        self.mode = spec.mode
        self.image_exists = found is not None
        self.interpreter = None if found is None else found.interpreter
        self.image = None if found is None else found.image
        self.built = float(facts.get("built", 0.0)) if spec.needs_build else 0.0
        self.size = store.size_of(place.folder) if spec.needs_build else 0
        self.dockerfile = spec.dockerfile


class BuildDetails:
    """A build in the background. Another process may follow it too, by the same environment.

    Attributes
    ----------
    environment : Environment
        What is built.
    """

    def __init__(self, environment: Environment, spec: EnvironmentSpec, settings: Settings) -> None:
        self.environment = environment
        self._spec, self._settings = spec, settings
        self._paths = background.Paths.of(spec, settings)

    @property
    def status(self) -> str:
        """``Running``, ``Succeeded`` or ``Failed``."""
        _children[:] = [item for item in _children if item.poll() is None]
        if environments.ready(self._spec, self._settings) is not None:
            return "Succeeded"
        return "Running" if lock.is_held(self._paths.lock) else "Failed"

    @property
    def log_url(self) -> str:
        """Address of the log's file."""
        return self._paths.log.as_uri()

    def save_logs(self, path: PathLike, overwrite: bool = False) -> None:
        """Copy the log.

        Raises
        ------
        UserErrorException
            The file exists and ``overwrite`` is False.
        """
        if Path(path).exists() and not overwrite:
            raise UserErrorException(f"{path} exists.", hint="Pass overwrite=True to replace it.")
        shutil.copyfile(str(self._paths.log), str(path))

    def wait_for_completion(self, show_output: bool = True) -> BuildDetails:
        """Wait for the end of the build, with its output.

        Raises
        ------
        EnvironmentBuildFailed
            It failed.
        """
        offset = 0
        while True:
            state = self.status
            with open(self._paths.log, "rb") as log:
                log.seek(offset)
                data = log.read()
            offset += len(data)
            if show_output and data:
                _print(data)
            if state != "Running":
                break
            time.sleep(_LOOK_S)
        if state == "Failed":
            raise background.error_of(self._paths, self._spec)
        return self


def start(environment: Environment, workspace: Workspace) -> BuildDetails:
    """See ``Environment.build``."""
    settings = workspace._settings
    spec = _checked(environment, settings)
    made = BuildDetails(environment, spec, settings)
    if spec.needs_build and made.status != "Succeeded":
        _launch(spec, settings, made._paths)
    elif not made._paths.log.exists():
        made._paths.begin()
    return made


def now(environment: Environment, workspace: Workspace) -> Dict[str, Optional[str]]:
    """See ``Environment.build_local``."""
    settings = workspace._settings
    spec = _checked(environment, settings)
    found = environments.prepare(spec, settings, _print, lambda: False, tools.default_python())
    return {"interpreter": found.interpreter, "image": found.image}


def details(environment: Environment, workspace: Workspace) -> ImageDetails:
    """See ``Environment.get_image_details``."""
    settings = workspace._settings
    return ImageDetails(environment.specification(settings), settings)


def _checked(environment: Environment, settings: Settings) -> EnvironmentSpec:
    spec = environment.specification(settings)
    for text in environments.check(spec, settings, tools.default_python()):
        _print(f"Warning: {text}\n".encode())
    return spec


def _launch(spec: EnvironmentSpec, settings: Settings, paths: background.Paths) -> None:
    """Start the process that builds; returns when it has begun."""
    paths.begin()
    package = str(Path(__file__).resolve().parent.parent.parent)
    variables = dict(os.environ)
    variables["PYTHONPATH"] = os.pathsep.join(filter(None, [variables.get("PYTHONPATH"), package]))
    for name in ("home", "cache", "state", "runtime"):
        variables[PREFIX + name.upper()] = str(getattr(settings, name))
    try:
        with open(paths.log, "ab") as log:
            process = subprocess.Popen(
                [tools.default_python(), "-m", "ml_jupyter.environments.background"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=variables,
                start_new_session=True,
            )
    except OSError as error:
        raise storage_failed(error, paths.log) from error
    assert process.stdin is not None
    with process.stdin as stdin:
        stdin.write(json.dumps(spec.to_json()).encode("utf-8"))
    _children[:] = [item for item in (*_children, process) if item.poll() is None]
    deadline = _time.monotonic() + background.BEGIN_S
    while not lock.is_held(paths.lock) and process.poll() is None:
        if _time.monotonic() > deadline:
            raise EnvironmentBuildFailed(f"The build of {spec.name!r} did not begin.")
        time.sleep(0.01)


def _print(data: bytes) -> Any:
    text = data.decode("utf-8", "replace")
    encoding: Optional[str] = getattr(sys.stdout, "encoding", None)
    if encoding:
        text = text.encode(encoding, "replace").decode(encoding)
    sys.stdout.write(text)
    sys.stdout.flush()
