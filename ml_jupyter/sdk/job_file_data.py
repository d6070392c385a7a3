"""What a job file says of data: each input as the job gets it, each output as it is kept."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, Tuple

from ml_jupyter._files import confine
from ml_jupyter.datasets import addresses
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.jobfile.model import Input, Output
from ml_jupyter.jobs import inputs as job_inputs
from ml_jupyter.jobs.inputs import JobInput
from ml_jupyter.sdk.dataset_consumption import DatasetConsumptionConfig
from ml_jupyter.sdk.dataset_factory import Dataset
from ml_jupyter.sdk.datastore import Datastore
from ml_jupyter.sdk.output_dataset import OutputFileDatasetConfig
from ml_jupyter.sdk.workspace import Workspace

_WORKSPACE = (
    r"(?:subscriptions/[^/]+/resource[gG]roups/[^/]+/(?:providers/[^/]+/)?workspaces/[^/]+/)?"
)
_STORE = re.compile(rf"azureml://{_WORKSPACE}datastores/(?P<store>[^/]+)/paths/(?P<path>.*)")
_JOB = re.compile(
    r"azureml://jobs/(?P<run>[^/]+)/outputs/(?P<output>[^/]+)(?:/paths)?(?:/(?P<path>.*))?"
)
_RUN = re.compile(r"runs:/(?P<run>[^/]+)/(?P<path>.+)")
#: The output of every job that stands for all of its files.
_ARTIFACTS = "artifacts"
_MODELS = ("mlflow_model", "custom_model", "triton_model")
_RUN_ID = re.compile(r"\$\{\{\s*name\s*\}\}")


def input_of(item: Input, workspace: Workspace, cache: Path) -> JobInput:
    """Data, ready to be given to a job; local data is stored as it is now.

    Raises
    ------
    UserErrorException
        It is not there, or is of a place that cannot be reached.
    """
    if item.local_path is not None:
        return _taken(item, item.local_path, workspace, cache)
    url = str(item.path)
    for pattern, find in ((_STORE, _stored), (_JOB, _made_by_job), (_RUN, _made_by_job)):
        match = pattern.fullmatch(url)
        if match is not None:
            return find(item, match, workspace, cache)
    if url.startswith(("azureml://", "runs:")):
        raise UserErrorException(
            f"inputs.{item.name}: {url} cannot be reached from here.",
            hint="Give a local path, a URL, azureml:NAME:VERSION, "
            "azureml://datastores/NAME/paths/PATH, azureml://jobs/NAME/outputs/OUTPUT or "
            "runs:/ID/PATH.",
        )
    if url.startswith("azureml:"):
        return _registered(item, url[len("azureml:") :], workspace)
    addresses.check(url)
    name = addresses.file_name(url)
    return JobInput(item.name, mode=item.mode, urls=((url, name),), file=name)


def output_of(item: Output, workspace: Workspace) -> Dict[str, Any]:
    """A folder or file for results: kept with the run, or in a datastore and under a name.

    Raises
    ------
    UserErrorException
        ``path`` is no place in a datastore.
    """
    facts = {"name": item.name, "type": item.type}
    if item.register_as is not None and item.type in _MODELS:
        warnings.warn(
            f"outputs.{item.name}: models are not registered by a job file; then: mlj model create",
            UserWarning,
            stacklevel=2,
        )
        return facts
    if item.register_as is None and item.path is None:
        return facts
    config = OutputFileDatasetConfig(item.name, _destination(item, workspace))
    config = config.as_mount() if item.mode == "direct" else config.as_upload(overwrite=True)
    if item.register_as is not None:
        name, version = item.register_as
        config = config.register_on_complete(name)
        if version is not None:
            warnings.warn(
                f"outputs.{item.name}: version {version} is not used; {name} gets the next one",
                UserWarning,
                stacklevel=2,
            )
    return {**config.to_job_output(workspace), **facts}


def _destination(item: Output, workspace: Workspace) -> Any:
    if item.path is None:
        return None
    match = _STORE.fullmatch(item.path)
    if match is None:
        raise UserErrorException(
            f"outputs.{item.name}: {item.path} is no place for results.",
            hint="azureml://datastores/NAME/paths/PATH, or no path: kept with the run.",
        )
    path = _RUN_ID.sub("{run-id}", match["path"]).strip("/")
    return Datastore.get(workspace, match["store"]), path


def _taken(item: Input, path: Path, workspace: Workspace, cache: Path) -> JobInput:
    taken = job_inputs.take_local(workspace._folder.layout, cache, item.name, path)
    return replace(taken, mode=item.mode)


def _stored(item: Input, match: Any, workspace: Workspace, cache: Path) -> JobInput:
    dataset = Dataset.File.from_files((Datastore.get(workspace, match["store"]), match["path"]))
    return _given(item, dataset)


def _made_by_job(item: Input, match: Any, workspace: Workspace, cache: Path) -> JobInput:
    """Files of another run, as they are now."""
    run = workspace.get_run(match["run"])
    root, what = run._folder.layout.files, match.groupdict().get("output")
    if what not in (None, _ARTIFACTS):
        delivered = run._folder.state().facts.get("delivered") or {}
        place = (delivered.get(what) or {}).get("path")
        root = root / "outputs" / str(what) if place is None else Path(place)
    path = confine(root, match["path"].strip("/")) if match["path"] else root
    if not path.exists():
        raise UserErrorException(
            f"inputs.{item.name}: run {run.id} has no {what or match['path']!r}.",
            hint=f"What it has: mlj job download -n {run.id}, or the page of the run.",
        )
    return _taken(item, path, workspace, cache)


def _registered(item: Input, name: str, workspace: Workspace) -> JobInput:
    """A registered dataset, ``NAME:VERSION`` or ``NAME@latest``."""
    bare, _, version = name.replace("@", ":").partition(":")
    return _given(item, Dataset.get_by_name(workspace, bare, version or "latest"))


def _given(item: Input, dataset: Any) -> JobInput:
    """A dataset; one file is the file itself."""
    made = replace(
        DatasetConsumptionConfig(item.name, dataset, "mount").to_job_input(),
        mode=item.mode,
        variable=False,
    )
    paths: Tuple[str, ...] = tuple(path for _, path in (*made.urls, *made.links))
    return replace(made, file=paths[0]) if len(paths) == 1 else made
