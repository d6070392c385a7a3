"""The contract of a compute target as a test suite: a plugin subclasses it and gives one fixture.

::

    class TestMyTarget(ComputeTargetContract):
        @pytest.fixture
        def target(self, isolated_settings):
            return MyTarget(isolated_settings)

The fixture ``isolated_settings`` comes from ``ml_jupyter.testing.isolation``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Optional

import pytest

from ml_jupyter.compute.base import ComputeTarget, Handle, Submission
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError, NameTaken, RunNotFound
from ml_jupyter.history import status
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.testing.isolation import eventually, job_processes

_SLEEPS = "import os, time\nprint('pid', os.getpid())\ntime.sleep(600)\n"
_ELSEWHERE = """
import importlib, json, sys
from ml_jupyter.config import Settings
module, name, verb, handle = sys.argv[1:]
target = getattr(importlib.import_module(module), name)(Settings.load())
answer = target.poll([json.loads(handle)]) if verb == "poll" else target.stop(json.loads(handle))
print(json.dumps(answer))
"""


class ComputeTargetContract:
    """What every target does. The fixture ``target`` gives the one under test."""

    #: Seconds that a target may take to start or to end a small job.
    patience_s = 30.0

    @pytest.fixture
    def shop(self, isolated_settings: Settings, tmp_path: Path) -> Shop:
        """A workspace and a source folder, with blanks and other letters in their paths."""
        return Shop(isolated_settings, tmp_path / "Modell für alle")

    def test_job_runs_to_its_end(self, target: ComputeTarget, shop: Shop) -> None:
        """States, log and outputs of a good job."""
        handle = target.start(shop.script("print('hello')\nopen('outputs/a', 'w').write('1')\n"))
        assert self.end_of(target, handle) == status.COMPLETED
        where = target.locate(handle)
        assert where.log.read_bytes() == b"hello\n"
        assert (where.files / "outputs/a").read_text() == "1"
        assert where.files.parent == where.folder

    def test_failure_is_told(self, target: ComputeTarget, shop: Shop) -> None:
        """A script that ends with an error makes a failed run."""
        handle = target.start(shop.script("raise SystemExit(3)\n"))
        assert self.end_of(target, handle) == status.FAILED

    def test_many_are_polled_in_order(self, target: ComputeTarget, shop: Shop) -> None:
        """One call answers for many jobs, in their order."""
        texts = ["pass\n", "raise SystemExit(1)\n"] * 2
        handles = [target.start(shop.script(text)) for text in texts]
        ended = [self.end_of(target, handle) for handle in handles]
        assert ended == [status.COMPLETED, status.FAILED] * 2
        assert list(target.poll(handles[::-1])) == ended[::-1]
        assert list(target.poll([])) == []

    def test_output_still_in_a_buffer_is_not_lost(self, target: ComputeTarget, shop: Shop) -> None:
        """What a child and an unfinished line hold back is in the log."""
        text = "import os\nif os.fork() == 0: os.write(1, b'child\\n'); os._exit(0)\nos.wait()\n"
        handle = target.start(shop.script(text + "print('parent', end='')\n"))
        assert self.end_of(target, handle) == status.COMPLETED
        assert target.locate(handle).log.read_bytes() == b"child\nparent"

    def test_stop_ends_the_job_and_twice_is_no_error(
        self, target: ComputeTarget, shop: Shop
    ) -> None:
        """Nothing of the job is left; a second request does nothing."""
        handle = target.start(shop.script(_SLEEPS))
        self.prints(target, handle, b"pid")
        target.stop(handle)
        target.stop(handle)
        assert self.end_of(target, handle) == status.CANCELED
        target.stop(handle)
        assert list(target.poll([handle])) == [status.CANCELED]
        run_id = handle["run_id"]
        eventually(lambda: not job_processes(shop.settings, run_id), what="the job's end")

    def test_stop_before_the_start(self, target: ComputeTarget, shop: Shop) -> None:
        """A request that comes first is not lost."""
        handle = target.start(shop.script("print('ran')\n"))
        target.stop(handle)
        assert self.end_of(target, handle) in (status.CANCELED, status.COMPLETED)

    def test_job_that_dies_silently(self, target: ComputeTarget, shop: Shop) -> None:
        """A job that is killed fails."""
        text = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
        assert self.end_of(target, target.start(shop.script(text))) == status.FAILED

    def test_handle_is_json_and_good_in_another_process(
        self, target: ComputeTarget, shop: Shop
    ) -> None:
        """Any process can poll and stop it."""
        handle = target.start(shop.script(_SLEEPS))
        self.prints(target, handle, b"pid")
        copy = json.loads(json.dumps(handle))
        assert copy == handle
        assert elsewhere(target, "poll", copy) == [status.RUNNING]
        elsewhere(target, "stop", copy)
        assert self.end_of(target, copy) == status.CANCELED

    def test_unknown_handle(self, target: ComputeTarget, shop: Shop) -> None:
        """A handle of nobody is an error of its own."""
        handle = {**target.start(shop.script("pass\n")), "run_id": "nobody"}
        for verb in (lambda: target.poll([handle]), lambda: target.stop(handle)):
            with pytest.raises(RunNotFound):
                verb()
        with pytest.raises(RunNotFound):
            target.locate(handle)

    def test_what_can_never_run_leaves_nothing(self, target: ComputeTarget, shop: Shop) -> None:
        """Validation comes before the first write."""
        for submission in (shop.of(LaunchSpec()), shop.of(LaunchSpec(script="missing.py"))):
            with pytest.raises(MlJupyterError):
                target.validate(submission)
            with pytest.raises(MlJupyterError):
                target.start(submission)
        assert list(shop.workspace.run_folders()) == []

    def test_id_in_use_is_refused(self, target: ComputeTarget, shop: Shop) -> None:
        """Ids are unique in a workspace."""
        target.start(shop.script("pass\n", run_id="mine"))
        with pytest.raises(NameTaken):
            target.start(shop.script("pass\n", run_id="mine"))

    def end_of(self, target: ComputeTarget, handle: Handle) -> str:
        """The final state of a job."""
        eventually(
            lambda: target.poll([handle])[0] in status.TERMINAL, self.patience_s, "the job's end"
        )
        return target.poll([handle])[0]

    def prints(self, target: ComputeTarget, handle: Handle, text: bytes) -> None:
        """Wait until a job's log holds ``text``."""
        log = target.locate(handle).log
        eventually(
            lambda: log.exists() and text in log.read_bytes(), self.patience_s, f"{text!r} in a log"
        )


class Shop:
    """A workspace, an experiment and a source folder."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self.settings = settings
        self.workspace = WorkspaceFolder.create(folder / "workspace", "lab")
        self.experiment = self.workspace.create_experiment("contract")
        self.source = folder / "source code"
        self.source.mkdir()

    def script(self, text: str, run_id: Optional[str] = None) -> Submission:
        """A submission of ``text`` as a script."""
        (self.source / "job 1.py").write_text(text)
        spec = LaunchSpec.of(self.settings, script="job 1.py", grace_s=2.0)
        return self.of(spec, run_id=run_id)

    def of(self, spec: LaunchSpec, **facts: Any) -> Submission:
        """A submission of any specification."""
        return Submission(self.workspace, self.experiment, spec, source=self.source, **facts)


def elsewhere(target: ComputeTarget, verb: str, handle: Handle) -> Any:
    """The answer of an equal target in a new process."""
    kind = type(target)
    command = [sys.executable, "-c", _ELSEWHERE, kind.__module__, kind.__name__, verb]
    answer = subprocess.run([*command, json.dumps(handle)], check=True, stdout=subprocess.PIPE)
    return json.loads(answer.stdout)
