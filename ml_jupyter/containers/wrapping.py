"""From a rank that is to be started to the small process that runs it in a container."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Dict, List, Mapping, Tuple

import ml_jupyter
from ml_jupyter import _azureml_job, _mlflow_plugin
from ml_jupyter._files import write_json
from ml_jupyter.azureml import VARIABLE as AZUREML
from ml_jupyter.config import Settings
from ml_jupyter.containers import plan as plans
from ml_jupyter.containers import registry
from ml_jupyter.containers.names import folder_of, name_of
from ml_jupyter.containers.plan import ContainerPlan
from ml_jupyter.containers.spec import ContainerSpec
from ml_jupyter.distributed.rank import RankPlan

_PACKAGE = Path(ml_jupyter.__file__).resolve().parent
#: Isolated, so that nothing in the job's folder or variables is taken for a module of ours.
_PROGRAM = (
    "import os, site, sys; sys.path.insert(0, sys.argv[1]); own = site.getusersitepackages(); "
    "os.path.isdir(own) and site.addsitedir(own); "
    "from ml_jupyter.containers.run import main; sys.exit(main(sys.argv[2]))"
)
#: Variables that the run itself sets, whatever the submitter's own value is (surface 4.4, 5.5).
_OF_THE_RUN = re.compile(
    r"(?:ML_JUPYTER|AZUREML|AZ_BATCH|OMPI|MLFLOW|LOCAL|GROUP|ROLE)_|(?:RANK|WORLD_SIZE|NODE_RANK"
    r"|MASTER_ADDR|MASTER_PORT|TF_CONFIG|CUDA_VISIBLE_DEVICES|PYTHONUNBUFFERED|COLUMNS|TERM"
    r"|TZ|(?:https?|ftp|no|all)_proxy|(?:HTTPS?|FTP|NO|ALL)_PROXY)$"
)
#: What is about this machine and would mislead a program in an image.
_OF_THE_MACHINE = frozenset(
    {
        "PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LD_PRELOAD", "HOME", "SHELL", "PWD",
        "OLDPWD", "VIRTUAL_ENV", "CONDA_PREFIX", "ML_JUPYTER_TOOLS", "ML_JUPYTER_NVML",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Surroundings:
    """What a job's containers have around them.

    Attributes
    ----------
    run_id : str
        The run.
    workspace : Path
        Folder of its workspace; mounted, so that the run's record and its children are reached.
    work : Path
        The job's working folder.
    settings : Settings
        Their folders are mounted, so that the job can submit to the same queue.
    image : str
        Image to run.
    tools : str
        Python that has this package, for the process that looks after the container.
    submitter : mapping of str to str
        The submitter's environment, which is not passed on.
    variables : mapping of str to str
        Variables that the user or the environment set for the job; passed on as they are.
    path : tuple of str
        Folders of the image that come first on ``PATH``.
    gpus : mapping of int to tuple of str
        GPUs of each node.
    memory : int
        Limit of each container in bytes; 0: none.
    ranks : int
        Processes of the job.
    columns, umask : int
        Of the terminal, and the mask for new files.
    python : str
        Python of the image that scripts are run with.
    """

    run_id: str
    workspace: Path
    work: Path
    settings: Settings
    image: str
    tools: str
    submitter: Mapping[str, str] = field(default_factory=dict, repr=False)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    path: Tuple[str, ...] = ()
    gpus: Mapping[int, Tuple[str, ...]] = field(default_factory=dict)
    memory: int = 0
    ranks: int = 1
    columns: int = 120
    umask: int = 0o022
    python: str = ""


def wrap(rank: RankPlan, spec: ContainerSpec, around: Surroundings) -> RankPlan:
    """The rank, run in a container: its command is a process that looks after that one.

    Writes a private file for that process and asks the engine nothing.

    Raises
    ------
    StorageFailed
        The file cannot be written.
    """
    name = f"{name_of(around.run_id, around.workspace)}-{rank.rank}"
    folder = folder_of(around.settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    plan = ContainerPlan(
        engine=spec.engine,
        image=around.image,
        name=name,
        command=rank.command,
        environment=_variables(rank, around),
        path=around.path,
        work=str(around.work),
        mounts=_mounts(spec, around),
        hidden=_hidden(around.settings),
        labels={
            plans.RUN: around.run_id,
            plans.WORKSPACE: str(around.workspace),
            plans.RANK: str(rank.rank),
        },
        user="0:0" if "rootless" in spec.options else f"{os.getuid()}:{os.getgid()}",
        groups=() if "rootless" in spec.options else _groups(),
        gpus=around.gpus.get(rank.node, ()),
        memory=around.memory,
        cpus=spec.cpus,
        shm_size=spec.shm_size,
        arguments=spec.arguments,
        options=spec.options,
        ranks=around.ranks,
        columns=around.columns,
        umask=around.umask,
        private_home=not spec.shared_volumes,
        outcome=str(folder / f"{name}.outcome.json"),
        cache=str(around.settings.cache),
        python=around.python,
    )
    private = folder / f"{name}.json"
    write_json(private, plan.to_json(), mode=0o600)
    command = (around.tools, "-I", "-c", _PROGRAM, str(_PACKAGE.parent), str(private))
    return replace(rank, command=command)


def folders_of(settings: Settings) -> List[Path]:
    """Folders of this machine, beside the workspace, that every container gets to see."""
    return [_PACKAGE, settings.runtime, settings.state, settings.cache]


def _variables(rank: RankPlan, around: Surroundings) -> Dict[str, str]:
    """What the run itself sets: not the submitter's shell, which knows another machine."""
    own = around.submitter
    kept = {
        name: value
        for name, value in rank.environment.items()
        if name not in _OF_THE_MACHINE
        and (name in around.variables or _OF_THE_RUN.match(name) or own.get(name) != value)
    }
    kept.update({k: v for k, v in around.variables.items() if k in _OF_THE_MACHINE})
    user = rank.environment.get("USER") or rank.environment.get("LOGNAME") or _user_name()
    return {"USER": user, "LOGNAME": user, **kept}


def _mounts(spec: ContainerSpec, around: Surroundings) -> Tuple[Tuple[str, str, bool], ...]:
    settings = around.settings
    plugin = settings.cache / "containers" / "plugin"
    _mlflow_plugin.write_plugin(plugin)
    metadata = _mlflow_plugin.FOLDER
    found: List[Tuple[str, str, bool]] = [
        (str(_PACKAGE), f"{plans.PYTHON}/{_PACKAGE.name}", False),
        (str(plugin / metadata), f"{plans.PYTHON}/{metadata}", False),
        (str(around.workspace), str(around.workspace), True),
    ]
    if {**around.submitter, **around.variables}.get(AZUREML) == "1":
        shim = _azureml_job.write_package(plugin) / "azureml"
        found.append((str(shim), f"{plans.PYTHON}/{shim.name}", False))
    for folder in (settings.runtime, settings.state, settings.cache):
        folder.mkdir(parents=True, exist_ok=True)
        found.append((str(folder), str(folder), True))
    if os.path.exists("/etc/machine-id"):  # by which a queue tells machines apart
        found.append(("/etc/machine-id", "/etc/machine-id", False))
    if spec.shared_volumes:
        home = settings.cache / "containers" / "home"
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        found.append((str(home), plans.HOME, True))
        found += [(path, path, False) for path in spec.inputs]
    return tuple(found)


def _hidden(settings: Settings) -> Tuple[str, ...]:
    """Credentials are for the keeper of a container, not for the job in it."""
    folder = registry.folder_of(settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return (str(folder),)


def _groups() -> Tuple[int, ...]:
    return tuple(sorted(set(os.getgroups()) - {os.getgid()}))


def _user_name() -> str:
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
