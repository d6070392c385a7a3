"""schemathesis over the OpenAPI document, against a real server in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from ml_jupyter.history import records

pytestmark = pytest.mark.slow
TOKEN = "fuzz"
DEADLINE_S = 60.0
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server(settings, workspace, tmp_path):
    """Base URL of a Jupyter server with one run in its default workspace."""
    experiment = workspace.create_experiment("explore")
    run = workspace.create_run(experiment, "run-1", records.SCRIPT, "Queued", tags={"k": "v"})
    run.metric_log.log_many("loss", [1.0, 0.5])
    (run.layout.files / "outputs").mkdir(parents=True)
    (run.layout.files / "outputs" / "a.txt").write_text("text")
    root = tmp_path / "root"
    root.mkdir()
    info = tmp_path / "runtime"
    words = [
        *(sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser", "--port=0"),
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={root}",
        "--ServerApp.base_url=/some/base/",
        "--ServerApp.jpserver_extensions={'ml_jupyter': True}",
    ]
    env = {**os.environ, "JUPYTER_RUNTIME_DIR": str(info), "JUPYTER_PLATFORM_DIRS": "1"}
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(words, env=env, stdout=log, stderr=log)
    try:
        yield wait_for_address(info, process)
    finally:
        process.terminate()
        process.wait(DEADLINE_S)


def wait_for_address(info: Path, process: subprocess.Popen) -> str:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline and process.poll() is None:
        for path in info.glob("jpserver-*.json"):
            try:
                url = str(json.loads(path.read_text())["url"])
                request = urllib.request.Request(
                    f"{url}ml-jupyter/workspaces", headers={"Authorization": f"token {TOKEN}"}
                )
                with urllib.request.urlopen(request, timeout=5):
                    return url
            except (OSError, ValueError):
                continue
        time.sleep(0.1)
    raise AssertionError(f"the server did not start: {process.poll()}")


def test_every_operation_keeps_to_its_document(server, workspace, tmp_path):
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        "[parameters]\n"
        f'"path.workspace_id" = "{workspace.id}"\n'
        '"path.run_id" = "run-1"\n'
        '"path.path" = "outputs/a.txt"\n',
        encoding="utf-8",
    )
    words = [
        *(str(Path(sys.executable).parent / "schemathesis"), f"--config-file={config}", "run"),
        f"{server}ml-jupyter/openapi.json",
        *("--header", f"Authorization: token {TOKEN}"),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "15"),
        *("--checks", "not_a_server_error,status_code_conformance,response_schema_conformance"),
        *("--exclude-path-regex", r"/socket$|tensorboards"),
        *("--request-timeout", "20", "--workers", "1", "--no-color", "--seed", "1"),
        "--generation-database=none",
    ]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.server.openapi_hooks", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=280,
        env={**os.environ, **hooks},
    )
    assert done.returncode == 0, _shortened(done.stdout) + done.stderr[-2000:]


def _shortened(report: str) -> str:
    # A made-up address can be longer than all the rest of a report.
    return "\n".join(line[:500] for line in report.splitlines())[-8000:]
