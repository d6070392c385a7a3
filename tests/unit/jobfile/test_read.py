"""Job files of three dialects become the same job; what is wrong is told with its place."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from ml_jupyter.exceptions import JobFileInvalid, UserErrorException
from ml_jupyter.jobfile.environment_file import load_environment
from ml_jupyter.jobfile.model import CommandJob, JobFile, SweepJob
from ml_jupyter.jobfile.read import load

IRIS_2021 = """
    $schema: https://example.invalid/latest/commandJob.schema.json
    code:
      local_path: src
    command: >
      python main.py
      --iris-csv {inputs.iris}
      --learning-rate 0.9
    inputs:
      iris:
        data:
          path: https://example.invalid/iris.csv
        mode: mount
    environment:
      conda_file: file:environment.yml
      docker:
        image: example.invalid/base:latest
    compute:
      target: azureml:cpu-cluster
    experiment_name: lightgbm-iris
    timeout_minutes: 30
    tags: {lr: 0.10, fast: true}
"""
IRIS_TODAY = """
    $schema: https://example.invalid/latest/commandJob.schema.json
    code: src
    command: >-
      python main.py
      --iris-csv ${{inputs.iris}}
      --learning-rate 0.9
    inputs:
      iris:
        type: uri_file
        path: https://example.invalid/iris.csv
        mode: mount
    environment:
      conda_file: environment.yml
      image: example.invalid/base:latest
    compute: azureml:cpu-cluster
    experiment_name: lightgbm-iris
    limits: {timeout: 1800}
    tags: {lr: 0.10, fast: true}
"""
SWEEP_2021 = """
    type: sweep_job
    algorithm: random
    trial:
      code: {local_path: src}
      command: python main.py --lr {search_space.lr} --boosting {search_space.boosting}
      environment: azureml:lightgbm-iris:3
      compute: {target: local}
    search_space:
      lr: {type: uniform, min_value: 1e-2, max_value: 0.9}
      boosting: {type: choice, values: [gbdt, dart]}
    objective: {primary_metric: test-multi_logloss, goal: minimize}
    max_total_trials: 20
    max_concurrent_trials: 10
    timeout_minutes: 120
    early_termination: {type: bandit, slack_factor: 0.1, delay_evaluation: 2}
"""
SWEEP_TODAY = """
    type: sweep
    sampling_algorithm: random
    trial:
      code: src
      command: python main.py --lr ${{search_space.lr}} --boosting ${{search_space.boosting}}
      environment: azureml:lightgbm-iris:3
    compute: local
    search_space:
      lr: {type: uniform, min_value: 0.01, max_value: 0.9}
      boosting: {type: choice, values: [gbdt, dart]}
    objective: {primary_metric: test-multi_logloss, goal: Minimize}
    limits: {max_total_trials: 20, max_concurrent_trials: 10, timeout: 7200}
    early_termination: {type: bandit, slack_factor: 0.1, delay_evaluation: 2}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the sources that the files name."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src/main.py").write_text("print('hello')\n")
    (tmp_path / "table.csv").write_text("a,b\n1,2\n")
    conda = "channels: [conda-forge]\ndependencies:\n- python=3.10\n- pip: [lightgbm]\n"
    (tmp_path / "environment.yml").write_text(conda)
    return tmp_path


def read(project: Path, text: str, *settings: str, name: str = "job.yml") -> JobFile:
    """The file read from the project's folder."""
    path = project / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(textwrap.dedent(text), "utf-8")
    return load(path, settings)


def findings(project: Path, text: str, *settings: str, name: str = "job.yml") -> list[str]:
    """What is wrong with the file, as lines without its folder."""
    with pytest.raises(JobFileInvalid) as caught:
        read(project, text, *settings, name=name)
    folder = f"{project}/"
    return [str(item).replace(folder, "") for item in caught.value.findings]


def test_what_else_is_wrong_is_told_beside_an_unknown_type(project: Path) -> None:
    said = "\n".join(findings(project, "type: comand\ncomand: python main.py\ncode: nowhere\n"))
    assert "did you mean command?" in said
    assert "comand: no such key" in said
    assert "nowhere" in said
    swept = "\n".join(findings(project, "type: swep\ntrial: {}\n"))
    assert "did you mean sweep?" in swept
    assert "there is no search_space" in swept


@pytest.mark.parametrize(
    ("written", "version"),
    [("{name: trees}", None), ("{name: trees, version: 3}", "3"), ("azureml:trees:3", "3")],
)
def test_an_environment_that_is_only_named_is_looked_up(
    project: Path, written: str, version: str | None
) -> None:
    job = read(project, f"command: python main.py\ncode: src\nenvironment: {written}\n").job
    assert isinstance(job, CommandJob)
    assert job.environment is not None
    found = job.environment
    assert (found.name, found.version, found.is_reference) == ("trees", version, True)


def test_a_file_of_an_environment_says_what_it_is_made_of(project: Path) -> None:
    (project / "named.yml").write_text("name: trees\n")
    with pytest.raises(UserErrorException, match="only what the environment is called"):
        load_environment(project / "named.yml")


def test_both_dialects_say_the_same_command_job(project):
    old, new = read(project, IRIS_2021), read(project, IRIS_TODAY)
    assert (old.dialect, new.dialect) == ("preview", "v2")
    assert isinstance(old.job, CommandJob)
    assert isinstance(new.job, CommandJob)
    for name in ("compute", "environment", "experiment_name", "timeout_s", "tags", "code"):
        assert getattr(old.job, name) == getattr(new.job, name)
    assert old.job.compute.target == "cpu-cluster"
    assert old.job.timeout_s == 1800
    assert old.job.tags == {"lr": "0.10", "fast": "true"}
    assert old.job.inputs["iris"].path == new.job.inputs["iris"].path
    assert old.warnings == ()
    assert new.warnings == ()


def test_both_dialects_say_the_same_sweep(project):
    old, new = read(project, SWEEP_2021), read(project, SWEEP_TODAY)
    assert (old.dialect, new.dialect) == ("preview", "v2")
    assert isinstance(old.job, SweepJob)
    assert isinstance(new.job, SweepJob)
    for name in ("search_space", "algorithm", "goal", "max_total_trials", "timeout_s"):
        assert getattr(old.job, name) == getattr(new.job, name)
    assert old.job.early_termination == new.job.early_termination
    assert old.job.search_space["lr"].numbers == {"min_value": 0.01, "max_value": 0.9}
    assert old.job.trial.compute == new.job.trial.compute


def test_an_old_spelling_in_a_file_of_today_is_a_warning(project):
    made = read(project, "command: ls\ncode: {local_path: src}\ncompute: local\n")
    assert made.dialect == "v2"
    assert [item.key for item in made.warnings] == ["code"]


def test_a_run_configuration_of_the_sdk_v1(project):
    text = """
        script: src/main.py
        arguments: [--lr, 0.5]
        target: cpu-cluster
        framework: PyTorch
        communicator: Gloo
        nodeCount: 2
        pytorch: {communicationBackend: Gloo, processCount: 4}
        environment:
          python: {userManagedDependencies: false, condaDependenciesFile: environment.yml}
          environmentVariables: {A: 1}
        somethingNew: 1
    """
    made = read(project, text, name=".azureml/local.runconfig")
    assert made.dialect == "runconfig"
    assert isinstance(made.job, CommandJob)
    assert (made.job.script, made.job.arguments) == ("src/main.py", ("--lr", "0.5"))
    assert made.job.distribution is not None
    assert made.job.distribution.process_count_per_instance == 2
    assert made.job.environment is not None
    assert made.job.environment.conda is not None
    assert made.job.environment_variables == {"A": "1"}
    assert len(made.warnings) == 1


def test_a_misspelt_key_is_told_with_the_nearest_one(project):
    assert findings(project, "comand: python main.py\n") == [
        "job.yml:1:1: error: neither command nor trial is there (what is to be run?)"
    ]
    lines = findings(project, "type: command\ncomand: python main.py\n")
    assert "job.yml:2:1: error: comand: no such key (did you mean command?)" in lines


def test_all_findings_come_at_once_in_file_order(project):
    text = """
        command: python main.py {inputs.csv} {print $1}
        inputs:
          iris:
            path: nowhere.csv
            mode: teleport
        distribution: {type: mpi, process_count: 2}
        compute: <my cluster>
        environment: sklearn
    """
    lines = findings(project, text)
    assert [line.split(": ")[0] for line in lines] == [
        "job.yml:2:10",
        "job.yml:5:11",
        "job.yml:6:11",
        "job.yml:7:27",
        "job.yml:8:10",
        "job.yml:9:14",
        "job.yml:5:5",
    ]
    assert "there is no inputs.csv (known: iris)" in lines[0]
    assert "one of mount, download" in lines[2]
    assert lines[-1].split(": ")[1] == "warning"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("command: a\ncommand: b\n", "2:1: error: command: the key is there twice"),
        ("command: !!python/object:os.system ls\n", "the tag !!python/object:os.system"),
        ("command: [python, main.py]\n", "1:10: error: command: the command is a list"),
        ("command: ' '\n", "the command is empty"),
        ("type: pipelineJob\n", "jobs of type pipelineJob are not supported"),
        ("command: ls\ncode: src\nid: 3\n", "id: set by the system"),
        ("command: ls\nname: ' x'\n", "cannot be the name of a job"),
        ("command: ls\ncompute: {instance_count: 1.5}\n", "'1.5' is not a whole number"),
        ("command: ls\ntags: {a: {b: 1}}\n", "tags.a: a map is not a text"),
        ("command: ls\nenvironment: {image: a, build: {path: src}}\n", "image and build together"),
        ("command: ls\ndistributed: {type: mpi}\ndistribution: {type: mpi}\n", "give only one"),
        ("- a\n- b\n", "the file does not hold a map"),
        ("", "the file is empty"),
        ("command: 'ls\n", "not readable as YAML"),
        ("a: &a [*a]\ncommand: ls\n", "an anchor that contains itself"),
    ],
)
def test_what_is_refused(project, text, said):
    assert said in "\n".join(findings(project, text))


def test_a_bomb_of_anchors_is_refused_at_once(project):
    levels = [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    text = "\n".join(["a0: &a0 [x, x]", *levels, "command: ls"])
    assert "anchors make the file too large" in "\n".join(findings(project, text))


@pytest.mark.parametrize(
    ("space", "said"),
    [
        ("{type: choice, values: []}", "values is empty"),
        ("{type: uniform, min_value: 2, max_value: 1}", "min_value is not below max_value"),
        ("{type: normal, mu: 0, sigma: 0}", "sigma is 0 (above 0)"),
        ("{type: quniform, min_value: 0, max_value: 1}", "quniform has no q"),
        ("{type: choise, values: [1]}", "did you mean choice?"),
        ("[1, 2]", "a parameter is a map"),
    ],
)
def test_search_spaces_that_are_refused(project, space, said):
    text = SWEEP_TODAY.replace("{type: choice, values: [gbdt, dart]}", space)
    assert said in "\n".join(findings(project, text))


def test_grid_searches_choices_only(project):
    lines = findings(project, SWEEP_TODAY.replace("random", "grid"))
    assert any("search_space.lr: grid cannot search uniform" in line for line in lines)


def test_settings_change_the_file_before_it_is_checked(project):
    made = read(
        project,
        IRIS_2021,
        "compute.target=local",
        "inputs.iris.data.local_path=table.csv",
        "inputs.iris.data.path=null",
        "tags.new=3",
    )
    assert isinstance(made.job, CommandJob)
    assert made.job.compute.target == "local"
    assert made.job.inputs["iris"].local_path == project / "table.csv"
    assert made.job.tags["new"] == "3"


def test_either_spelling_of_compute_works_on_either_dialect(project):
    old = read(project, IRIS_2021, "compute=local")
    new = read(project, IRIS_TODAY, "compute.target=local")
    assert old.job.compute.target == new.job.compute.target == "local"  # type: ignore[union-attr]


def test_a_setting_of_a_job_fits_the_trial_of_its_sweep(project):
    settings = ("compute.target=local", "inputs.iris.data.path=https://example.invalid/other.csv")
    made = read(project, SWEEP_2021, *settings).job
    assert isinstance(made, SweepJob)
    assert made.trial.compute.target == "local"
    assert made.trial.inputs["iris"].path == "https://example.invalid/other.csv"
    today = read(project, SWEEP_TODAY, "compute=local", "limits.max_total_trials=3").job
    assert isinstance(today, SweepJob)
    assert (today.trial.compute.target, today.max_total_trials) == ("local", 3)


def test_how_a_random_search_draws(project):
    how = "{type: random, rule: Sobol, seed: 3, logbase: 10}"
    made = read(project, SWEEP_TODAY, f"sampling_algorithm={how}").job
    assert isinstance(made, SweepJob)
    assert (made.algorithm, made.rule, made.seed, made.logbase) == ("random", "sobol", 3, 10)
    told = read(project, SWEEP_TODAY, "sampling_algorithm={type: bayesian, rule: sobol}").warnings
    assert "bayesian search has no rule" in str(told[0])
    for wrong in ("rule: halton", "logbase: 1", "logbase: f"):
        assert findings(project, SWEEP_TODAY, f"sampling_algorithm={{type: random, {wrong}}}")


def test_a_trial_has_its_own_resources_on_the_compute_of_the_sweep(project):
    text = SWEEP_TODAY.replace("    trial:\n", "    trial:\n      resources: {instance_count: 2}\n")
    made = read(project, text).job
    assert isinstance(made, SweepJob)
    assert (made.trial.compute.target, made.trial.compute.instance_count) == ("local", 2)


def test_a_finding_on_a_setting_names_the_option(project):
    lines = findings(project, IRIS_TODAY, "resources.instance_count=none")
    assert lines == [("--set: error: resources.instance_count: 'none' is not a whole number "
                     "(a whole number, at least 1)")]  # fmt: skip


def test_a_setting_that_is_none(project):
    assert "is not KEY=VALUE" in "\n".join(findings(project, IRIS_TODAY, "local"))
