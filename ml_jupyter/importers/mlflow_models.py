"""Models of an MLflow store: those that runs have logged, and the registered ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Set, Tuple

from ml_jupyter._files import write_json
from ml_jupyter._ids import check_run_id
from ml_jupyter._mlflow_address import address_of
from ml_jupyter.exceptions import ImportSourceInvalid, RunNotFound, UserErrorException
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.importers.bringing import Bringing
from ml_jupyter.importers.mlflow_store import (
    LoggedModel,
    Store,
    StoredName,
    StoredRun,
    StoredVersion,
)
from ml_jupyter.models import frameworks
from ml_jupyter.models.content import of_path
from ml_jupyter.models.record import check_name
from ml_jupyter.models.store import ModelStore

_OWN = "mlflow"
#: MLflow's id of the experiment in which it logs unless told otherwise, and its name.
_DEFAULT_ID, _DEFAULT = "0", "Default"
_FLAVORS = {
    "sklearn": frameworks.SCIKITLEARN,
    "onnx": frameworks.ONNX,
    "pytorch": frameworks.PYTORCH,
    "keras": frameworks.TFKERAS,
    "tensorflow": frameworks.TENSORFLOW,
}


def bring_logged(bringing: Bringing, runs: List[StoredRun]) -> None:
    """Describe the models that runs have logged, so that MLflow finds them here."""
    for run in runs:
        for model in run.logged:
            try:
                folder = bringing.workspace.run(run.run_id)
            except RunNotFound:  # it could not be read, and the report says so
                break
            experiment = folder.record.experiment
            known = _DEFAULT_ID if experiment == _DEFAULT else folder.record.experiment_id
            _describe(bringing.workspace, model, known, folder.layout.files)


def _describe(workspace: WorkspaceFolder, model: LoggedModel, experiment: str, files: Path) -> None:
    folder = workspace.layout.root / _OWN / "models"
    path = folder / f"{check_run_id(model.model_id)}.json"
    if path.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    value = {
        "experiment_id": experiment,
        "model_id": model.model_id,
        "name": model.name,
        "artifact_location": f"{address_of(files)}/models/{model.model_id}",
        "creation_timestamp": model.created,
        "last_updated_timestamp": model.modified,
        "status": model.state,
        "source_run_id": model.run_id,
        "model_type": model.model_type,
        "tags": dict(model.tags),
        "params": dict(model.params),
    }
    write_json(path, value)


def bring_registered(bringing: Bringing, store: Store) -> None:
    """Register the versions that are not here yet, and announce names as MLflow knows them."""
    models = ModelStore(bringing.workspace.layout)
    known = _known(models)
    for version in store.versions():
        key = (version.name, version.version, version.created)
        if key not in known:
            try:
                _register(bringing, models, store, version)
            except UserErrorException as error:
                bringing.report.leave(f"model {version.name}:{version.version}", str(error))
    for name in store.names():
        _announce(bringing.workspace, models, name)


def _known(models: ModelStore) -> Set[Tuple[str, int, int]]:
    found = set()
    for record in models.list():
        own: Any = record.extra.get(_OWN)
        imported = own.get("imported") if isinstance(own, dict) else None
        if imported:
            found.add((record.name, int(imported[0]), int(imported[1])))
    return found


def _register(bringing: Bringing, models: ModelStore, store: Store, version: StoredVersion) -> None:
    check_name(version.name)
    place = store.place_of(version.source)
    if place is None or not place.exists():
        raise ImportSourceInvalid(f"Its files at {version.source} are not on this machine.")
    framework, release = _framework(place)
    own = {
        "source": version.source,
        "stage": version.stage or "None",
        "run_link": None,
        "model_id": None,
        "imported": [version.version, version.created],
    }
    record = models.register(
        version.name,
        of_path(place),
        description=version.description,
        tags=dict(version.tags),
        framework=framework,
        framework_version=release,
        extra={_OWN: own},
        **_run_facts(bringing.workspace, version.run_id),
    )
    bringing.report.models += 1
    if record.version != version.version:
        bringing.report.leave(
            f"model {version.name}:{version.version}", f"It is version {record.version} here."
        )


def _run_facts(workspace: WorkspaceFolder, run_id: Optional[str]) -> Dict[str, Any]:
    if run_id is None:
        return {}
    try:
        record = workspace.run(run_id).record
    except RunNotFound:
        return {}
    return {
        "run_id": run_id,
        "experiment_id": record.experiment_id,
        "experiment": record.experiment,
    }


def _framework(place: Path) -> Tuple[str, Optional[str]]:
    """Framework and its version by the file ``MLmodel``, or a guess by the files' names."""
    described = place / "MLmodel"
    if not described.is_file():
        names = [place] if place.is_file() else place.rglob("*")
        return frameworks.guess(tuple(path.name for path in names)), None
    import yaml

    try:
        value = yaml.safe_load(described.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ImportSourceInvalid(f"{described} is not readable as YAML.") from error
    flavors = value.get("flavors", {}) if isinstance(value, dict) else {}
    for flavor, framework in _FLAVORS.items():
        if flavor in flavors:
            release = flavors[flavor].get(f"{flavor}_version")
            return framework, None if release is None else str(release)
    return frameworks.CUSTOM, None


def _announce(workspace: WorkspaceFolder, models: ModelStore, name: StoredName) -> None:
    """Keep what MLflow knows of a name, aliases by our numbers; a name that is here stays as is."""
    folder = workspace.layout.root / _OWN / "names"
    path = folder / f"{check_name(name.name)}.json"
    if path.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    ours = {}
    for record in models.list(name.name):
        own: Any = record.extra.get(_OWN)
        imported = own.get("imported") if isinstance(own, dict) else None
        if imported:
            ours[int(imported[0])] = record.version
    aliases = {key: ours[int(value)] for key, value in name.aliases.items() if value in ours}
    value = {"description": name.description, "tags": dict(name.tags), "aliases": aliases}
    write_json(path, {**value, "created": name.created, "modified": name.modified})
