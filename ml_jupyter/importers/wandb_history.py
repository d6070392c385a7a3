"""What a run of Weights & Biases has logged: history, summary and configuration.

Each value is JSON under a key, or under the parts of a nested key. Media are objects with
``_type``: in one value, or in several whose keys begin alike, by the version that wrote them.
"""

from __future__ import annotations

import json
import math
from typing import Any, Dict, List, Mapping, Sequence, Set, Tuple, Union

from ml_jupyter.importers.histograms import Histograms
from ml_jupyter.importers.run_writer import RunWriter
from ml_jupyter.importers.wandb_log import fields

_KEY, _NESTED, _VALUE = 1, 2, 16
_ITEM, _STEP = 1, 2
_NS = 10**9
#: W&B writes these as texts, for JSON has no such numbers.
_ODD = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
Item = Tuple[str, bytes]


class History:
    """Takes history records in, in their order.

    Parameters
    ----------
    writer : RunWriter
        Where they go.
    folder : str
        Folder among the run's files where W&B's own files lie.
    """

    def __init__(self, writer: RunWriter, folder: str) -> None:
        self._writer = writer
        self._folder = folder
        self._histograms = Histograms(writer)
        self._names: Set[str] = set()
        self._media: Set[str] = set()
        self.step = self.time = 0

    def take(self, data: bytes) -> None:
        """Take one history record in."""
        found: List[Item] = []
        step = self.step
        for number, value in fields(data):
            if number == _ITEM:
                assert isinstance(value, bytes)
                found.append(item(value))
            elif number == _STEP and isinstance(value, bytes):
                step = next((int(n) for k, n in fields(value) if k == 1), 0)
        self._take_own(found, step)
        self._take_items(found)

    def finish(self, summary: Mapping[str, bytes]) -> None:
        """Take in values of the summary that no step had, and write what needs all steps."""
        known = tuple(f"{name}." for name in self._media)
        rest = [pair for pair in summary.items() if pair[0] not in self._names]
        self._take_items([pair for pair in rest if not pair[0].startswith(known)])
        self._histograms.finish()

    def _take_items(self, found: Sequence[Item]) -> None:
        media: Dict[str, Dict[str, Any]] = {}
        types = [name[: -len("._type")] for name, _ in found if name.endswith("._type")]
        for name, text in found:
            above = next((top for top in types if name.startswith(f"{top}.")), None)
            if above is not None:
                media.setdefault(above, {})[name[len(above) + 1 :]] = json.loads(text)
            elif not name.startswith("_"):
                self._add(name, text)
        for name, facts in media.items():
            self._add_media(name, facts)

    def _take_own(self, found: Sequence[Item], step: int) -> None:
        for name, text in found:
            if name == "_timestamp":
                self.time = int(float(text) * _NS)
            elif name == "_step":
                step = int(text)
        self.step = step

    def _add(self, name: str, text: bytes) -> None:
        try:
            number = float(text)
        except ValueError:
            self._add_other(name, json.loads(text))
            return
        self._names.add(name)
        self._writer.add_point(name, self.step, self.time, number)

    def _add_other(self, name: str, value: Any) -> None:
        if value is None:
            return
        self._names.add(name)
        if isinstance(value, bool):
            self._writer.add_point(name, self.step, self.time, float(value))
        elif isinstance(value, str) and value in _ODD:
            self._writer.add_point(name, self.step, self.time, _ODD[value])
        elif isinstance(value, dict) and "_type" in value:
            self._add_media(name, value)
        elif isinstance(value, dict):
            for key, below in value.items():
                self._add(f"{name}.{key}", json.dumps(below).encode("utf-8"))
        else:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            self._writer.add_text(name, self.step, self.time, text)

    def _add_media(self, name: str, value: Mapping[str, Any]) -> None:
        self._names.add(name)
        self._media.add(name)
        kind = value["_type"]
        if kind == "histogram":
            self._add_histogram(name, value)
        elif kind == "image-file":
            self._add_image(name, str(value.get("path", "")))
        elif kind == "images/separated":
            for number, path in enumerate(value.get("filenames") or ()):
                self._add_image(f"{name}/{number}", str(path))

    def _add_image(self, name: str, path: str) -> None:
        facts = {"path": f"{self._folder}/{path}"}
        self._writer.add_structured(name, "image", self.step, self.time, facts)

    def _add_histogram(self, name: str, value: Mapping[str, Any]) -> None:
        counts, edges = value.get("values") or (), value.get("bins")
        if edges is None:
            packed = value.get("packedBins") or {
                key[len("packedBins.") :]: item
                for key, item in value.items()
                if key.startswith("packedBins.")
            }
            low, size = packed.get("min", 0), packed.get("size", 0)
            bars = min(int(packed.get("count", 0)), len(counts))
            edges = [low + size * at for at in range(bars + 1)]
        self._histograms.add(name, self.step, edges, edges[1:], counts)


def item(data: bytes) -> Item:
    """Name and JSON of one value; the parts of a nested key are joined with points."""
    name, text = "", b"null"
    for number, value in fields(data):
        if number == _VALUE:
            text = value  # type: ignore[assignment]
        elif number in (_KEY, _NESTED):
            part = value.decode("utf-8", "replace")  # type: ignore[union-attr]
            name = f"{name}.{part}" if name else part
    return name, text


def items(data: bytes) -> Dict[str, bytes]:
    """Names and JSON of a configuration's or a summary's changes."""
    return dict(item(value) for number, value in fields(data) if number == 1)  # type: ignore[arg-type]


def flat(name: str, value: Any) -> Dict[str, str]:
    """A value of the configuration as parameters: objects by their keys, others as text."""
    if isinstance(value, dict) and value:
        found: Dict[str, str] = {}
        for key, below in value.items():
            found.update(flat(f"{name}.{key}" if name else str(key), below))
        return found
    text: Union[str, Any] = value if isinstance(value, str) else json.dumps(value)
    return {name: str(text)}
