"""Which images the engine has, and what is in them."""

from __future__ import annotations

import contextlib
import json
import os
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, Dict, Optional
from urllib.parse import quote

from ml_jupyter._files import write_json
from ml_jupyter.config import Settings
from ml_jupyter.containers.client import client_of, mapped, refused
from ml_jupyter.containers.engine import Engine
from ml_jupyter.containers.facts import ImageFacts
from ml_jupyter.containers.plan import PYTHONS
from ml_jupyter.exceptions import DockerFailed, MlJupyterError

_PROBE = """
for name in python python3; do
  found=$(command -v $name) && break
done
echo "python=$found"
version='import sys; print("%d.%d.%d" % sys.version_info[:3])'
[ -n "$found" ] && echo "version=$($found -c "$version")"
if [ -x /bin/bash ]; then echo shell=/bin/bash; else echo shell=/bin/sh; fi
"""
_PROBE_S = 60
_FOLDERS = ("/usr/local/bin", "/usr/bin", "/bin", "/opt/conda/bin", "/opt/venv/bin")


def find(engine: Engine, image: str, settings: Settings) -> Optional[ImageFacts]:
    """The image of a name or an id, when the engine has it; milliseconds, no network.

    Its Python is told when it was examined before (``examine``).

    Raises
    ------
    DockerFailed
        The connection broke.
    """
    try:
        found: Dict[str, Any] = engine.call("GET", f"/images/{quote(image, safe='/:@')}/json")
    except DockerFailed as error:
        if error.status in (400, 404):
            return None
        raise
    config = found.get("Config") or {}
    facts = ImageFacts(
        id=str(found["Id"]),
        variables=dict(item.split("=", 1) for item in config.get("Env") or () if "=" in item),
        labels=dict(config.get("Labels") or {}),
        size=int(found.get("Size", 0)),
    )
    return _withkept(facts, Path(settings.cache))


def examine(engine: Engine, image: ImageFacts, settings: Settings) -> ImageFacts:
    """The image with its Python and its shell: it is started once, and the answer is kept.

    Raises
    ------
    DockerFailed
        The connection broke.
    """
    path = kept(Path(settings.cache), image.id)
    if path.exists():
        return _withkept(image, Path(settings.cache))
    said = dict(line.split("=", 1) for line in _said(engine, image.id).splitlines() if "=" in line)
    known = {name: said.get(name, "").strip() for name in ("python", "version", "shell")}
    with contextlib.suppress(OSError, MlJupyterError):  # asked again then
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, known)
    return ImageFacts(**{**asdict(image), **known})


def note_use(image_id: str, settings: Settings) -> None:
    """Note that an image is used now, for ``collect``."""
    with contextlib.suppress(OSError):
        os.utime(str(kept(Path(settings.cache), image_id)))


def _said(engine: Engine, image_id: str) -> str:
    """What the probe prints in the image; empty where there is no shell."""
    config = {
        "Image": image_id,
        "Entrypoint": ["/bin/sh", "-c", _PROBE],
        "Cmd": [],
        "NetworkDisabled": True,
        "HostConfig": {"LogConfig": {"Type": "json-file"}},
    }
    client: Any = client_of(engine)
    with mapped(), closing(client):
        name = client.create_container_from_config(config)["Id"]
        try:
            client.start(name)
            client.wait(name, timeout=_PROBE_S)
            return bytes(client.logs(name, stdout=True, stderr=False)).decode("utf-8", "replace")
        except refused():  # it has no shell
            return _looked_for(client, name)
        finally:
            client.remove_container(name, v=True, force=True)


def _looked_for(client: Any, container: str) -> str:
    """The probe's answer for an image without a shell: whether the file of a Python is there."""
    for folder in _FOLDERS:
        for name in PYTHONS:
            with contextlib.suppress(refused()):
                answer, _ = client.get_archive(container, f"{folder}/{name}")
                answer.close()
                return f"python={folder}/{name}\n"
    return ""


def kept(cache: Path, image_id: str) -> Path:
    """File in which an image's Python is written down; its modification time is the last use."""
    return cache / "containers" / "images" / f"{image_id.rpartition(':')[2]}.json"


def _withkept(image: ImageFacts, cache: Path) -> ImageFacts:
    try:
        known = json.loads(kept(cache, image.id).read_bytes())
    except (OSError, ValueError):
        return image
    return ImageFacts(**{**asdict(image), **known})
