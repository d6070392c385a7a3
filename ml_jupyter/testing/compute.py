"""The contract of a compute target as a test suite: a plugin subclasses it and names its kind.

::

    from ml_jupyter.testing.compute import ComputeTargetContract
    from ml_jupyter.testing.isolation import isolated_settings

    class TestMyTarget(ComputeTargetContract):
        kind = "mine"                       # the name of its entry point
        configuration = {"partition": "gpu"}

The plugin is installed, since other processes must find it by its entry point.
"""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Mapping

import pytest

from ml_jupyter.compute import registry
from ml_jupyter.compute.base import ComputeTarget, Handle
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError, NameTaken, RunNotFound
from ml_jupyter.history import status
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import cancel
from ml_jupyter.testing.compute_shop import Shop, elsewhere
from ml_jupyter.testing.isolation import eventually, job_processes

_SLEEPS = "import os, time\nprint('pid', os.getpid(), flush=True)\ntime.sleep(600)\n"
_CONTEXT = """
from ml_jupyter import Run, Workspace
run = Run.get_context(allow_offline=False)
run.log("loss", 0.5)
run.tag("by", "the job")
print(run.id, Workspace.from_config().name)
"""


class ComputeTargetContract:
    """What every target does."""

    #: Kind of the target, the name of its entry point.
    kind: str = "local"
    #: Settings that it is made with.
    configuration: Mapping[str, Any] = {}
    #: Seconds that a target may take to start or to end a small job.
    patience_s: float = 30.0
    #: Fields of the LaunchSpec of every job, such as a container or an environment that it needs.
    launch: Mapping[str, Any] = {}
    #: Whether processes of the jobs are processes of this machine, which can be looked for here.
    runs_here: bool = True

    @pytest.fixture
    def shop(self, isolated_settings: Settings, tmp_path: Path) -> Shop:
        """A workspace and a source folder, with blanks and other letters in their paths."""
        return Shop(isolated_settings, tmp_path / "Modell für alle", self.launch)

    @pytest.fixture
    def target(self, shop: Shop) -> ComputeTarget:
        """The target under test."""
        return shop.target(self.kind, self.configuration)

    def outage(self, target: ComputeTarget, shop: Shop) -> AbstractContextManager[None]:
        """Inside, whatever schedules the jobs of this target is down; by default there is nothing.

        A target that has a scheduler overrides it and takes that down.
        """
        return nullcontext()

    # -- a job and its end

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
        assert self.run_of(shop, handle).state().exit_code == 3

    def test_job_that_dies_silently(self, target: ComputeTarget, shop: Shop) -> None:
        """A job that is killed fails, with a reason."""
        text = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
        handle = target.start(shop.script(text))
        assert self.end_of(target, handle) == status.FAILED
        assert self.run_of(shop, handle).state().reason

    def test_output_still_in_a_buffer_is_not_lost(self, target: ComputeTarget, shop: Shop) -> None:
        """What a child and an unfinished line hold back is in the log."""
        text = "import os\nif os.fork() == 0: os.write(1, b'child\\n'); os._exit(0)\nos.wait()\n"
        handle = target.start(shop.script(text + "print('parent', end='')\n"))
        assert self.end_of(target, handle) == status.COMPLETED
        assert target.locate(handle).log.read_bytes() == b"child\nparent"

    def test_job_finds_its_run(self, target: ComputeTarget, shop: Shop) -> None:
        """The script logs to its run and finds its workspace; nothing has to be installed there."""
        handle = target.start(shop.script(_CONTEXT))
        assert self.end_of(target, handle) == status.COMPLETED
        run = self.run_of(shop, handle)
        assert target.locate(handle).log.read_text("utf-8").split() == [run.id, "lab"]
        assert run.series("loss").values == [0.5]
        assert run.state().tags == {"by": "the job"}

    def test_arguments_and_variables_arrive_untouched(
        self, target: ComputeTarget, shop: Shop
    ) -> None:
        """Blanks, quotes, stars and other letters; ``$NAME`` is that of the job's environment."""
        words = ("a b", "'", '"', "*", ";", "é", "$COLOUR", "")
        submission = shop.script(
            "import json, sys\nprint(json.dumps(sys.argv[1:]))\n",
            arguments=words,
            variables={"COLOUR": "blue; rm -r x"},
        )
        handle = target.start(submission)
        assert self.end_of(target, handle) == status.COMPLETED
        printed = json.loads(target.locate(handle).log.read_text("utf-8"))
        assert printed == [*words[:-2], "blue; rm -r x", ""]

    # -- stopping

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
        self.leaves_nothing(shop, handle)

    def test_stop_before_the_start(self, target: ComputeTarget, shop: Shop) -> None:
        """A request that comes first is not lost."""
        handle = target.start(shop.script("print('ran')\n"))
        target.stop(handle)
        assert self.end_of(target, handle) in (status.CANCELED, status.COMPLETED)

    def test_stop_by_the_run_alone(self, target: ComputeTarget, shop: Shop) -> None:
        """A front end that knows the run and no target can stop the job too."""
        handle = target.start(shop.script(_SLEEPS))
        self.prints(target, handle, b"pid")
        assert cancel(self.run_of(shop, handle), shop.settings)
        assert self.end_of(target, handle) == status.CANCELED
        self.leaves_nothing(shop, handle)

    # -- handles

    def test_many_are_polled_in_order(self, target: ComputeTarget, shop: Shop) -> None:
        """One call answers for many jobs, in their order."""
        texts = ["pass\n", "raise SystemExit(1)\n"] * 2
        handles = [target.start(shop.script(text)) for text in texts]
        ended = [self.end_of(target, handle) for handle in handles]
        assert ended == [status.COMPLETED, status.FAILED] * 2
        assert list(target.poll(handles[::-1])) == ended[::-1]
        assert list(target.poll([])) == []

    def test_handle_is_json_and_good_in_another_process(
        self, target: ComputeTarget, shop: Shop
    ) -> None:
        """Any process can poll and stop it."""
        handle = target.start(shop.script(_SLEEPS))
        self.prints(target, handle, b"pid")
        copy = json.loads(json.dumps(dict(handle)))
        assert copy == handle
        assert elsewhere("poll", copy) == [status.RUNNING]
        elsewhere("stop", copy)
        assert self.end_of(target, copy) == status.CANCELED

    def test_handle_and_run_name_the_target(self, target: ComputeTarget, shop: Shop) -> None:
        """From either of them the target is found again."""
        handle = target.start(shop.script("pass\n"))
        assert handle["target"] == target.name
        assert handle["kind"] == self.kind
        assert self.run_of(shop, handle).record.target == target.name
        found = registry.of_handle(shop.settings, handle)
        assert (type(found), found.name) == (type(target), target.name)
        self.end_of(found, handle)

    def test_unknown_handle(self, target: ComputeTarget, shop: Shop) -> None:
        """A handle of nobody is an error of its own."""
        handle = {**target.start(shop.script("pass\n")), "run_id": "nobody"}
        for verb in (lambda: target.poll([handle]), lambda: target.stop(handle)):
            with pytest.raises(RunNotFound):
                verb()
        with pytest.raises(RunNotFound):
            target.locate(handle)

    # -- before the first write

    def test_changes_to_a_job_are_made_once(self, target: ComputeTarget, shop: Shop) -> None:
        """What the target makes of a job, it leaves as it is."""
        once = target.launch_changes(shop.script("pass\n").spec)
        assert target.launch_changes(once) == once
        assert LaunchSpec.from_json(json.loads(json.dumps(once.to_json()))) == once

    def test_what_can_never_run_leaves_nothing(self, target: ComputeTarget, shop: Shop) -> None:
        """Validation comes before the first write."""
        none = LaunchSpec(**self.launch)
        missing = LaunchSpec(script="missing.py", **self.launch)
        for submission in (shop.of(none), shop.of(missing)):
            with pytest.raises(MlJupyterError):
                target.validate(submission)
            with pytest.raises(MlJupyterError):
                target.start(submission)
        assert list(shop.workspace.run_folders()) == []

    def test_id_in_use_is_refused(self, target: ComputeTarget, shop: Shop) -> None:
        """Ids are unique in a workspace."""
        handle = target.start(shop.script("pass\n", run_id="mine"))
        with pytest.raises(NameTaken):
            target.start(shop.script("pass\n", run_id="mine"))
        self.end_of(target, handle)

    # -- when the scheduler is down

    def test_outage_loses_no_job(self, target: ComputeTarget, shop: Shop) -> None:
        """What runs goes on, questions are answered, and jobs start again afterwards."""
        handle = target.start(shop.script(_SLEEPS))
        self.prints(target, handle, b"pid")
        with self.outage(target, shop):
            assert list(target.poll([handle])) == [status.RUNNING]
        target.stop(handle)
        assert self.end_of(target, handle) == status.CANCELED
        later = target.start(shop.script("print('back')\n"))
        assert self.end_of(target, later) == status.COMPLETED

    # -- helpers

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

    def run_of(self, shop: Shop, handle: Handle) -> Any:
        """The run that a handle refers to."""
        return shop.workspace.run(handle["run_id"], handle["experiment_id"])

    def leaves_nothing(self, shop: Shop, handle: Handle) -> None:
        """Wait until no process of a job is left."""
        run_id = handle["run_id"]
        if self.runs_here:
            eventually(lambda: not job_processes(shop.settings, run_id), what="the job's end")
