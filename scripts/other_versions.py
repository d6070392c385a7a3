"""Run tests under other versions: another Python, or the oldest JupyterLab and Notebook.

``suites 3.13`` runs the unit, contract and server tests in an environment of that Python;
``old-lab`` runs browser tests against JupyterLab 4.4.0 and Notebook 7.4.0 with the oldest Python.
Environments are made by uv below ``.cache/versions`` and kept. An interpreter that the machine does
not have and that uv cannot get is a skipped test in the report.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".cache" / "versions"
UV = Path(sys.executable).with_name("uv")

OLDEST_PYTHON = "3.10"
OLDEST_LAB = ("jupyterlab==4.4.0", "notebook==7.4.0")
SUITES = ("tests/unit", "tests/contract", "tests/server")
BROWSER = ("tests/e2e/test_quickstart.py", "tests/e2e/test_hosts.py")


def main() -> int:
    """Run what was asked for; the status of pytest, 0 for a skip."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("what", choices=("suites", "old-lab"))
    parser.add_argument("version", nargs="?", default=OLDEST_PYTHON, help="such as 3.13")
    parser.add_argument("--report", type=Path, required=True, help="JUnit XML to write")
    options = parser.parse_args()
    interpreter = find(options.version)
    if interpreter is None:
        skip(options.report, f"there is no Python {options.version} on this machine")
        return 0
    try:
        if options.what == "suites":
            return suites(interpreter, options.version, options.report)
        return old_lab(interpreter, options.report)
    except subprocess.CalledProcessError as error:
        print(f"Failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return error.returncode or 1


def find(version: str) -> str | None:
    """Path of an interpreter of this version: pyenv's, one on ``PATH``, or one that uv gets."""
    for path in candidates(version):
        told = "import sys; print('%d.%d' % sys.version_info[:2])"
        done = _quiet([path, "-c", told])
        if done is not None and done == version:
            return path
    return _quiet([str(UV), "python", "find", "--managed-python", version])


def candidates(version: str) -> Iterator[str]:
    """Paths that may be an interpreter of this version."""
    home = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for folder in sorted((home / "versions").glob(f"{version}.*"), reverse=True):
        yield str(folder / "bin" / "python")
    path = shutil.which(f"python{version}")
    if path is not None:
        yield path


def suites(interpreter: str, version: str, report: Path) -> int:
    """The tests without a browser, under another Python."""
    python = environment(f"python-{version}", interpreter, "--editable", f"{ROOT}[test]")
    return pytest(python, report, *SUITES, "-n", "2", "--dist=loadfile")


def old_lab(interpreter: str, report: Path) -> int:
    """Browser tests against the oldest JupyterLab; the browser is driven from here."""
    renew = ("--reinstall-package", "ml_jupyter")
    python = environment("old-lab", interpreter, *renew, *OLDEST_LAB, f"{ROOT}[examples]")
    return pytest(Path(sys.executable), report, *BROWSER, ML_JUPYTER_TEST_LAB=str(python))


def environment(name: str, interpreter: str, *packages: str) -> Path:
    """Python of a virtual environment with these packages and nothing else."""
    folder = PLACE / name
    python = folder / "bin" / "python"
    if _quiet([str(python), "-c", "print(1)"]) is None:
        _run(
            [str(UV), "venv", "--quiet", "--clear", "--seed", "--python", interpreter, str(folder)]
        )
    _run([str(UV), "pip", "install", "--quiet", "--python", str(python), *packages])
    return python


def pytest(python: Path, report: Path, *arguments: str, **variables: str) -> int:
    """Run pytest with an interpreter; its status."""
    again = ("--reruns", "1", "--reruns-delay", "1")  # as run_tests.py
    command = [str(python), "-m", "pytest", "-q", f"--junitxml={report}", *again, *arguments]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**_environment(python.parent), **variables},
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode


def skip(report: Path, reason: str) -> None:
    """Write a report that holds one skipped test."""
    print(f"Skipped: {reason}.")
    report.write_text(
        '<testsuites><testsuite name="versions" tests="1" skipped="1">'
        '<testcase classname="scripts.other_versions" name="interpreter">'
        f"<skipped message={quoteattr(reason)}/></testcase></testsuite></testsuites>",
        "utf-8",
    )


def _quiet(command: Sequence[str]) -> str | None:
    """What a command prints; None when it fails or is not there."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _run(command: Sequence[str]) -> None:
    environment = {**os.environ, "SKIP_JUPYTER_BUILDER": "1"}  # the front ends are built by now
    subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=True)


def _environment(programs: Path) -> dict[str, str]:
    """Variables for an interpreter of another environment: the present ones, less ours."""
    kept = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return {**kept, "PATH": os.pathsep.join([str(programs), os.environ.get("PATH", "")])}


if __name__ == "__main__":
    sys.exit(main())
