"""Building pip environments for real: cache, one builder at a time, failure, cancelling."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from ml_jupyter import environments
from ml_jupyter.environments import BuildCanceled, EnvironmentSpec, Prepared, store
from ml_jupyter.exceptions import (
    EnvironmentBuildFailed,
    MissingDependency,
    RunConfigurationException,
)
from ml_jupyter.testing.isolation import eventually
from tests import package_lab
from tests.unit.environments.conftest import Lab


def prepare(lab: Lab, spec: EnvironmentSpec, **values: Any) -> Prepared:
    return environments.prepare(
        spec, lab.settings, lab.hear, values.pop("cancelled", lambda: False), **values
    )


def run(prepared: Prepared, program: str) -> str:
    done = subprocess.run(
        [prepared.interpreter, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_packages_are_there_and_nothing_of_ours(lab: Lab) -> None:
    lab.wheel("one", requires=["two"])
    lab.wheel("two", "2.5")
    spec = lab.pip("one")
    assert environments.ready(spec, lab.settings) is None
    prepared = prepare(lab, spec)
    assert environments.ready(spec, lab.settings) == prepared
    listed = (
        "from importlib.metadata import distributions as d; print(*sorted(x.name for x in d()))"
    )
    assert run(prepared, listed) == "one two"
    script = subprocess.check_output([str(Path(prepared.path[0]) / "one")], text=True)
    assert script == "one 1.0\n"
    assert prepared.variables["VIRTUAL_ENV"] == str(Path(prepared.path[0]).parent)
    assert b"one==1.0" in lab.said
    assert b"is ready after" in lab.said


def test_the_same_content_is_built_once_under_any_name(lab: Lab) -> None:
    lab.wheel("one")
    first = prepare(lab, lab.pip("one", name="a", version="1"))
    lab.said = b""
    assert prepare(lab, lab.pip("one", name="b", version="7")) == first
    assert lab.said == b""
    assert len(lab.left()) == 1


def test_one_builds_and_the_other_waits_for_it(lab: Lab) -> None:
    gate = package_lab.Gate(lab.folder)
    spec, found, said = lab.pip("slow"), [], []

    def work() -> None:
        heard: list[bytes] = []
        found.append(environments.prepare(spec, lab.settings, heard.append, lambda: False))
        said.append(b"".join(heard))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    eventually(gate.started.exists, 30, "the build to begin")
    gate.go.touch()
    for thread in threads:
        thread.join(30)
    assert len(found) == 2
    assert found[0] == found[1]
    assert sum(b"Installed" in text for text in said) == 1
    assert sum(b"is being built already" in text for text in said) == 1


def test_a_failed_build_names_the_package_and_leaves_nothing(lab: Lab) -> None:
    lab.wheel("one", requires=["missing-thing>=3"])
    spec = lab.pip("one")
    with pytest.raises(
        EnvironmentBuildFailed, match=r"could not be built: .*missing-thing"
    ) as caught:
        prepare(lab, spec)
    assert caught.value.package == "one"
    assert "No solution found" in caught.value.log
    assert "Traceback" not in caught.value.log
    assert lab.left() == []
    assert environments.ready(spec, lab.settings) is None


def test_a_package_that_does_not_compile_is_named_with_its_last_lines(lab: Lab) -> None:
    backend = "def build_wheel(*_, **__):\n    raise SystemExit('no such header: gsl.h')\n"
    package_lab.source(lab.wheels, "broken", backend)
    with pytest.raises(EnvironmentBuildFailed, match=r"Failed to build `broken==1\.0`") as caught:
        prepare(lab, lab.pip("broken"))
    assert caught.value.package == "broken"
    assert "no such header: gsl.h" in caught.value.log
    assert lab.left() == []


def test_cancelling_takes_less_than_a_second_and_leaves_nothing(lab: Lab) -> None:
    gate, stop = package_lab.Gate(lab.folder), threading.Event()
    raised: list[BaseException] = []

    def work() -> None:
        try:
            prepare(lab, lab.pip("slow"), cancelled=stop.is_set)
        except BuildCanceled as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    eventually(gate.started.exists, 30, "the build to begin")
    begun = time.monotonic()
    stop.set()
    thread.join(10)
    assert time.monotonic() - begun < 1.0
    assert len(raised) == 1
    assert lab.left() == []
    eventually(lambda: not Path(f"/proc/{gate.pid}/cwd").exists(), 5, "the end of the build")


def test_credentials_reach_neither_output_nor_disk(lab: Lab) -> None:
    index = "--index-url http://mara:s3cr3t@127.0.0.1:9/simple"
    spec = EnvironmentSpec("lab", "pip", pip=("one",), pip_options=(index,))
    with pytest.raises(EnvironmentBuildFailed) as caught:
        prepare(lab, spec, variables={**os.environ, "UV_HTTP_RETRIES": "0"})
    lab.wheel("one")
    good = lab.pip("one").with_(pip_options=(*lab.pip("one").pip_options, index))
    prepare(lab, good)
    shown = lab.said + str(caught.value).encode() + caught.value.log.encode()
    for path in lab.folder.rglob("*"):
        if path.is_file() and path.suffix in ("", ".json", ".txt", ".toml", ".log"):
            shown += path.read_bytes()
    assert b"s3cr3t" not in shown
    assert "s3cr3t" not in repr(spec)
    assert spec.digest == spec.with_(pip_options=(index.replace("s3cr3t", "new"),)).digest


def test_half_an_environment_is_never_used(lab: Lab) -> None:
    lab.wheel("one")
    spec = lab.pip("one")
    place = store.place_of(spec, lab.settings)
    (place.folder / "env" / "bin").mkdir(parents=True)
    (place.folder / "env" / "bin" / "python").write_text("")
    assert environments.ready(spec, lab.settings) is None
    assert run(prepare(lab, spec), "import one; print(one.VERSION)") == "1.0"


def test_an_environment_whose_python_is_gone_is_built_again(lab: Lab) -> None:
    lab.wheel("one")
    spec = lab.pip("one")
    program = Path(prepare(lab, spec).interpreter)
    program.unlink()
    program.symlink_to(lab.folder / "removed")
    assert environments.ready(spec, lab.settings) is None
    assert run(prepare(lab, spec), "print(1)") == "1"


@pytest.mark.parametrize(
    ("version", "reason"), [("3.6.2", "is too old to run jobs"), ("3.99", "is not on this machine")]
)
def test_a_python_that_cannot_be_had_is_replaced_with_a_warning(
    lab: Lab, version: str, reason: str
) -> None:
    prepared = prepare(lab, lab.pip(python_version=version))
    assert prepared.warnings[0].startswith(f"Python {version} {reason}; Python 3.")
    assert prepared.warnings[0].encode() in lab.said
    assert environments.ready(lab.pip(python_version=version), lab.settings) == prepared


def test_a_python_that_cannot_be_downloaded_is_replaced_too(lab: Lab) -> None:
    lab.settings = lab.settings.with_(python_downloads=True)
    prepared = prepare(lab, lab.pip(python_version="3.99"))
    assert b"Python 3.99 could not be downloaded." in lab.said
    assert "is not on this machine" in prepared.warnings[0]


def test_the_python_that_builds_counts_though_it_is_on_no_path(lab: Lab) -> None:
    version = ".".join(map(str, sys.version_info[:3]))
    hidden = {**os.environ, "PATH": "/nowhere", "HOME": str(lab.folder), "PYENV_ROOT": "/nowhere"}
    prepared = prepare(lab, lab.pip(python_version=version), variables=hidden)
    assert run(prepared, "import sys; print('%d.%d.%d' % sys.version_info[:3])") == version


def test_missing_tools_are_named_before_anything_is_made(lab: Lab) -> None:
    bare = prepare(lab, lab.pip()).interpreter
    conda = EnvironmentSpec("lab", "conda", conda=("x",))
    with pytest.raises(MissingDependency, match=r"ml-jupyter\[conda\]"):
        environments.check(conda, lab.settings, bare)
    before = lab.left()
    with pytest.raises(MissingDependency, match="-m pip install uv"):
        prepare(lab, lab.pip("one"), tools_python=bare)
    assert lab.left() == before


def test_a_changed_wheel_is_another_environment(lab: Lab) -> None:
    path = package_lab.wheel(lab.wheels, "one")
    before = EnvironmentSpec("lab", "pip", pip=(str(path),)).digest
    package_lab.wheel(lab.wheels, "one", text="VERSION = 'changed'\n")
    assert EnvironmentSpec("lab", "pip", pip=(str(path),)).digest != before


@pytest.mark.parametrize("item", ["./local", "-e ../mine", "/no/such/file.whl"])
def test_a_path_that_no_other_process_can_find_is_refused(lab: Lab, item: str) -> None:
    with pytest.raises(RunConfigurationException, match="is not a file or folder"):
        environments.check(lab.pip(item), lab.settings)


def test_a_ready_environment_costs_no_imports(lab: Lab) -> None:
    lab.wheel("one")
    spec = lab.pip("one")
    prepare(lab, spec)
    program = (
        "import sys\n"
        "from ml_jupyter import environments\n"
        "from ml_jupyter.config import Settings\n"
        f"spec = environments.EnvironmentSpec.from_json({spec.to_json()!r})\n"
        f"settings = Settings.load(cache={str(lab.settings.cache)!r})\n"
        "environments.check(spec, settings)\n"
        "assert environments.ready(spec, settings) is not None\n"
        "print(sorted({'uv', 'rattler', 'docker', 'yaml'} & set(sys.modules)))\n"
    )
    assert run(Prepared(sys.executable), program) == "[]"
