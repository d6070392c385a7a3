"""The models of a service as files below its working folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ml_jupyter.history.layout import WorkspaceLayout
from ml_jupyter.models.plan import MODEL_DIR, MODELS, MODELS_VARIABLE, ServingPlan
from ml_jupyter.models.store import ModelStore


def lay_out(plan: ServingPlan, workspace: WorkspaceLayout, folder: Path) -> Path:
    """Write the models to ``azureml-models/<name>/<version>``; the first one's file or folder.

    What is there already, from before a restart, stays.

    Raises
    ------
    ModelNotFoundException
        One of them was deleted.
    SnapshotException, StorageFailed
        It cannot be written.
    """
    store, paths = ModelStore(workspace), []
    for name, version in plan.models:
        record = store.get(name, version)
        place = folder / MODELS / name / str(version)
        if not place.exists():
            part = place.with_name(f".{version}.part")
            shutil.rmtree(part, ignore_errors=True)
            store.lay_out(record, part)
            os.replace(part, place)
        paths.append(place / record.path)
    return paths[0] if paths else folder


def variables(plan: ServingPlan, folder: Path) -> dict[str, str]:
    """Variables for the process of the model.

    ``AZUREML_MODEL_DIR`` is the folder of the version when there is one model, else the folder
    above all. Source: Azure ML, "Author the entry script", AZUREML_MODEL_DIR.

    Without code, a service that asked for no GPU sees none: it is there for days, and TensorFlow
    alone would take the memory of all of them. A script decides for itself.
    """
    root = folder / MODELS
    one = root.joinpath(*map(str, plan.models[0])) if len(plan.models) == 1 else root
    made = {MODEL_DIR: str(one), MODELS_VARIABLE: str(root)}
    if not plan.entry_script and "AZ_BATCHAI_NUM_GPUS" not in os.environ:
        made["CUDA_VISIBLE_DEVICES"] = ""
    return made
