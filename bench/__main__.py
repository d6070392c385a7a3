"""Run the benchmarks and print a table with pass or miss; exits with 1 when a bar is missed.

``python -m bench [--full] [--json FILE] [part …]``
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))


def main() -> int:
    """Run the parts asked for (default: all ``bench_*.py`` beside this file)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="history, jobs … (default: all)")
    parser.add_argument("--full", action="store_true", help="the long sizes too")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    parts = options.parts or sorted(path.stem[len("bench_") :] for path in HERE.glob("bench_*.py"))
    rows = []
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}\n",
        flush=True,
    )
    for part in parts:
        for row in importlib.import_module(f"bench_{part}").rows(options.full):
            rows.append(row)
            what, figure, bar, verdict, reference = row.cells()
            print(f"{verdict:5} {what:36} {figure:>12}  bar {bar:10} {reference}", flush=True)
    if options.json:
        options.json.write_text(
            json.dumps([row.cells() for row in rows], ensure_ascii=False, indent=1) + "\n"
        )
    missed = [row for row in rows if not row.passed]
    print(f"\n{len(rows) - len(missed)} passed, {len(missed)} failed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
