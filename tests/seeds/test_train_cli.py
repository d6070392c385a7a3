"""What "Train models (create jobs) with the 2.0 CLI" (Azure ML, 2021-05-25) shows and claims.

Source: https://learn.microsoft.com/azure/machine-learning/how-to-train-cli (as of that date). The
job files and programs are our own, in the spelling of that time; each test names the section it
holds us to. Every command is typed as there, with ``mlj`` before it. What needs LightGBM and MLflow
is in test_train_cli_lightgbm.py.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter import Dataset, Workspace
from ml_jupyter.testing.isolation import eventually
from tests.seeds.conftest import Shell
from tests.seeds.web import served
from tests.unit.cli.pseudo import Terminal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

JOBS = Path(__file__).parent / "jobs"
JOB = "jobs/train/iris/job.yml"
ADDRESS = "http://127.0.0.1/"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Address of a table, on this machine."""
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "iris.csv").write_text("a,b\n1,2\n3,4\n")
    with served(tmp_path / "web") as address:
        yield address


@pytest.fixture
def examples(project: Path, site: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a project with a job file, an environment file and sources, as in section
    "Introducing jobs"; images are set aside, as Docker is not needed to try the rest."""
    monkeypatch.setenv("ML_JUPYTER_ENVIRONMENT_MODE", "user")
    shutil.copytree(JOBS, project / "jobs")
    folder = project / "jobs" / "train" / "iris"
    text = (folder / "job.yml").read_text()
    (folder / "job.yml").write_text(text.replace(ADDRESS, f"{site}/"))
    return folder


@pytest.fixture
def clusters(mlj: Shell) -> None:
    """Section "Create compute"."""
    made = ["--type", "AmlCompute", "--min-instances", "0", "--max-instances", "40"]
    mlj("compute", "create", "-n", "cpu-cluster", *made)
    mlj("compute", "create", "-n", "gpu-cluster", *made, "--size", "Standard_NC12")


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that gets the page which ``--web`` shows in a browser, of a server that runs."""
    runtime, browser = tmp_path / "runtime", tmp_path / "browser"
    runtime.mkdir()
    facts = {"url": "http://127.0.0.1:8888/", "token": "t", "pid": os.getpid()}
    (runtime / f"jpserver-{os.getpid()}.json").write_text(json.dumps(facts))
    browser.write_text(f'#!/bin/sh\ncat "${{1#file://}}" > {tmp_path}/page\n')
    browser.chmod(0o755)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("BROWSER", str(browser))
    return tmp_path / "page"


def log_of(mlj: Shell, project: Path, name: str) -> str:
    mlj("job", "download", "-n", name, "--all", "-p", "all")
    return (project / "all" / name / "user_logs" / "std_log.txt").read_text()


def test_a_job_of_three_lines(mlj: Shell, clusters: None, project: Path, examples: Path) -> None:
    """Section "Introducing jobs": what to run, how, and where; names that were not given."""
    job = json.loads(mlj("job", "create", "-f", "jobs/hello-world.yml", "--stream"))
    assert (job["status"], job["experiment_name"]) == ("Completed", "project")
    assert "hello world" in log_of(mlj, project, job["name"])
    other = json.loads(mlj("job", "create", "-f", "jobs/hello-world.yml"))
    assert other["name"] != job["name"]
    mlj("job", "stream", "-n", other["name"])


def test_a_name_is_one_job_s(mlj: Shell, clusters: None, examples: Path) -> None:
    """Section "Basic Python training job", key ``name``."""
    mlj("job", "create", "--file", "jobs/hello-world.yml", "--name", "first", "--stream")
    with pytest.raises(AssertionError, match="first"):
        mlj("job", "create", "-f", "jobs/hello-world.yml", "-n", "first")
    assert [job["name"] for job in json.loads(mlj("job", "list"))] == ["first"]


def test_the_target_is_not_there_yet(mlj: Shell, examples: Path, pages: Path) -> None:
    """Section "Introducing jobs": refused with its target, run on this machine without; --web."""
    with pytest.raises(AssertionError, match="cpu-cluster"):
        mlj("az", "ml", "job", "create", "-f", JOB)
    local = ("--set", "compute.target=local", "--web", "--stream")
    with Terminal("az", "ml", "job", "create", "-f", JOB, *local) as screen:
        assert screen.ends() == 0, screen.text
    (job,) = json.loads(mlj("job", "list"))
    assert (job["status"], job["compute"]) == ("Completed", "local")
    page = eventually(lambda: pages.exists() and pages.read_text(), 20, "the page")
    assert job["name"] in page


def test_a_job_on_the_cluster_and_its_results(
    mlj: Shell, clusters: None, project: Path, examples: Path
) -> None:
    """Section "Basic Python training job": a folder, folded lines, data of the web, downloads."""
    run_id = mlj("job", "create", "-f", JOB, "--query", "name", "-o", "tsv").strip()
    mlj("job", "stream", "-n", run_id)
    job = json.loads(mlj("job", "show", "-n", run_id))
    assert (job["status"], job["experiment_name"]) == ("Completed", "iris-example")
    assert job["description"] == "Fit nothing to a table."
    assert "cpu-cluster" in job["compute"]
    mlj("job", "download", "-n", run_id, "--outputs")
    assert (project / run_id / "outputs/model/model.txt").read_text() == "0.5"
    assert (project / run_id / "logs/steps.txt").read_text() == "step 1"
    log = (project / run_id / "user_logs/std_log.txt").read_text()
    assert "rows 3 beside" in log
    assert "'part'" in log


def test_data_by_name_and_data_of_this_machine(
    mlj: Shell, ws: Workspace, project: Path, examples: Path, site: str
) -> None:
    """Section "Basic Python training job", key ``inputs``: the three kinds of ``data``."""
    Dataset.File.from_files(f"{site}/iris.csv").register(ws, "iris-url")
    local = ("--set", "compute.target=local", "--stream")
    for data in ("azureml:iris-url:1", "{local_path: iris.csv}"):
        for mode in ("mount", "download"):
            words = ("--set", f"inputs.iris.data={data}", "--set", f"inputs.iris.mode={mode}")
            job = json.loads(mlj("job", "create", "-f", JOB, *local, *words))
            rows = 3 if data.startswith("azureml") else 2
            assert f"rows {rows} beside" in log_of(mlj, project, job["name"]), (data, mode)


def test_the_commit_of_the_sources_is_kept(mlj: Shell, examples: Path) -> None:
    """Section "Introducing jobs": what a run on this machine keeps track of."""
    who = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "first")):
        subprocess.run(["git", *words], cwd=examples, check=True)
    head = ["git", "rev-parse", "HEAD"]
    commit = subprocess.run(head, cwd=examples, check=True, capture_output=True, text=True).stdout
    local = ("--set", "compute.target=local", "--stream")
    job = json.loads(mlj("job", "create", "-f", JOB, *local))
    assert job["properties"]["azureml.git.commit"] == commit.strip()


def test_environments_of_three_kinds(mlj: Shell, examples: Path) -> None:
    """Section "Basic Python training job", key ``environment``."""
    (examples / "Dockerfile").write_text("FROM docker.io/python\n")
    build = "environment={docker: {build: {dockerfile: 'file:Dockerfile'}}}"
    curated = "environment=azureml:AzureML-TensorFlow2.4-Cuda11-OpenMpi4.1.0-py36:1"
    for choice in (build, curated, "environment={docker: {image: docker.io/python}}"):
        found = json.loads(mlj("job", "validate", "-f", JOB, "--set", choice))
        assert found["valid"], choice
    with pytest.raises(AssertionError, match="environment"):
        mlj("job", "validate", "-f", JOB, "--set", "environment=AzureML-Minimal")


def test_a_sweep_of_three_trials(mlj: Shell, clusters: None, project: Path, examples: Path) -> None:
    """Section "Sweep hyperparameters"."""
    job = json.loads(mlj("job", "create", "-f", "jobs/train/iris/job-sweep.yml", "--stream"))
    assert (job["type"], job["status"], job["experiment_name"]) == ("sweep", "Completed", "project")
    trials = json.loads(mlj("job", "trials", "-n", job["name"]))
    assert len(trials) == 3
    rates = [float(trial["learning_rate"]) for trial in trials]
    assert all(0.01 <= rate <= 0.9 for rate in rates)
    assert len(set(rates)) == 3
    assert [trial["best_loss"] for trial in trials] == pytest.approx(
        sorted((rate - 0.3) ** 2 for rate in rates)
    )
    assert "rows 2 beside" in log_of(mlj, project, trials[0]["name"])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("pytorch\n  process_count: 2", ["'RANK': '0', 'WORLD_SIZE': '2'", "'RANK': '1'"]),
        ("tensorflow\n  worker_count: 2", ['"index": 0', '"index": 1']),
        ("mpi", ["'OMPI_COMM_WORLD_RANK': '1', 'OMPI_COMM_WORLD_SIZE': '2'"]),
        ("mpi\n  process_count_per_instance: 2", ["'OMPI_COMM_WORLD_RANK': '3'", "_SIZE': '4'"]),
    ],
    ids=["pytorch", "tensorflow", "mpi", "mpi with two on each"],
)
def test_distributed_jobs(
    mlj: Shell, clusters: None, project: Path, examples: Path, kind: str, expected: list[str]
) -> None:
    """Section "Distributed training": two nodes, and the data on each."""
    file = examples / "distributed.yml"
    text = file.read_text().replace("type: mpi", f"type: {kind}")
    if kind == "mpi":  # the article says both
        text = text.replace("distribution:", "distributed:")
    file.write_text(text)
    created = mlj("job", "create", "-f", "jobs/train/iris/distributed.yml", "--stream")
    log = log_of(mlj, project, json.loads(created)["name"])
    for part in (*expected, "sees ['one.txt']"):
        assert part in log
    assert log.count("sees") == (4 if "per_instance" in kind else 2)


def test_help_tells_the_options(mlj: Shell) -> None:
    """Section "Create compute": the options of a cluster."""
    told = mlj("az", "ml", "compute", "create", "-h")
    for option in ("--type", "--min-instances", "--max-instances", "--size"):
        assert option in told
