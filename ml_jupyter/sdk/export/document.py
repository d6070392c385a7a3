"""The page itself: a strict policy, the views' program, and the runs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from pathlib import Path
from typing import Dict, Iterator, List, Sequence

from ml_jupyter import _time
from ml_jupyter._files import PathLike, write_atomic
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import finding_changes
from ml_jupyter.sdk.export.blobs import element
from ml_jupyter.sdk.export.content import Content

BUNDLE = Path(__file__).resolve().parents[2] / "static" / "export.js"
SCHEMA = 1
MOST_RUNS = 50
_DATA = "ml-jupyter-runs"
_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="ml_jupyter">
<title>{title}</title>
</head>
<body>
<div id="ml-jupyter"></div>
<noscript>{title}: this page draws charts and logs with a script of its own.</noscript>
"""
_POLICY = (
    "default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
    "img-src data: blob:; media-src data: blob:; frame-src blob:; base-uri 'none'; "
    "form-action 'none'"
)


def page(workspace: WorkspaceFolder, runs: Sequence[RunFolder]) -> Iterator[str]:
    """Parts of an HTML page that shows runs as they are now, for ever and without any request.

    Parameters
    ----------
    workspace : WorkspaceFolder
        Where the runs are.
    runs : sequence of RunFolder
        1 to 50; several can be compared in the page. The last good run before each goes along with
        its code alone, to compare with.

    Raises
    ------
    UserErrorException
        Too few or too many runs, or the program of the page is not installed.
    """
    if not 1 <= len(runs) <= MOST_RUNS:
        raise UserErrorException(f"{len(runs)} runs cannot go into one page; 1 to {MOST_RUNS} can.")
    return _parts(workspace, list(runs), _program())


def export_html(workspace: WorkspaceFolder, runs: Sequence[RunFolder], path: PathLike) -> str:
    """Write the page of runs to a file.

    Returns
    -------
    str
        Absolute path of the file.

    Raises
    ------
    UserErrorException
        As ``page``, or the folder of the file does not exist.
    """
    target = Path(path).expanduser().absolute()
    if not target.parent.is_dir():
        raise UserErrorException(f"There is no folder {str(target.parent)!r} to write into.")
    write_atomic(target, "".join(page(workspace, runs)).encode("utf-8"))
    return str(target)


def file_name(runs: Sequence[RunFolder]) -> str:
    """A name for the file, of letters and digits that every file system takes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", _title(list(runs))).strip("-.") + ".html"


def _parts(workspace: WorkspaceFolder, runs: List[RunFolder], program: str) -> Iterator[str]:
    digest = base64.b64encode(hashlib.sha256(program.encode("utf-8")).digest()).decode("ascii")
    policy = _POLICY.format(digest=digest)
    yield _HEAD.format(policy=escape(policy, quote=True), title=escape(_title(runs)))
    content = Content(workspace, len(runs))
    found = []
    for run in runs:
        found.append(content.read(run))
        yield from content.elements()
    before = []
    for run in _good_ones(workspace, runs).values():
        name = f"{run.record.experiment} {run.record.number}"
        summary = content.summary(run)
        before.append({"run": summary, "code": content.read_code(run, name)})
        yield from content.elements()
    data = {
        "schema": SCHEMA,
        "saved_ms": _time.now_ns() / 1e6,
        "workspace": {"id": workspace.id, "name": workspace.record.name},
        "runs": found,
        "before": before,
        "cut": content.cut,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    yield element(_DATA, text.encode("utf-8", "surrogatepass"))
    yield f"<script>{program}</script>\n</body>\n</html>\n"


def _good_ones(workspace: WorkspaceFolder, runs: List[RunFolder]) -> Dict[str, RunFolder]:
    """The last good run before each, those left out that are on the page anyway."""
    shown = {run.id for run in runs}
    found = (finding_changes.last_good(workspace.layout, run) for run in runs)
    return {run.id: run for run in found if run is not None and run.id not in shown}


def _title(runs: List[RunFolder]) -> str:
    first = runs[0]
    name = first.state().display_name or first.record.experiment
    return f"{name} {first.record.number}" if len(runs) == 1 else f"{name} and {len(runs) - 1} more"


def _program() -> str:
    try:
        return BUNDLE.read_text("utf-8")
    except OSError as error:
        raise UserErrorException(
            "The program of exported pages is missing from this installation.",
            hint="Install ml-jupyter from its wheel, or build the front end (docs/development.md).",
        ) from error
