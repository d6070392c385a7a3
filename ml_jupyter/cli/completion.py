"""``mlj completion``: the script that lets a shell complete commands, options and names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from ml_jupyter.cli import output

#: Set by the shell's script when it asks ``mlj`` what to offer.
VARIABLE = "_MLJ_COMPLETE"
_SHELLS = ("bash", "zsh", "fish")


@click.command(
    epilog=output.examples(
        "mlj completion bash >> ~/.bashrc",
        "mlj completion zsh >> ~/.zshrc",
        "mlj completion fish > ~/.config/fish/completions/mlj.fish",
    )
)
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that completes commands, options, runs and workspaces in a shell."""
    kind = get_completion_class(shell)
    assert kind is not None
    made = kind(context.find_root().command, {}, "mlj", VARIABLE)
    click.echo(made.source_template % made.source_vars())
