"""``azureml.core.webservice`` under its name here."""

from __future__ import annotations

from ml_jupyter.azureml import absent
from ml_jupyter.exceptions import WebserviceException
from ml_jupyter.sdk.service_config import LocalWebserviceDeploymentConfiguration
from ml_jupyter.sdk.webservice import LocalWebservice, Webservice

__all__ = [
    "LocalWebservice",
    "LocalWebserviceDeploymentConfiguration",
    "Webservice",
    "WebserviceException",
]

__getattr__ = absent.refusing(__name__)
