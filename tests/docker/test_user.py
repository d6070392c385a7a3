"""A user without root's rights, who may use the engine: the job is his, inside and outside."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import ml_jupyter
from ml_jupyter.testing.isolation import eventually
from tests.docker import rootfs
from tests.docker.daemon import IMAGE, Daemon, install

pytestmark = [pytest.mark.full, pytest.mark.slow, pytest.mark.timeout(180)]

NOBODY, FURTHER = 65534, 50
PYTHON = "/usr/bin/python3"  # one that everybody may run
#: What the job's keeper and a snapshot need.
PACKAGES = (
    "docker", "requests", "urllib3", "idna", "certifi", "charset_normalizer", "pathspec"
)  # fmt: skip


@pytest.fixture
def home() -> Iterator[Path]:
    """The home folder of another user, with this package and what it needs."""
    folder = Path(tempfile.mkdtemp(prefix="mlj-user-"))
    folder.chmod(0o755)
    version = "import sys; print('python%d.%d' % sys.version_info[:2])"
    name = subprocess.check_output([PYTHON, "-c", version], text=True).strip()
    site = folder / ".local" / "lib" / name / "site-packages"
    own = Path(ml_jupyter.__file__).parent
    no_front = shutil.ignore_patterns("labextension", "static", "__pycache__")
    shutil.copytree(own, site / "ml_jupyter", ignore=no_front)
    for package in PACKAGES:
        found = importlib.util.find_spec(package)
        assert found is not None
        assert found.origin is not None
        shutil.copytree(Path(found.origin).parent, site / package, ignore=no_front)
    shutil.copy(Path(__file__).with_name("someone.py"), folder)
    subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(folder)], check=True)
    yield folder
    eventually(lambda: not _users(folder), 20, "the end of the user's dispatcher")
    shutil.rmtree(folder)


def _users(folder: Path) -> list[str]:
    """Processes that name a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if os.fsencode(str(folder)) in path.read_bytes():
                found.append(path.parent.name)
    return found


@pytest.fixture
def open_daemon() -> Iterator[Daemon]:
    """A daemon that every user may use."""
    install()
    found = Daemon()
    try:
        found.start()
        found.import_image(rootfs.of_this_python())
        found.folder.chmod(0o711)
        (found.folder / "docker.sock").chmod(0o666)
        yield found
    finally:
        found.stop()


@pytest.mark.skipif(
    os.getuid() != 0 or not Path(PYTHON).exists(), reason="needs root and Debian's own Python"
)
def test_job_runs_as_the_user_who_submits(home: Path, open_daemon: Daemon) -> None:
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "ML_JUPYTER_DISPATCHER_IDLE_S": "1"}
    for name in ("SLOT_DIR", "RUNTIME"):
        environment[f"ML_JUPYTER_{name}"] = str(home / name.lower())
    done = subprocess.run(
        [PYTHON, str(home / "someone.py"), IMAGE, open_daemon.host],
        env=environment, user=NOBODY, group=NOBODY, extra_groups=[FURTHER],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["status"] == "Completed", told
    assert told["uid"] == [NOBODY]
    assert told["facts"] == [NOBODY, NOBODY, [FURTHER, NOBODY], "nobody"]
    assert told["owner"] == NOBODY
    assert open_daemon.containers() == []
