"""``mlj run export``: runs as one HTML file."""

from __future__ import annotations

import base64
import gzip
import re
from pathlib import Path

import pytest

from ml_jupyter import Experiment, Run
from ml_jupyter.cli.main import main
from tests.unit.cli.conftest import Mlj


@pytest.fixture
def runs(experiment: Experiment) -> list[Run]:
    found = []
    for rate in (0.125, 0.25):
        run = experiment.start_logging(outputs=False, snapshot_directory=None)
        run.log("rate", rate)
        run.complete()
        found.append(run)
    return found


def unpacked(page: str) -> str:
    """All that the page holds packed."""
    packed = re.findall(r"<script type=[^>]*>([A-Za-z0-9+/=\s]+)</script>", page)
    return "".join(gzip.decompress(base64.b64decode(item)).decode() for item in packed)


def test_runs_become_one_file(runs: list[Run], mlj: Mlj, tmp_path: Path) -> None:
    file = tmp_path / "runs.html"
    first, second = [run.id for run in runs]
    told = mlj("run", "export", "-r", first, "-r", second, "-r", first, "-f", str(file))
    assert told == {"file": str(file), "size": file.stat().st_size}
    content = unpacked(file.read_text("utf-8"))
    assert (first in content, second in content) == (True, True)


def test_a_run_that_is_not_there_is_named(
    runs: list[Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "runs.html"
    words = ["run", "export", "-r", runs[0].id, "-r", "no-such", "-f", str(file), "-w", "lab"]
    assert main(words) == 3
    assert "no-such" in capsys.readouterr().err
    assert not file.exists()
