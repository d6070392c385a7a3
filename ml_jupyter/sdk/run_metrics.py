"""What a run logs: numbers, rows, tables, images and charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Optional

from ml_jupyter import _lazy
from ml_jupyter.sdk import metric_values
from ml_jupyter.sdk.run_base import RunBase

if TYPE_CHECKING:
    from ml_jupyter.sdk import figures, metric_reader, system_metrics
else:  # importing Run must stay cheap: it is imported in every job and kernel
    figures = _lazy.Module("ml_jupyter.sdk.figures")
    metric_reader = _lazy.Module("ml_jupyter.sdk.metric_reader")
    system_metrics = _lazy.Module("ml_jupyter.sdk.system_metrics")


class RunMetrics(RunBase):
    """The metrics of a run."""

    def log(self, name: str, value: Any, description: str = "", step: Optional[int] = None) -> None:
        """Append one number, bool, text or None to a metric; it is on disk when this returns.

        Raises
        ------
        UserErrorException
            A list (use ``log_list``), or the name holds values of another shape.
        """
        self._writer.log(name, value, description, step)

    def log_list(self, name: str, value: Any, description: str = "") -> None:
        """Append all values of an iterable, in order, to the same series as ``log``."""
        self._writer.log_many(name, value, description)

    def log_row(self, name: str, description: Optional[str] = None, **kwargs: Any) -> None:
        """Append one row of named values. The second positional argument is the description."""
        row = metric_values.row(name, kwargs)
        self._writer.log_structured(name, "row", row, description or "")

    def log_table(self, name: str, value: Any, description: str = "") -> None:
        """Append rows, given as a dict of column to list."""
        table = metric_values.table(name, value)
        self._writer.log_structured(name, "table", table, description)

    def log_image(
        self, name: str, path: Any = None, plot: Any = None, description: str = ""
    ) -> None:
        """Keep an image file, or a figure (anything with ``savefig``) as PNG; one of them."""
        figures.log_image(self._folder, self._writer, name, path, plot, description)

    def log_confusion_matrix(self, name: str, value: Any, description: str = "") -> None:
        """Keep a confusion matrix, given as dict or JSON text."""
        figures.log_chart(self._folder, self._writer, name, "confusion_matrix", value, description)

    def log_accuracy_table(self, name: str, value: Any, description: str = "") -> None:
        """Keep an accuracy table, given as dict or JSON text."""
        figures.log_chart(self._folder, self._writer, name, "accuracy_table", value, description)

    def log_residuals(self, name: str, value: Any, description: str = "") -> None:
        """Keep a histogram of residuals, given as dict or JSON text."""
        figures.log_chart(self._folder, self._writer, name, "residuals", value, description)

    def log_predictions(self, name: str, value: Any, description: str = "") -> None:
        """Keep binned predictions, given as dict or JSON text."""
        figures.log_chart(self._folder, self._writer, name, "predictions", value, description)

    def get_metrics(
        self,
        name: Optional[str] = None,
        recursive: bool = False,
        run_type: Optional[str] = None,
        populate: bool = False,
    ) -> Dict[str, Any]:
        """Metrics by name. One value stands bare, more are a list.

        Parameters
        ----------
        name : str, optional
            Only this metric; an unknown one gives ``{}``.
        recursive : bool
            A dict of run id to metrics, for the run and all its descendants.
        run_type : str, optional
            With ``recursive``: only runs of this type.
        populate : bool
            Charts as their content instead of the address of their file.
        """
        if not recursive:
            return metric_reader.read_metrics(self._folder, name, populate=populate)
        return {
            run.id: metric_reader.read_metrics(run._folder, name, populate=populate)
            for run in (self._run, *self._run.get_children(recursive=True))
            if run_type in (None, run.type)
        }

    def get_system_metrics(self, name: Optional[str] = None) -> Dict[str, Dict[str, Any]]:
        """What the job and its GPUs used, by name: ``cpu``, ``memory``, ``read`` and more.

        Not part of ``get_metrics()``. Mean and peak are in ``get_details()["resources"]``.

        Parameters
        ----------
        name : str, optional
            Only this series; an unknown one gives ``{}``.

        Returns
        -------
        dict
            Name to ``label``, ``unit``, ``gpu``, ``times`` (seconds since the epoch) and
            ``values``; empty for a run that was no job.
        """
        return system_metrics.read_system_metrics(self._folder, name)

    def flush(self, timeout_seconds: float = 300) -> None:
        """Return when all that was logged is with the system; kept points are tried again."""
        self._writer.retry(now=True)
        self._folder.flush()
