"""Docker environments: an image from a registry or a Dockerfile, with packages put into it.

Packages are resolved and fetched on this machine, with its indexes and certificates, and copied
into the image: its build needs no network, no pip and no credentials (decision 0045).
"""

from __future__ import annotations

import os
import platform
import re
import shutil
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from ml_jupyter._files import read_json, write_json
from ml_jupyter.config import Settings
from ml_jupyter.environments import conda_build, interpreters
from ml_jupyter.environments.commands import Failed, Site
from ml_jupyter.environments.pip_build import Uv
from ml_jupyter.environments.prepared import Prepared
from ml_jupyter.environments.specification import EnvironmentSpec
from ml_jupyter.exceptions import EnvironmentBuildFailed, FolderCorrupt

#: Where packages lie in an image.
PLACE = "/opt/ml_jupyter"
_TAG = "ml_jupyter/environment"
#: Wheels for it run in images from 2019 on (glibc 2.28).
_WHEELS = "manylinux_2_28"
#: How a script names its Python: in its first line, or through a shell where that would be long.
_LAUNCH = re.compile(
    rb"\A#!(?:[^\n]*python[^\n]*\n|/bin/sh\n'''exec' [^\n]*\n' '''\n)", re.IGNORECASE
)
_COPY = "FROM {image}\nCOPY {name} {place}/{name}\n"


def build(
    spec: EnvironmentSpec, settings: Settings, folder: Path, site: Site, python: str
) -> Prepared:
    """Have the image of a specification, with its packages in it.

    Raises
    ------
    Failed, BuildCanceled, EnvironmentBuildFailed, MissingDependency
        It could not be made.
    """
    engine = _Engine(spec, settings, folder, site, python)
    base = engine.step(spec.image or "", spec.dockerfile or "", spec.build_context or "", "base")
    if not spec.pip and not spec.conda:
        warnings = tuple(_remark(spec, base))
        for text in warnings:
            site.say(f"Warning: {text}")
        return Prepared(spec.interpreter or "python", image=base["id"], warnings=warnings)
    context = folder / "context"
    context.mkdir()
    if spec.conda:
        name, found = "env", _conda(spec, settings, folder, site, python)
    else:
        name, found = "packages", _pip(spec, context, site, python, base)
    text = _COPY.format(image=base["id"], name=name, place=PLACE)
    image = engine.step("", text, str(context), "packages")["id"]
    shutil.rmtree(str(context), ignore_errors=True)
    return Prepared(found.interpreter, found.path, found.variables, image, found.warnings)


def _conda(
    spec: EnvironmentSpec, settings: Settings, folder: Path, site: Site, python: str
) -> Prepared:
    prefix, told = folder / "context" / "env", f"{PLACE}/env"
    warnings = conda_build.fill(spec, settings, folder, site, python, prefix, told)
    _set_interpreter(prefix / "bin", f"{told}/bin/python")
    variables = {"CONDA_PREFIX": told, "PYTHONNOUSERSITE": "1"}
    return Prepared(f"{told}/bin/python", (f"{told}/bin",), variables, None, tuple(warnings))


def _pip(
    spec: EnvironmentSpec, context: Path, site: Site, python: str, base: Dict[str, str]
) -> Prepared:
    if not base["python"]:
        raise EnvironmentBuildFailed(
            f"Environment {spec.name!r} could not be built: its image has no Python to install "
            "packages for.",
            package="python",
        )
    version = ".".join(base["version"].split(".")[:2])
    packages, told = context / "packages", f"{PLACE}/packages"
    packages.mkdir()
    host = interpreters.nearest(
        interpreters.parse(version), interpreters.find(site.variables, [python])
    )
    place = ["--target", str(packages), "--python-version", version]
    place += ["--python-platform", f"{platform.machine()}-{_WHEELS}"]
    place += [] if host is None else ["--python", host.path]
    Uv(site, python).install(spec, context.parent, *place)
    _set_interpreter(packages / "bin", base["python"])
    program = spec.interpreter if spec.interpreter not in ("", "python") else base["python"]
    return Prepared(
        program, (f"{told}/bin",), {"PYTHONPATH": told}, None, tuple(_remark(spec, base))
    )


def _remark(spec: EnvironmentSpec, base: Dict[str, str]) -> List[str]:
    wanted: Tuple[int, ...] = interpreters.parse(spec.python_version)[:2]
    present = interpreters.parse(base["version"])[: len(wanted)]
    own = interpreters.parse(interpreters.own_version())
    if base["version"] and interpreters.is_too_old(interpreters.parse(base["version"])):
        return [f"The image has Python {base['version']}; Run.get_context() needs 3.8 or later."]
    if wanted in (present, own, ()):
        return []
    return [f"Python {spec.python_version} was asked for; the image has {base['version']}."]


class _Engine:
    """Steps that the Docker Engine takes, each in a process of its own."""

    def __init__(
        self, spec: EnvironmentSpec, settings: Settings, folder: Path, site: Site, python: str
    ) -> None:
        self._spec, self._settings = spec, settings
        self._folder, self._site, self._python = folder, site, python

    def step(self, image: str, dockerfile: str, context: str, tag: str) -> Dict[str, str]:
        """The image that is there, pulled or built then: ``id``, ``python``, ``version``."""
        request, answer = self._folder / "request.json", self._folder / "answer.json"
        names = ("home", "cache", "state", "runtime", "slot_dir")
        value = {
            "engine": self._spec.engine,
            "image": image,
            "dockerfile": dockerfile,
            "context": context,
            "tag": f"{_TAG}:{self._spec.digest}-{tag}",
            "digest": self._spec.digest,
            "registry": dict(self._spec.registry) if self._spec.registry else None,
            "settings": {name: str(getattr(self._settings, name)) for name in names},
        }
        write_json(request, value, mode=0o600)
        command = [self._python, "-m", "ml_jupyter.environments.image_worker"]
        package = str(Path(__file__).resolve().parent.parent.parent)
        try:
            self._site.run(
                [*command, str(request), str(answer)], self._folder, {"PYTHONPATH": package}
            )
        except Failed as error:
            raise self._explained(answer, error) from error
        finally:
            request.unlink()
        found: Dict[str, str] = read_json(answer)
        answer.unlink()
        return found

    def _explained(self, answer: Path, error: Failed) -> Exception:
        facts: Optional[Dict[str, Any]] = None
        try:
            facts = read_json(answer)
        except (OSError, FolderCorrupt):
            return error
        return EnvironmentBuildFailed(
            f"Environment {self._spec.name!r} could not be built: {facts['error']}",
            package=str(facts["package"]),
            log=error.tail.strip(),
        )


def _set_interpreter(folder: Path, program: str) -> None:
    """Let the scripts of packages be run by the Python of the image."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_symlink() or not path.is_file():
            continue
        data = path.read_bytes()
        body = _LAUNCH.sub(b"", data, count=1)
        if body != data:
            mode = path.stat().st_mode
            path.unlink()  # it may be a link into the cache of packages
            path.write_bytes(b"#!" + os.fsencode(program) + b"\n" + body)
            path.chmod(mode)
