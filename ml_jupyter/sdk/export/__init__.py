"""Runs as one HTML file that needs nothing else: no server, no network, no other file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Sequence

from ml_jupyter._files import PathLike
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.sdk import installed
from ml_jupyter.sdk.export.document import export_html, file_name, page

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run

__all__ = ["export_html", "export_runs", "file_name", "page"]


def export_runs(runs: Sequence[Run], path: PathLike) -> str:
    """Write runs of one workspace as one HTML file; see ``Run.export_html``."""
    listed = {run.id: run for run in runs}
    if len({run._workspace.id for run in listed.values()}) > 1:
        raise UserErrorException("Runs of several workspaces cannot go into one page.")
    for run_id in listed:
        installed.wait_for(run_id)
    first = runs[0]._workspace._folder
    return export_html(first, [run._folder for run in listed.values()], path)
