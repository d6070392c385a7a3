"""``mlj doctor`` finds each fault that is made here, and says how to mend it."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import Workspace
from ml_jupyter.cli.doctor import machine, storage
from ml_jupyter.cli.main import main
from ml_jupyter.config import Settings
from ml_jupyter.containers import endpoint
from ml_jupyter.devices import recording
from ml_jupyter.testing.isolation import eventually

Doctor = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of Jupyter that only this test has, looked into before the others."""
    for name in ("config", "path", "runtime"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "path"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/absent.sock")
    return tmp_path


@pytest.fixture
def doctor(workspace: Workspace, jupyter: Path, capsys: pytest.CaptureFixture[str]) -> Doctor:
    def call() -> list[dict[str, Any]]:
        capsys.readouterr()
        status = main(["doctor", "-o", "json"])
        found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        assert status == int(any(item["state"] == "problem" for item in found))
        return found

    return call


def one(found: list[dict[str, Any]], check: str, state: str, words: str) -> dict[str, Any]:
    """The finding that holds some words; it has to say how to mend it."""
    hits = [item for item in found if (item["check"], item["state"]) == (check, state)]
    hit = next((item for item in hits if words in item["message"]), None)
    assert hit is not None, found
    assert hit["mend"]
    return hit


def test_a_sound_installation_has_no_problem(
    doctor: Doctor, capsys: pytest.CaptureFixture[str]
) -> None:
    found = doctor()
    assert [item for item in found if item["state"] == "problem"] == []
    checks = {item["check"] for item in found}
    assert checks >= {"python", "extension", "server extension", "kernel", "docker", "disk",
                      "folders", "workspace", "dispatcher", "processes"}  # fmt: skip
    assert main(["doctor"]) == 0
    told = capsys.readouterr().out
    assert "ok       JupyterLab has the extension" in told
    assert max(map(len, told.splitlines())) <= 100
    main(["doctor", "--quiet"])
    assert "JupyterLab has" not in capsys.readouterr().out


def test_a_disabled_extension(doctor: Doctor, jupyter: Path) -> None:
    folder = jupyter / "config" / "labconfig"
    folder.mkdir()
    (folder / "page_config.json").write_text('{"disabledExtensions": {"ml-jupyter": true}}')
    hit = one(doctor(), "extension", "problem", "is disabled: ml-jupyter")
    assert "jupyter labextension enable ml-jupyter" in hit["mend"]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {"version": "0.0.1", "jupyterlab": {"_build": {"load": "entry.js"}}},
            "extension is 0.0.1",
        ),
        ({"version": "0.1.0", "jupyterlab": {"_build": {"load": "gone.js"}}}, "was never built"),
        ({"version": "0.1.0"}, "is broken"),
    ],
)
def test_an_old_or_broken_bundle(
    doctor: Doctor, jupyter: Path, facts: dict[str, Any], words: str
) -> None:
    folder = jupyter / "path" / "labextensions" / "ml-jupyter"
    folder.mkdir(parents=True)
    (folder / "entry.js").touch()
    (folder / "package.json").write_text(json.dumps(facts))
    found = doctor()
    one(found, "extension", "problem", words)
    one(found, "extension", "warning", "A second copy")


def test_a_disabled_server_extension(
    doctor: Doctor, jupyter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")  # the user's word counts most
    text = '{"ServerApp": {"jpserver_extensions": {"ml_jupyter": false}}}'
    folder = jupyter / "config" / "jupyter_server_config.d"
    folder.mkdir()
    (folder / "z.json").write_text(text)
    hit = one(doctor(), "server extension", "problem", "is disabled")
    assert "jupyter server extension enable" in hit["mend"]


@contextmanager
def answering(runtime: Path, status: int, body: bytes) -> Iterator[None]:
    """A server that gives one answer to everything, known to Jupyter as a running one."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        port = server.server_address[1]
        facts = {"url": f"http://127.0.0.1:{port}/", "pid": os.getpid(), "port": port, "token": "t"}
        (runtime / f"jpserver-{os.getpid()}.json").write_text(json.dumps(facts))
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "body", "state", "words"),
    [
        (404, b"", "problem", "runs without the extension"),
        (200, b'{"info": {"version": "0.0.9"}}', "warning", "runs ml_jupyter 0.0.9"),
        (200, b"hello", "warning", "does not answer"),
    ],
)
def test_a_server_without_the_extension_or_with_an_old_one(
    doctor: Doctor, jupyter: Path, status: int, body: bytes, state: str, words: str
) -> None:
    with answering(jupyter / "runtime", status, body):
        one(doctor(), "server", state, words)


def kernel(jupyter: Path, name: str, program: str) -> None:
    folder = jupyter / "path" / "kernels" / name
    folder.mkdir(parents=True)
    spec = {"argv": [program, "-m", "x"], "display_name": name, "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec))


def test_kernels_that_do_not_start_or_lack_the_product(doctor: Doctor, jupyter: Path) -> None:
    bare = jupyter / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    program = str(bare / "bin" / "python")
    kernel(jupyter, "gone", "/nowhere/python")
    kernel(jupyter, "bare", program)
    found = doctor()
    one(found, "kernel", "problem", "'gone' cannot start: /nowhere/python")
    hit = one(found, "kernel", "problem", "'bare' cannot start: its Python has no ipykernel")
    assert hit["mend"] == f"{program} -m pip install ipykernel"
    install(bare, "ipykernel", "6.29")
    hit = one(doctor(), "kernel", "warning", "'bare' cannot import ml_jupyter")
    assert hit["mend"] == f"{program} -m pip install ml-jupyter"


def install(venv: Path, name: str, version: str) -> None:
    """What pip leaves of a package that tells its version."""
    site = next((venv / "lib").glob("python*")) / "site-packages"
    folder = site / f"{name}-{version}.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")


@pytest.mark.parametrize(
    ("package", "version", "state", "words"),
    [
        ("torch", "2.4.0+cu121", "problem", "need CUDA 12.1"),
        ("torch", "2.0.1+cu118", "ok", "CUDA 11.8 of the kernel 'bare' runs"),
        ("torch", "2.4.0+cpu", "warning", "built for CPUs only"),
        ("nvidia_cuda_runtime_cu12", "12.4.99", "problem", "need CUDA 12.4.99"),
    ],
)
def test_a_cuda_that_the_driver_cannot_run(
    doctor: Doctor, jupyter: Path, monkeypatch: pytest.MonkeyPatch,
    package: str, version: str, state: str, words: str,
) -> None:  # fmt: skip
    path = jupyter / "nvml.json"
    recording.save(str(path), [{"nvmlDeviceGetUUID": "GPU-1", "nvmlDeviceGetName": "V100"}])
    facts = json.loads(path.read_text())
    facts["nvmlSystemGetDriverVersion"] = "470.82.01"
    facts["nvmlSystemGetCudaDriverVersion_v2"] = 11040
    path.write_text(json.dumps(facts))
    monkeypatch.setenv("ML_JUPYTER_NVML", str(path))
    bare = jupyter / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    install(bare, package, version)
    kernel(jupyter, "bare", str(bare / "bin" / "python"))
    hits = [item for item in doctor() if item["check"] == "cuda" and words in item["message"]]
    assert [item["state"] for item in hits] == [state]
    assert "470.82.01" in hits[0]["message"] or state == "warning"


def test_docker_that_is_denied_or_does_not_run(
    doctor: Doctor, jupyter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = jupyter / "docker.sock"
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))  # there, and nobody listens
        monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
        assert "systemctl start docker" in one(doctor(), "docker", "warning", "running")["mend"]

    def denied() -> None:  # root may open every socket, and tests may be root
        raise endpoint.explain(f"unix://{path}", PermissionError(13, "Permission denied"))

    monkeypatch.setattr(machine.engine, "connect", denied)
    assert "usermod -aG docker" in one(doctor(), "docker", "problem", "was denied")["mend"]


def test_folders_that_are_none_and_settings_that_are_wrong(
    doctor: Doctor, jupyter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (jupyter / "file").touch()
    monkeypatch.setenv("ML_JUPYTER_CACHE", str(jupyter / "file"))
    one(doctor(), "folders", "problem", "file is no folder")
    monkeypatch.setenv("ML_JUPYTER_SLOTS", "many")
    one(doctor(), "settings", "problem", "'many' is not a int")


def test_a_full_disk_and_a_clock_that_is_wrong(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda _: usage(10**12, 10**12, 5_000_000))
    now = storage.time.time
    monkeypatch.setattr(storage.time, "time", lambda: now() + 60)
    found = doctor()
    assert "mlj gc" in one(found, "disk", "problem", "has 5 MB left")["mend"]
    assert "NTP" in one(found, "clock", "warning", "60 s behind")["mend"]


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import sys; sys.exit(3)", "Locks are not kept apart"),
        ("import sys; sys.exit(4)", "Locks are refused"),
        ("import signal; signal.pause()", "Locks hang"),
    ],
)
def test_a_share_without_locks(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, program: str, words: str
) -> None:
    monkeypatch.setattr(storage, "_LOCKS", program)
    monkeypatch.setattr(storage, "_LOCK_S", 0.3)
    assert "local disk" in one(doctor(), "locks", "problem", words)["mend"]


def test_a_workspace_of_a_newer_format(doctor: Doctor, workspace: Workspace) -> None:
    path = Path(workspace.get_details()["folder"]) / "workspace.json"
    facts = json.loads(path.read_text())
    main(["run", "list", "-w", "lab", "-o", "none"])  # it is known now
    path.write_text(json.dumps({**facts, "format": "9.0"}))
    one(doctor(), "workspace", "problem", "has format 9.0")


def test_processes_without_a_run_and_runs_without_a_process(
    doctor: Doctor, workspace: Workspace, settings: Settings
) -> None:
    root = workspace.get_details()["folder"]
    carried = {**os.environ, "ML_JUPYTER_RUN_ID": "gone_1", "ML_JUPYTER_WORKSPACE": root}
    left = subprocess.Popen(["sleep", "600"], env=carried)
    program = (
        "import os, signal; from ml_jupyter import Experiment, Workspace; "
        "run = Experiment(Workspace.get('lab'), 'x').start_logging(snapshot_directory=None); "
        "print(run.id, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    try:
        killed = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False
        )
        eventually(lambda: Path(f"/proc/{left.pid}/comm").read_text() == "sleep\n", 10, "sleep")
        found = doctor()
        hit = one(found, "processes", "warning", "Left of run gone_1")
        assert hit["mend"] == f"End them: kill {left.pid}"
        one(found, "runs", "warning", killed.stdout.strip())
    finally:
        left.kill()
        left.wait()


def test_a_check_that_breaks_is_a_finding(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(machine, "check", broken)
    found = doctor()
    one(found, "machine", "problem", "RuntimeError: no such luck")
    assert any(item["check"] == "disk" for item in found)
