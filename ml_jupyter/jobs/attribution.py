"""Whose each process on the GPUs is, and for how long it has done nothing there.

Of other users' processes only what ``ps`` and ``nvidia-smi`` show to everybody is told: never a
run, never a notebook's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Mapping, Optional, Tuple

from ml_jupyter import _time, _words
from ml_jupyter.devices import nvml, owners
from ml_jupyter.devices.gpu import Gpu, GpuSample, Inventory
from ml_jupyter.devices.owners import NOTEBOOK, RUN, USER, Owner
from ml_jupyter.devices.sessions import KernelSession
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history.system_use import IDLE_BELOW
from ml_jupyter.history.workspace import WorkspaceFolder

#: Only who was watched for so long is said to be idle for never having worked.
_WATCHED_NS = 5_000_000_000


@dataclass(frozen=True)
class GpuProcessUse:
    """A process on a GPU.

    Attributes
    ----------
    used : int, optional
        Bytes on this GPU; None: the driver does not tell.
    owner : Owner
        Whose it is; runs and notebooks are named for this user's processes only.
    idle_s : float, optional
        Seconds without work on the GPU and, for a notebook, without a cell; at least so many.
    workspace_id, run_name : str
        Of a run of this user; else empty.
    """

    gpu: Gpu
    pid: int
    used: Optional[int]
    owner: Owner
    idle_s: Optional[float] = None
    workspace_id: str = ""
    run_name: str = ""

    @property
    def sentence(self) -> str:
        """Who it is, for the line under a bar: ``Notebook eda.ipynb, idle 3 h``."""
        owner = self.owner
        if owner.kind == RUN:
            return f"Run {self.run_name}" if owner.mine else f"A job of {owner.user}"
        if owner.kind == NOTEBOOK:
            name = f"Notebook {owner.notebook}" if owner.notebook else "A notebook"
            return (name if owner.mine else f"A notebook of {owner.user}") + self._idle
        if owner.kind == USER:
            whose = f", pid {self.pid}" if owner.mine else f" of {owner.user}"
            return f"{owner.program or 'A process'}{whose}{self._idle}"
        return f"A process that cannot be seen from here (pid {self.pid})"

    @property
    def _idle(self) -> str:
        if self.idle_s is None or self.idle_s < 60:
            return ""
        return f", idle {_words.rounded(self.idle_s)}"


class GpuActivity:
    """When each process last did something on its GPU, as far as it was watched."""

    def __init__(self) -> None:
        self._since: Dict[Tuple[str, int], int] = {}
        self._worked: Dict[Tuple[str, int], int] = {}

    def note(
        self,
        inventory: Inventory,
        samples: Mapping[str, GpuSample],
        active: Callable[[str, int], Mapping[int, int]] = nvml.active,
    ) -> None:
        """Take in what the driver says now."""
        now, since, worked = _time.now_ns(), {}, {}
        for gpu in inventory.gpus:
            keys = [(gpu.uuid, item.pid) for item in gpu.processes]
            told = active(gpu.uuid, max((self._worked.get(k, 0) for k in keys), default=0))
            sample = samples.get(gpu.uuid)
            busy = sample is not None and (sample.utilization or 0.0) >= IDLE_BELOW
            for key in keys:
                since[key] = self._since.get(key, now)
                newest = max(self._worked.get(key, 0), told.get(key[1], 0))
                worked[key] = now if busy and not told else newest  # which of them is not told
        self._since, self._worked = since, worked

    def last_work(self, uuid: str, pid: int) -> Optional[int]:
        """When it was last seen at work, nanoseconds since the epoch; None: never."""
        return self._worked.get((uuid, pid)) or None

    def since(self, uuid: str, pid: int) -> Optional[int]:
        """When it was first seen here; None: it was not."""
        return self._since.get((uuid, pid))


def processes(
    inventory: Inventory,
    sessions: Mapping[str, KernelSession],
    activity: Optional[GpuActivity] = None,
) -> List[GpuProcessUse]:
    """All processes on all GPUs, by GPU, the one with the most memory first.

    Parameters
    ----------
    inventory : Inventory
        What the driver says.
    sessions : mapping of str to KernelSession
        Kernels of this user's Jupyter servers, by id.
    activity : GpuActivity, optional
        What they were seen doing; one that never worked counts as idle since it was first seen,
        so for at least so long. None: only what their notebooks say.
    """
    whose: Dict[int, Owner] = {}
    names: Dict[Tuple[str, str], Tuple[str, str]] = {}
    found = []
    for gpu in inventory.gpus:
        for item in sorted(gpu.processes, key=lambda item: -(item.used or 0)):
            if item.pid not in whose:
                whose[item.pid] = _public(owners.of(item.pid, sessions))
            owner = whose[item.pid]
            key = (owner.workspace, owner.run_id)
            if owner.run_id and key not in names:
                names[key] = _names(*key)
            idle = _idle(owner, sessions.get(owner.kernel_id), activity, gpu.uuid)
            found.append(
                GpuProcessUse(gpu, item.pid, item.used, owner, idle, *names.get(key, ("", "")))
            )
    return found


def holder_of(gpu: Gpu, uses: List[GpuProcessUse]) -> Optional[str]:
    """Who holds a GPU, in a few words: the one with the most memory; None: nobody."""
    own = [item for item in uses if item.gpu.uuid == gpu.uuid]
    if not own:
        return None
    others = {item.sentence for item in own[1:]} - {own[0].sentence}
    more = f" and {len(others)} more" if others else ""
    return f"{own[0].sentence}{more}"


def _public(owner: Owner) -> Owner:
    """Without what only a process's own user may know, also where root looks."""
    if owner.mine:
        return owner
    keep = {"program": owner.program, "user": owner.user, "started": owner.started}
    return Owner(owner.pid, owner.kind, **keep)  # type: ignore[arg-type]


def _names(workspace: str, run_id: str) -> Tuple[str, str]:
    """Id of the workspace and name of the run; the run's id where it cannot be opened."""
    try:
        folder = WorkspaceFolder(Path(workspace))
        return folder.id, folder.run(run_id, None).state().display_name or run_id
    except (MlJupyterError, OSError):
        return "", run_id


def _idle(
    owner: Owner,
    session: Optional[KernelSession],
    activity: Optional[GpuActivity],
    uuid: str,
) -> Optional[float]:
    if session is not None and session.busy:
        return None
    worked = None if activity is None else activity.last_work(uuid, owner.pid)
    seen = None if activity is None else activity.since(uuid, owner.pid)
    told = 0 if session is None else session.last_activity
    now = _time.now_ns()
    if seen is not None and now - seen < _WATCHED_NS:
        seen = None
    last = max(worked or 0, told) or seen
    return None if last is None else max(0.0, (now - last) / 1e9)
