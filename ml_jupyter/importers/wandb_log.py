"""The transaction log of Weights & Biases, ``run-<id>.wandb``.

A header, then LevelDB's log format: blocks of 32 KiB, in them parts of records, each with CRC-32
(of its kind and data), length and kind. A record is a protocol buffer ``wandb_internal.Record``;
the few fields that are needed are read here, so that nobody has to install W&B to leave it.
Sources: github.com/wandb/wandb, wandb/sdk/internal/datastore.py and wandb_internal.proto;
github.com/google/leveldb/blob/main/doc/log_format.md.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from struct import Struct
from typing import BinaryIO, Dict, Iterator, List, Tuple, Union

from ml_jupyter.exceptions import ImportSourceInvalid
from ml_jupyter.importers.foreign import reading

_HEADER = Struct("<4sHB")
_IDENT, _MAGIC = b":W&B", 0xBEE1
_BLOCK = 32768
_PART = Struct("<IHB")
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_CRC_OF_KIND = {kind: zlib.crc32(bytes([kind])) for kind in (_FULL, _FIRST, _MIDDLE, _LAST)}

Field = Union[int, bytes]


def read_log(path: Path) -> Iterator[bytes]:
    """The whole records of a log; one that is still being written is passed over.

    Raises
    ------
    ImportSourceInvalid
        The file is damaged, or none of this kind.
    """
    with reading(path), open(path, "rb") as file:
        yield from _records(path, file)


def _records(path: Path, file: BinaryIO) -> Iterator[bytes]:
    parts: List[bytes] = []
    for kind, part in _parts(path, file):
        parts = [part] if kind in (_FULL, _FIRST) else [*parts, part]
        if kind in (_FULL, _LAST):
            yield parts[0] if len(parts) == 1 else b"".join(parts)


def _parts(path: Path, file: BinaryIO) -> Iterator[Tuple[int, bytes]]:
    """Kind and data of each part; none goes beyond its block."""
    base, block = 0, file.read(_BLOCK)
    if len(block) < _HEADER.size or _HEADER.unpack_from(block)[:2] != (_IDENT, _MAGIC):
        raise ImportSourceInvalid(f"{path} is no log of Weights & Biases.")
    at = _HEADER.size
    while block:
        while at + _PART.size <= len(block):
            check, length, kind = _PART.unpack_from(block, at)
            begin, end = at + _PART.size, at + _PART.size + length
            if end > len(block) and len(block) < _BLOCK:
                return
            part = block[begin:end]
            if kind not in _CRC_OF_KIND or zlib.crc32(part, _CRC_OF_KIND[kind]) != check:
                if not any(block[at:]):  # room that was reserved
                    return
                raise ImportSourceInvalid(f"{path} is damaged at byte {base + at}.")
            yield kind, part
            at = end
        base, block, at = base + len(block), file.read(_BLOCK), 0


def fields(data: bytes) -> Iterator[Tuple[int, Field]]:
    """Number and value of each field of a protocol buffer: an integer, or the bytes of the rest.

    Raises
    ------
    ValueError
        Not a protocol buffer.
    """
    at, end = 0, len(data)
    while at < end:
        key = data[at]
        at += 1
        if key & 0x80:
            key, at = _rest(data, key, at)
        kind = key & 7
        if kind == 2:
            size = data[at]
            at += 1
            if size & 0x80:
                size, at = _rest(data, size, at)
            yield key >> 3, data[at : at + size]
            at += size
        elif kind == 0:
            value = data[at]
            at += 1
            if value & 0x80:
                value, at = _rest(data, value, at)
            yield key >> 3, value
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            yield key >> 3, data[at : at + size]
            at += size
        else:
            raise ValueError(f"field of kind {kind}")
    if at != end:
        raise ValueError("a field is cut off")


def message(data: bytes) -> Dict[int, Field]:
    """The last value of each field."""
    return dict(fields(data))


def _rest(data: bytes, first: int, at: int) -> Tuple[int, int]:
    """A number of several bytes, seven bits each, of which the first was read."""
    value, shift = first & 0x7F, 7
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, at
        shift += 7
