"""Images: old Pythons, none at all, packages put into them, and what is collected of them."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import threading
import time
from pathlib import Path

import pathspec
import pytest

from ml_jupyter.config import Settings
from ml_jupyter.containers import connect, images
from ml_jupyter.core import Environment, Experiment, ScriptRunConfig, Workspace
from ml_jupyter.core.conda_dependencies import CondaDependencies
from ml_jupyter.exceptions import EnvironmentBuildFailed
from ml_jupyter.history import status
from ml_jupyter.testing.isolation import eventually
from tests.docker import rootfs
from tests.docker.daemon import IMAGE, Daemon
from tests.docker.lab import DockerLab
from tests.docker.test_jobs import CONTEXT

pytestmark = [pytest.mark.full, pytest.mark.slow, pytest.mark.timeout(300)]


def quiet(_: bytes) -> None:
    """Nobody listens."""


def never() -> bool:
    """Nobody cancels."""
    return False


def oldest_python() -> Path | None:
    """Where a Python 3.8 is installed."""
    kept = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = [path.parent.parent for path in sorted(kept.glob("3.8.*/bin/python3.8"))]
    named = shutil.which("python3.8")
    return found[0] if found else Path(named).parent.parent if named else None


def test_context_in_the_oldest_python(lab: DockerLab) -> None:
    prefix = oldest_python()
    if prefix is None:
        pytest.skip("no Python 3.8 on this machine")
    lab.daemon.import_image(rootfs.of_python(prefix, "python3.8"), "mlj-test-old:latest")
    text = f"import sys\nassert sys.version_info[:2] == (3, 8)\n{CONTEXT}"
    run = lab.submit(text, container={"image": "mlj-test-old:latest"})
    assert lab.ends(run) == status.COMPLETED, lab.log(run)
    assert run.series("loss").values == [0.5, 0.25]


def test_job_submits_another_from_inside(lab: DockerLab) -> None:
    text = """
from ml_jupyter import Run, ScriptRunConfig
from ml_jupyter.core import Environment
environment = Environment("user")
environment.python.user_managed_dependencies = True
config = ScriptRunConfig(".", command="echo outside", environment=environment)
child = Run.get_context().submit_child(config)
print(child.id, child.get_status())
"""
    place = Path(pathspec.__file__).parent  # what a snapshot needs
    container = {"arguments": ("-v", f"{place}:/extra/pathspec:ro")}
    run = lab.submit(text, container=container, variables={"PYTHONPATH": "/extra"})
    assert lab.ends(run) == status.COMPLETED, lab.log(run)
    (child,) = run.state().children
    found = lab.workspace.run(child)
    assert lab.ends(found) == status.COMPLETED, found.state().reason
    assert lab.log(found) == b"outside\n"


def test_image_without_a_shell_or_a_python(lab: DockerLab, tmp_path: Path) -> None:
    archive = tmp_path / "tiny.tar"
    shell = Path(os.path.realpath("/bin/sh"))
    with tarfile.open(archive, "w") as stream:
        stream.add(shell, "program")
        for library in rootfs.libraries([shell]):
            stream.add(os.path.realpath(library), library.lstrip("/"))
    lab.daemon.import_image(archive.read_bytes(), "mlj-test-tiny:latest")
    engine = connect()
    found = images.find(engine, "mlj-test-tiny:latest", lab.settings)
    assert found is not None
    known = images.examine(engine, found, lab.settings)
    assert (known.python, known.shell) == ("", "")
    run = lab.submit("pass\n", container={"image": "mlj-test-tiny:latest"})
    assert lab.ends(run) == status.FAILED
    assert "has no Python" in str(run.state().reason)


def test_packages_are_put_into_the_image(settings: Settings, tmp_path: Path) -> None:
    workspace = Workspace.create("images", location=tmp_path / "workspace")
    environment = Environment("with-six")
    environment.docker.enabled = True
    environment.docker.base_image = IMAGE
    environment.python.conda_dependencies = CondaDependencies.create(pip_packages=["six==1.17.0"])
    source = tmp_path / "source"
    source.mkdir()
    (source / "job.py").write_text("import six\nprint(six.__version__)\n")
    config = ScriptRunConfig(source, "job.py", environment=environment)
    run = Experiment(workspace, "digits").submit(config)
    details = run.wait_for_completion(raise_on_error=False)
    assert details["status"] == "Completed", details
    log = run.get_details_with_logs()["logFiles"]["user_logs/std_log.txt"]
    assert log == "1.17.0\n"


def built(settings: Settings, text: str, digest: str = "d1") -> str:
    """The id of an image made from a Dockerfile."""
    return images.build(
        connect(), dockerfile=text, tag=f"ml_jupyter/environment:{digest}", digest=digest,
        output=quiet, cancelled=never,
    )  # fmt: skip


def test_a_python_that_does_not_tell_its_packages_holds_no_job_up(lab: DockerLab) -> None:
    """What asks it is given up, and removed."""
    hangs = "import sys, time\\nif \\'installed packages\\' in str(sys.orig_argv): time.sleep(600)"
    make = f"import os; os.mkdir('/hangs'); open('/hangs/sitecustomize.py', 'w').write('{hangs}')"
    text = f'FROM {IMAGE}\nRUN python -c "{make}"\nENV PYTHONPATH=/hangs\n'
    image = built(lab.settings, text, "hangs")
    run = lab.submit("print('up')", container={"image": image})
    assert lab.ends(run, 60) == status.COMPLETED, lab.log(run)
    assert "packages" not in run.state().facts
    assert not lab.daemon.containers()


def test_failed_build_names_the_step(settings: Settings) -> None:
    with pytest.raises(EnvironmentBuildFailed) as caught:
        built(settings, f"FROM {IMAGE}\nRUN echo first\nRUN echo too bad; exit 7\n")
    assert "'RUN echo too bad; exit 7'" in caught.value.message
    assert "code: 7" in caught.value.message
    assert caught.value.log.endswith("too bad")


def test_build_is_cancelled_at_once(settings: Settings, daemon: Daemon) -> None:
    heard = threading.Event()
    text = f"FROM {IMAGE}\nRUN echo begun; python -c 'import time; time.sleep(60)'\n"
    begun = time.monotonic()
    with pytest.raises(images.ImageCanceled):
        images.build(
            connect(), dockerfile=text, tag="ml_jupyter/environment:d2", digest="d2",
            output=lambda data: heard.set() if data == b"begun\n" else None,
            cancelled=heard.is_set,
        )  # fmt: skip
    assert heard.is_set()
    eventually(lambda: not daemon.containers(), 10, "the end of the container of the build")
    assert time.monotonic() - begun < 20


def test_unused_images_are_collected(settings: Settings, daemon: Daemon) -> None:
    engine = connect()
    image = built(settings, f"FROM {IMAGE}\nRUN echo collected > /x\n", "d3")
    kept = built(settings, f"FROM {IMAGE}\nRUN echo kept > /x\n", "d4")
    for name in (image, kept):
        found = images.find(engine, name, settings)
        assert found is not None
        images.examine(engine, found, settings)
    assert images.collect(engine, settings, 3600.0) == []
    for path in (settings.cache / "containers" / "images").glob("*.json"):
        os.utime(path, (1, 1))
    removed = images.collect(engine, settings, -1.0, keep=("d4",))
    assert "ml_jupyter/environment:d3" in removed
    assert not [name for name in removed if re.search(r":d4$", name)]
    assert images.find(engine, image, settings) is None
    assert images.find(engine, kept, settings) is not None
    assert images.find(engine, IMAGE, settings) is not None, "what was not built here stays"


def test_python_is_found_without_a_shell(lab: DockerLab, tmp_path: Path) -> None:
    archive = tmp_path / "image.tar"
    archive.write_bytes(rootfs.of_this_python(with_shell=False))
    lab.daemon.import_image(archive.read_bytes(), "mlj-test-bare:latest")
    run = lab.submit("print('alone')\n", container={"image": "mlj-test-bare:latest"})
    assert lab.ends(run) == status.COMPLETED, run.state().reason
    assert lab.log(run) == b"alone\n"
