"""The tree of commands, and how errors leave it.

Groups are loaded when they are called: ``mlj queue`` does not pay for ``mlj model``.
"""

from __future__ import annotations

import difflib
import importlib
import sys
import traceback
import warnings
from collections.abc import Sequence
from typing import Any

import click

from ml_jupyter.exceptions import (
    ArtifactNotFound,
    DatasetNotFound,
    EnvironmentNotFound,
    ExperimentNotFound,
    MlJupyterError,
    ModelNotFoundException,
    RunNotFound,
    TargetNotFound,
    UserErrorException,
    WorkspaceNotFound,
)

#: Where each command is, as module and attribute below this package; then the modules that add
#: verbs to it, and a line for ``mlj --help``, which so needs to load none of them.
COMMANDS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "completion": ("completion:completion", (), "Let a shell complete commands and names."),
    "compute": ("compute:compute", (), "Make, look at and forget compute targets."),
    "configure": ("configure:configure", (), "Set what is used when an option is left out."),
    "data": ("datasets:data", (), "Register, look at and fetch data."),
    "doctor": ("doctor.command:doctor", (), "Find what is wrong with this installation."),
    "environment": ("environments:environment", (), "Register, build and look at environments."),
    "experiment": ("experiments:experiment", (), "Look at experiments."),
    "export": ("imports:export", (), "Write runs into an MLflow server or store."),
    "folder": ("folder:folder", (), "Tie a folder to a workspace."),
    "gc": ("maintenance:gc", (), "Remove for good what is no longer used."),
    "import": ("imports:import_", (), "Bring in runs of MLflow and other tools."),
    "job": (
        "jobs:job",
        ("job_create", "job_verbs", "job_trials", "job_schema"),
        "Submit job files, and see to the jobs.",
    ),
    "login": ("configure:login", (), "Nothing to do here, and says so."),
    "logs": ("logs:logs", (), "Print a run's terminal, also as it grows."),
    "model": ("models:model", (), "Register, look at and fetch models."),
    "open": ("web:open_", (), "Open a run's page in JupyterLab."),
    "queue": ("maintenance:queue", (), "List what waits, and why; move it."),
    "run": ("runs:run", ("submit_script",), "Look at runs, change them, submit scripts."),
    "runconfig": ("submit_script:runconfig", (), "Check run configurations of the SDK v1."),
    "service": ("services:service", (), "Deploy models, and call the services."),
    "stop": ("maintenance:stop", (), "Stop everything that waits or runs."),
    "tensorboard": ("tensorboards:tensorboard", (), "Show runs in TensorBoard."),
    "top": ("top.command:top", (), "Watch runs, queue and GPUs, live."),
    "workspace": ("workspaces:workspace", (), "Make, look at and merge workspaces."),
}
_NOT_FOUND = (
    ArtifactNotFound,
    DatasetNotFound,
    EnvironmentNotFound,
    ExperimentNotFound,
    ModelNotFoundException,
    RunNotFound,
    TargetNotFound,
    WorkspaceNotFound,
)
#: Old names of groups, which documents of Azure ML use.
_OTHER_NAMES = {"dataset": "data", "env": "environment", "computetarget": "compute"}


class Tree(click.Group):
    """``mlj`` itself."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, loaded with its verbs."""
        name = _OTHER_NAMES.get(cmd_name, cmd_name)
        if name not in COMMANDS:
            return None
        place, more, _ = COMMANDS[name]
        module, _, attribute = place.partition(":")
        for item in more:
            importlib.import_module(f"ml_jupyter.cli.{item}")
        found: Any = getattr(importlib.import_module(f"ml_jupyter.cli.{module}"), attribute)
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the words name; the nearest one is named when there is none."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            near = difflib.get_close_matches(args[0], [*COMMANDS, *_OTHER_NAMES], 1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """A line for each command, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, _, said) in COMMANDS.items()])


@click.group(
    cls=Tree,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 done; 1 the operation or the run failed; 2 wrong usage or file; "
    "3 a named thing does not exist; 130 Ctrl-C.",
)
@click.option("-V", "--version", is_flag=True, help="Print the version and leave.")
@click.option("--debug", is_flag=True, help="Show tracebacks of errors.")
@click.pass_context
def mlj(context: click.Context, version: bool, debug: bool) -> None:
    """Train models on the machine you have: submit, watch, stop and compare runs."""
    context.obj["debug"] = context.obj.get("debug", False) or debug


def run(words: Sequence[str]) -> int:
    """Run the command that ``words`` name; no traceback without ``--debug``."""
    flags: dict[str, bool] = {}

    def warn(message: Warning | str, *_: object, **__: object) -> None:
        if not flags.get("only_show_errors"):
            print(f"mlj: warning: {message}", file=sys.stderr)

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = warn
        return _run(_without_prefix(words), flags)


def _run(words: Sequence[str], flags: dict[str, bool]) -> int:
    try:
        result = mlj.main(list(words), prog_name="mlj", standalone_mode=False, obj=flags)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except (click.Abort, KeyboardInterrupt):
        print("Interrupted.", file=sys.stderr)
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except MlJupyterError as error:
        return _report(error, debug=flags.get("debug", False))
    except BrokenPipeError:
        return _hung_up()
    except Exception as error:
        return _unexpected(error, debug=flags.get("debug", False))
    return result if isinstance(result, int) else 0


def _without_prefix(words: Sequence[str]) -> Sequence[str]:
    """``mlj az ml job …`` is ``mlj job …``: lines are pasted from documents of Azure ML."""
    for start in (("az", "ml"), ("az",), ("ml",)):
        if tuple(words[: len(start)]) == start:
            return words[len(start) :]
    return words


def _hung_up() -> int:
    """The reader of standard output has left, as ``head`` does; there is nobody to tell it."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _unexpected(error: Exception, *, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    said = str(error) or "no further words"
    print(f"mlj: error: {type(error).__name__}: {said}", file=sys.stderr)
    if not debug:
        print("     This was not foreseen. --debug shows where it happened.", file=sys.stderr)
    return 1


def _report(error: MlJupyterError, *, debug: bool) -> int:
    if debug:
        traceback.print_exception(error)
    print(f"mlj: error: {error.message}", file=sys.stderr)
    if error.hint:
        print(f"     {error.hint}", file=sys.stderr)
    if isinstance(error, _NOT_FOUND):
        return 3
    return 2 if isinstance(error, UserErrorException) else 1
