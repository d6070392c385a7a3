"""A third party's target keeps the contract, and is used through the SDK like any other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ml_jupyter import (
    ComputeTarget,
    Environment,
    Experiment,
    MpiConfiguration,
    ScriptRunConfig,
    Workspace,
)
from ml_jupyter.compute import registry
from ml_jupyter.compute.record import TargetConfiguration
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import TargetUnavailable, UserErrorException
from ml_jupyter.jobs.submit import rerun
from ml_jupyter.testing.compute import ComputeTargetContract
from ml_jupyter.testing.isolation import isolated_settings as isolated_settings
from tests.plugins.installing import install, on_path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    install(folder)
    return folder


@pytest.fixture(autouse=True)
def plugin(installed: Path) -> Iterator[None]:
    with on_path(installed):
        yield


class TestPlainTarget(ComputeTargetContract):
    """Its jobs are started by the operating system alone."""

    kind = "plain"
    configuration = {"nice": 1}


def test_plugin_is_used_by_its_kind(
    isolated_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text("import os\nprint('nice', os.nice(0))\n")
    workspace = Workspace.create("lab")
    configuration = TargetConfiguration("plain", {"nice": 3}, {"of": "somebody else"})
    target = ComputeTarget.create(workspace, "side", configuration)
    assert (target.type, target.tags) == ("plain", {"of": "somebody else"})
    assert target.get_status().state == "Running"
    config = ScriptRunConfig(".", "train.py", compute_target=workspace.compute_targets["side"])
    run = Experiment(workspace, "digits").submit(config)
    run.wait_for_completion()
    assert run.get_details()["target"] == "side"
    text = Path(run.get_details()["logFiles"]["user_logs/std_log.txt"]).read_text()
    assert int(text.split()[-1]) >= 3
    with pytest.raises(UserErrorException, match="started by the compute target 'side'"):
        rerun(workspace._folder, isolated_settings, run._folder)


def test_agent_makes_the_environment_and_starts_every_rank(
    isolated_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text("import os, sys\nprint(os.environ['RANK'], sys.prefix)\n")
    workspace = Workspace.create("lab")
    target = ComputeTarget.create(workspace, "side", TargetConfiguration("plain"))
    config = ScriptRunConfig(
        ".",
        "train.py",
        compute_target=target,
        environment=Environment("nothing-in-it"),
        distributed_job_config=MpiConfiguration(node_count=2),
    )
    run = Experiment(workspace, "digits").submit(config)
    run.wait_for_completion()
    logs = run.get_details_with_logs()["logFiles"]
    assert "'nothing-in-it' is ready" in logs["system_logs/build_log.txt"]
    for rank in ("0", "1"):
        words = logs[f"user_logs/std_log_process_{rank}.txt"].split()
        assert words[0] == rank
        assert Path(words[1]).is_relative_to(isolated_settings.cache)


def test_plugin_checks_its_own_settings(isolated_settings: Settings) -> None:
    workspace = Workspace.create("lab")
    with pytest.raises(UserErrorException, match="nice must be"):
        ComputeTarget.create(workspace, "side", TargetConfiguration("plain", {"nice": 99}))
    assert workspace.compute_targets == {}
    with pytest.warns(UserWarning, match="'side': Jobs run only when nothing else does"):
        ComputeTarget.create(workspace, "side", TargetConfiguration("plain", {"nice": 19}))


def test_broken_plugin_hides_no_other_and_says_what_is_wrong() -> None:
    assert {"broken", "plain", "local"} <= set(registry.kinds())
    with pytest.raises(TargetUnavailable, match=r"'broken' cannot be used: ModuleNotFoundError"):
        registry.class_of("broken")
    assert registry.class_of("plain").__name__ == "PlainTarget"  # type: ignore[attr-defined]
