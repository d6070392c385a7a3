"""From a job and what it was given to the processes that are started: data to data."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import List

from ml_jupyter.config import Settings
from ml_jupyter.distributed import Distribution
from ml_jupyter.distributed.plan import plan as ranks_of
from ml_jupyter.distributed.rank import RankPlan
from ml_jupyter.environments import EnvironmentSpec, Prepared, use
from ml_jupyter.exceptions import EnvironmentBuildFailed
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import contained, prepare
from ml_jupyter.jobs.grant import Grant
from ml_jupyter.jobs.spec import LaunchSpec


@dataclass(frozen=True)
class LaunchFacts:
    """All that the processes of a job depend on."""

    workspace: WorkspaceFolder
    run: RunFolder
    settings: Settings
    grant: Grant


def prepared_of(spec: LaunchSpec, settings: Settings) -> Prepared:
    """The environment of a job, which is kept as it is until this process ends.

    Raises
    ------
    EnvironmentBuildFailed
        It was built, and has been removed since.
    """
    if spec.build is None:
        return Prepared(interpreter=spec.interpreter)
    build = EnvironmentSpec.from_json(spec.build)
    found = use(build, settings)
    if found is None:
        raise EnvironmentBuildFailed(
            f"Environment {build.name!r} was removed before the job could start in it.",
            hint="Submit the job again.",
        )
    return found


def plan(spec: LaunchSpec, facts: LaunchFacts, prepared: Prepared) -> List[RankPlan]:
    """The processes of a job, rank 0 first.

    Parameters
    ----------
    spec : LaunchSpec
        The job.
    facts : LaunchFacts
        The run, and what the queue gave to it.
    prepared : Prepared
        Its environment.
    """
    effective = replace(
        spec,
        interpreter=prepared.interpreter,
        variables={**prepared.variables, **spec.variables},
    )
    workspace = facts.workspace
    environment = prepare.environment_of(
        effective, facts.run.record, workspace.record, workspace.layout.root, facts.settings
    )
    present = environment["PATH"].split(os.pathsep)
    first = [folder for folder in prepared.path if folder not in present[:1]]
    environment["PATH"] = os.pathsep.join([*first, *present])
    plans = ranks_of(
        Distribution.from_json(spec.distribution),
        facts.grant.nodes,
        lambda variables: prepare.command_line(effective, variables),
        environment,
        folder=facts.run.layout.work,
        contained=spec.container is not None,
        warn=facts.run.warn,
    )
    if spec.container is None:
        return plans
    return contained.wrapped(plans, spec, prepared, facts.run, facts.settings, facts.grant)
