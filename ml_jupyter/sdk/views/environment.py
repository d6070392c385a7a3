"""What a run was asked to run in, and with how much: for the views."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from ml_jupyter.history.run_folder import RunFolder

#: What a run may ask for, as it is called in the launch of a run; 0 and None are not asked for.
_LIMITS = (
    "slots",
    "memory",
    "gpus",
    "gpu_memory",
    "nodes",
    "memory_limit",
    "max_run_duration_s",
)


def environment_json(run: RunFolder) -> Optional[Dict[str, Any]]:
    """The **environment** of ``docs/http-api.md``; None for a run that is no job.

    Values that look like secrets were masked before the run was written (``LaunchSpec.public``).
    """
    definition = run.record.definition
    launch = definition.get("launch")
    if not isinstance(launch, Mapping):
        return None
    build, named = _mapping(launch.get("build")), _mapping(definition.get("environment"))
    container = _mapping(launch.get("container"))
    return {
        "name": build.get("name") or named.get("name"),
        "version": build.get("version") or named.get("version"),
        "mode": build.get("mode") or ("docker" if container else "user"),
        "python": build.get("python_version") or None,
        "interpreter": build.get("interpreter") or launch.get("interpreter") or None,
        "pip": _words(build.get("pip")),
        "conda": _words(build.get("conda")),
        "channels": _words(build.get("channels")),
        "image": container.get("image") or build.get("image"),
        "dockerfile": build.get("dockerfile"),
        "variables": {
            str(key): str(value) for key, value in _mapping(launch.get("variables")).items()
        },
        "limits": {key: launch[key] for key in _LIMITS if launch.get(key)},
    }


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _words(value: Any) -> List[str]:
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else []
