"""Why each run waits, in plain sentences that name the holder. From data to data."""

from __future__ import annotations

import re
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from ml_jupyter import _time, _words
from ml_jupyter.devices.owners import RUN
from ml_jupyter.jobs.queue import Waiting, in_order
from ml_jupyter.jobs.queue_limits import never
from ml_jupyter.jobs.queue_request import Request, count, size
from ml_jupyter.jobs.queue_room import Room
from ml_jupyter.jobs.queue_standing import Foreign, GpuUse, Standing
from ml_jupyter.jobs.slots import Holder, pool_prefix

#: So many waiting runs are told who has what they need; the text of later ones stays the same.
NAMED = 8
_GPUS = 4
_HOLDERS = 3
_AMOUNT = re.compile(r"\d[\d.]* (?:PB|TB|GB|MB|kB|B|d|h|min|s)\b")


def reasons(
    waiting: Sequence[Waiting],
    standing: Standing,
    name_of: Callable[[str], str] = str,
) -> Dict[str, str]:
    """Why each run waits, some sentences a run.

    Parameters
    ----------
    waiting : sequence of Waiting
        Those that were not chosen.
    standing : Standing
        How the machine stands.
    name_of : callable
        What a run of this user is called, by its id.
    """
    room = standing.room()
    texts = {}
    short: Dict[Request, Tuple[Optional[str], str]] = {}
    for position, item in enumerate(in_order(waiting)):
        if item.request not in short:
            behind = f"Waiting for {item.request.text}, behind other runs."
            short[item.request] = (never(item.request, standing.have), behind)
        refused, behind = short[item.request]
        if refused is not None:
            texts[item.run_id] = refused
        elif position >= NAMED:
            texts[item.run_id] = behind
        else:
            texts[item.run_id] = _Reason(item.request, position, standing, room, name_of).text()
    return texts


def signature(text: str) -> str:
    """A reason without its sizes and durations, which change all the time."""
    return _AMOUNT.sub("#", text)


def gpu_sentence(use: GpuUse, name_of: Callable[[str], str] = str) -> str:
    """Who has a GPU: ``GPU 1: 31.2 GB held by pid 4121, the notebook "eda.ipynb" (idle 3 h).``."""
    if use.room.problem is not None:
        return f"{use.room.label} {use.room.problem}."
    parts = []
    if use.holders:
        parts.append(f"in use by {_some(_names(use.holders, name_of, with_times=True))}")
    for item in use.foreign[: 2 if parts else 3]:
        parts.append(_held(item, name_of))
    if not parts:
        free = size(use.room.memory_free)
        return f"{use.room.label}: {free} of {size(use.room.total)} are free."
    if len(use.foreign) > 3:
        parts.append(f"{len(use.foreign) - 3} more")
    return f"{use.room.label}: {_words.listed(parts)}."


def _held(item: Foreign, name_of: Callable[[str], str]) -> str:
    held = "memory" if item.used is None else size(item.used)
    if item.owner is None:
        return f"{held} held by a process that cannot be seen from here"
    phrase = item.owner.phrase
    if item.owner.kind == RUN:
        name = name_of(item.owner.run_id)
        what = "of another queue" if item.owner.given else "which asked for no GPU"
        phrase = f"pid {item.owner.pid}, the run {name}, {what}"
    return f"{held} held by {phrase}"


class _Reason:
    """The sentences for one run."""

    def __init__(
        self,
        request: Request,
        position: int,
        standing: Standing,
        room: Room,
        name_of: Callable[[str], str],
    ) -> None:
        self._request = request
        self._standing = standing
        self._room = room
        self._name_of = name_of
        are = "s are" if position > 1 else " is"
        self._ahead = f"; {position} run{are} ahead" if position else ""

    def text(self) -> str:
        short = self._room.shortages(self._request)
        parts = [
            part
            for kind, part in (
                ("gpus", self._gpus),
                ("pool", self._pool),
                ("memory", self._memory),
                ("cpus", self._cpus),
            )
            if kind in short
        ]
        if not parts:
            return self._kept()
        texts = []
        for part in parts[:2]:
            texts.append(part())
            self._ahead = ""
        return " ".join(texts)

    def _kept(self) -> str:
        """There is enough, and somebody else comes first."""
        if not self._request.gpus and not self._request.pool and not self._request.memory:
            return self._cpus()
        if self._ahead:
            return (
                f"Waiting for {self._request.text}{self._ahead}, and what is free is kept for it."
            )
        return f"Waiting for {self._request.text}. A job of another user came first."

    def _gpus(self) -> str:
        request, uses = self._request, self._standing.gpus
        able = sum(1 for use in uses if use.room.can(request))
        needed = request.gpu_text if request.nodes == 1 else request.text
        free = f"{able or 'none'} of {len(uses)} {'is' if able < 2 else 'are'} free"
        held = [use for use in uses if not use.room.can(request)]
        texts = [f"Needs {needed}; {free}{self._ahead}."]
        texts += [gpu_sentence(use, self._name_of) for use in held[:_GPUS]]
        if len(held) > _GPUS:
            texts.append(f"So it is with {len(held) - _GPUS} more.")
        return " ".join(texts)

    def _pool(self) -> str:
        request = self._request
        held = self._standing.pools.get(pool_prefix(request.pool), ())
        names = _names(held, self._name_of)
        needed = count(request.nodes, "node")
        return (
            f"Waiting for {needed} of the pool {request.pool_name}{self._ahead}. "
            f"{_in_use(request.max_nodes, names, len(held))}"
        )

    def _memory(self) -> str:
        request = self._request
        needed = size(request.memory * request.nodes)
        free, have = size(max(0, self._room.memory)), size(self._standing.have.memory)
        names = _names(self._standing.memory, self._name_of)
        by = _some(names) if names else "nobody"
        return (
            f"Needs {needed} of memory; {free} of {have} are not reserved{self._ahead}. "
            f"Reserved by {by}."
        )

    def _cpus(self) -> str:
        needed = count(self._request.cpus(self._room.total), "CPU slot")
        holders = [item for item in self._standing.cpus if item is not None]
        names = _names(holders, self._name_of)
        used = _in_use(len(self._standing.cpus), names, len(holders))
        return f"Waiting for {needed}{self._ahead}. {used}"


def _some(names: Sequence[str]) -> str:
    """Three names, and how many more there are."""
    rest = len(names) - _HOLDERS
    return _words.listed([*names[:_HOLDERS], f"{rest} more"] if rest > 0 else names)


def _names(
    holders: Sequence[Holder], name_of: Callable[[str], str], with_times: bool = False
) -> List[str]:
    """What holders are called now, or were when they started."""
    names: Dict[str, str] = {}
    for holder in holders:
        run_id = holder.run_id.rpartition(":")[2]
        now = name_of(run_id) if run_id else ""
        name = now if now and now != run_id else holder.name
        if name not in names:
            seconds = (_time.now_ns() - holder.since) / 1e9
            old = with_times and holder.since and seconds >= 60
            names[name] = f"{name} (for {_words.rounded(seconds)})" if old else name
    return list(names.values())


def _in_use(total: int, names: Sequence[str], used: int) -> str:
    if not names:
        return f"0 of {total} are in use."
    return f"{used} of {total} {'is' if used == 1 else 'are'} in use by {_some(names)}."
