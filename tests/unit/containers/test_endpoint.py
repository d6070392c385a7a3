"""Where the engine is looked for."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from ml_jupyter.containers import connect_to, endpoint
from ml_jupyter.exceptions import DockerUnavailable


def test_variable_wins(tmp_path: Path) -> None:
    assert endpoint.host_of({"DOCKER_HOST": "unix:///x", "HOME": str(tmp_path)}) == "unix:///x"


@pytest.mark.parametrize("by_variable", [True, False])
def test_context_of_the_users_docker(tmp_path: Path, by_variable: bool) -> None:
    digest = hashlib.sha256(b"desktop").hexdigest()
    folder = tmp_path / ".docker" / "contexts" / "meta" / digest
    folder.mkdir(parents=True)
    meta = {"Name": "desktop", "Endpoints": {"docker": {"Host": "unix:///desktop.sock"}}}
    (folder / "meta.json").write_text(json.dumps(meta))
    environ = {"HOME": str(tmp_path)}
    if by_variable:
        environ["DOCKER_CONTEXT"] = "desktop"
    else:
        (tmp_path / ".docker" / "config.json").write_text('{"currentContext": "desktop"}')
    assert endpoint.host_of(environ) == "unix:///desktop.sock"


def test_daemon_without_roots_rights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "DEFAULT_SOCKET", str(tmp_path / "none.sock"))
    (tmp_path / "docker.sock").touch()
    environ = {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    assert endpoint.host_of(environ) == f"unix://{tmp_path}/docker.sock"


@pytest.mark.parametrize("host", ["ssh://me@there", "tcp://10.0.0.1:2375"])
def test_engine_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(DockerUnavailable, match="another machine") as caught:
        connect_to(host)
    assert caught.value.details["reason"] == "remote"
