"""What of the Azure ML SDK makes no sense without its cloud, and what to use here instead."""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional

from ml_jupyter.exceptions import CloudOnly

_PIPELINES = (
    "Submit the steps one after the other, or as child runs: run.submit_child(ScriptRunConfig(…))."
)
_LOGIN = "There is no account here: leave the auth argument out."
_SERVE = "Model.deploy(ws, name, [model]) makes a local web service; see docs/deployment.md."
_SEARCH = "Search over settings with HyperDriveConfig, or log a library's own search as child runs."
_DATA = "Read the files with Dataset.Tabular.from_delimited_files(…) or Dataset.File.from_files(…)."
_NOTHING = "Nothing here does this; leave it out."

#: Modules of the SDK that are not here, the longest name counts; their submodules are not either.
MODULES: Dict[str, str] = {
    "azureml.accel": _SERVE,
    "azureml.automl": _SEARCH,
    "azureml.contrib": _NOTHING,
    "azureml.contrib.tensorboard": "Use azureml.tensorboard.",
    "azureml.core.authentication": _LOGIN,
    "azureml.core.image": _SERVE,
    "azureml.core.keyvault": "Hand secrets to a job as environment variables.",
    "azureml.core.linked_service": _NOTHING,
    "azureml.core.private_endpoint": _NOTHING,
    "azureml.core.profile": _SERVE,
    "azureml.datadrift": _NOTHING,
    "azureml.dataprep": _DATA,
    "azureml.explain": "Use the interpretation library itself, and log its figures with log_image.",
    "azureml.interpret": "Use the interpretation library itself, and log figures with log_image.",
    "azureml.monitoring": _SERVE,
    "azureml.opendatasets": _DATA,
    "azureml.pipeline": _PIPELINES,
    "azureml.train.automl": _SEARCH,
    "azureml.train.rl": "Run the framework's own script as a job: ScriptRunConfig(…).",
}

#: Names in modules that are here, under our module names.
NAMES: Dict[str, str] = {
    "ml_jupyter.core.Image": _SERVE,
    "ml_jupyter.core.Keyvault": MODULES["azureml.core.keyvault"],
    "ml_jupyter.core.LinkedService": _NOTHING,
    "ml_jupyter.core.PrivateEndPoint": _NOTHING,
    "ml_jupyter.core.webservice.AciWebservice": "Use LocalWebservice. " + _SERVE,
    "ml_jupyter.core.webservice.AksEndpoint": "Use LocalWebservice. " + _SERVE,
    "ml_jupyter.core.webservice.AksWebservice": "Use LocalWebservice. " + _SERVE,
}


def refuse_module(name: str) -> CloudOnly:
    """The error for a module of the SDK that is not here.

    Parameters
    ----------
    name : str
        Full name, beginning with ``azureml.``.
    """
    advice = advice_for(name)
    if advice is None:
        return CloudOnly(
            f"{name} is not part of ml_jupyter.",
            hint="docs/migration.md lists what of the Azure ML SDK is here, and what is not.",
        )
    return CloudOnly(f"{name} needs the Azure cloud and is not here.", hint=advice)


def advice_for(name: str) -> Optional[str]:
    """What to use instead of a module, or None where nothing is known of it."""
    parts = name.split(".")
    for count in range(len(parts), 1, -1):
        found = MODULES.get(".".join(parts[:count]))
        if found is not None:
            return found
    return None


def refusing(module: str, otherwise: Optional[Callable[[str], Any]] = None) -> Callable[[str], Any]:
    """``__getattr__`` of a module that refuses the names which only the cloud has.

    Parameters
    ----------
    module : str
        Its full name here.
    otherwise : callable, optional
        ``__getattr__`` for every other name.
    """

    def load(name: str) -> Any:
        advice = NAMES.get(f"{module}.{name}")
        if advice is not None:
            raise CloudOnly(f"{name} needs the Azure cloud and is not here.", hint=advice)
        if otherwise is None:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return otherwise(name)

    return load
