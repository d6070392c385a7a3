"""Jobs with a real queue: the packages of their Python are noted, and nobody waits for it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import _inventory
from ml_jupyter.history import events, packages
from ml_jupyter.history.packages import Package, PackageList
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs.finding_changes import since_last_good
from ml_jupyter.testing.isolation import eventually
from tests.jobs_lab import JobLab
from tests.unit.history.test_inventory import age, install


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path of jobs in which something is installed."""
    folder = tmp_path / "site"
    install(folder, "only-here", "1.0")
    age(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


@pytest.fixture
def python(tmp_path: Path, site: Path) -> str:
    """A Python of which only ``site`` may change; it writes down when it is asked."""
    program = tmp_path / "counting-python"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = -c ] && echo x >> {tmp_path}/asked\nexec {sys.executable} -S "$@"\n'
    )
    program.chmod(0o755)
    return str(program)


def noted(run: RunFolder) -> dict[str, Any]:
    eventually(lambda: packages.FACT in run.state().facts, 20.0, "the packages being noted")
    found: dict[str, Any] = run.state().facts[packages.FACT]
    return found


def versions(lab: JobLab, run: RunFolder) -> dict[str, str]:
    found = packages.read(lab.workspace.layout, noted(run)["digest"])
    assert found is not None
    return {item.name: item.version for item in found.packages}


def together(run: RunFolder) -> bool:
    """Whether it was noted with the placement, in one event."""
    entries, _ = events.read(run.layout.events)
    facts = [entry["set"] for _, entry in entries if entry["e"] == events.FACTS]
    return any({"placement", packages.FACT} <= set(one) for one in facts)


def test_a_job_tells_what_its_python_finds_installed(lab: JobLab, site: Path) -> None:
    run = lab.submit("print('hello')")
    assert lab.ends(run) == "Completed"
    found = versions(lab, run)
    assert found["only-here"] == "1.0"
    assert noted(run)["count"] == len(found)
    assert noted(run)["python"] == ".".join(map(str, sys.version_info[:3]))


def test_the_folder_by_which_jobs_find_us_is_nothing_installed(lab: JobLab, site: Path) -> None:
    text = "import sys\nprint(*[path for path in sys.path if 'python' in path], sep='\\n')"
    run = lab.submit(text)
    assert lab.ends(run) == "Completed"
    ours = lab.settings.cache / "python"
    assert str(ours) in lab.log(run).decode()
    (folder,) = {line for line in lab.log(run).decode().split() if line.startswith(str(ours))}
    ((name, _),) = _inventory.listing([folder])["packages"]  # MLflow finds our plugins by it
    assert name not in versions(lab, run)


def test_the_second_job_of_an_environment_shares_what_the_first_one_found(
    lab: JobLab, python: str
) -> None:
    first = lab.submit("print(1)", interpreter=python)
    lab.ends(first)
    noted(first)
    later = lab.submit("print(2)", interpreter=python)
    lab.ends(later)
    assert together(later)
    assert noted(later) == noted(first)
    assert len(list(lab.workspace.layout.packages.iterdir())) == 1


def test_jobs_that_start_at_once_ask_once(lab: JobLab, python: str, tmp_path: Path) -> None:
    runs = [lab.submit("print(1)", interpreter=python) for _ in range(8)]
    assert {lab.ends(run) for run in runs} == {"Completed"}
    assert len({noted(run)["digest"] for run in runs}) == 1
    assert (tmp_path / "asked").read_text() == "x\n"


def test_what_was_installed_between_two_jobs_is_seen(lab: JobLab, python: str, site: Path) -> None:
    first = lab.submit("print(1)", interpreter=python)
    lab.ends(first)
    noted(first)
    install(site, "newcomer", "2.0")
    second = lab.submit("print(2)", interpreter=python)
    lab.ends(second)
    assert "newcomer" not in versions(lab, first)
    assert versions(lab, second)["newcomer"] == "2.0"


def test_a_command_has_the_python_that_comes_first_on_its_path(lab: JobLab, site: Path) -> None:
    run = lab.shell("python -c 'import sys; print(sys.prefix)'")
    assert lab.ends(run) == "Completed"
    assert lab.log(run).decode().strip() == sys.prefix
    assert versions(lab, run)["only-here"] == "1.0"


def test_a_python_that_does_not_answer_leaves_the_job_alone(lab: JobLab, tmp_path: Path) -> None:
    program = tmp_path / "odd-python"
    program.write_text(f'#!/bin/sh\n[ "$1" = -c ] && exit 3\nexec {sys.executable} "$@"\n')
    program.chmod(0o755)
    run = lab.submit("print('fine')", interpreter=str(program))
    assert lab.ends(run) == "Completed"
    assert lab.log(run) == b"fine\n"
    lab.vanishes(run)
    assert packages.FACT not in run.state().facts


def test_a_list_that_cannot_be_kept_leaves_the_job_alone(
    lab: JobLab, python: str, tmp_path: Path
) -> None:
    noted(lab.submit("print(1)", interpreter=python))
    kept = lab.workspace.layout.packages
    kept.rename(tmp_path / "elsewhere")
    kept.write_text("in the way")
    run = lab.submit("print(2)", interpreter=python)
    assert lab.ends(run) == "Completed"
    assert "placement" in run.state().facts
    assert packages.FACT not in run.state().facts


def test_a_failed_run_tells_which_packages_have_changed(lab: JobLab) -> None:
    def ran(name: str, end: str, **versions: str) -> RunFolder:
        run = lab.workspace.create_run(lab.experiment, name, "azureml.scriptrun", "Running")
        listed = tuple(Package(key, value) for key, value in versions.items())
        found = PackageList("3.11.9", "cpython", listed)
        packages.store(lab.workspace.layout, found.fact()["digest"], found.content())
        run.note(packages=found.fact())
        run.set_status(end)
        return run

    ran("job_1700000001_aaaa", "Completed", numpy="1.26.4", torch="2.6", left="1")
    failed = ran("job_1700000002_bbbb", "Failed", numpy="2.1.0", torch="2.6", came="3")
    changes = since_last_good(lab.workspace.layout, failed)
    assert changes is not None
    assert changes["environment"] == [
        {"name": "installed came", "before": None, "after": "3"},
        {"name": "installed left", "before": "1", "after": None},
        {"name": "installed numpy", "before": "1.26.4", "after": "2.1.0"},
    ]
    assert "installed numpy 1.26.4 → 2.1.0" in changes["sentence"]


def test_who_asks_is_no_process_of_the_job(lab: JobLab, tmp_path: Path) -> None:
    """A slow answer neither keeps the job from ending nor is ended with it."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    program = tmp_path / "slow-python"
    program.write_text(
        f'#!/bin/sh\n[ "$1" = -c ] && read line < {gate}\nexec {sys.executable} "$@"\n'
    )
    program.chmod(0o755)
    run = lab.submit("print('fine')", interpreter=str(program))
    assert lab.ends(run) == "Completed"
    assert packages.FACT not in run.state().facts
    gate.write_text("go on\n")
    assert noted(run)["count"] > 0
    assert run.state().status == "Completed"
