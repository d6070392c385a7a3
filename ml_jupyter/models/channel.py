"""Messages between a service and the process of its model: a JSON header and bytes.

Four bytes with the header's length (big-endian), the header, then as many bytes as its ``bytes``
says.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any, Dict, Mapping, Optional, Tuple

LENGTH = struct.Struct(">I")
Message = Tuple[Dict[str, Any], bytes]


def pack(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """A message as bytes."""
    head = json.dumps({**header, "bytes": len(body)}).encode("utf-8")
    return LENGTH.pack(len(head)) + head + body


def read(stream: IO[bytes]) -> Optional[Message]:
    """The next message; None when the other side has gone."""
    start = stream.read(LENGTH.size)
    if len(start) < LENGTH.size:
        return None
    head = stream.read(LENGTH.unpack(start)[0])
    header: Dict[str, Any] = json.loads(head)
    body = stream.read(header["bytes"])
    return (header, body) if len(body) == header["bytes"] else None
