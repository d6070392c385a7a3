"""The supervisor: one small process a job. It owns the run from the first live state to the last.

It lays the source out, starts the job in a session and a terminal of its own, copies the terminal
to the log, sees to stop requests and limits, ends whatever the job leaves behind, collects its
files, and says how it ended. It adopts the job's orphans, so that no descendant gets away.
"""

from __future__ import annotations

import os
import shutil
import signal
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Dict, Optional

from ml_jupyter._files import read_json, write_json
from ml_jupyter.config import Settings
from ml_jupyter.distributed.rank import RankPlan
from ml_jupyter.exceptions import MlJupyterError, RunLocked
from ml_jupyter.history import lock, status, stream
from ml_jupyter.history.layout import STD_LOG
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import (
    contained,
    deliveries,
    ending,
    inputs,
    installed,
    launch,
    outputs,
    processes,
    settle,
    snapshot,
)
from ml_jupyter.jobs.ending import Ending, Facts
from ml_jupyter.jobs.gang import OTHERS_GRACE_S, Gang
from ml_jupyter.jobs.grant import Grant
from ml_jupyter.jobs.room import when_there_is_room
from ml_jupyter.jobs.spec import LaunchSpec
from ml_jupyter.jobs.submit import discard, discard_private
from ml_jupyter.jobs.watchdog import Loan, Watchdog

_LOCK_S = 5.0


@dataclass(frozen=True)
class Assignment:
    """A run to supervise, as the dispatcher hands it over.

    Attributes
    ----------
    grant : Grant
        What the queue gave to it.
    loan : Loan, optional
        The slots that it uses together with its parent, when it has none of its own.
    """

    root: Path
    experiment_id: str
    run_id: str
    settings: Settings
    grant: Grant = field(default_factory=Grant)
    loan: Optional[Loan] = None


def supervise(work: Assignment) -> None:
    """See one job through, from Queued to its final state. Returns when nothing of it is left."""
    workspace = WorkspaceFolder(work.root)
    run = workspace.run(work.run_id, work.experiment_id)
    try:
        held = lock.acquire(run.layout.lock, _LOCK_S)
    except RunLocked:
        return
    try:
        if run.move_if((status.QUEUED,), status.PREPARING):
            _Supervision(work, workspace, run).see_through()
    finally:
        held.release()


class _Supervision:
    """One job, step by step; each step leaves the run in a state that tells how far it came."""

    def __init__(self, work: Assignment, workspace: WorkspaceFolder, run: RunFolder) -> None:
        self._work = work
        self._workspace = workspace
        self._run = run
        self._spec = LaunchSpec()
        self._python = installed.Python("", {}, work.settings.cache)
        self._facts: Optional[Facts] = None

    def see_through(self) -> None:
        processes.adopt_orphans(True)
        try:
            job = self._start()
        except (MlJupyterError, OSError) as error:
            self._finish(_not_started(error), None)
            return
        if job is None:
            self._finish(Ending(status.CANCELED, "Canceled before it started."), None)
            return
        with suppress(MlJupyterError):  # then it is moved when it ends
            self._run.move_if((status.STARTING,), status.RUNNING)
        noted: Dict[str, Any] = {"placement": self._work.grant.to_json()}
        with suppress(MlJupyterError, OSError):  # the job is none the worse for it
            noted.update(installed.known(self._workspace, self._run, self._spec, self._python))
        with suppress(MlJupyterError):  # a full disk must not end the job
            self._run.note(**noted)
        facts = self._facts = self._watch(job)
        told_in = STD_LOG if job.failed is None else job.failed.log
        log = stream.read(self._run.layout.files / told_in, -ending.TAIL_BYTES)
        own = contained.judged(self._run, self._work.settings, facts)
        contained.remove(self._run, self._work.settings)
        self._finish(own or ending.judge(facts, log), facts.exit_code)

    def _start(self) -> Optional[Gang]:
        """The running job; None when it was cancelled before."""
        layout, settings = self._run.layout, self._work.settings
        self._spec = LaunchSpec.from_json(read_json(layout.launch), str(layout.launch))
        if self._spec.payload is not None:
            write_json(layout.payload, self._spec.payload, mode=0o600)
        if self._spec.resumes:
            shutil.rmtree(layout.work, ignore_errors=True)
        else:
            layout.launch.unlink()
        os.umask(self._spec.umask)
        layout.work.mkdir()
        if self._run.record.snapshot_id is not None:
            snapshot.lay_out(self._workspace.layout, self._run.record.snapshot_id, layout.work)
        outputs.prepare(layout)
        (layout.files / STD_LOG).parent.mkdir(parents=True, exist_ok=True)
        if not self._run.move_if((status.PREPARING,), status.STARTING):
            return None
        values = inputs.lay_out(self._spec, self._workspace.layout, layout)
        self._spec = inputs.filled(self._spec, values)
        facts = launch.LaunchFacts(self._workspace, self._run, settings, self._work.grant)
        prepared = launch.prepared_of(self._spec, settings)
        for text in prepared.warnings:
            self._warn(text)
        plans = launch.plan(self._spec, facts, prepared)
        variables = plans[0].environment
        self._python = installed.Python(prepared.interpreter, variables, settings.cache)
        return Gang(self._run, contained.outer(self._spec), plans)

    def _watch(self, job: Gang) -> Facts:
        """See to the job until nothing of it is left."""
        before = processes.oom_kills()
        work, gpus = self._work, [uuid for node in self._work.grant.nodes for uuid in node.gpus]
        spec = contained.outer(self._spec)
        watchdog = Watchdog(self._run, spec, work.settings, work.loan, job, gpus)
        stopped = self._until_stopped(job, watchdog)
        grace_s = self._spec.grace_s
        left_s = settle.LEFT_GRACE_S if job.failed is None else OTHERS_GRACE_S
        left = job.end(grace_s if stopped else min(grace_s, left_s))
        watchdog.finish()
        if left:
            self._warn(f"{len(left)} processes of the job could not be ended: {sorted(left)}.")
        if job.lost_bytes:
            self._warn(
                f"{job.lost_bytes} bytes of output were lost: there was no room on the disk."
            )
        if job.out_of_memory() and stopped is None:
            stopped = "memory"
        peak = max(job.peak(), watchdog.peak)
        job.close()
        return Facts(
            exit_code=-signal.SIGKILL if job.exit_code is None else job.exit_code,
            stopped=stopped,
            memory_peak=peak,
            memory_limit=self._spec.memory_limit,
            limit_s=self._spec.max_run_duration_s,
            machine_oom=processes.oom_kills() > before,
            what=_what(self._spec, job.failed),
            rank="" if job.failed is None else job.failed.label,
        )

    def _warn(self, text: str) -> None:
        with suppress(
            MlJupyterError
        ):  # what a warning is about may also keep it from being written
            self._run.warn(text)

    def _until_stopped(self, job: Gang, watchdog: Watchdog) -> Optional[str]:
        """Why the job is to be stopped; None: it has ended by itself, and that counts."""
        stopped: Optional[str] = None
        while stopped is None and not job.has_ended:
            job.step(watchdog.seconds_to_next())
            stopped = watchdog.check()
        job.step(0)
        if job.terminated:
            return "shutdown"
        if job.has_ended:
            return None
        if stopped == "limit":
            reason = "Stopping: the time limit was reached."
            self._run.move_if((status.RUNNING,), status.CANCEL_REQUESTED, reason=reason)
        return stopped

    def _finish(self, end: Ending, exit_code: Optional[int]) -> None:
        run = self._run
        if self._facts is not None:
            when_there_is_room(lambda: run.move_if((status.STARTING,), status.RUNNING))
        when_there_is_room(
            lambda: run.move_if((status.RUNNING, status.NOT_RESPONDING), status.FINALIZING)
        )
        if end.status == status.COMPLETED:
            end = self._deliver(end)
        for text in outputs.collect(run.layout, keep_work=self._spec.keep_work):
            self._warn(text)
        if end.warning is not None:
            self._warn(end.warning)
        failed_reason = (
            f"The job that it belonged to ended: {end.reason}"
            if end.reason
            else "Its job has ended."
        )
        when_there_is_room(
            lambda: settle.settle_children(run, end.status, _UNCOMPLETED, failed_reason)
        )
        if end.status == status.FAILED:
            end = self._find_out(end, exit_code)
        live = [item for item in status.OWNED if end.status in status.LEGAL[item]]
        facts = {"reason": end.reason, "error": end.error, "exit_code": exit_code}
        deliveries.discard(run.layout)
        discard_private(run)  # gone by the time that anybody can see the end
        when_there_is_room(lambda: run.move_if(live, end.status, **facts))
        discard(run)

    def _deliver(self, end: Ending) -> Ending:
        """Results that become data; a job whose results could not be kept has failed."""
        try:
            deliveries.deliver(self._spec, self._run, self._workspace.layout.root)
        except (MlJupyterError, OSError) as error:
            text = f"The job ended, but its outputs could not be kept: {error}"
            return Ending(status.FAILED, text, {"code": "OutputFailed", "message": text})
        return end

    def _find_out(self, end: Ending, exit_code: Optional[int]) -> Ending:
        """Note why it failed; whatever goes wrong with that must not keep the run from ending."""
        from ml_jupyter.jobs import finding

        with suppress(Exception):
            found = finding.make(self._workspace.layout, self._run, end, exit_code, self._facts)
            self._run.note(finding=found)
            return replace(end, reason=finding.reason_of(found, end.reason))
        return end


_UNCOMPLETED = "The script ended without completing this run."


def _what(spec: LaunchSpec, failed: Optional[RankPlan]) -> str:
    """What has ended, as a sentence names it."""
    if failed is not None and failed.rank < 0:
        return "launcher"
    return "script" if spec.command is None else "command"


def _not_started(error: Exception) -> Ending:
    if isinstance(error, MlJupyterError):
        text = str(error)
    else:
        text = f"The job could not be started: {error}."
    return Ending(status.FAILED, text, {"code": "StartFailed", "message": text})
