"""Jobs in containers: what the supervisor and the settler have to do beside."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any, List, Mapping, Optional, Sequence, Set

from ml_jupyter.config import Settings
from ml_jupyter.distributed.rank import RankPlan
from ml_jupyter.environments import Prepared
from ml_jupyter.exceptions import RunConfigurationException
from ml_jupyter.history import status
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import markers, processes
from ml_jupyter.jobs.ending import Ending, Facts
from ml_jupyter.jobs.grant import Grant
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.terminal import DEFAULT_COLUMNS

_KILL_S = 0.0


def wrapped(
    plans: Sequence[RankPlan],
    spec: LaunchSpec,
    prepared: Prepared,
    run: RunFolder,
    settings: Settings,
    grant: Grant,
) -> List[RankPlan]:
    """The processes of a job, each looked after in a container of its own.

    Raises
    ------
    RunConfigurationException
        Neither the job nor its environment names an image.
    """
    from ml_jupyter.containers import ContainerSpec, Surroundings, wrap

    container = ContainerSpec.from_json(spec.container, str(run.layout.launch))
    image = prepared.image or container.image
    if not image:
        raise RunConfigurationException("The job is to run in a container, but no image is named.")
    around = Surroundings(
        run_id=run.id,
        workspace=markers.workspace_of(run).root,
        work=run.layout.work,
        settings=settings,
        image=image,
        tools=spec.tools,
        submitter=spec.environment,
        variables={**prepared.variables, **spec.variables},
        path=prepared.path,
        gpus={node.index: node.gpus for node in grant.nodes},
        memory=spec.memory_limit,
        ranks=len(plans),
        columns=spec.terminal_width or DEFAULT_COLUMNS,
        umask=spec.umask,
        python=prepared.interpreter,
    )
    run.note(container={"image": image, "ranks": len(plans)})
    return [wrap(plan, container, around) for plan in plans]


def outer(spec: LaunchSpec) -> LaunchSpec:
    """The limits of the processes outside of containers: inside, the engine holds the memory."""
    return spec if spec.container is None else replace(spec, memory_limit=0)


def judged(run: RunFolder, settings: Settings, facts: Facts) -> Optional[Ending]:
    """How a job in a container ended, when only its engine can tell; None: it is as elsewhere."""
    if container_of(run) is None or facts.stopped is not None:
        return None
    from ml_jupyter.containers import outcome

    found = outcome(settings, run.id, markers.workspace_of(run).root)
    if found is not None and found.error is not None:
        return Ending(status.FAILED, found.error["message"], dict(found.error))
    if found is not None and found.oom:
        limit = found.memory or facts.memory_limit
        size = f"{limit / 1024 / 1024:.0f} MB"
        text = f"Ran out of memory: used {size} of {size}."
        error = {"code": "OutOfMemory", "message": text}
        return Ending(status.FAILED, text, {**error, "rank": facts.rank} if facts.rank else error)
    return None


def remove(run: RunFolder, settings: Settings) -> None:
    """End and remove the containers of a run; costs nothing for a run without."""
    container = container_of(run)
    if container is None:
        return
    from ml_jupyter import containers

    host, root = str(container.get("engine", "")), markers.workspace_of(run).root
    if not containers.remove(settings, host, run.id, root):
        # The engine is away: what it runs is ended as far as this machine lets us.
        processes.end(lambda: processes_of(run), _KILL_S)


def processes_of(run: RunFolder) -> Set[int]:
    """Living processes that carry the run, those in its containers too."""
    root = markers.workspace_of(run).root
    return processes.with_variables(
        {"ML_JUPYTER_RUN_ID": run.id, "ML_JUPYTER_WORKSPACE": str(root)}
    )


def outside(pids: Set[int]) -> Set[int]:
    """Those processes that are not in a container: the engine ends what is inside."""
    own = _namespace("self")
    return {pid for pid in pids if _namespace(str(pid)) == own}


def container_of(run: RunFolder) -> Optional[Mapping[str, Any]]:
    """The container that a run was submitted to run in, or None."""
    launch = run.record.definition.get("launch")
    found = launch.get("container") if isinstance(launch, Mapping) else None
    return found if isinstance(found, Mapping) else None


def _namespace(pid: str) -> str:
    try:
        return os.readlink(f"/proc/{pid}/ns/pid")
    except OSError:  # not Linux, or not ours to see
        return ""
