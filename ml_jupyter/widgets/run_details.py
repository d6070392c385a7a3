"""``RunDetails``: a run in a notebook's output, in every form that some host can show."""

from __future__ import annotations

import base64
import threading
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ml_jupyter.exceptions import MlJupyterError, UserErrorException
from ml_jupyter.history.status import TERMINAL
from ml_jupyter.sdk import views
from ml_jupyter.sdk.views.snapshot import MIME_TYPE
from ml_jupyter.widgets import html
from ml_jupyter.widgets.picture import png

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run

_LOOK_EVERY_S = 1.0


class RunDetails:
    """Shows a run in the notebook (surface 8.2).

    Parameters
    ----------
    run_instance : Run or sequence of Run
        Any run: waiting, running, ended, or opened from another process; several are shown one
        below the other.

    Raises
    ------
    UserErrorException
        An empty sequence.

    Examples
    --------
    >>> RunDetails(run).show()  # doctest: +SKIP
    """

    def __init__(self, run_instance: Run | Sequence[Run]) -> None:
        listed: list[Any] = [run_instance]
        if isinstance(run_instance, Sequence):
            listed = list(run_instance)
        if not listed:
            raise UserErrorException("RunDetails needs at least one run.")
        self._instance, *others = listed
        self._others = [RunDetails(run) for run in others]
        self._workspace = self._instance.experiment.workspace._folder
        self._run = self._instance._folder
        self._widget: Any = None

    def show(self, render_lib: Any = None, widget_settings: dict[str, Any] | None = None) -> None:
        """Show the run and return at once; without a front end one line of text is printed.

        One output holds the same run for every host: our MIME type for JupyterLab and Notebook
        with this extension, a still picture for the others. While the run is at work a widget
        takes the picture's place; in JupyterLab and Notebook the output does not name it, so that
        a notebook which is opened again without its kernel never looks for a widget that is gone.

        Parameters
        ----------
        render_lib, widget_settings
            Accepted for the Azure ML SDK's sake and not used.
        """
        self._show()
        for other in self._others:
            other.show()

    def _show(self) -> None:
        if not _has_front_end():
            print(html.plain(views.run_snapshot(self._workspace, self._run)))
            return
        from IPython.display import display

        name = uuid.uuid4().hex
        live = self._run.state().status not in TERMINAL
        display(self._bundle(live=live), raw=True, display_id=name)  # type: ignore[no-untyped-call]
        if live:
            follower = threading.Thread(target=self._keep_last, args=(name,), daemon=True)
            follower.start()

    def get_widget_data(self, widget_settings: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the widget shows of the (first) run, as plain values."""
        run = self._instance
        children = list(run.get_children())
        return {
            "status": run.get_status(),
            "run_id": run.id,
            "workbench_run_details_uri": run.get_portal_url(),
            "run_properties": views.run_detail(self._workspace, self._run),
            "run_metrics": views.metric_series(self._run),
            "run_logs": views.snapshot.log_tail(self._run),
            "child_runs": [{"run_id": item.id, "status": item.get_status()} for item in children],
            "children_metrics": {item.id: item.get_metrics() for item in children},
            "widget_settings": dict(widget_settings or {}),
        }

    def _bundle(self, *, live: bool) -> dict[str, Any]:
        snapshot = views.run_snapshot(self._workspace, self._run)
        widget = self._live_widget() if live else None
        bundle: dict[str, Any] = {
            MIME_TYPE: snapshot,
            "text/html": html.render(snapshot, place=widget.place if widget else ""),
            "text/plain": html.plain(snapshot),
        }
        picture = None if live else png(snapshot)
        if picture is not None:
            bundle["image/png"] = base64.b64encode(picture).decode("ascii")
        if widget is not None and not widget.place:
            found = widget._repr_mimebundle_()
            data = found[0] if isinstance(found, tuple) else found
            bundle = {**(data or {}), **bundle}
        return bundle

    def _live_widget(self) -> Any:
        from ml_jupyter.config import Settings
        from ml_jupyter.widgets import hosts, run_widget

        if self._widget is None and run_widget.BUNDLE.exists():
            place = f"jp-ml-still-{uuid.uuid4().hex}" if hosts.one_document() else ""
            self._widget = run_widget.RunWidget(
                self._workspace, self._run.id, Settings.load(), place=place
            )
        return self._widget

    def _keep_last(self, display_id: str) -> None:
        """Put the run's end into the notebook, so that a saved notebook shows how it ended."""
        from IPython.display import update_display

        pause = threading.Event()
        try:
            while self._run.state().status not in TERMINAL:
                pause.wait(_LOOK_EVERY_S)
            bundle = self._bundle(live=False)
            update_display(bundle, raw=True, display_id=display_id)  # type: ignore[no-untyped-call]
            if self._widget is not None:
                self._widget.close()
        except MlJupyterError:  # deleted meanwhile: the last picture stays
            return


def _has_front_end() -> bool:
    try:
        from IPython.core.getipython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")
