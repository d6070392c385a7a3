"""A line under a cell that takes long: the state and progress of the run that it works at."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from html import escape
from typing import Any

from IPython.display import display, update_display

from ml_jupyter import _time
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.sdk import ownership, views
from ml_jupyter.widgets.words import duration, number, state_word

AFTER_S = 2.0
_EVERY_S = 1.0
_BAR = (
    '<span style="display:inline-block;vertical-align:middle;width:160px;height:2px;'
    'background:var(--jp-border-color2,#8884)"><span style="display:block;height:2px;'
    'width:{share:.1f}%;background:var(--jp-brand-color1,#1976d2)"></span></span>'
)
_LINE = (
    '<div style="color:var(--jp-ui-font-color2,inherit);font-size:12px;line-height:20px" '
    'class="jp-ml-cell-line">{}</div>'
)


class CellProgress:
    """Watches the cells of a shell; ``start`` and ``stop`` are for its events.

    Parameters
    ----------
    after_s : float
        A cell that ends within so many seconds gets no line.
    """

    def __init__(self, after_s: float = AFTER_S) -> None:
        self._after_s = after_s
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, _info: Any = None) -> None:
        """A cell begins."""
        self.stop()
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._follow, args=(self._ended,), name="ml-jupyter-cell", daemon=True
        )
        self._thread.start()

    def stop(self, _result: Any = None) -> None:
        """A cell has ended: its line is brought to the end."""
        thread, self._thread = self._thread, None
        self._ended.set()
        if thread is not None:
            thread.join()

    def _follow(self, ended: threading.Event) -> None:
        begun = _time.monotonic()
        if ended.wait(self._after_s):
            return
        shown: Any = None
        run: RunFolder | None = None
        while True:
            last = ended.is_set()
            run = _newest() or run
            if run is not None:
                shown = _show(run, _time.monotonic() - begun, shown)
            if last:
                return
            ended.wait(_EVERY_S)


def line(summary: Mapping[str, Any], seconds: float) -> tuple[str, str]:
    """The line as HTML and as plain text.

    Parameters
    ----------
    summary : mapping
        The run summary (docs/http-api.md).
    seconds : float
        How long the cell has been running.
    """
    words = [f"{summary['display_name']} {summary['number']}", state_word(summary["status"])]
    metric, progress = summary["primary_metric"], summary["progress"]
    done = progress["step"] / progress["total"] if progress else None
    if done is not None:
        words.append(_done(progress, done))
    if metric is not None:
        words.append(f"{metric['name']} {number(metric['last'])}")
    words.append(duration(seconds))
    if done is not None and 0.01 <= done < 1 and summary["status"] == "Running":
        words.append(f"about {duration(seconds * (1 - done) / done)} left")
    text = " · ".join(words)
    bar = "" if done is None else _BAR.format(share=100 * done) + " "
    return _LINE.format(bar + escape(text)), text


def _done(progress: Mapping[str, float], share: float) -> str:
    if progress["total"] == 1:
        return f"{share:.0%}"
    return f"step {number(progress['step'])} of {number(progress['total'])}"


def _newest() -> RunFolder | None:
    """The interactive run of this process that was begun last, parents before children."""
    live = ownership.OWNERSHIP.live()
    top = [run for run in live if run.record.parent_id is None] or live
    return top[-1] if top else None


def _show(run: RunFolder, seconds: float, shown: Any) -> Any:
    try:
        workspace = WorkspaceFolder(run.layout.path.parents[2])
        summary = views.run_summary(workspace, views.run_row(workspace, run))
    except (MlJupyterError, OSError):  # deleted meanwhile: the last line stays
        return shown
    html, text = line(summary, seconds)
    bundle = {"text/html": html, "text/plain": text}
    if shown is None:
        return display(bundle, raw=True, display_id=True)  # type: ignore[no-untyped-call]
    update_display(bundle, raw=True, display_id=shown.display_id)  # type: ignore[no-untyped-call]
    return shown
