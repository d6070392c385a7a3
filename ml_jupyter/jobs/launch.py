"""From a job and what it was given to the processes that are started: data to data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import List

from ml_jupyter import distributed
from ml_jupyter.config import Settings
from ml_jupyter.distributed import Distribution, RankPlan
from ml_jupyter.environments.prepared import Prepared
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import prepare
from ml_jupyter.jobs.grant import Grant
from ml_jupyter.jobs.spec import LaunchSpec


@dataclass(frozen=True)
class LaunchFacts:
    """All that the processes of a job depend on."""

    workspace: WorkspaceFolder
    run: RunFolder
    settings: Settings
    grant: Grant


def prepared_of(spec: LaunchSpec) -> Prepared:
    """The environment of a job that needs nothing built: the interpreter that it names."""
    return Prepared(interpreter=spec.interpreter)


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
    return distributed.plan(
        Distribution.from_json(spec.distribution),
        facts.grant.nodes,
        lambda variables: prepare.command_line(effective, variables),
        environment,
        folder=facts.run.layout.work,
        contained=spec.container is not None,
        warn=facts.run.warn,
    )
