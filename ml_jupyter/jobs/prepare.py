"""What a job is started with: its command line and its environment."""

from __future__ import annotations

import os
import re
from hashlib import blake2b
from pathlib import Path
from typing import Dict, List, Mapping

from ml_jupyter._azureml_job import write_package
from ml_jupyter._mlflow_address import job_variables
from ml_jupyter._mlflow_plugin import write_plugin
from ml_jupyter.azureml import VARIABLE as AZUREML
from ml_jupyter.config import PREFIX, Settings
from ml_jupyter.history.records import RunRecord, WorkspaceRecord
from ml_jupyter.jobs.spec import TOOLS, LaunchSpec

#: Settings that a job shares with its submitter, so that what it submits reaches the same queue.
_SHARED = ("home", "cache", "state", "runtime", "slot_dir", "slots", "dispatcher_idle_s")
_NAME = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
#: Variables by which a Jupyter server authenticates itself or its users, or that a kernel only has
#: from it. A job outlives the server, and its code is not the server's.
_OF_THE_SERVER = re.compile(
    r"JPY_|JUPYTERHUB_|JUPYTER_GATEWAY_|KG_"
    r"|(JUPYTER_TOKEN|JUPYTER_PASSWORD|CONFIGPROXY_AUTH_TOKEN|OAUTH_CLIENT_SECRET)\Z"
)
#: Folder of the cache below which are the folders by which jobs find this package.
OWN_FOLDERS = "python"
_SHELLS = ("/bin/bash", "/usr/bin/bash", "/bin/sh")


def command_line(spec: LaunchSpec, environment: Mapping[str, str]) -> List[str]:
    """Program and arguments of a job.

    ``$NAME`` and ``${NAME}`` in an argument are replaced from ``environment``; unknown names stay
    as they are, and no other shell processing takes place (surface 5.3).
    """
    if spec.command is not None:
        return [next(filter(os.path.exists, _SHELLS), "sh"), "-c", spec.command]
    script = spec.script or ""
    arguments = [expand(item, environment) for item in spec.arguments]
    if script.endswith(".ipynb"):
        return [spec.interpreter, "-m", "ml_jupyter.jobs.notebook", script, *arguments]
    if script.endswith(".sh"):
        return [next(filter(os.path.exists, _SHELLS), "sh"), script, *arguments]
    return [spec.interpreter, script, *arguments]


def expand(text: str, environment: Mapping[str, str]) -> str:
    """``text`` with the variables that ``environment`` knows."""
    return _NAME.sub(lambda match: environment.get(match[1] or match[2], match[0]), text)


def environment_of(
    spec: LaunchSpec, record: RunRecord, workspace: WorkspaceRecord, root: Path, settings: Settings
) -> Dict[str, str]:
    """All variables of a job (surface 4.4): the submitter's, over them the user's, the run's."""
    variables = {
        key: value for key, value in spec.environment.items() if not _of_jupyter(key, value)
    }
    variables.update({key: str(value) for key, value in spec.variables.items()})
    variables.update(_terminal(spec, variables))
    variables["PATH"] = _path(spec, variables)
    variables["PYTHONUNBUFFERED"] = "1"
    variables["PYTHONPATH"] = _python_path(variables, settings)
    variables[TOOLS] = spec.tools
    for name in _SHARED:
        variables[PREFIX + name.upper()] = str(getattr(settings, name))
    variables.update(run_variables(record, workspace, root))
    variables.update(job_variables(variables, root, record.id, record.experiment_id))
    return variables


def run_variables(record: RunRecord, workspace: WorkspaceRecord, root: Path) -> Dict[str, str]:
    """Variables by which any process of a job finds its run."""
    return {
        "AZUREML_RUN_ID": record.id,
        "AZUREML_ARM_PROJECT_NAME": record.experiment,
        "AZUREML_ARM_WORKSPACE_NAME": workspace.name,
        "AZUREML_ARM_SUBSCRIPTION": workspace.subscription_id,
        "AZUREML_ARM_RESOURCEGROUP": workspace.resource_group,
        "ML_JUPYTER_RUN_ID": record.id,
        "ML_JUPYTER_WORKSPACE": str(root),
        "ML_JUPYTER_EXPERIMENT_ID": record.experiment_id,
    }


def package_folder(settings: Settings) -> Path:
    """A folder that holds nothing but this package, as a link, for the path of any Python."""
    package = Path(__file__).resolve().parent.parent
    name = blake2b(os.fsencode(str(package)), digest_size=8).hexdigest()
    folder = settings.cache / OWN_FOLDERS / name
    link = folder / "ml_jupyter"
    if not link.exists():
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{os.getpid()}"
        temporary.symlink_to(package)
        os.replace(temporary, link)
    write_plugin(folder)
    return folder


def _of_jupyter(name: str, value: str) -> bool:
    """Whether a variable is the server's own, or the kernel's and would mislead a script."""
    if name == "MPLBACKEND":
        return "inline" in value
    return _OF_THE_SERVER.match(name) is not None


def _terminal(spec: LaunchSpec, variables: Mapping[str, str]) -> Dict[str, str]:
    if spec.terminal_width == 0:
        return {}
    term = variables.get("TERM", "dumb")
    return {
        "COLUMNS": str(spec.terminal_width),
        "TERM": "xterm-256color" if term == "dumb" else term,
    }


def _path(spec: LaunchSpec, variables: Mapping[str, str]) -> str:
    path = variables.get("PATH", os.defpath)
    folder = os.path.dirname(spec.interpreter)
    return f"{folder}{os.pathsep}{path}" if folder else path


def _python_path(variables: Mapping[str, str], settings: Settings) -> str:
    ours = [str(package_folder(settings))]
    if variables.get(AZUREML) == "1":
        ours.append(str(write_package(settings.cache / OWN_FOLDERS / "azureml")))
    present = variables.get("PYTHONPATH", "").split(os.pathsep)
    return os.pathsep.join([*(part for part in present if part and part not in ours), *ours])
