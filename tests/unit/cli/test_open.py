"""``mlj open``: the page of a run in the server that runs; the token stays out of sight."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Experiment, Workspace
from ml_jupyter.cli import web
from ml_jupyter.cli.main import main
from ml_jupyter.config import Settings

Mlj = Callable[..., Any]


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a running Jupyter server leaves in Jupyter's runtime folder; the folder."""
    folder = tmp_path / "runtime"
    folder.mkdir()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(folder))
    facts = {"url": "http://127.0.0.1:8888/hub/", "token": "s3cret&", "pid": os.getpid()}
    (folder / f"jpserver-{os.getpid()}.json").write_text(json.dumps(facts), "utf-8")
    return folder


@pytest.fixture
def run_id(experiment: Experiment) -> str:
    with experiment.start_logging(outputs=False, snapshot_directory=None) as run:
        pass
    return str(run.id)


def test_the_browser_gets_the_token_from_a_private_file(
    mlj: Mlj, settings: Settings, server: Path, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, seen = server / "browser", server / "seen"
    browser.write_text(f'#!/bin/sh\necho "$@" > {seen}\n', "utf-8")
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    made = mlj("open", run_id)
    assert made["browser"] is True
    assert made["started"] is False
    assert made["url"].startswith(f"http://127.0.0.1:8888/hub/lab?run={run_id}&")
    assert "s3cret" not in made["url"]
    told = seen.read_text("utf-8")
    assert "s3cret" not in told  # other users may read the arguments of a process
    door = Path(told.strip().removeprefix("file://"))
    assert stat.S_IMODE(door.stat().st_mode) == 0o600
    assert f"run={run_id}&amp;" in door.read_text("utf-8")
    assert "token=s3cret%26" in door.read_text("utf-8")


def test_without_a_browser_the_address_is_printed(
    mlj: Mlj, server: Path, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for words in (("open",), ("open", "-r", run_id), ("job", "open", "-n", run_id)):
        made = mlj(*words)
        assert made["browser"] is False
        assert f"run={run_id}" in made["url"]


def test_no_server_and_none_may_be_started(
    workspace: Workspace, server: Path, run_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    next(server.glob("jpserver-*")).unlink()
    assert main(["open", run_id, "--no-start", "-w", "lab"]) == 1
    assert "No JupyterLab is running" in capsys.readouterr().err
    assert main(["open", "nothing", "-w", "lab"]) == 3


@pytest.mark.full
def test_a_jupyterlab_is_started_when_none_runs(
    mlj: Mlj, server: Path, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import signal
    import urllib.request

    next(server.glob("jpserver-*")).unlink()
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(server))  # tests may be run by root
    allowed = {"ServerApp": {"allow_root": True}}
    (server / "jupyter_server_config.json").write_text(json.dumps(allowed), "utf-8")
    made = mlj("open", run_id)
    found = [json.loads(path.read_bytes()) for path in server.glob("jpserver-*.json")]
    try:
        assert made["started"] is True
        assert made["url"].startswith(found[0]["url"])
        urllib.request.urlopen(f"{found[0]['url']}api", timeout=10).close()
        again = mlj("open", run_id)
        assert (again["started"], again["url"]) == (False, made["url"])
    finally:
        for facts in found:
            os.kill(facts["pid"], signal.SIGKILL)
        for process in web._started:
            process.wait(10)
