"""MLflow's interface, checked with the same tests on our stores and on MLflow's SQLite store."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.full

CONTRACT = Path(__file__).parent / "contract"


@pytest.mark.parametrize("part", ["tracking", "registry"])
@pytest.mark.parametrize("python", ["mlflow_python", "old_mlflow_python"])
def test_contract(request, variables, tmp_path, part, python):
    file = CONTRACT / f"contract_{part}.py"
    command = [
        str(request.getfixturevalue(python)),
        "-m",
        "pytest",
        "-q",
        "-c",
        "/dev/null",
        str(file),
    ]
    command += [
        "--rootdir",
        str(CONTRACT),
        "--confcutdir",
        str(CONTRACT),
        "-p",
        "no:cacheprovider",
        "--timeout",
        "120",
    ]
    done = subprocess.run(
        command, env=variables, cwd=tmp_path, capture_output=True, text=True, timeout=500,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
