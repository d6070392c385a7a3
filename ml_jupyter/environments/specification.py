"""``EnvironmentSpec``: what an environment consists of, and the hash that names the built one."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sys
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Dict, List, Mapping, Optional, Tuple
from urllib.parse import unquote

from ml_jupyter.environments import secrets
from ml_jupyter.exceptions import RunConfigurationException

USER, PIP, CONDA, DOCKER = "user", "pip", "conda", "docker"
MODES = (USER, PIP, CONDA, DOCKER)
#: Changes when what a build makes of the same specification changes.
_RECIPE = 1
_LISTS = ("pip", "pip_options", "conda", "channels")
_DIGEST_BYTES = 16


@dataclass(frozen=True)
class EnvironmentSpec:
    """An environment, complete: nothing of it depends on the process that builds it.

    Attributes
    ----------
    name, version : str
        Of the environment, for people; not part of the hash.
    mode : str
        ``user`` (taken as it is), ``pip``, ``conda`` or ``docker``.
    interpreter : str
        The Python of ``user``; in a container, the program inside it.
    python_version : str
        ``3.10`` or ``3.10.4``; empty: no wish.
    pip : tuple of str
        Requirements as pip writes them.
    pip_options : tuple of str
        Lines of a requirements file that begin with a dash.
    conda : tuple of str
        Match specifications.
    channels : tuple of str
        Conda channels, the first one counts most; names, addresses or folders.
    image, dockerfile : str, optional
        Base image, or the text of the Dockerfile that makes it.
    build_context : str, optional
        Folder that the Dockerfile copies from.
    engine : str
        Address of the Docker Engine that has the image; not part of the hash.
    registry : mapping, optional
        ``address`` of the image's registry and ``key`` of the credentials, which lie elsewhere.
    """

    name: str
    mode: str
    version: Optional[str] = None
    interpreter: str = ""
    python_version: str = ""
    pip: Tuple[str, ...] = ()
    pip_options: Tuple[str, ...] = field(default=(), repr=False)
    conda: Tuple[str, ...] = ()
    channels: Tuple[str, ...] = ()
    image: Optional[str] = None
    dockerfile: Optional[str] = None
    build_context: Optional[str] = None
    engine: str = ""
    registry: Optional[Mapping[str, str]] = None

    @property
    def needs_build(self) -> bool:
        """Whether anything is made before a job can be started in it."""
        return self.mode != USER

    @property
    def digest(self) -> str:
        """Hash of what is built, 32 hexadecimal digits: the same for the same content."""
        content = {
            key: value
            for key, value in self.public().items()
            if key not in ("name", "version", "engine", "registry")
        }
        content["recipe"] = _RECIPE
        content["machine"] = f"{sys.platform}-{platform.machine()}"
        content["files"] = [_stamp(path) for path in local_files(self.pip)]
        text = json.dumps(content, sort_keys=True)
        return hashlib.blake2b(text.encode("utf-8"), digest_size=_DIGEST_BYTES).hexdigest()

    def to_json(self) -> Dict[str, Any]:
        """All of it, the credentials too: for private files only."""
        value = asdict(self)
        value.update({name: list(getattr(self, name)) for name in _LISTS})
        value["registry"] = dict(self.registry) if self.registry else None
        return value

    def public(self) -> Dict[str, Any]:
        """What may be stored and shown: no credentials."""
        value = self.to_json()
        for name in _LISTS:
            value[name] = [secrets.masked(item) for item in value[name]]
        value["dockerfile"] = None if self.dockerfile is None else secrets.masked(self.dockerfile)
        return value

    def with_(self, **changes: Any) -> EnvironmentSpec:
        """A copy with some fields changed."""
        return replace(self, **changes)

    @classmethod
    def from_json(cls, value: Any) -> EnvironmentSpec:
        """The specification that ``to_json`` gave; unknown keys are passed over.

        Raises
        ------
        RunConfigurationException
            Not such a mapping.
        """
        names = {item.name for item in fields(cls)}
        if not isinstance(value, Mapping) or value.get("mode") not in MODES:
            raise RunConfigurationException("An environment's specification cannot be understood.")
        known = {key: item for key, item in value.items() if key in names}
        for name in _LISTS:
            known[name] = tuple(known.get(name) or ())
        return cls(**known)


def local_files(requirements: Tuple[str, ...]) -> List[str]:
    """Files of this machine among requirements, such as a wheel that was built here."""
    found = []
    for item in requirements:
        path = re.sub(r"^[\w.\[\], -]+@\s*", "", item).split(";")[0].strip()
        path = unquote(path[len("file://") :]) if path.startswith("file://") else path
        if os.path.isabs(path):
            found.append(path)
    return found


def _stamp(path: str) -> List[Any]:
    try:
        facts = os.stat(path)
    except OSError:
        return [path]
    return [path, facts.st_size, facts.st_mtime_ns]
