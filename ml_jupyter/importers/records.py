"""TFRecord files, in which TensorBoard keeps events.

Source: tensorflow/core/lib/io/record_writer.h.

A record is the length (u64), the length's masked CRC-32C (u32), the data, and the data's (u32). The
CRC of the data is not looked at: in pure Python that takes longer than all the rest, and a record
that was damaged is none that can be parsed, or ends where no other begins.
"""

from __future__ import annotations

from pathlib import Path
from struct import Struct
from typing import BinaryIO, Iterator, Tuple

from ml_jupyter.exceptions import ImportSourceInvalid
from ml_jupyter.importers.foreign import reading

_HEADER = Struct("<QI")
_FOOTER = 4
_CHUNK = 1 << 22
#: No event is so large; a length beyond is a damaged one.
_LARGEST = 1 << 30


def read_records(path: Path) -> Iterator[Tuple[int, bytes]]:
    """Offset and data of each whole record; one that is still being written is passed over.

    Raises
    ------
    ImportSourceInvalid
        The file is damaged, or none of this kind.
    """
    with reading(path), open(path, "rb") as file:
        yield from _records(path, file)


def _records(path: Path, file: BinaryIO) -> Iterator[Tuple[int, bytes]]:
    buffer, base, at = b"", 0, 0
    while True:
        if len(buffer) - at >= _HEADER.size:
            length, check = _HEADER.unpack_from(buffer, at)
            end = at + _HEADER.size + length + _FOOTER
            if length <= _LARGEST and end <= len(buffer):
                yield base + at, buffer[at + _HEADER.size : end - _FOOTER]
                at = end
                continue
            if _masked_crc(buffer[at : at + 8]) != check or length > _LARGEST:
                raise ImportSourceInvalid(
                    f"{path} is damaged, or no event file, at byte {base + at}."
                )
        more = file.read(_CHUNK)
        if not more:
            return
        buffer, base, at = buffer[at:] + more, base + at, 0


def _masked_crc(data: bytes) -> int:
    """CRC-32C, rotated and shifted as TensorFlow does."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
