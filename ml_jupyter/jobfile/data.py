"""``inputs`` and ``outputs`` of a job file."""

from __future__ import annotations

import re
from typing import Dict, Optional, Union

from ml_jupyter.jobfile.context import Context
from ml_jupyter.jobfile.cursor import Cursor, one_of, optional
from ml_jupyter.jobfile.model import Input, Output

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(?!\\)")  # a scheme, not the letter of a drive
_ASSET = re.compile(r"azureml:[\w.-]+(?::[\w.-]+|@[\w.-]+)\Z|azureml://\S+\Z")
DATA_TYPES = ("uri_file", "uri_folder", "mltable", "mlflow_model", "custom_model", "triton_model")
LITERAL_TYPES = ("string", "number", "integer", "boolean")
INPUT_MODES = (
    "mount", "download", "ro_mount", "rw_mount", "direct", "upload", "eval_mount", "eval_download",
)  # fmt: skip
OUTPUT_MODES = ("rw_mount", "mount", "upload", "direct")
INPUT_KEYS = (
    "data", "file", "folder", "dataset", "type", "path", "mode", "description", "default",
    "optional", "value",
)  # fmt: skip
OUTPUT_KEYS = ("data", "type", "path", "mode", "description", "name", "version")


def read_inputs(cursor: Optional[Cursor], context: Context) -> Dict[str, Input]:
    """The inputs of a job by name."""
    found = {} if cursor is None else cursor.members()
    read = {name: _input(name, item, context) for name, item in found.items() if _named(name, item)}
    return {name: item for name, item in read.items() if item is not None}


def read_outputs(cursor: Optional[Cursor], context: Context) -> Dict[str, Output]:
    """The outputs of a job by name; one without a value has all defaults."""
    found = {} if cursor is None else cursor.members()
    return {
        name: _output(name, item, context) for name, item in found.items() if _named(name, item)
    }


def _named(name: str, cursor: Cursor) -> bool:
    if _NAME.fullmatch(name):
        return True
    cursor.error(f"{name!r} cannot be a name here", "letters, digits and _, no digit first")
    return False


def _input(name: str, cursor: Cursor, context: Context) -> Optional[Input]:
    if cursor.is_empty:
        cursor.error("the input has no value", "a literal, or a map with path")
        return None
    if not cursor.is_map:
        value = cursor.literal()
        if isinstance(value, str) and _ASSET.match(value):
            return Input(name, cursor.place, path=value)
        return Input(name, cursor.place, type=_type_of(value), literal=value)
    cursor.expect_keys(INPUT_KEYS)
    kind = optional(cursor.get("type"), lambda item: item.choice(DATA_TYPES + LITERAL_TYPES))
    mode = optional(cursor.get("mode"), lambda item: item.choice(INPUT_MODES), "mount")
    if kind in LITERAL_TYPES:
        return _typed_literal(name, cursor, kind)
    may_lack = optional(cursor.get("optional"), Cursor.truth, False)
    where = _location(cursor, context)
    if where is None and not may_lack:
        cursor.error("the input has no path", "path: with a folder, a file or a URL")
    return _data_input(name, cursor, where, context, kind or "uri_folder", mode, may_lack)


def _typed_literal(name: str, cursor: Cursor, kind: str) -> Input:
    given = one_of([cursor.get("value"), cursor.get("default"), cursor.get("path")])
    value = None if given is None else _literal_of(given, kind)
    may_lack = optional(cursor.get("optional"), Cursor.truth, False)
    if given is None and not may_lack:
        cursor.error("the input has no value", "value: or default:, or optional: true")
    return Input(name, cursor.place, type=kind, literal=value, optional=may_lack)


def _literal_of(cursor: Cursor, kind: str) -> Union[str, int, float, bool, None]:
    if kind == "integer":
        return cursor.integer(-(2**63))
    if kind == "number":
        return cursor.number()
    return cursor.truth() if kind == "boolean" else cursor.scalar_text()


def _location(cursor: Cursor, context: Context) -> Optional[Cursor]:
    """The value that says where the data is, in whichever spelling."""
    data = cursor.get("data")
    candidates = [cursor.get("path")]
    if data is not None and data.is_map:
        context.old_spelling(data, "path:")
        data.expect_keys(("path", "local_path"))
        candidates += [data.get("path"), data.get("local_path")]
        if candidates[1] is None and candidates[2] is None:
            data.error("neither path nor local_path is given")
    elif data is not None:
        context.old_spelling(data, "path:")
        candidates.append(data)
    for name in ("file", "folder", "dataset"):
        old = cursor.get(name)
        if old is not None:
            context.old_spelling(old, "path: with type: uri_file or uri_folder")
        candidates.append(old)
    return one_of(candidates)


def _data_input(
    name: str, cursor: Cursor, where: Optional[Cursor], context: Context, kind: str, mode: str,
    may_lack: bool,
) -> Input:  # fmt: skip
    if cursor.get("file") is not None and cursor.get("type") is None:
        kind = "uri_file"
    facts = Input(name, cursor.place, type=kind, mode=mode, optional=may_lack)
    text = None if where is None else where.text()
    if where is None or text is None:
        return facts
    if _is_remote(text) and not where.key.endswith("local_path"):
        if text.startswith("azureml:") and not _ASSET.match(text):
            where.error(f"{text!r} is no data", "azureml:NAME:VERSION or azureml:NAME@latest")
        return Input(**{**vars(facts), "path": text})
    return Input(**{**vars(facts), "local_path": context.local(where)})


def _is_remote(text: str) -> bool:
    return bool(_REMOTE.match(text)) and not text.startswith("file:")


def _type_of(value: object) -> str:
    kinds = {bool: "boolean", int: "integer", float: "number"}
    return kinds.get(type(value), "string")


def _output(name: str, cursor: Cursor, context: Context) -> Output:
    if cursor.is_empty:
        return Output(name)
    cursor.expect_keys(OUTPUT_KEYS)
    data = cursor.get("data")
    if data is not None:
        context.old_spelling(data, "path:")
        data.expect_keys(("path",))
    path = one_of([cursor.get("path"), None if data is None else data.get("path")])
    register = optional(cursor.get("name"), Cursor.text)
    version = optional(cursor.get("version"), Cursor.scalar_text)
    if version is not None and register is None:
        cursor.error("version without name", "name: registers the output under it")
    return Output(
        name,
        type=optional(cursor.get("type"), lambda item: item.choice(DATA_TYPES), "uri_folder"),
        mode=optional(cursor.get("mode"), lambda item: item.choice(OUTPUT_MODES), "rw_mount"),
        path=optional(path, Cursor.text),
        register_as=None if register is None else (register, version),
    )
