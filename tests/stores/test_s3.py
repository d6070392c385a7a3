"""Data in S3: datastores, datasets and jobs, with the real client and a server in S3's place."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parent / "programs" / "s3.py"


@pytest.mark.full
def test_buckets_are_read_and_written(
    s3_python: Path, s3_variables: dict[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [str(s3_python), str(PROGRAM)],
        cwd=tmp_path,
        env=s3_variables,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    assert done.stdout.endswith("all of it\n")
