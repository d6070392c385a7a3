"""MLflow's interface, checked with the same tests on our stores and on MLflow's SQLite store."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.full

CONTRACT = Path(__file__).parent / "contract"


@pytest.mark.parametrize("part", ["tracking", "registry"])
def test_contract(mlflow_python, variables, tmp_path, part):
    file = CONTRACT / f"contract_{part}.py"
    command = [str(mlflow_python), "-m", "pytest", "-q", "-c", "/dev/null", str(file)]
    command += ["--rootdir", str(CONTRACT), "-p", "no:cacheprovider", "--timeout", "120"]
    done = subprocess.run(
        command, env=variables, cwd=tmp_path, capture_output=True, text=True, timeout=500,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
