"""What Schemathesis is told about addresses, by ``SCHEMATHESIS_HOOKS``."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import schemathesis

#: Tornado reads 64 KiB of request line and headers, and closes the connection at more.
LONGEST = 48 * 1024


@schemathesis.hook
def filter_query(context: Any, query: Any) -> bool:
    """Whether questions of this length reach a handler."""
    return len(urlencode(dict(query or {}), doseq=True)) < LONGEST
