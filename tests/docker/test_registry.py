"""A registry that asks for a password: a real one, from Debian's packages."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ml_jupyter.config import Settings
from ml_jupyter.core import Environment, Experiment, ScriptRunConfig, Workspace
from ml_jupyter.testing.isolation import eventually
from tests.docker.daemon import IMAGE, Daemon, install
from tests.docker.test_sdk import PASSWORD, USER, holding

pytestmark = [pytest.mark.full, pytest.mark.slow, pytest.mark.timeout(300)]

ADDRESS = "127.0.0.1:5000"
NAME = f"{ADDRESS}/team/private"
CONFIG = """
version: 0.1
storage: {{filesystem: {{rootdirectory: {folder}/images}}}}
http: {{addr: {address}}}
auth: {{htpasswd: {{realm: test, path: {folder}/users}}}}
"""


def hashed(password: str) -> str:
    """A password as the registry wants it: bcrypt, by crypt(3)."""
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p
    found: bytes = library.crypt(password.encode(), b"$2b$05$abcdefghijklmnopqrstuu")
    return found.decode()


@pytest.fixture
def registry(daemon: Daemon, tmp_path: Path) -> Iterator[str]:
    """The name of an image that only the registry has."""
    install("docker-registry", ["docker-registry"])
    folder = tmp_path / "registry"
    folder.mkdir()
    (folder / "users").write_text(f"{USER}:{hashed(PASSWORD)}\n")
    (folder / "config.yml").write_text(CONFIG.format(folder=folder, address=ADDRESS))
    process = daemon.beside(["docker-registry", "serve", str(folder / "config.yml")])
    login = {"username": USER, "password": PASSWORD}
    try:
        with closing(daemon.client()) as client:
            client.tag(IMAGE, NAME, "1")

            def pushed() -> bool:
                said = client.push(NAME, "1", auth_config=login)
                return "digest: sha256" in said

            eventually(pushed, 20, "pushing to the registry")
            client.remove_image(f"{NAME}:1")
        yield f"{NAME}:1"
        with closing(daemon.client()) as client:
            for item in client.images(NAME):
                client.remove_image(item["RepoTags"][0])
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def environment() -> Environment:
    """An environment that is the private image."""
    found = Environment("private")
    found.docker.enabled = True
    found.docker.base_image = "team/private:1"
    found.python.user_managed_dependencies = True
    own = found.docker.base_image_registry
    own.address, own.username, own.password = ADDRESS, USER, PASSWORD
    return found


def submitted(tmp_path: Path, environment: Environment) -> tuple[dict[str, object], str]:
    """The details of a run in an environment, and its build log."""
    workspace = Workspace.create("private", location=tmp_path / "workspace", exist_ok=True)
    source = tmp_path / "source"
    source.mkdir()
    config = ScriptRunConfig(source, command="echo inside", environment=environment)
    run = Experiment(workspace, "digits").submit(config)
    details = run.wait_for_completion(raise_on_error=False)
    logs = run.get_details_with_logs()["logFiles"]
    assert holding(tmp_path / "workspace", PASSWORD, USER) == []
    return details, logs["system_logs/build_log.txt"]


def test_private_image_is_pulled(
    registry: str, environment: Environment, settings: Settings, tmp_path: Path
) -> None:
    details, log = submitted(tmp_path, environment)
    assert details["status"] == "Completed", (details, log)
    assert f"Pulling the image {registry}" in log
    assert "Status: Downloaded newer image" in log


def test_wrong_password_is_told(
    registry: str, environment: Environment, settings: Settings, tmp_path: Path
) -> None:
    environment.docker.base_image_registry.password = "wrong"
    details, _ = submitted(tmp_path, environment)
    assert details["status"] == "Failed"
    assert "cannot be pulled" in str(details["error"])
    assert "no basic auth credentials" in str(details["error"]) or "unauthorized" in str(details)


def test_private_base_of_a_dockerfile(
    registry: str, environment: Environment, settings: Settings, tmp_path: Path
) -> None:
    environment.docker.base_image = None
    environment.docker.base_dockerfile = f"FROM {registry}\nRUN echo more > /more\n"
    details, log = submitted(tmp_path, environment)
    assert details["status"] == "Completed", (details, log)
    assert "Successfully built" in log
