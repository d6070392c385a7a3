"""Run every check of the project, one after another, and count tests and skips at the end.

``make test`` runs the steps below; ``make test-full`` runs what is too long for them. Each step
is a separate process. All steps run even when one fails, so that one call shows everything.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
RESULTS = ROOT / "test-results"
FRONT = ROOT / "labextension"

# The only place that says how many skipped tests are accepted on a usual Linux machine.
ALLOWED_SKIPS = {"test": 4, "full": 8}


# Real processes on a busy machine: a test that fails is tried once more, and counted as "rerun" in
# the step's last line. One that fails twice fails the step.
RERUNS = ("--reruns", "1", "--reruns-delay", "1")


@dataclass(frozen=True)
class Step:
    """One check: its name, command, and the folder it runs in."""

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT


def pytest(name: str, *arguments: str) -> Step:
    """A pytest command whose results are kept as JUnit XML under ``name``."""
    report = RESULTS / f"{name}.xml"
    return Step(
        name,
        (str(BIN / "python"), "-m", "pytest", "-q", f"--junitxml={report}", *RERUNS, *arguments),
    )


def npm(name: str, *arguments: str) -> Step:
    """An npm script of the labextension."""
    return Step(name, ("npm", "run", "--silent", *arguments), FRONT)


def steps_of_test() -> list[Step]:
    """Lint, types, unit, contract, server, packaging, then the browser: under 15 minutes."""
    vitest = f"--outputFile={RESULTS / 'vitest.xml'}"
    not_here = ["--ignore=tests/e2e", "--ignore=tests/packaging", "--ignore=tests/notebooks"]
    return [
        Step("ruff", (str(BIN / "ruff"), "check", "-q")),
        Step("ruff-format", (str(BIN / "ruff"), "format", "--check", "-q")),
        Step("mypy", (str(BIN / "mypy"),)),
        npm("eslint", "lint:eslint"),
        npm("prettier", "lint:prettier"),
        npm("tsc", "typecheck"),
        npm("vitest", "test", "--", "--reporter=default", "--reporter=junit", vitest),
        pytest("python", "tests", *not_here, "-n", "2", "--dist=loadfile"),
        pytest("notebooks", "tests/notebooks"),
        pytest("packaging", "tests/packaging"),
        Step("browser", (str(BIN / "python"), "scripts/chromium.py")),
        pytest("e2e", "tests/e2e"),
    ]


def version(name: str, *arguments: str) -> Step:
    """Tests under another Python or JupyterLab, with their results as JUnit XML under ``name``."""
    report = f"--report={RESULTS / f'{name}.xml'}"
    return Step(name, (str(BIN / "python"), "scripts/other_versions.py", *arguments, report))


def as_windows(name: str) -> Step:
    """The tests of views and interactive runs, with the package seeing Windows."""
    sdk = ("interactive", "logging", "files", "children", "experiment", "workspace", "views")
    paths = ["tests/server", "tests/unit/history", "tests/unit/widgets", "tests/unit/tensorboard"]
    paths += ["tests/contract/test_history.py", *(f"tests/unit/sdk/test_{part}.py" for part in sdk)]
    plugin = ["-p", "tests.windows", "-n", "2", "--dist=loadfile"]
    return Step(name, (str(BIN / "python"), "-m", "pytest", "-q", *plugin, *RERUNS, *paths))


def steps_of_full() -> list[Step]:
    """What takes minutes each: soak, large data, other set-ups and versions."""
    full = ["-m", "full", "--timeout=1500"]
    return [
        pytest("full", "tests", "--ignore=tests/e2e", *full),
        Step("browser", (str(BIN / "python"), "scripts/chromium.py")),
        pytest("full-e2e", "tests/e2e", *full),
        as_windows("as-windows"),
        version("oldest-python", "suites", "3.10"),
        version("newest-python", "suites", "3.13"),
        version("oldest-lab", "old-lab"),
    ]


def main() -> int:
    """Run the steps of one group; 0 when all passed and no more tests were skipped than allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("group", choices=("test", "full"))
    parser.add_argument("--only", nargs="*", help="names of steps to run")
    options = parser.parse_args()
    steps = steps_of_test() if options.group == "test" else steps_of_full()
    chosen = [step for step in steps if not options.only or step.name in options.only]
    shutil.rmtree(RESULTS, ignore_errors=True)
    RESULTS.mkdir()
    failed = [step.name for step in chosen if not _run(step)]
    skipped = _report(failed)
    if skipped > ALLOWED_SKIPS[options.group]:
        print(f"FAILED: {skipped} tests skipped, {ALLOWED_SKIPS[options.group]} are allowed.")
        return 1
    return 1 if failed else 0


def _run(step: Step) -> bool:
    print(f"\n── {step.name}", flush=True)
    path = os.pathsep.join([str(BIN), os.environ.get("PATH", "")])
    begun = time.monotonic()
    command = [shutil.which(step.command[0], path=path) or step.command[0], *step.command[1:]]
    environment = {**os.environ, "PATH": path}
    status = subprocess.run(
        command, cwd=step.folder, env=environment, stdin=subprocess.DEVNULL, check=False
    ).returncode
    nothing = status == 5 and step.name.startswith("full")
    passed = status == 0 or nothing
    word = "passed" if passed else f"FAILED with exit code {status}"
    print(f"── {step.name}: {word} ({time.monotonic() - begun:.0f} s)", flush=True)
    return passed


def _report(failed: list[str]) -> int:
    """Print the counts of all JUnit files and the reason of each skip; the number of skips."""
    count = 0
    reasons: list[str] = []
    for report in sorted(RESULTS.glob("*.xml")):
        for case in ElementTree.parse(report).iter("testcase"):
            count += 1
            skip = case.find("skipped")
            if skip is not None:
                reason = skip.get("message") or "no reason given"
                reasons.append(f"{case.get('classname')}::{case.get('name')}: {reason}")
    print(f"\n{count} tests, {len(reasons)} skipped.")
    for line in reasons:
        print(f"  skipped {line}")
    print(f"FAILED: {', '.join(failed)}" if failed else "All checks passed.")
    return len(reasons)


if __name__ == "__main__":
    sys.exit(main())
