"""Settings: read once, frozen, passed down. Nothing else reads the environment for them.

Precedence: the file ``settings.json`` in the data folder < environment (``ML_JUPYTER_*``) <
arguments.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Dict, Mapping, Optional

from ml_jupyter.exceptions import FolderCorrupt, UserErrorException

PREFIX = "ML_JUPYTER_"
_MIB = 1024 * 1024


def _setting(help_text: str, default: Any) -> Any:
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True)
class Settings:
    """All that can be set, with units and defaults.

    Every field can be given in ``settings.json`` by its name, or in the environment by its name in
    capitals after ``ML_JUPYTER_`` (``ML_JUPYTER_SLOTS=4``). Folders default to the platform's
    places.
    """

    home: Path = _setting("Folder of the default workspace and of workspaces made by name.", Path())
    cache: Path = _setting(
        "Folder of indexes and built environments; may be deleted any time.", Path()
    )
    state: Path = _setting("Folder of our own logs and the list of known workspaces.", Path())
    runtime: Path = _setting("Private folder of sockets and the dispatcher's lock.", Path())
    slot_dir: Path = _setting("Folder of the machine-wide slot locks.", Path())
    slots: int = _setting(
        "CPU slots for jobs at one time; 0: the number of cores this process may use.", 0
    )
    gpus: str = _setting(
        "GPUs that jobs may use: numbers or UUIDs with commas between them; empty: all.", ""
    )
    grace_s: float = _setting("Seconds between SIGTERM and SIGKILL when a run is stopped.", 10.0)
    memory_limit: int = _setting("Bytes of memory a job may use; 0: no limit.", 0)
    terminal_width: int = _setting(
        "Columns of the terminal that jobs see; 0: a pipe instead of a terminal.", 120
    )
    snapshot_limit: int = _setting("Bytes a snapshot may have; 0: no limit.", 0)
    interactive_snapshot_limit: int = _setting(
        "Bytes past which an interactive run goes without a snapshot.", 100 * _MIB
    )
    interactive_snapshot_s: float = _setting(
        "Seconds past which an interactive run goes without a snapshot.", 2.0
    )
    trash_days: float = _setting("Days that deleted runs are kept.", 7.0)
    dispatcher_idle_s: float = _setting("Seconds after which an idle dispatcher leaves.", 30.0)
    telemetry_s: float = _setting(
        "Seconds between two samples of what a job uses; 0: none are taken.", 5.0
    )
    machine_history_s: float = _setting(
        "Seconds between two samples of what the machine is used for; 0: none are taken.", 10.0
    )
    keep_work: bool = _setting("Keep a job's working folder after its end.", False)
    environment_mode: str = _setting(
        "How environments are made: user, pip, conda or docker; empty: as each of them asks.", ""
    )
    environment_days: float = _setting("Days that a built environment is kept unused.", 30.0)
    environment_limit: int = _setting(
        "Bytes that all built environments may take after garbage collection; 0: no limit.", 0
    )
    data_limit: int = _setting("Bytes that a fetched file may have; 0: no limit.", 0)
    data_cache_limit: int = _setting(
        "Bytes that all fetched files together may have; 0: no limit.", 100_000_000_000
    )
    data_days: float = _setting("Days that fetched files are kept unused.", 30.0)
    private_redirects: bool = _setting(
        "Let a public address of data lead to this machine or a private network.", False
    )
    python_downloads: bool = _setting(
        "Let uv download a Python version that this machine does not have.", False
    )

    @classmethod
    def load(cls, environ: Optional[Mapping[str, str]] = None, **overrides: Any) -> Settings:
        """Settings from the file, the environment and ``overrides``.

        Raises
        ------
        UserErrorException
            An unknown key, or a value of the wrong kind; names the key and the nearest known one.
        FolderCorrupt
            ``settings.json`` is not JSON.
        """
        env = os.environ if environ is None else environ
        base = _platform_folders(env)
        home = Path(env.get(PREFIX + "HOME") or base["home"])
        values: Dict[str, Any] = {**base, **_from_file(home / "settings.json")}
        values.update(_from_environment(env))
        values.update(overrides)
        return cls(**{name: _convert(name, value) for name, value in values.items()})

    def with_(self, **changes: Any) -> Settings:
        """A copy with some fields changed."""
        return replace(self, **changes)

    @property
    def slot_count(self) -> int:
        """Number of CPU slots, at least 1."""
        if self.slots > 0:
            return self.slots
        if hasattr(os, "sched_getaffinity"):
            return max(1, len(os.sched_getaffinity(0)))
        return max(1, os.cpu_count() or 1)


def _from_file(path: Path) -> Dict[str, Any]:
    try:
        text = path.read_text("utf-8")
    except OSError:
        return {}
    try:
        values = json.loads(text)
    except ValueError as error:
        raise FolderCorrupt(f"{path} is not readable as JSON: {error}") from error
    if not isinstance(values, dict):
        raise FolderCorrupt(f"{path} does not hold a JSON object.")
    for key in values:
        _check_key(key, str(path))
    return values


def _from_environment(env: Mapping[str, str]) -> Dict[str, Any]:
    names = {item.name for item in fields(Settings)}
    return {name: env[PREFIX + name.upper()] for name in names if env.get(PREFIX + name.upper())}


def _check_key(key: str, where: str) -> None:
    names = [item.name for item in fields(Settings)]
    if key not in names:
        from difflib import get_close_matches

        near = get_close_matches(key, names, 1)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known settings: {', '.join(names)}."
        raise UserErrorException(f"Unknown setting {key!r} in {where}.", hint=hint)


def _convert(name: str, value: Any) -> Any:
    kinds = {item.name: item.type for item in fields(Settings)}
    _check_key(name, "the arguments")
    kind = kinds[name]
    try:
        if kind == "Path":
            return Path(value).expanduser()
        if kind == "str":
            return _text(name, str(value).strip())
        if kind == "bool":
            return value if isinstance(value, bool) else _BOOLEANS[str(value).strip().lower()]
        number = int(value) if kind == "int" else float(value)
    except (TypeError, ValueError, KeyError) as error:
        raise UserErrorException(f"Setting {name!r}: {value!r} is not a {kind}.") from error
    if number < 0:
        raise UserErrorException(f"Setting {name!r}: {value!r} is below 0.")
    return number


def _text(name: str, value: str) -> str:
    if name not in _CHOICES:
        return value
    if value.lower() not in _CHOICES[name]:
        known = ", ".join(filter(None, _CHOICES[name]))
        raise UserErrorException(f"Setting {name!r}: {value!r} is none of {known}.")
    return value.lower()


_CHOICES = {"environment_mode": ("", "user", "pip", "conda", "docker")}
_BOOLEANS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def _platform_folders(env: Mapping[str, str]) -> Dict[str, Any]:
    user = Path(env.get("HOME") or Path.home())
    if sys.platform == "win32":
        local = Path(env.get("LOCALAPPDATA") or user / "AppData" / "Local") / "ml_jupyter"
        data, cache, state = local / "data", local / "cache", local / "state"
    elif sys.platform == "darwin":
        library = user / "Library"
        data, cache = (
            library / "Application Support" / "ml_jupyter",
            library / "Caches" / "ml_jupyter",
        )
        state = library / "Logs" / "ml_jupyter"
    else:
        data = Path(env.get("XDG_DATA_HOME") or user / ".local" / "share") / "ml_jupyter"
        cache = Path(env.get("XDG_CACHE_HOME") or user / ".cache") / "ml_jupyter"
        state = Path(env.get("XDG_STATE_HOME") or user / ".local" / "state") / "ml_jupyter"
    uid = os.getuid() if hasattr(os, "getuid") else 0
    temporary = Path(tempfile.gettempdir())
    runtime = env.get("XDG_RUNTIME_DIR")
    locks = Path("/run/lock") if os.path.isdir("/run/lock") else temporary
    if not os.access(str(locks), os.W_OK):
        locks = temporary
    return {
        "home": data,
        "cache": cache,
        "state": state,
        "runtime": Path(runtime) / "ml_jupyter" if runtime else temporary / f"ml_jupyter-{uid}",
        "slot_dir": locks / "ml_jupyter-slots",
    }
