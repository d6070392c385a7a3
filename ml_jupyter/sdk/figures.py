"""Images and charts: metrics whose values are files of the run."""

from __future__ import annotations

import json
import os
import re
import threading
from pathlib import Path
from typing import Any, Callable

from ml_jupyter import _time
from ml_jupyter._files import storage_failed
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.sdk import artifacts, charts
from ml_jupyter.sdk.metric_writer import MetricWriter

_UNSAFE = re.compile(r"[^\w.+-]+")


def log_image(
    run: RunFolder, writer: MetricWriter, name: str, path: Any, plot: Any, description: str
) -> None:
    """Keep an image file or a figure; see ``Run.log_image``.

    Raises
    ------
    UserErrorException
        Both or none of ``path`` and ``plot``, no such file, or a plot without ``savefig``.
    """
    if (path is None) == (plot is None):
        raise UserErrorException(
            f"Metric {name!r}: log_image() takes exactly one of path and plot."
        )
    if path is not None:
        if not Path(path).is_file():
            raise UserErrorException(f"Metric {name!r}: path: there is no file {str(path)!r}.")
        ending = Path(path).suffix or ".png"
    elif not callable(getattr(plot, "savefig", None)):
        raise UserErrorException(
            f"Metric {name!r}: plot must have savefig(), as matplotlib's figures have; "
            f"a {type(plot).__name__} has not."
        )
    else:
        ending = ".png"
    run.metric_log.declare(name, "image", description)
    writer.write(_keep_image, run, name, path, plot, ending, description)


def log_chart(
    run: RunFolder, writer: MetricWriter, name: str, kind: str, value: Any, description: str
) -> None:
    """Check and keep one of the standard charts.

    Raises
    ------
    UserErrorException
        The value is not such a chart; names what is wrong.
    """
    content = charts.chart(name, kind, value)
    run.metric_log.declare(name, kind, description)
    writer.write(_keep_chart, run, name, kind, content, description)


def _keep_image(
    run: RunFolder, name: str, path: Any, plot: Any, ending: str, description: str
) -> None:
    def fill(target: Path) -> None:
        if path is None:
            plot.savefig(str(target), format="png")
        else:
            target.write_bytes(Path(path).read_bytes())

    stored = _store(run, name, ending, fill)
    run.metric_log.log_structured(name, "image", {"path": stored}, description)


def _keep_chart(run: RunFolder, name: str, kind: str, content: Any, description: str) -> None:
    text = json.dumps(content, ensure_ascii=False)
    stored = _store(run, name, ".json", lambda target: target.write_text(text, "utf-8"))
    run.metric_log.log_structured(name, kind, {"path": stored}, description)


def _store(run: RunFolder, name: str, ending: str, fill: Callable[[Path], Any]) -> str:
    """Make a file ``<name>_<unix seconds>`` of the run, whole; its name."""
    stem = f"{_UNSAFE.sub('_', name).strip('._') or 'image'}_{_time.now_ns() // 1_000_000_000}"
    folder = run.layout.files
    temporary = folder / f".{stem}.{os.getpid()}.{threading.get_ident()}.new"
    try:
        folder.mkdir(exist_ok=True)
        fill(temporary)
        stored = _reserve(run, stem, ending)
        os.replace(str(temporary), str(folder / stored))
        return stored
    except OSError as error:
        raise storage_failed(error, folder / stem) from error
    finally:
        if temporary.exists():
            temporary.unlink()


def _reserve(run: RunFolder, stem: str, ending: str) -> str:
    """A name that no other thread or process takes: an empty file is made under it."""
    while True:
        name = artifacts.free_name(run, stem, ending)
        try:
            os.close(os.open(str(run.layout.files / name), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            return name
        except FileExistsError:  # taken since we looked
            continue
