"""Results of a job that become data: into a datastore while it runs or at its end, and a name.

An output of ``LaunchSpec.outputs`` with a ``destination`` is one. With the mode ``mount`` the job
writes there itself; with ``upload``, or where a container does not see the place, it writes into a
folder of the run, whose files are copied when the job has completed.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Dict, List, Mapping

from ml_jupyter.datasets import registered
from ml_jupyter.history.layout import RunLayout
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs.spec import LaunchSpec

UPLOAD = "upload"
_FOLDER = "delivered"


def of(spec: LaunchSpec) -> List[Mapping[str, Any]]:
    """The outputs of a job that become data."""
    return [item for item in spec.outputs if item.get("destination")]


def prepare(item: Mapping[str, Any], spec: LaunchSpec, workspace: Path, layout: RunLayout) -> Path:
    """The folder that the job writes into; made."""
    place = destination(item, layout.path.name)
    if _is_copied(item, spec, workspace, place):
        place = layout.path / _FOLDER / str(item["name"])
    place.mkdir(parents=True, exist_ok=True)
    source = str(item.get("source") or "")
    if source:
        return _linked(layout.work / source, place, layout.work)
    return place


def destination(item: Mapping[str, Any], run_id: str) -> Path:
    """Where the files are in the end."""
    return Path(_filled(str(item["destination"]), item, run_id))


def deliver(spec: LaunchSpec, run: RunFolder, workspace: Path) -> None:
    """Copy what is to be copied, and register what is to have a name.

    To be called when the job has completed.

    Raises
    ------
    OSError, MlJupyterError
        Something could not be kept; nothing is half done in the datastore.
    """
    facts: Dict[str, Any] = {}
    for item in of(spec):
        place = destination(item, run.id)
        if _is_copied(item, spec, workspace, place):
            _copy(run.layout.path / _FOLDER / str(item["name"]), place, item, run)
        facts[str(item["name"])] = {"path": str(place), **_registered(item, run, workspace)}
    if facts:
        run.note(delivered=facts)


def discard(layout: RunLayout) -> None:
    """Remove the run's own copies."""
    shutil.rmtree(str(layout.path / _FOLDER), ignore_errors=True)


def _registered(item: Mapping[str, Any], run: RunFolder, workspace: Path) -> Dict[str, Any]:
    wanted = item.get("register")
    if not wanted:
        return {}
    content = wanted["content"]
    sources = [
        {**source, "value": _filled(str(source["value"]), item, run.id)}
        for source in content["sources"]
    ]
    record = registered.add(
        workspace,
        str(wanted["name"]),
        {**content, "sources": sources},
        description=wanted.get("description"),
        tags=wanted.get("tags"),
        create_new_version=True,
        run=run.id,
    )
    named = f"{record['name']}:{record['version']}"
    called = run.state().display_name or run.id
    registered.note_use(workspace, named, run.id, registered.WRITTEN, called)
    return {"dataset": named, "id": record["id"]}


def _copy(folder: Path, place: Path, item: Mapping[str, Any], run: RunFolder) -> None:
    files = _chosen(folder, item.get("globs") or ["**/*"])
    temporary = place.with_name(f".{place.name}.{run.id}")
    shutil.rmtree(str(temporary), ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        for file in files:
            target = temporary / file.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(file), str(target))
        if place.is_dir() and any(place.iterdir()):
            _merge(temporary, place, item, run)
        else:
            os.replace(str(temporary), str(place))
    finally:
        shutil.rmtree(str(temporary), ignore_errors=True)


def _merge(made: Path, place: Path, item: Mapping[str, Any], run: RunFolder) -> None:
    for file in sorted(path for path in made.rglob("*") if path.is_file()):
        target = place / file.relative_to(made)
        if target.exists() and not item.get("overwrite"):
            run.warn(f"Output {item['name']!r}: {target} was there already and stayed as it was.")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(str(file), str(target))


def _chosen(folder: Path, globs: List[str]) -> List[Path]:
    found = {path for pattern in globs for path in folder.glob(pattern) if path.is_file()}
    return sorted(found)


def _is_copied(item: Mapping[str, Any], spec: LaunchSpec, workspace: Path, place: Path) -> bool:
    hidden = spec.container is not None and workspace not in place.parents
    return item.get("mode") == UPLOAD or hidden


def _linked(wanted: Path, place: Path, work: Path) -> Path:
    """A link below the working directory, when that can be made."""
    inside = os.path.abspath(str(wanted)).startswith(str(work) + os.sep)
    if not inside or os.path.lexists(str(wanted)):
        return place
    wanted.parent.mkdir(parents=True, exist_ok=True)
    wanted.symlink_to(place)
    return wanted


def _filled(text: str, item: Mapping[str, Any], run_id: str) -> str:
    return text.replace("{run-id}", run_id).replace("{output-name}", str(item["name"]))
