"""``mlj run packages`` and what other commands tell of them."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from ml_jupyter import Experiment, Run
from ml_jupyter.cli.main import main
from ml_jupyter.testing.isolation import eventually
from tests.unit.cli.conftest import Mlj
from tests.unit.cli.test_run_export import unpacked


@pytest.fixture
def run(experiment: Experiment) -> Run:
    made = experiment.start_logging(outputs=False, snapshot_directory=None)
    made.complete()
    eventually(lambda: "packages" in made.get_details(), 20.0, "the packages being noted")
    return made


def test_they_are_listed_and_counted(run: Run, mlj: Mlj) -> None:
    rows = mlj("run", "packages", "-r", run.id)
    (own,) = (row for row in rows if row["name"] == "pytest")
    assert own == {
        "name": "pytest",
        "version": metadata.version("pytest"),
        "origin": None,
        "editable": False,
    }
    assert mlj("run", "show", "-r", run.id)["packages"]["count"] == len(rows)
    assert mlj("job", "show", "-n", run.id)["packages"]["count"] == len(rows)


def test_they_become_a_requirements_file(run: Run, mlj: Mlj, tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    told = mlj("run", "packages", "-r", run.id, "-f", str(file))
    lines = file.read_text().splitlines()
    assert told == {"file": str(file), "count": len(lines)}
    assert f"pytest=={metadata.version('pytest')}" in lines


def test_they_are_part_of_an_exported_page(run: Run, mlj: Mlj, tmp_path: Path) -> None:
    file = tmp_path / "run.html"
    mlj("run", "export", "-r", run.id, "-f", str(file))
    assert f'"requirement":"pytest=={metadata.version("pytest")}"' in unpacked(
        file.read_text("utf-8")
    ).replace(": ", ":")


def test_a_run_without_a_record_says_so(
    experiment: Experiment, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = experiment.workspace._folder
    folder.create_run(experiment._record, "old", "azureml.scriptrun", "Queued")
    assert main(["run", "packages", "-r", "old", "-w", "lab"]) != 0
    assert "The packages of run old were not recorded." in capsys.readouterr().err
