"""What TensorBoard's summaries hold: scalars, texts, images, histograms and hyperparameters.

The first value of a tag names its plugin; later ones leave it out. Values of TensorFlow 1 and of
PyTorch have fields of their own (``simple_value``, ``image``, ``histo``), others are tensors.
"""

from __future__ import annotations

import re
from collections import Counter
from struct import unpack
from typing import Any, Dict, List, Optional

from ml_jupyter.history import status
from ml_jupyter.importers.histograms import Histograms
from ml_jupyter.importers.run_writer import RunWriter

#: Of the types of tensors: number in types.proto to the letter in ``struct``.
_TYPES = {1: "f", 2: "d", 3: "i", 4: "B", 5: "h", 6: "b", 9: "q", 10: "?", 19: "e"}
_LISTS = {
    1: "float_val", 2: "double_val", 3: "int_val", 4: "int_val", 5: "int_val", 6: "int_val",
    9: "int64_val", 10: "bool_val",
}  # fmt: skip
_ENDINGS = ((b"\x89PNG", ".png"), (b"\xff\xd8", ".jpg"), (b"GIF8", ".gif"))
_UNSAFE = re.compile(r"[^A-Za-z0-9_/-]+")
_ENDS = {1: status.COMPLETED, 2: status.FAILED}


class Values:
    """Takes the values of one run's summaries in, in the order of their files.

    Parameters
    ----------
    writer : RunWriter
        Where they go.

    Attributes
    ----------
    params : dict
        Hyperparameters.
    status : str, optional
        How the session ended, where that was written.
    ignored : Counter
        Kinds of values that are not taken over, and how often.
    """

    def __init__(self, writer: RunWriter) -> None:
        self._writer = writer
        self._plugins: Dict[str, str] = {}
        self._histograms = Histograms(writer)
        self.params: Dict[str, str] = {}
        self.status: Optional[str] = None
        self.ignored: Counter[str] = Counter()

    def take(self, value: Any, step: int, time: int) -> None:
        """Take in one ``Summary.Value``."""
        kind, tag = value.WhichOneof("value"), value.tag
        if kind == "simple_value":
            self._writer.add_point(tag, step, time, value.simple_value)
            return
        plugin = value.metadata.plugin_data.plugin_name
        if plugin:
            self._plugins[tag] = plugin
        else:
            plugin = self._plugins.get(tag, kind or "")
        take = _TAKERS.get(plugin)
        if take is None:
            self.ignored[plugin or "unknown"] += 1
        else:
            take(self, value, step, time)

    def finish(self) -> None:
        """Write what becomes one table of all steps."""
        self._histograms.finish()

    # -- kinds of values

    def _scalar(self, value: Any, step: int, time: int) -> None:
        for number in _numbers(value.tensor)[:1]:
            self._writer.add_point(value.tag, step, time, number)

    def _text(self, value: Any, step: int, time: int) -> None:
        texts = [item.decode("utf-8", "replace") for item in value.tensor.string_val]
        self._writer.add_text(value.tag, step, time, "\n".join(texts))

    def _images(self, value: Any, step: int, time: int) -> None:
        found = list(value.tensor.string_val)[2:]  # width and height come first
        for number, content in enumerate(found):
            tag = value.tag if len(found) == 1 else f"{value.tag}/{number}"
            self._image(tag, content, step, time)

    def _one_image(self, value: Any, step: int, time: int) -> None:
        self._image(value.tag, value.image.encoded_image_string, step, time)

    def _image(self, tag: str, content: bytes, step: int, time: int) -> None:
        ending = next((end for start, end in _ENDINGS if content.startswith(start)), None)
        if ending is None:
            self.ignored["image of an unknown format"] += 1
            return
        stem = _UNSAFE.sub("_", tag).strip("/_") or "image"
        path = self._writer.add_content(f"images/{stem}_{step}{ending}", content)
        self._writer.add_structured(tag, "image", step, time, {"path": path})

    def _histogram(self, value: Any, step: int, time: int) -> None:
        numbers = _numbers(value.tensor)
        self._histograms.add(value.tag, step, numbers[0::3], numbers[1::3], numbers[2::3])

    def _old_histogram(self, value: Any, step: int, time: int) -> None:
        found = value.histo
        ends = [min(end, found.max) for end in found.bucket_limit]
        starts = [max(end, found.min) for end in (found.min, *ends[:-1])]
        self._histograms.add(value.tag, step, starts, ends, found.bucket)

    def _hparams(self, value: Any, step: int, time: int) -> None:
        from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

        data = HParamsPluginData.FromString(value.metadata.plugin_data.content)
        kind = data.WhichOneof("data")
        if kind == "session_start_info":
            for name, found in data.session_start_info.hparams.items():
                self.params[name] = _plain(found)
        elif kind == "session_end_info":
            self.status = _ENDS.get(data.session_end_info.status, self.status)


_TAKERS = {
    "scalars": Values._scalar,
    "text": Values._text,
    "images": Values._images,
    "image": Values._one_image,
    "histograms": Values._histogram,
    "histo": Values._old_histogram,
    "hparams": Values._hparams,
}


def _plain(value: Any) -> str:
    """A ``google.protobuf.Value`` as text, whole numbers without a point."""
    kind = value.WhichOneof("kind")
    found = getattr(value, kind) if kind else ""
    if isinstance(found, float) and found.is_integer() and abs(found) < 2**53:
        found = int(found)
    return str(found)


def _numbers(tensor: Any) -> List[float]:
    """The numbers of a tensor; empty when it holds none."""
    letter = _TYPES.get(tensor.dtype)
    if letter is None:
        return []
    content = tensor.tensor_content
    if content:
        size = 8 if letter in "dq" else 4 if letter in "fi" else 2 if letter in "eh" else 1
        return [float(item) for item in unpack(f"<{len(content) // size}{letter}", content)]
    return [float(item) for item in getattr(tensor, _LISTS.get(tensor.dtype, "float_val"))]
