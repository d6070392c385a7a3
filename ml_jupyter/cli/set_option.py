"""``--set K=V K=V …``: changes to what a file or a job says."""

from __future__ import annotations

import click


class Changing(click.Command):
    """A command whose ``--set`` takes several values, as in Azure's CLI."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """``--set a=1 b=2`` is ``--set a=1 --set b=2``."""
        made: list[str] = []
        for word in args:
            follows = made[-2:-1] == ["--set"] or (made and made[-1].startswith("--set="))
            if follows and "=" in word and not word.startswith("-"):
                made.append("--set")
            made.append(word)
        return super().parse_args(ctx, made)


set_option = click.option(
    "--set", "settings", multiple=True, metavar="K=V", help="Change a key; more may follow."
)
