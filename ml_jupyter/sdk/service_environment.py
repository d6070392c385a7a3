"""The environment that a model is served in, and what is said of the framework's version."""

from __future__ import annotations

import importlib.util
import sys
import warnings
from importlib import metadata
from typing import TYPE_CHECKING, Optional

from ml_jupyter.environments.nearest import nearest
from ml_jupyter.models import frameworks
from ml_jupyter.sdk.environment import Environment

if TYPE_CHECKING:
    from ml_jupyter.sdk.service_config import InferenceConfig
    from ml_jupyter.sdk.service_deployment import Deployment


def of(wanted: Deployment, inference: Optional[InferenceConfig]) -> Environment:
    """The one given; else this Python when it has the framework; else one made for it."""
    if inference is not None and inference.environment is not None:
        return inference.environment
    environment = Environment(f"{wanted.name}-environment")
    environment.python.user_managed_dependencies = True
    framework = frameworks.known(wanted.framework)
    if not wanted.framework:
        return environment
    version = wanted.models[0].model_framework_version
    if importlib.util.find_spec(framework.module) is not None:
        _warn_of_version(framework, version)
        return environment
    from ml_jupyter.sdk.conda_dependencies import CondaDependencies

    pinned = framework.package
    if version is not None:
        pinned += f"=={_installable(framework, version)}"
    environment.python.user_managed_dependencies = False
    environment.python.conda_dependencies = CondaDependencies.create(
        pip_packages=[pinned, "numpy"], pin_sdk_version=False
    )
    return environment


def _installable(framework: frameworks.Framework, wanted: str) -> str:
    """The version, or the next one that has a wheel for this Python; that is said."""
    found = nearest(framework.package, wanted, sys.executable)
    if found is None or (found + ".").startswith(wanted + "."):
        return wanted
    warnings.warn(
        f"{framework.package} {wanted} cannot be installed for Python "
        f"{sys.version_info.major}.{sys.version_info.minor}; the model is served with {found}, the "
        "next version that can. Give an InferenceConfig with an environment to change that.",
        UserWarning,
        stacklevel=7,
    )
    return found


def _warn_of_version(framework: frameworks.Framework, wanted: Optional[str]) -> None:
    if wanted is None:
        return
    try:
        present = metadata.version(framework.package)
    except metadata.PackageNotFoundError:  # a build under another name
        return
    if present.split(".")[:2] != wanted.split(".")[:2]:
        warnings.warn(
            f"The model was made with {framework.package} {wanted}; it is served with {present}, "
            "which is installed here. Give an InferenceConfig with an environment to change that.",
            UserWarning,
            stacklevel=7,
        )
