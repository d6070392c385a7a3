"""Writing the metrics of runs as TensorBoard events (surface 8.3)."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, List, Optional, Sequence, Union

from ml_jupyter._files import PathLike
from ml_jupyter.exceptions import MissingDependency

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run


def export_to_tensorboard(
    run_data: Union[Run, Sequence[Run]],
    logsdir: PathLike,
    logger: Optional[logging.Logger] = None,
    recursive: bool = True,
) -> None:
    """Write the scalar and text metrics of runs where TensorBoard finds them.

    Parameters
    ----------
    run_data : Run or list of Run
        What to export. One run is written into ``logsdir`` itself, several into a folder each.
    logsdir : path
        Folder for the event files; made when missing.
    logger : logging.Logger, optional
        Told of each run.
    recursive : bool
        Also export the descendants, each into a folder of its id.
    """
    listed: List[Any] = list(run_data) if isinstance(run_data, (list, tuple)) else [run_data]
    for run in listed:
        folder = Path(logsdir) if len(listed) == 1 else Path(logsdir) / run.id
        _export(run, folder, logger)
        for child in run.get_children(recursive=True) if recursive else ():
            _export(child, folder / child.id, logger)


def _export(run: Any, folder: Path, logger: Optional[logging.Logger]) -> None:
    try:
        from tensorboard.summary.writer.event_file_writer import EventFileWriter
    except ImportError as error:
        raise MissingDependency("tensorboard", "tensorboard", "Exporting to TensorBoard") from error
    folder.mkdir(parents=True, exist_ok=True)
    writer = EventFileWriter(str(folder))
    try:
        for name, item in run._folder.metric_names().items():
            if item.shape == "scalar":
                series = run._folder.series(name)
                for step, time, value in zip(series.steps, series.times, series.values):
                    writer.add_event(_event(name, step, time, value))
    finally:
        writer.close()
    if logger is not None:
        logger.info("Exported run %s to %s", run.id, folder)


def _event(name: str, step: int, time: int, value: Any) -> Any:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary

    if isinstance(value, (bool, int, float)):
        found = Summary.Value(tag=name, simple_value=float(value))
    else:
        found = _text(name, str(value))
    return Event(step=step, wall_time=time / 1e9, summary=Summary(value=[found]))


def _text(name: str, text: str) -> Any:
    """A value of TensorBoard's text plugin."""
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.compat.proto.tensor_pb2 import TensorProto
    from tensorboard.compat.proto.types_pb2 import DT_STRING
    from tensorboard.plugins.text import metadata

    tensor = TensorProto(dtype=DT_STRING, string_val=[text.encode("utf-8")])
    facts = metadata.create_summary_metadata(display_name=name, description="")
    return Summary.Value(tag=name, tensor=tensor, metadata=facts)
