"""The tree of commands, and how errors leave it."""

from __future__ import annotations

import sys
import traceback
import warnings
from collections.abc import Sequence

import click

from ml_jupyter.cli import (
    compute,
    configure,
    experiments,
    folder,
    job_create,  # noqa: F401
    job_verbs,  # noqa: F401
    jobs,
    maintenance,
    models,
    runs,
    services,
    submit_script,
    workspaces,
)
from ml_jupyter.exceptions import (
    ArtifactNotFound,
    ExperimentNotFound,
    MlJupyterError,
    ModelNotFoundException,
    RunNotFound,
    TargetNotFound,
    UserErrorException,
    WorkspaceNotFound,
)

_NOT_FOUND = (
    ArtifactNotFound,
    ExperimentNotFound,
    ModelNotFoundException,
    RunNotFound,
    TargetNotFound,
    WorkspaceNotFound,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-V", "--version", is_flag=True, help="Print the version and leave.")
@click.option("--debug", is_flag=True, help="Show tracebacks of errors.")
@click.pass_context
def mlj(context: click.Context, version: bool, debug: bool) -> None:
    """Train models on the machine you have: submit, watch, stop and compare runs."""
    context.obj = {"debug": debug}


mlj.add_command(configure.configure)
mlj.add_command(configure.login)
mlj.add_command(folder.folder)
mlj.add_command(runs.run)
mlj.add_command(submit_script.runconfig)
mlj.add_command(jobs.job)  # with the verbs that job_create and job_verbs add to it
mlj.add_command(experiments.experiment)
mlj.add_command(compute.compute)
mlj.add_command(models.model)
mlj.add_command(services.service)
mlj.add_command(workspaces.workspace)
mlj.add_command(maintenance.queue)
mlj.add_command(maintenance.gc)
mlj.add_command(maintenance.stop)


def run(words: Sequence[str]) -> int:
    """Run the command that ``words`` name; no traceback without ``--debug``."""
    words = _without_prefix(words)
    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = _warn
        return _run(words)


def _run(words: Sequence[str]) -> int:
    try:
        result = mlj.main(list(words), prog_name="mlj", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.Abort:
        print("Interrupted.", file=sys.stderr)
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except MlJupyterError as error:
        return _report(error, debug="--debug" in words)
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    return result if isinstance(result, int) else 0


def _warn(message: Warning | str, *_: object, **__: object) -> None:
    print(f"mlj: warning: {message}", file=sys.stderr)


def _without_prefix(words: Sequence[str]) -> Sequence[str]:
    """``mlj az ml job …`` is ``mlj job …``: lines are pasted from documents of Azure ML."""
    for start in (("az", "ml"), ("az",), ("ml",)):
        if tuple(words[: len(start)]) == start:
            return words[len(start) :]
    return words


def _report(error: MlJupyterError, *, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    print(f"mlj: error: {error.message}", file=sys.stderr)
    if error.hint:
        print(f"     {error.hint}", file=sys.stderr)
    if isinstance(error, _NOT_FOUND):
        return 3
    return 2 if isinstance(error, UserErrorException) else 1
