"""YAML text as a tree that knows where each value stands.

Plain YAML only: maps with text keys, lists, and scalars. Duplicate keys and tags are refused,
anchors are followed within a bound, so that a small file cannot grow into a huge tree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Set, Tuple, Union

from ml_jupyter.exceptions import MissingDependency
from ml_jupyter.jobfile.findings import Place, Report

#: Bytes of a job file; the largest public example has 5 KB.
MAX_BYTES = 1 << 20
#: Values in the tree after anchors were followed.
MAX_VALUES = 50_000
MAX_DEPTH = 50
_CORE = "tag:yaml.org,2002:"
_PLAIN = {_CORE + name for name in ("null", "bool", "int", "float", "str", "timestamp", "merge")}


@dataclass
class Entry:
    """A value, the text that it was written as, and its place.

    Attributes
    ----------
    value : dict of str to Entry, list of Entry, str, int, float, bool or None
        What it means.
    raw : str
        A scalar as it was written.
    keys : dict of str to Place
        Where the keys of a map stand.
    """

    value: Any
    place: Place
    raw: str = ""
    keys: Dict[str, Place] = field(default_factory=dict)

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: item.plain() for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain() for item in self.value]
        return self.value


def parse(data: Union[bytes, str], name: str, report: Report) -> Optional[Entry]:
    """The tree of a file's content; None when it cannot be read, which the report then says.

    Parameters
    ----------
    data : bytes or str
        The content.
    name : str
        Name of the file, for the findings.
    """
    start = Place(name, 1, 1)
    if len(data) > MAX_BYTES:
        report.error(start, "", f"the file has {len(data)} bytes", f"at most {MAX_BYTES}")
        return None
    text = _decode(data, start, report)
    if text is None:
        return None
    node = _compose(text, start, report)
    if node is None:
        return None
    return _Tree(name, report).build(node)


def scalar(text: str) -> Any:
    """What a text means as a YAML value on a command line; the text itself when it is none."""
    yaml = _yaml()
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


def _decode(data: Union[bytes, str], start: Place, report: Report) -> Optional[str]:
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        report.error(start._replace(line=line), "", "the file is not UTF-8")
        return None


def _compose(text: str, start: Place, report: Report) -> Any:
    yaml = _yaml()
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = start if mark is None else _place(start.file, mark)
        problem = getattr(error, "problem", None) or str(error).split("\n", 1)[0]
        report.error(place, "", f"not readable as YAML: {problem}")
        return None
    except RecursionError:
        report.error(start, "", "the file is nested too deeply", f"at most {MAX_DEPTH} levels")
        return None
    if node is None:
        report.error(start, "", "the file is empty", "a job has at least a command")
    return node


class _Tree:
    def __init__(self, name: str, report: Report) -> None:
        self._name = name
        self._report = report
        self._count = 0
        self._open: Set[int] = set()
        self._full = False
        self._loader = _yaml().SafeLoader("")

    def build(self, node: Any, path: str = "") -> Optional[Entry]:
        """The entry of a node; None where it was refused."""
        place = _place(self._name, node.start_mark)
        self._count += 1
        if self._full or self._is_too_much(node, place, path):
            return None
        self._open.add(id(node))
        try:
            return self._build(node, place, path)
        finally:
            self._open.discard(id(node))

    def _is_too_much(self, node: Any, place: Place, path: str) -> bool:
        if id(node) in self._open:
            self._report.error(place, path, "an anchor that contains itself")
        elif self._count > MAX_VALUES or len(self._open) > MAX_DEPTH:
            self._full = True
            self._report.error(place, path, "anchors make the file too large", "write less")
        else:
            return False
        return True

    def _build(self, node: Any, place: Place, path: str) -> Optional[Entry]:
        yaml = _yaml()
        if isinstance(node, yaml.MappingNode):
            if node.tag != _CORE + "map":
                return self._refuse_tag(node, place, path)
            return self._map(node, place, path)
        if isinstance(node, yaml.SequenceNode):
            if node.tag != _CORE + "seq":
                return self._refuse_tag(node, place, path)
            built = [self.build(item, f"{path}[{i}]") for i, item in enumerate(node.value)]
            return Entry([item for item in built if item is not None], place)
        if node.tag not in _PLAIN:
            return self._refuse_tag(node, place, path)
        return self._scalar(node, place)

    def _scalar(self, node: Any, place: Place) -> Entry:
        if node.tag in (_CORE + "timestamp", _CORE + "merge"):
            return Entry(node.value, place, node.value)
        try:
            return Entry(self._loader.construct_object(node), place, node.value)
        except (ValueError, OverflowError):  # such as 0o9 or an int of a million digits
            return Entry(node.value, place, node.value)

    def _refuse_tag(self, node: Any, place: Place, path: str) -> Optional[Entry]:
        tag = node.tag.replace(_CORE, "!!")
        self._report.error(place, path, f"the tag {tag} is not allowed", "plain values only")
        return None

    def _map(self, node: Any, place: Place, path: str) -> Entry:
        made = Entry({}, place)
        merged: List[Tuple[Any, Place]] = []
        for key_node, value_node in node.value:
            where = _place(self._name, key_node.start_mark)
            if key_node.tag == _CORE + "merge":
                merged.append((value_node, where))
                continue
            key = self._key(key_node, where, path)
            if key is None:
                continue
            below = f"{path}.{key}" if path else key
            if key in made.value:
                first = made.keys[key].line
                self._report.error(where, below, "the key is there twice", f"first in line {first}")
                continue
            item = self.build(value_node, below)
            if item is not None:
                made.value[key] = item
                made.keys[key] = where
        for value_node, where in merged:
            self._merge(made, value_node, where, path)
        return made

    def _key(self, node: Any, place: Place, path: str) -> Optional[str]:
        if isinstance(node, _yaml().ScalarNode) and node.tag in _PLAIN:
            return str(node.value)
        self._report.error(place, path, "a key must be text")
        return None

    def _merge(self, made: Entry, node: Any, place: Place, path: str) -> None:
        parts = node.value if isinstance(node, _yaml().SequenceNode) else [node]
        for part in parts:
            if not isinstance(part, _yaml().MappingNode):
                self._report.error(place, path, "<< takes a map or a list of maps")
                return
            other = self.build(part, path)
            for key, item in {} if other is None else other.value.items():
                if key not in made.value:
                    made.value[key] = item
                    made.keys[key] = item.place


def _place(name: str, mark: Any) -> Place:
    return Place(name, mark.line + 1, mark.column + 1)


def _yaml() -> Any:
    try:
        import yaml
    except ImportError as error:
        raise MissingDependency("yaml", "yaml", "Reading job files") from error
    return yaml
