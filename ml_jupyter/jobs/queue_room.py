"""What can be given to a job at one moment, and what must be kept for those who came before.

From data to data. A run that does not fit makes a *claim*: what it is short of is kept for it as it
becomes free, so that small runs behind it never starve it; what it is not short of may go to
others, for as long as it cannot start anyway.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from ml_jupyter.jobs.queue_request import GRAIN, Request

#: GPUs of each node, by UUID.
Fit = Tuple[Tuple[str, ...], ...]


@dataclass(frozen=True)
class GpuRoom:
    """One GPU, or MIG device, as far as it can be given.

    Attributes
    ----------
    uuid, label
        Its name for programs and for people.
    total : int
        Bytes of memory that programs can have.
    free : float
        The part that no job holds: 1 whole, 0 nothing.
    foreign : float
        The part of its memory that processes hold which the queue did not start for it.
    memory_free : int
        Bytes that are neither used nor promised.
    mig : bool
        A MIG device: CUDA shows a process only one of these, so a node gets one at most.
    problem : str, optional
        Why it is out of use.
    exclusive : bool
        The driver lets one process at a time compute on it, so that it cannot be shared.
    """

    uuid: str
    label: str = "GPU"
    total: int = 0
    free: float = 1.0
    foreign: float = 0.0
    memory_free: int = 0
    mig: bool = False
    problem: Optional[str] = None
    exclusive: bool = False

    def could(self, request: Request) -> bool:
        """Whether it would do for a request if nobody used it."""
        if self.problem is not None or request.gpu_memory > self.total:
            return False
        return not (self.mig and request.whole > 1) and not (self.exclusive and request.share)

    def can(self, request: Request) -> bool:
        """Whether it does for a request now."""
        if not self.could(request) or self.memory_free < request.gpu_memory:
            return False
        if request.share:
            return self.free - self.foreign >= self.part(request) - GRAIN
        beside = request.gpu_memory > 0 and not self.exclusive
        return self.free >= 1.0 - GRAIN and (self.foreign == 0.0 or beside)

    def part(self, request: Request) -> float:
        """What a share takes of it: as much as was asked for, and as its memory needs."""
        memory = request.gpu_memory / self.total if self.total else 0.0
        return max(request.share, memory)

    def less(self, request: Request) -> GpuRoom:
        """What is left of it when the request has its part."""
        if not request.share:
            return replace(self, free=0.0, memory_free=0)
        part = self.part(request)
        promised = max(request.gpu_memory, int(part * self.total))
        left = max(0, self.memory_free - promised)
        return replace(self, free=max(0.0, self.free - part), memory_free=left)


class Room:
    """What is free. Changes as runs are placed and claims are made.

    Parameters
    ----------
    cpus, total : int
        Free CPU slots, and those of the machine.
    memory : int
        Bytes that are not reserved.
    gpus : iterable of GpuRoom
        All of them, in their order.
    pools : mapping of str to int
        Nodes in use of each pool, by its id.
    """

    def __init__(
        self,
        cpus: int,
        total: int,
        memory: int = 0,
        gpus: Iterable[GpuRoom] = (),
        pools: Optional[Mapping[str, int]] = None,
    ) -> None:
        self.cpus = cpus
        self.total = total
        self.memory = memory
        self.gpus: Dict[str, GpuRoom] = {gpu.uuid: gpu for gpu in gpus}
        self._pools: Dict[str, int] = dict(pools or {})

    def copy(self) -> Room:
        """Another one that changes by itself."""
        return Room(self.cpus, self.total, self.memory, self.gpus.values(), self._pools)

    def pool_free(self, request: Request) -> int:
        """Nodes that are free in the request's pool."""
        return max(0, request.max_nodes - self._pools.get(request.pool, 0))

    def shortages(self, request: Request) -> List[str]:
        """What it is short of for a request, in the order in which claims are made."""
        short = []
        if request.pool and self.pool_free(request) < request.nodes:
            short.append("pool")
        if request.gpus and self._gpus_for(request) is None:
            short.append("gpus")
        if request.memory * request.nodes > self.memory:
            short.append("memory")
        if request.cpus(self.total) > self.cpus:
            short.append("cpus")
        return short

    def fit(self, request: Request) -> Optional[Fit]:
        """The GPUs of each node, when all of the request can be given; None: it cannot."""
        if request.cpus(self.total) > self.cpus or request.memory * request.nodes > self.memory:
            return None
        if request.pool and self.pool_free(request) < request.nodes:
            return None
        return self._gpus_for(request) if request.gpus else ((),) * request.nodes

    def take(self, request: Request, fit: Fit) -> None:
        """Give it."""
        self.cpus -= request.cpus(self.total)
        self.memory -= request.memory * request.nodes
        self._take_nodes(request, request.nodes)
        for node in fit:
            for uuid in node:
                self.gpus[uuid] = self.gpus[uuid].less(request)

    def take_nodes(self, request: Request) -> bool:
        """Give nodes of the pool only, to a child that has the rest from its parent."""
        if self.pool_free(request) < request.nodes:
            return False
        self._take_nodes(request, request.nodes)
        return True

    def withhold(self, request: Request, gpus: Sequence[str]) -> None:
        """Keep what somebody is about to take over."""
        self.cpus -= request.cpus(self.total)
        self.memory -= request.memory * request.nodes
        for uuid in gpus:
            if uuid in self.gpus:
                self.gpus[uuid] = replace(self.gpus[uuid], free=0.0)

    def reserve(self, request: Request) -> None:
        """Keep a request's place: all of it when it fits, else what it waits for."""
        found = self.fit(request)
        if found is None:
            self.claim(request)
        else:
            self.take(request, found)

    def claim(self, request: Request) -> None:
        """Keep what a request that does not fit is short of, scarce things first.

        While it waits for a node of its pool or for GPUs, cores and memory may go to others: they
        come back. When it has those, it keeps them and all cores that become free.
        """
        short = self.shortages(request)
        if request.pool:
            self._take_nodes(request, min(request.nodes, self.pool_free(request)))
        if "pool" in short:
            return
        if request.gpus:
            self._claim_gpus(request)
        if "gpus" in short:
            return
        self.memory = max(0, self.memory - request.memory * request.nodes)
        self.cpus = max(0, self.cpus - request.cpus(self.total))

    def _has_gpus(self) -> bool:
        """Whether a part of any GPU is left: of a thousand runs most are asked after the last."""
        return any(gpu.free > 0.0 for gpu in self.gpus.values())

    def _take_nodes(self, request: Request, nodes: int) -> None:
        if request.pool:
            self._pools[request.pool] = self._pools.get(request.pool, 0) + nodes

    def _gpus_for(self, request: Request) -> Optional[Fit]:
        if not self._has_gpus():
            return None
        if request.share:
            return self._shares_for(request)
        able = sorted((gpu for gpu in self.gpus.values() if gpu.can(request)), key=_by_worth)
        if request.gpu_memory:
            able.sort(key=lambda gpu: gpu.total)
        names = [gpu.uuid for gpu in able]
        each = request.whole
        if len(names) < each * request.nodes:
            return None
        return tuple(tuple(names[at * each : (at + 1) * each]) for at in range(request.nodes))

    def _shares_for(self, request: Request) -> Optional[Fit]:
        left = dict(self.gpus)
        found = []
        for _ in range(request.nodes):
            able = [gpu for gpu in left.values() if gpu.can(request)]
            if not able:
                return None
            best = min(able, key=lambda gpu: (gpu.free >= 1.0, gpu.free, _by_worth(gpu)))
            left[best.uuid] = best.less(request)
            found.append((best.uuid,))
        return tuple(found)

    def _claim_gpus(self, request: Request) -> None:
        """Let nobody else have the GPUs that the request will get first.

        They are those that are free for it, and then those with the most room, which the ends of
        our own runs make larger: the more a GPU is drained, the more it is the one to be drained.
        """
        if not self._has_gpus():
            return
        found = self._gpus_for(request)
        if found is not None:
            names = [uuid for node in found for uuid in node]
        else:
            wanted = request.nodes if request.share else request.whole * request.nodes
            able = [gpu for gpu in self.gpus.values() if gpu.could(request)]
            able.sort(key=lambda gpu: (not gpu.can(request), gpu.foreign > 0.0, -gpu.free))
            names = [gpu.uuid for gpu in able[:wanted]]
        for uuid in names:
            gpu = self.gpus[uuid]
            small = found is not None and request.share
            self.gpus[uuid] = gpu.less(request) if small else replace(gpu, free=0.0)


def _by_worth(gpu: GpuRoom) -> Tuple[bool, int]:
    """Whole GPUs before MIG devices, and of those the largest first."""
    return gpu.mig, -gpu.total if gpu.mig else 0
