"""Write the JSON Schemas of job files into the package, where editors find them.

``python scripts/job_schemas.py`` after a change of a reader or a schema; ``--check`` only compares,
and ends with 1 when one is stale.
"""

from __future__ import annotations

import sys

from ml_jupyter.jobfile import schema


def main(arguments: list[str]) -> int:
    """Write or compare; the exit status."""
    stale = [kind for kind in schema.KINDS if _differs(kind)]
    if "--check" in arguments:
        for kind in stale:
            print(f"{schema.path(kind).name} is stale: run scripts/job_schemas.py", file=sys.stderr)
        return 1 if stale else 0
    for kind in stale:
        schema.path(kind).write_text(schema.text(kind), "utf-8")
    return 0


def _differs(kind: str) -> bool:
    path = schema.path(kind)
    return not path.is_file() or path.read_text("utf-8") != schema.text(kind)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
