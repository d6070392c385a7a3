"""``mlj job schema``: the JSON Schemas of job files, for editors."""

from __future__ import annotations

import click

from ml_jupyter.cli import output
from ml_jupyter.cli.jobs import job
from ml_jupyter.jobfile import schema as schemas

#: The setting of yaml-language-server that says which schema is for which files.
_SETTING = "yaml.schemas"


@job.command(
    epilog=output.examples(
        "mlj job schema -o table",
        "mlj job schema command > commandJob.schema.json",
        "mlj job schema --editor",
    )
)
@click.argument("kind", required=False, type=click.Choice(list(schemas.KINDS)))
@click.option(
    "--editor",
    is_flag=True,
    help="Print the setting with which yaml-language-server finds them.",
)
@output.prints("kind", "title", "file")
def schema(kind: str | None, editor: bool, workspace_name: str | None) -> output.Result:
    """List the JSON Schemas of job files, or print that of one KIND of file.

    With a schema an editor completes keys and underlines mistakes. Begin a file with
    '# yaml-language-server: $schema=FILE', or give the editor what --editor prints.
    """
    if editor:
        chosen = [kind] if kind else list(schemas.KINDS)
        found = {schemas.path(name).as_uri(): list(schemas.KINDS[name].matches) for name in chosen}
        return output.Result({_SETTING: found})
    if kind:
        return output.Result(schemas.document(kind))
    return output.Result(
        [
            {"kind": name, "title": item.title, "file": str(schemas.path(name))}
            for name, item in schemas.KINDS.items()
        ],
        columns=("kind", "title", "file"),
    )
