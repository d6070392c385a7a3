"""Deploying: what is served, in which environment, and the job that serves it (surface 7.6)."""

from __future__ import annotations

import shlex
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Dict, List, NamedTuple, Optional, Tuple

from ml_jupyter import _ids, _time
from ml_jupyter.distributed.distribution import PARALLEL, Distribution
from ml_jupyter.exceptions import UserErrorException, WebserviceException
from ml_jupyter.history.records import WEBSERVICE
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import snapshot
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.models import frameworks
from ml_jupyter.models.plan import ServingPlan
from ml_jupyter.models.services import ServiceRecord, ServiceStore, check_name
from ml_jupyter.sdk import service_environment, submission
from ml_jupyter.sdk.compute_resources import ResourceConfiguration
from ml_jupyter.sdk.model import Model
from ml_jupyter.sdk.script_run_config import ScriptRunConfig
from ml_jupyter.sdk.service_config import InferenceConfig, LocalWebserviceDeploymentConfiguration

if TYPE_CHECKING:
    from ml_jupyter.sdk.webservice import LocalWebservice
    from ml_jupyter.sdk.workspace import Workspace

#: The experiment that the runs of all services belong to.
EXPERIMENT = "services"
#: How often a service's own process is started again after something killed it.
_RETRIES = 100


class Deployment(NamedTuple):
    """What is asked for, checked.

    Attributes
    ----------
    framework : str
        How the model is loaded without code; empty: a script does.
    """

    name: str
    models: Tuple[Model, ...]
    inference: Optional[InferenceConfig]
    config: LocalWebserviceDeploymentConfiguration
    framework: str


def deploy(
    workspace: Workspace,
    name: str,
    models: Any,
    inference_config: Any,
    deployment_config: Any,
    *,
    overwrite: bool = False,
    show_output: bool = False,
) -> LocalWebservice:
    """See ``Model.deploy``."""
    from ml_jupyter.sdk.webservice import LocalWebservice

    wanted = checked(name, models, inference_config, deployment_config)
    store = ServiceStore(workspace._folder.layout)
    there = name in store.names()
    if there and not overwrite:
        raise WebserviceException(
            f"There is already a service {name!r} in this workspace.",
            hint="Pass overwrite=True to replace it, or call its update().",
        )
    if there:
        service = LocalWebservice(workspace, name)
        service._stop()
    service = LocalWebservice._of(workspace, start(workspace, wanted))
    if show_output:
        service.wait_for_deployment(show_output=True)
    return service


def checked(name: Any, models: Any, inference: Any, config: Any) -> Deployment:
    """What is asked for.

    Raises
    ------
    UserErrorException, WebserviceException
        Names the parameter that is wrong.
    """
    check_name(name)
    found = _models(models)
    config = LocalWebserviceDeploymentConfiguration() if config is None else config
    if not isinstance(config, LocalWebserviceDeploymentConfiguration):
        raise UserErrorException(
            f"deployment_config must come from LocalWebservice.deploy_configuration(), "
            f"not be a {type(config).__name__}."
        )
    if inference is not None and not isinstance(inference, InferenceConfig):
        raise UserErrorException(
            f"inference_config must be an InferenceConfig, not {type(inference).__name__}."
        )
    if inference is not None and inference.entry_script is not None:
        inference.validate_configuration()
        return Deployment(name, found, inference, config, "")
    return Deployment(name, found, inference, config, _framework_without_code(found))


def start(
    workspace: Workspace, wanted: Deployment, before: Optional[ServiceRecord] = None
) -> ServiceRecord:
    """Submit the job that serves, and store the service.

    Parameters
    ----------
    before : ServiceRecord, optional
        The service as it was; its port and id stay.
    """
    from ml_jupyter.sdk.experiment import Experiment

    experiment = Experiment(workspace, EXPERIMENT)
    inference = _with_snapshot(workspace, wanted.inference)
    made = submission.prepared(
        experiment,
        _run_config(wanted, inference),
        display_name=wanted.name,
        tags={"service": wanted.name},
    )
    spec = made.submission.spec
    if spec.container is not None:
        raise WebserviceException(
            "Services run outside of containers here.",
            hint="Use an environment without a Docker image.",
        )
    plan = _plan(wanted, spec, before)
    submitted = replace(
        made.submission,
        spec=_serving(spec, plan, wanted.config.cpu_cores is not None),
        source=None,
        snapshot_id=None if inference is None else inference._snapshot_id,
        type=WEBSERVICE,
        definition={**made.submission.definition, "service": plan.to_json()},
    )
    run = submission.start(experiment, made._replace(submission=submitted))
    record = _record(wanted, inference, plan, run._folder, before)
    variables = None if inference is None else inference.variables()
    ServiceStore(workspace._folder.layout).save(record, variables)
    return record


def _models(models: Any) -> Tuple[Model, ...]:
    found = (models,) if isinstance(models, Model) else tuple(models or ())
    for item in found:
        if not isinstance(item, Model):
            raise UserErrorException(
                f"models must be a list of Model, not of {type(item).__name__}."
            )
    return found


def _framework_without_code(models: Tuple[Model, ...]) -> str:
    if len(models) != 1:
        raise WebserviceException(
            f"Without an inference_config exactly one model can be deployed, not {len(models)}."
        )
    model = models[0]
    names = tuple(item.path for item in model._record.files)
    framework = frameworks.known(model.model_framework or frameworks.guess(names))
    if not framework.module:
        raise WebserviceException(
            f"Model {model.id} of framework {framework.name!r} cannot be deployed without code.",
            hint="Register it with a model_framework (scikit-learn, ONNX, PyTorch, TensorFlow), or "
            "give InferenceConfig(entry_script, environment=…).",
        )
    if framework.name == frameworks.PYTORCH and any(name.endswith(".onnx") for name in names):
        return frameworks.ONNX
    return framework.name


def _with_snapshot(
    workspace: Workspace, inference: Optional[InferenceConfig]
) -> Optional[InferenceConfig]:
    """The configuration with its files stored; its script named as it lies in them."""
    if inference is None or inference.entry_script is None or inference._snapshot_id is not None:
        return inference
    path = inference.script_path()
    layout, settings = workspace._folder.layout, workspace._settings
    made = InferenceConfig.of_json(inference.to_json(), inference.variables())
    if inference.source_directory is None:
        made._snapshot_id = snapshot.take_file(layout, settings.cache, path).id
        made.entry_script = path.name
        return made
    root = next(item for item in path.parents if item.samefile(str(inference.source_directory)))
    bounds = snapshot.Bounds(bytes=settings.snapshot_limit)
    made._snapshot_id = snapshot.take(layout, settings.cache, root, bounds).id
    made.entry_script = path.relative_to(root).as_posix()
    if made.entry_script not in dict(snapshot.entries(layout, made._snapshot_id)):
        raise UserErrorException(
            f"entry_script: {made.entry_script!r} is left out of the snapshot of {root}.",
            hint="An ignore file names it.",
        )
    return made


def _run_config(wanted: Deployment, inference: Optional[InferenceConfig]) -> ScriptRunConfig:
    config = ScriptRunConfig(
        ".",
        command="true",
        environment=service_environment.of(wanted, inference),
        max_run_duration_seconds=None,
    )
    config.run_config.resources = _resources(wanted)
    return config


def _resources(wanted: Deployment) -> ResourceConfiguration:
    own = wanted.models[0].resource_configuration if len(wanted.models) == 1 else None
    own = own or ResourceConfiguration()
    config = wanted.config
    made = ResourceConfiguration(
        own.cpu if config.cpu_cores is None else config.cpu_cores,
        own.memory_in_gb if config.memory_gb is None else config.memory_gb,
        own.gpu if config.gpu_cores is None else config.gpu_cores,
    )
    size = sum(model._record.bytes for model in wanted.models)
    text = frameworks.memory_warning(wanted.framework, made.memory_in_gb, size)
    if text is not None:
        warnings.warn(f"Service {wanted.name}: {text}", UserWarning, stacklevel=6)
    return made


def _plan(wanted: Deployment, spec: LaunchSpec, before: Optional[ServiceRecord]) -> ServingPlan:
    inference, config = wanted.inference, wanted.config
    script = None if inference is None else inference.entry_script
    kept = 0 if before is None else int(before.definition.get("port") or 0)
    return ServingPlan(
        wanted.name,
        tuple((model.name, model.version) for model in wanted.models),
        framework=wanted.framework,
        entry_script=script or "",
        interpreter=spec.interpreter if spec.build is None else "",
        port=config.port or 0,
        port_before=kept,
        auth=config.auth_enabled,
        timeout_s=config.scoring_timeout_ms / 1000,
        sample_input=wanted.models[0]._record.sample_input if wanted.models else None,
        description=config.description or (inference.description if inference else None) or "",
    )


def _serving(spec: LaunchSpec, plan: ServingPlan, takes_cores: bool) -> LaunchSpec:
    """The job. A service mostly waits: cores that it was not asked to have are left to runs."""
    restarts: Dict[str, Any] = Distribution(
        PARALLEL, max_retries=_RETRIES, terminal_exit_codes=tuple(range(1, 256))
    ).to_json()
    return replace(
        spec,
        slots=spec.slots if takes_cores else 0,
        command=f"exec {shlex.quote(spec.tools)} -m ml_jupyter.serving",
        distribution=restarts,
        payload=plan.to_json(),
        terminal_width=0,
    )


def _record(
    wanted: Deployment,
    inference: Optional[InferenceConfig],
    plan: ServingPlan,
    run: RunFolder,
    before: Optional[ServiceRecord],
) -> ServiceRecord:
    now = _time.now_ns()
    runs: List[str] = [] if before is None else list(before.definition.get("runs", []))
    return ServiceRecord(
        _ids.new_uuid() if before is None else before.id,
        wanted.name,
        now if before is None else before.created,
        now,
        tuple(model.id for model in wanted.models),
        plan.to_json(),
        run.id,
        run.record.experiment_id,
        {
            "inference": None if inference is None else inference.to_json(),
            "deployment": wanted.config.to_dict(),
            "port": plan.port,
            "runs": [*runs, run.id],
        },
        wanted.config.description,
        wanted.config.tags,
        wanted.config.properties,
    )
