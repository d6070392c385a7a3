"""Why a run failed, and what to do: made from what the run's folder holds.

The supervisor makes it before the run ends and notes it; for runs that ended otherwise (in a
notebook, or with their supervisor) it is made when somebody asks.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any, Dict, List, Mapping, Optional, Tuple
from weakref import WeakKeyDictionary

from ml_jupyter import _time, _words
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import records, status, system_log
from ml_jupyter.history.layout import BUILD_LOG, STD_LOG, WorkspaceLayout
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import ending, finding_causes, finding_signals
from ml_jupyter.jobs.ending import Ending, Facts
from ml_jupyter.jobs.finding_cause import Advice, Cause, Failure
from ml_jupyter.jobs.finding_changes import since_last_good
from ml_jupyter.jobs.finding_curve import free_memory, gpu_curve, memory_curve
from ml_jupyter.jobs.finding_ends import by_build, by_exit_code, by_signal
from ml_jupyter.jobs.finding_facts import (
    first_failed,
    furthest_step,
    label,
    last_lines,
    log_end,
    snapshot_files,
)
from ml_jupyter.jobs.finding_notebook import notebook_frames
from ml_jupyter.jobs.finding_signals import SignalFacts
from ml_jupyter.jobs.finding_traceback import Frame, error_of, frames_of, syntax_error_of

_SHORT = 160
_TRACEBACK_CHARACTERS = 8000
#: Codes of errors (``error["code"]``) that are kinds of findings of their own.
_KINDS = {
    "OutOfMemory": "memory",
    "JobLost": "lost",
    "Shutdown": "shutdown",
    "StartFailed": "not_started",
    "EnvironmentBuildFailed": "environment",
    "environment_build_failed": "environment",
}

#: Kinds whose sentence is better than the line of the error.
_BETTER = frozenset({"gpu_memory", "missing_module"})
#: Findings of runs that have none noted, as long as somebody has the run open.
_made: WeakKeyDictionary[RunFolder, Dict[str, Any]] = WeakKeyDictionary()


def of(workspace: WorkspaceLayout, run: RunFolder) -> Optional[Dict[str, Any]]:
    """The finding of a run (docs/http-api.md); None for runs that did not fail."""
    state = run.state()
    if state.status != status.FAILED:
        return None
    noted = state.facts.get("finding")
    if isinstance(noted, dict):
        return noted
    made = _made.get(run)
    if made is None:
        end = Ending(state.status, state.reason, state.error)
        made = _made[run] = make(workspace, run, end, state.exit_code)
    return made


def make(
    workspace: WorkspaceLayout,
    run: RunFolder,
    end: Ending,
    exit_code: Optional[int],
    facts: Optional[Facts] = None,
) -> Dict[str, Any]:
    """The finding of a run that fails.

    Parameters
    ----------
    workspace : WorkspaceLayout
        Where the run is.
    run : RunFolder
        The run; its last state may not be written yet.
    end : Ending
        Reason and error.
    exit_code : int, optional
        Of the job's first process; negative: the signal that ended it.
    facts : Facts, optional
        What the supervisor knows besides.
    """
    return _Case(workspace, run, end, exit_code, facts).finding()


def reason_of(finding: Mapping[str, Any], reason: Optional[str]) -> Optional[str]:
    """The reason of the run, for lists: the finding's sentence where it says more than the error.

    Parameters
    ----------
    reason : str, optional
        The reason without a finding.
    """
    return finding["title"] if finding["kind"] in _BETTER else reason


class _Case:
    """What is known of one failure, gathered once."""

    def __init__(
        self,
        workspace: WorkspaceLayout,
        run: RunFolder,
        end: Ending,
        exit_code: Optional[int],
        facts: Optional[Facts],
    ) -> None:
        self._workspace, self._run, self._end, self._facts = workspace, run, end, facts
        self._error: Mapping[str, Any] = end.error or {}
        self._rank = first_failed(run)
        rank_code = None if self._rank is None else self._rank.get("exit_code")
        self._exit_code = exit_code if rank_code in (None, 0) else rank_code
        self._log = STD_LOG if self._rank is None else str(self._rank.get("log") or STD_LOG)
        if _KINDS.get(str(self._error.get("code"))) == "environment":
            self._log = BUILD_LOG
        self._tail = log_end(run, self._log)
        self._names = system_log.read_names(run.layout)
        self._files = snapshot_files(workspace, run)

    def finding(self) -> Dict[str, Any]:
        traceback, message = self._traceback()
        frames = self._frames(traceback) if traceback else []
        type_, text = error_of(message) if message else ("", "")
        signal = self._signal()
        cause = self._cause(type_, text, frames, signal)
        step = furthest_step(self._run)
        return {
            "kind": cause.kind,
            "title": self._title(cause, frames, step),
            "summary": cause.summary,
            "rank": self._rank,
            "exit_code": self._exit_code,
            "signal": signal,
            "error": {"type": type_ or None, "message": text} if message else None,
            "frames": [frame.to_json() for frame in frames],
            "traceback": traceback[-_TRACEBACK_CHARACTERS:] if traceback else None,
            "log": self._log,
            "tail": last_lines(self._tail),
            "advice": [asdict(item) for item in cause.advice],
            "curve": self._curve(cause),
            "step": step,
            "changes": self._changes(),
        }

    def _traceback(self) -> Tuple[Optional[str], Optional[str]]:
        """The traceback, and the error that it ends with."""
        if self._rank is None and self._error.get("traceback"):
            traceback = str(self._error["traceback"])
            found, message = ending.last_traceback(traceback.encode("utf-8", "replace"))
            return traceback, message or str(self._error.get("message") or "") if found else None
        if self._error.get("code") in _KINDS and self._rank is None:
            return None, None
        if self._run.record.type == records.INTERACTIVE:
            return None, None
        told = ending.last_traceback(self._tail)
        syntax = None if told[0] else syntax_error_of(ending.plain(self._tail))
        return told if syntax is None else (syntax, syntax.splitlines()[-1])

    def _frames(self, traceback: str) -> List[Frame]:
        source = str(self._run.layout.work)
        notebook = str(self._launch().get("script") or "")
        found = frames_of(traceback, source, self._files)
        if found or not notebook.endswith(".ipynb"):
            return found
        return notebook_frames(ending.plain(self._tail), notebook, source, self._files)

    def _signal(self) -> Optional[Dict[str, Any]]:
        number = finding_signals.number_of(self._exit_code)
        if number is None:
            return None
        free, total = free_memory(self._run.layout, self._names)
        facts = self._facts
        is_oom = self._error.get("code") == "OutOfMemory"
        limit = self._memory_limit()
        stopped = "memory" if facts is None and is_oom and limit else None
        return finding_signals.judge(
            number,
            SignalFacts(
                stopped=stopped if facts is None else facts.stopped,
                machine_oom=is_oom if facts is None else facts.machine_oom,
                free=free,
                total=total,
                user=self._run.record.user,
            ),
        )

    def _cause(
        self,
        type_: str,
        text: str,
        frames: List[Frame],
        signal: Optional[Mapping[str, Any]],
    ) -> Cause:
        interrupted = signal is not None and type_ == "KeyboardInterrupt"
        if (text or type_) and not interrupted:
            modules = sorted({path.split("/")[0].partition(".")[0] for path in self._files})
            built = self._launch().get("build") is not None
            return finding_causes.of(Failure(type_, text, frames, modules, built))
        reason = self._end.reason or str(self._error.get("message") or "The run failed.")
        kind = _KINDS.get(str(self._error.get("code") or ""))
        if kind == "memory":
            return self._out_of_memory(reason)
        if kind == "environment":
            return by_build(reason, self._error)
        if kind is not None:
            return Cause(kind, reason)
        if signal is not None:
            return by_signal(signal, reason, self._tail)
        if self._exit_code:
            return by_exit_code(self._exit_code, reason, self._tail)
        return Cause("marked", reason)

    def _out_of_memory(self, reason: str) -> Cause:
        limit = self._memory_limit()
        advice = [Advice("Read the data in parts, or use fewer worker processes.")]
        if limit:
            advice.append(Advice("Raise the memory limit of the run."))
        curve = self._curve(Cause("memory", ""))
        summary = None
        if curve is not None and len(curve["values"]) > 1:
            seconds = (curve["times_ms"][-1] - curve["times_ms"][0]) / 1000
            top = min(max(curve["values"]), limit or math.inf)
            grown = f"{ending.in_mb(curve['values'][0])} to {ending.in_mb(top)}"
            time = "less than a second" if seconds < 1 else _words.duration(seconds)
            summary = f"Its memory grew from {grown} in {time}."
        return Cause("memory", reason, summary, tuple(advice))

    def _curve(self, cause: Cause) -> Optional[Dict[str, Any]]:
        layout = self._run.layout
        if cause.kind == "gpu_memory":
            return gpu_curve(layout, self._names, cause.gpu, cause.asked)
        if cause.kind not in ("memory", "signal", "lost"):
            return None
        peak = 0 if self._facts is None else self._facts.memory_peak
        ended = self._run.state().ended or _time.now_ns()
        limit = self._memory_limit()
        return memory_curve(layout, self._names, limit=limit, peak=peak, ended=ended)

    def _title(self, cause: Cause, frames: List[Frame], step: Optional[Mapping[str, Any]]) -> str:
        title = cause.title
        if cause.kind == "gpu_memory" and step is not None:
            title = f"{title[:-1]} at step {step['step']:,}."
        own = next((frame for frame in reversed(frames) if frame.own), None)
        if cause.kind == "exception" and own is not None and len(title) < _SHORT:
            end = title[-1] if title[-1] in "!?" else ""
            title = f"{title.rstrip('.!?')}{end} ({own.file} line {own.line})."
        if self._rank is not None:
            name = label(self._rank)
            title = title[len(name) + 2 :] if title.startswith(f"{name}: ") else title
            title = f"{name} failed first: {title}"
        return title

    def _changes(self) -> Optional[Dict[str, Any]]:
        try:
            return since_last_good(self._workspace, self._run)
        except (MlJupyterError, OSError, ValueError):
            return None

    def _launch(self) -> Mapping[str, Any]:
        launch = self._run.record.definition.get("launch")
        return launch if isinstance(launch, dict) else {}

    def _memory_limit(self) -> int:
        return int(self._launch().get("memory_limit") or 0)
