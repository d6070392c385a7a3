"""The rows of a table that lies in several files, in chunks or as one frame.

A column's type is found in the values of each chunk. Where a later chunk does not agree (a text
below numbers), reading begins again with that column as text: no value is lost to a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Set

from ml_jupyter.datasets.tables import formats, steps, types
from ml_jupyter.datasets.tables.formats import TableFormat
from ml_jupyter.exceptions import DataMismatch, MissingDependency

PATH = "Path"


@dataclass(frozen=True)
class TableFile:
    """One file of a table.

    Attributes
    ----------
    shown : str
        Its path or address, as in the column ``Path``.
    values : mapping
        Columns whose values stand in its path.
    place : callable
        Where it lies on this machine; fetches it when it has to.
    """

    shown: str
    values: Mapping[str, Any]
    place: Callable[[], Path]


@dataclass
class _Known:
    """What was found out of the columns so far."""

    texts: Set[str] = field(default_factory=set)
    kinds: Dict[str, str] = field(default_factory=dict)
    names: Optional[List[str]] = None


class _Again(Exception):
    """A column turned out to be text."""


@dataclass(frozen=True)
class Table:
    """Files, how they are written, and the steps that leave a part of them.

    Attributes
    ----------
    files : sequence of TableFile
        In order.
    form : TableFormat
        How they are written.
    steps : sequence
        See ``steps``.
    fail : bool
        A value that is not of the type that was asked for is an error; otherwise it is null.
    """

    files: Sequence[TableFile]
    form: TableFormat
    steps: Sequence[steps.Step] = ()
    fail: bool = False

    def frame(self) -> Any:
        """The table as one pandas frame.

        Raises
        ------
        DataMismatch, DataUnavailable
            A file cannot be read as the table; names it.
        MissingDependency
            pandas, or pyarrow for Parquet, is not installed.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingDependency("pandas", "data", "Reading a table") from error
        known = _Known()
        while True:
            try:
                parts = list(self._stream(known))
                break
            except _Again:
                continue
        if not parts:
            return pd.DataFrame()
        full = [part for part in parts if len(part)] or parts[:1]
        return pd.concat(_agreeing(full), ignore_index=True)

    def chunks(self) -> Iterator[Any]:
        """The table as frames of at most 50,000 rows; columns have the types of the whole.

        The files are read twice, first for the types.
        """
        known = _Known()
        while True:
            try:
                kinds: Dict[str, str] = {}
                for part in self._stream(known):
                    _note(kinds, part)
                break
            except _Again:
                continue
        for part in self._stream(known):
            if len(part):
                yield _as_kinds(part, kinds)

    def columns(self) -> List[str]:
        """Names of the columns, after all steps; reads as little as it can."""
        part = next(iter(self._stream(_Known())), None)
        return [] if part is None else [str(name) for name in part.columns]

    def _stream(self, known: _Known) -> Iterator[Any]:
        return steps.through(self._raw(known), self.steps)

    def _raw(self, known: _Known) -> Iterator[Any]:
        needed = steps.read_columns(self.steps)
        known.kinds, known.names = {}, None
        for number, file in enumerate(self.files):
            path = file.place()
            names = self._names(path, known, first=number == 0)
            wanted = self._wanted(names, needed, file)
            texts = sorted(known.texts | set(self.form.types))
            for part in formats.chunks(path, self.form, names, wanted, texts, first=number == 0):
                yield self._typed(part, file, known)

    def _names(self, path: Path, known: _Known, *, first: bool) -> Optional[List[str]]:
        header = self.form.header
        if known.names is not None and header == formats.FIRST_FILE_HEADERS:
            return known.names
        names = formats.columns_of(path, self.form)
        if first or known.names is None:
            known.names = names
        elif self.form.kind == formats.DELIMITED and header == formats.SAME_HEADERS:
            self._same(names or [], known.names, path)
        return names

    def _same(self, names: List[str], before: List[str], path: Path) -> None:
        odd = sorted(set(names) ^ set(before))
        if odd:
            raise DataMismatch(
                f"{path} has other columns than the files before it: {odd[0]!r}.",
                hint="header=PromoteHeadersBehavior.COMBINE_ALL_FILES_HEADERS joins them.",
            )

    def _wanted(
        self, names: Optional[List[str]], needed: Optional[Set[str]], file: TableFile
    ) -> Optional[List[str]]:
        if names is None:
            return None
        own = {PATH} if self.form.include_path else set()
        there = [*own, *file.values, *names]
        asked = sorted(needed or ())
        if self.form.header != formats.COMBINED_HEADERS:
            steps.require([*asked, *sorted(self.form.types)], there)
        return None if needed is None else [name for name in names if name in needed]

    def _typed(self, part: Any, file: TableFile, known: _Known) -> Any:
        part = part.copy(deep=False)
        for name in list(part.columns):
            part[name] = self._column(part[name], str(name), known)
        for name in reversed(list(file.values)):
            if name not in part.columns:
                part.insert(0, name, file.values[name])
        if self.form.include_path:
            part.insert(0, PATH, file.shown)
        return part

    def _column(self, values: Any, name: str, known: _Known) -> Any:
        wanted = self.form.types.get(name)
        if wanted is not None:
            return types.converted(values, wanted, name, fail=self.fail)
        if name in known.texts:
            return types.converted(values, {"kind": types.TEXT}, name, fail=False)
        if self.form.infer and self.form.kind != formats.PARQUET:
            values = types.with_times(values)
        kind = types.kind_of(values)
        before = known.kinds.setdefault(name, kind)
        known.kinds[name] = types.joined(before, kind)
        if known.kinds[name] == types.TEXT and types.TEXT != before != types.EMPTY:
            known.texts.add(name)
            raise _Again
        if kind not in (types.TEXT, types.EMPTY) and known.kinds[name] == types.TEXT:
            known.texts.add(name)
            raise _Again
        return values


def _note(kinds: Dict[str, str], part: Any) -> None:
    for name in part.columns:
        kind = types.kind_of(part[name]) if len(part) else types.EMPTY
        kinds[name] = types.joined(kinds.get(name, types.EMPTY), kind)


def _agreeing(parts: List[Any]) -> List[Any]:
    """The same frames, in whose columns an empty part does not change the type of the others."""
    kinds: Dict[str, str] = {}
    for part in parts:
        _note(kinds, part)
    return [_as_kinds(part, kinds) for part in parts] if len(parts) > 1 else parts


def _as_kinds(part: Any, kinds: Mapping[str, str]) -> Any:
    import pandas as pd

    text = pd.Series([""]).dtype  # object, or str from pandas 3 on
    as_empty: Dict[str, Any] = {types.TEXT: text, types.BOOL: object, types.LONG: "float64"}
    as_empty.update({types.FLOAT: "float64", types.TIME: "datetime64[ns]"})
    made = part.copy(deep=False)
    for name, kind in kinds.items():
        if name not in made.columns:
            made[name] = None
        if types.kind_of(made[name]) == types.EMPTY and kind in as_empty:
            made[name] = made[name].astype(as_empty[kind])
        elif kind == types.FLOAT and types.kind_of(made[name]) == types.LONG:
            made[name] = made[name].astype("float64")
    return made[list(kinds)]
