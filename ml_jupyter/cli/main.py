"""Entry point of ``mlj``: finds the command, turns our errors into one line and an exit status.

Exit status: 0 done, 1 the operation or the run failed, 2 wrong usage, 3 a named thing does not
exist, 130 Ctrl-C.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``mlj`` with ``argv`` (default: the command line) and return the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words in (["--version"], ["-V"]):
        from ml_jupyter._version import __version__  # answers without loading a CLI library

        print(f"mlj {__version__}")
        return 0
    try:
        _be_printable()
        from ml_jupyter.cli.commands import run

        return run(words)
    except KeyboardInterrupt:  # before there was a command that could be interrupted
        print("Interrupted.", file=sys.stderr)
        return 130


def _be_printable() -> None:
    """A terminal that cannot show a letter shows a question mark instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() not in (
            "utf-8",
            "utf8",
        ):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
