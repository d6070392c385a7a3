"""Pip environments: a virtual environment, filled by uv."""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional, Sequence, Tuple

from ml_jupyter._files import write_atomic
from ml_jupyter.config import Settings
from ml_jupyter.environments import interpreters, pip_settings, tools
from ml_jupyter.environments.commands import Failed, Site
from ml_jupyter.environments.interpreters import Interpreter
from ml_jupyter.environments.prepared import Prepared
from ml_jupyter.environments.specification import EnvironmentSpec
from ml_jupyter.exceptions import EnvironmentBuildFailed

#: Variables that would lead uv to another environment than the one that is named.
_MISLEADING = ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON", "UV_TARGET")
#: pip takes the best version of all indexes, and specifications are written for pip.
_AS_PIP_DOES = "unsafe-best-match"


class Uv:
    """The program uv with the settings of one build.

    Parameters
    ----------
    site : Site
        Output, cancelling, the submitter's variables.
    python : str
        The Python that has uv.
    """

    def __init__(self, site: Site, python: str) -> None:
        self.python = python
        self._site = site
        self._program = tools.uv(python, site.variables)
        self._variables = {
            "UV_NO_PROGRESS": "1",
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_INDEX_STRATEGY": site.variables.get("UV_INDEX_STRATEGY") or _AS_PIP_DOES,
            **pip_settings.variables(site.variables),
        }
        for name in _MISLEADING:
            site.variables.pop(name, None)

    def run(self, folder: Path, *arguments: str, downloads: bool = False) -> None:
        """Run uv in ``folder``.

        Raises
        ------
        Failed, BuildCanceled
            It did not come to its end.
        """
        variables = dict(self._variables)
        if downloads:
            variables["UV_PYTHON_DOWNLOADS"] = "manual"
        self._site.run([self._program, "--color", "never", *arguments], folder, variables)

    def install(self, spec: EnvironmentSpec, folder: Path, *place: str) -> None:
        """Install the pip packages of a specification; ``place``: uv's options that say where."""
        if not spec.pip:
            return
        file = folder / "requirements.txt"  # private: an address may hold a password
        options, switches = _switches(spec.pip_options)
        text = "\n".join([*options, *spec.pip]) + "\n"
        write_atomic(file, text.encode("utf-8"), mode=0o600, sync=False)
        try:
            self.run(folder, "pip", "install", *switches, *place, "-r", str(file))
        finally:
            file.unlink()


def build(
    spec: EnvironmentSpec, settings: Settings, folder: Path, site: Site, python: str
) -> Prepared:
    """Make a virtual environment in ``folder``.

    Raises
    ------
    Failed, BuildCanceled, EnvironmentBuildFailed, MissingDependency
        It could not be made.
    """
    uv = Uv(site, python)
    base, warnings = choose_python(spec, settings, folder, site, uv)
    for text in warnings:
        site.say(f"Warning: {text}")
    place = folder / "env"
    options = ("--no-project", "--prompt", spec.name, "--python", base.path)
    uv.run(folder, "venv", *options, str(place))
    program = place / "bin" / "python"
    uv.install(spec, folder, "--python", str(program))
    return Prepared(
        interpreter=str(program),
        path=(str(place / "bin"),),
        variables={"VIRTUAL_ENV": str(place)},
        warnings=tuple(warnings),
    )


def choose_python(
    spec: EnvironmentSpec, settings: Settings, folder: Path, site: Site, uv: Uv
) -> Tuple[Interpreter, List[str]]:
    """The Python that the environment is based on, and what is to be said about the choice."""
    wanted = interpreters.parse(spec.python_version)
    present: Sequence[Interpreter] = interpreters.find(site.variables, [uv.python])
    minor = wanted[:2]
    has_minor = any(item.version[: len(minor)] == minor for item in present)
    if settings.python_downloads and not has_minor and not interpreters.is_too_old(wanted):
        present = _downloaded(wanted, folder, site, uv) or present
    found = interpreters.nearest(wanted, present)
    if found is None:
        raise EnvironmentBuildFailed(
            f"Environment {spec.name!r} could not be built: this machine has no Python from "
            f"{'.'.join(map(str, interpreters.OLDEST))} on.",
            package="python",
        )
    return found, _warning(spec.python_version, wanted, found)


def _downloaded(
    wanted: interpreters.Version, folder: Path, site: Site, uv: Uv
) -> Optional[Sequence[Interpreter]]:
    version = ".".join(map(str, wanted[:2])) or "3"
    try:
        uv.run(folder, "python", "install", version, downloads=True)
    except Failed:
        site.say(f"Python {version} could not be downloaded.")
        return None
    return interpreters.find(site.variables, [uv.python])


def _warning(text: str, wanted: interpreters.Version, found: Interpreter) -> List[str]:
    if found.version[: len(wanted[:2])] == wanted[:2]:
        return []
    old = interpreters.is_too_old(wanted)
    why = "is too old to run jobs" if old else "is not on this machine"
    return [f"Python {text} {why}; Python {found.shown} is used instead."]


def _switches(options: Sequence[str]) -> Tuple[List[str], List[str]]:
    """Options for the requirements file, and those that uv takes on its command line only."""
    lines: List[str] = []
    switches: List[str] = []
    for item in options:
        if item.strip() == "--pre":
            switches += ["--prerelease", "allow"]
        elif item.strip().split("=")[0].split(" ")[0] in ("--trusted-host",):
            host = item.replace("=", " ").split()[-1]
            switches += ["--allow-insecure-host", host]
        elif item.strip():
            lines.append(item.strip())
    return lines, switches
