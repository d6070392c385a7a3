"""The magics, and what happens when the extension is loaded and unloaded."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from IPython.core.magic import Magics, magics_class
from IPython.display import HTML, display

from ml_jupyter.sdk.run import Run
from ml_jupyter.sdk.workspace import Workspace
from ml_jupyter.widgets.magics import choosing, completion, log
from ml_jupyter.widgets.magics.boards import Boards, frame
from ml_jupyter.widgets.magics.declaring import declared, option, parsed
from ml_jupyter.widgets.magics.progress import CellProgress
from ml_jupyter.widgets.magics.submit import submit
from ml_jupyter.widgets.magics.table import RunTable

_RUN = "variable that holds a run, or a run's id or its beginning; default: the newest run"


@magics_class
class RunMagics(Magics):
    """Submitting and looking at runs with one line."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self.boards = Boards()
        self._names: dict[str, Any] = shell.user_ns

    @declared(
        "cell",
        option("variable", nargs="?", help="name of the variable that gets the run"),
        option("-e", "--experiment", help="experiment; default: the notebook's name"),
        option("-t", "--target", help="compute target; default: this machine"),
        option("-g", "--gpus", type=float, help="GPUs to wait for, or a share of one such as 0.5"),
        option("-c", "--cpus", type=float, help="cores to wait for"),
        option("-m", "--memory", type=float, help="GiB of memory to keep for the run"),
        option("--env", help="registered environment, NAME or NAME:VERSION, or a variable"),
        option("-n", "--name", help="name of the run for people"),
        option("-v", "--vars", help="variables of the notebook to pass: a,b"),
        option(
            "-f", "--files", help="further files or folders to take along: data.csv,conf/*.yaml"
        ),
        option("-w", "--wait", action="store_true", help="wait for the end; fail when it fails"),
    )
    def submit(self, line: str, cell: str) -> None:
        """Submit the code of the cell as a run and show it.

        Imports, functions and classes of the notebook that the code uses go along, and so do
        modules beside the notebook. Variables go when ``--vars`` names them; the name ``run``
        means the job's own run. Lines of tracebacks are lines of the cell.
        """
        options = parsed(self.submit, line)
        submit(options, f"%%submit {line}".rstrip(), cell, self.shell)

    @declared(
        "line",
        option("experiment", nargs="?", help="only runs of this experiment"),
        option("-l", "--last", type=int, default=10, help="at most so many; default: 10"),
        option("-s", "--status", help="only runs in this state, such as Failed"),
        option("-t", "--tag", help="only runs with this tag: KEY or KEY=VALUE"),
        option("--children", action="store_true", help="child runs too"),
    )
    def runs(self, line: str) -> RunTable:
        """List runs, newest first; the value is a sequence of Run."""
        options = parsed(self.runs, line)
        workspace = Workspace.from_config()
        key, mark, value = (options.tag or "").partition("=")
        tags = ({key: value} if mark else key) if options.tag else None
        wanted: dict[str, Any] = {
            "tags": tags,
            "status": options.status,
            "include_children": options.children,
        }
        if options.experiment:
            found = choosing.experiment_of(workspace, options.experiment).get_runs(**wanted)
        else:
            found = workspace.get_runs(**wanted)
        return RunTable(list(itertools.islice(found, max(0, options.last))))

    @declared(
        "line",
        option("run", nargs="?", help=_RUN),
        option(
            "-l", "--lines", type=int, default=40, help="so many of its last lines; default: 40"
        ),
        option("-f", "--follow", action="store_true", help="print all, as it grows, until the end"),
        option("--file", help="another log of the run, by its name"),
    )
    def run_log(self, line: str) -> None:
        """Print the end of a run's log."""
        options = parsed(self.run_log, line)
        (run,) = self._chosen([options.run] if options.run else [])
        if options.follow:
            run.wait_for_completion(show_output=True, raise_on_error=False)
        else:
            print(log.last_lines(run, options.lines, options.file))

    @declared(
        "line",
        option("runs", nargs="*", help=f"runs, each a {_RUN}"),
        option("-e", "--experiment", help="all runs of this experiment, at most 100"),
        option("--height", type=int, default=800, help="height in pixels; default: 800"),
        option("--stop", action="store_true", help="end the TensorBoards of this notebook"),
    )
    def tensorboard_run(self, line: str) -> None:
        """Show TensorBoard over the ``logs`` folders of runs, live while they run."""
        options = parsed(self.tensorboard_run, line)
        if options.stop:
            count = self.boards.stop()
            print(f"{count} ended. Those of the Jupyter server end when nobody looks at them.")
            return
        runs = self._chosen(options.runs, options.experiment)
        address = self.boards.address(runs, self._names)
        display(HTML(frame(address, options.height)))  # type: ignore[no-untyped-call]

    def _chosen(self, words: list[str], experiment: str | None = None) -> list[Run]:
        if experiment is not None:
            found = choosing.experiment_of(Workspace.from_config(), experiment)
            return list(itertools.islice(found.get_runs(), 100))
        return choosing.runs_of(words, self._names, Workspace.from_config)


class _Loaded:
    """What one shell has been given, so that it can be taken back."""

    def __init__(self, shell: Any) -> None:
        self.magics = RunMagics(shell)
        progress = CellProgress()
        self.events: list[tuple[str, Callable[..., None]]] = [
            ("pre_run_cell", progress.start),
            ("post_run_cell", progress.stop),
        ]


def load(shell: Any) -> None:
    """Register the magics, their completion, and the line under long cells; again: nothing."""
    if getattr(shell, "_ml_jupyter", None) is not None:
        return
    loaded = shell._ml_jupyter = _Loaded(shell)
    shell.register_magics(loaded.magics)
    completion.register(shell)
    for event, function in loaded.events:
        shell.events.register(event, function)


def unload(shell: Any) -> None:
    """Take it all back."""
    loaded = getattr(shell, "_ml_jupyter", None)
    if loaded is None:
        return
    for event, function in loaded.events:
        shell.events.unregister(event, function)
    for kind, names in loaded.magics.magics.items():
        for name in names:
            shell.magics_manager.magics[kind].pop(name, None)
    loaded.magics.boards.stop()
    shell._ml_jupyter = None
