"""``mlj tensorboard``: TensorBoard over the logs of runs, until Ctrl-C."""

from __future__ import annotations

import signal
import webbrowser
from types import FrameType

import click

from ml_jupyter.cli import complete, context, output, which
from ml_jupyter.cli.follow import INTERRUPTED
from ml_jupyter.cli.web import has_browser
from ml_jupyter.tensorboard import Tensorboard


@click.command(
    epilog=output.examples("mlj tensorboard", "mlj tensorboard RUN OTHER-RUN --port 6007")
)
@click.argument("run_ids", nargs=-1, metavar="[RUN]...", shell_complete=complete.runs)
@click.option("--port", type=click.IntRange(1, 65535), default=6006, show_default=True,
              help="The next free one is taken when it is in use.")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option("--display-names", is_flag=True, help="Name runs by display name, not by id.")
@output.workspace_option
def tensorboard(
    run_ids: tuple[str, ...],
    port: int,
    no_browser: bool,
    display_names: bool,
    workspace_name: str | None,
) -> int:
    """Show runs, or the newest, in TensorBoard, also while they run. Ctrl-C ends it."""
    runs = [context.run(workspace_name, item) for item in run_ids]
    board = Tensorboard(
        runs or which.run(workspace_name, None), port=port, use_display_name=display_names
    )
    signal.signal(signal.SIGTERM, _terminated)
    try:
        address = board.start()
        click.echo(address)
        click.echo("Ctrl-C ends it.", err=True)
        if not no_browser and has_browser():
            webbrowser.open(address)
        board.wait()
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        board.stop()


def _terminated(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
