"""Where runs are placed on the machine: it looks, chooses, takes, and tells the rest why they wait.

The decisions themselves are made from data to data (``queue``, ``queue_room``, ``queue_standing``,
``queue_reasons``); here they meet the lock files and the driver.
"""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from ml_jupyter import _time
from ml_jupyter.config import Settings
from ml_jupyter.devices import machine, nvml, owners, sessions
from ml_jupyter.devices.gpu import Inventory
from ml_jupyter.devices.owners import Owner
from ml_jupyter.devices.watch import GpuWatch
from ml_jupyter.history.run_folder import RunFolder
from ml_jupyter.jobs import queue
from ml_jupyter.jobs.grant import Grant
from ml_jupyter.jobs.queue import Placement, Waiting
from ml_jupyter.jobs.queue_limits import Capacity, never, usable
from ml_jupyter.jobs.queue_loans import Loans, Taken, nodes_of
from ml_jupyter.jobs.queue_reasons import reasons
from ml_jupyter.jobs.queue_standing import Standing, stand
from ml_jupyter.jobs.slot_tickets import Tickets
from ml_jupyter.jobs.slots import Holder, SlotTable

#: Seconds that an answer about the GPUs is good for, and after which the next one is asked for.
_GOOD_S = 2.0
_FRESH_S = 0.4
_SESSIONS_S = 5.0
#: Seconds after which it is decided again though nothing has changed: durations have.
_AGAIN_S = 60.0
_ASKING = "Waiting for {}. The NVIDIA driver is asked what is free, and has not answered yet."


class QueueDesk:
    """Places the runs of one user on the machine.

    Parameters
    ----------
    settings : Settings
        Slots and folders.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._slots = SlotTable(settings.slot_dir, settings.slot_count, machine.memory_total())
        self._tickets = Tickets(settings.slot_dir)
        self._ticket_of = ""
        self.watch = GpuWatch()
        self._standing: Optional[Standing] = None
        self._scene: Any = None
        self._decided = 0.0
        self._loans = Loans(self._slots)
        self._sessions: Mapping[str, sessions.KernelSession] = {}
        self._sessions_at = -_SESSIONS_S

    @property
    def awaits_gpus(self) -> bool:
        """Whether runs were held up only because the driver has not answered yet."""
        return self._standing is None

    def is_news(
        self, waiting: Sequence[Waiting], live: Mapping[str, RunFolder], names: Mapping[str, str]
    ) -> bool:
        """Look; whether there is anything else to decide than the last time, when nobody started.

        Parameters
        ----------
        waiting : sequence of Waiting
            Runs that could be started.
        live : mapping of str to RunFolder
            Runs that run.
        names : mapping of str to str
            What those are called, by id.
        """
        if not waiting:
            self._leave()
            return False
        self._look(waiting)
        standing = self._standing
        scene = (
            [(item.run_id, item.priority, item.since) for item in waiting],
            list(live),
            dict(names),
            self._tickets.before(),
            self.watch.asked_for() > _GOOD_S if standing is None else standing.summary(),
        )
        now = _time.monotonic()
        if scene == self._scene and now - self._decided < _AGAIN_S:
            return False
        self._scene, self._decided = scene, now
        return True

    def choose(self, waiting: Sequence[Waiting], live: Mapping[str, RunFolder]) -> List[Placement]:
        """The runs to start now, as things stood at the last look."""
        if self._standing is None:
            waiting = _before_gpus(waiting)
        standing = self._standing or self._without_gpus()
        room = standing.room()
        for request in self._tickets.before():
            if never(request, standing.have) is None:  # another user may count with more
                room.reserve(request)
        chosen = queue.choose(waiting, self._loans.live(live), room, standing.have)
        if chosen:
            self._scene = None
        return chosen

    def take(
        self, placement: Placement, name: str, live: Mapping[str, RunFolder]
    ) -> Optional[Taken]:
        """What a chosen run needs; None: somebody else was faster.

        Parameters
        ----------
        placement : Placement
            The choice.
        name : str
            What the run is called, for those who wait for it.
        live : mapping of str to RunFolder
            The runs that run, to find what a parent holds.
        """
        holder = Holder(os.getuid(), placement.run_id, name, since=_time.now_ns())
        if placement.lender is not None:
            return self._loans.borrow(placement, holder, live)
        request = placement.request
        taken = self._slots.take(request, placement.fit, holder, self._parts(placement))
        if taken is None:
            return None
        if placement.run_id == self._ticket_of:
            self._tickets.leave()
        nodes = nodes_of(request, taken.cpus, placement.fit)
        return Taken(Grant(nodes, taken.descriptors), None)

    def explain(self, waiting: Sequence[Waiting], names: Mapping[str, str]) -> Dict[str, str]:
        """Why each run waits; nothing yet while the driver has not answered.

        Parameters
        ----------
        waiting : sequence of Waiting
            Those that were not started.
        names : mapping of str to str
            What the runs of this user are called, by id.
        """
        if not waiting:
            self._leave()
            return {}
        if self._scene is None:  # somebody was started
            self._look(waiting)
        standing = self._standing
        if standing is None:
            first = _before_gpus(waiting)
            texts = reasons(first, self._without_gpus(), _called(names))
            if self.watch.asked_for() > _GOOD_S:
                rest = [item for item in waiting if item.run_id not in texts]
                texts.update({item.run_id: _ASKING.format(item.request.text) for item in rest})
            return texts
        self._queue_up(waiting, standing)
        return reasons(waiting, standing, _called(names))

    def look_again(self) -> None:
        """What was decided and said so far does not count any more."""
        self._scene = None

    def forget(self, key: str) -> None:
        """A run has ended: what the driver said before is not good any more."""
        self._loans.forget(key)
        self.watch.expire()

    def close(self) -> None:
        """Leave the line, end the look at the GPUs."""
        self._leave()
        self.watch.close()

    def _leave(self) -> None:
        self._tickets.leave()
        self._ticket_of, self._scene = "", None

    def _look(self, waiting: Sequence[Waiting]) -> None:
        """Renew the standing; None while GPUs are asked for and there is no good answer."""
        found: Optional[Inventory] = Inventory(note=nvml.NO_GPU)
        if any(item.request.gpus for item in waiting):
            found = self.watch.take()
            if self.watch.age() > _FRESH_S:
                self.watch.ask()
                found = self.watch.take()
            if self.watch.age() > _GOOD_S:
                found = None
        self._standing = None if found is None else self._stand(found)

    def _without_gpus(self) -> Standing:
        return self._stand(Inventory())

    def _stand(self, found: Inventory) -> Standing:
        gpus = usable(found.gpus, self._settings)
        have = Capacity(self._slots.count, self._slots.memory, gpus, found.note)
        return stand(have, self._slots.holdings(), self._owner, self._loans.lenders())

    def _owner(self, pid: int) -> Owner:
        now = _time.monotonic()
        if now - self._sessions_at >= _SESSIONS_S:
            self._sessions = sessions.known(self._settings.runtime)
            self._sessions_at = now
        return owners.of(pid, self._sessions)

    def _queue_up(self, waiting: Sequence[Waiting], standing: Standing) -> None:
        """Keep a ticket for the first run that can be started at all."""
        for item in queue.in_order(waiting):
            if never(item.request, standing.have) is None:
                self._ticket_of = item.run_id
                self._tickets.wait_for(item.request)
                return
        self._tickets.leave()

    def _parts(self, placement: Placement) -> Dict[str, float]:
        uses = () if self._standing is None else self._standing.gpus
        rooms = {use.room.uuid: use.room for use in uses}
        names = [uuid for node in placement.fit for uuid in node]
        return {uuid: rooms[uuid].part(placement.request) for uuid in names if uuid in rooms}


def _called(names: Mapping[str, str]) -> Callable[[str], str]:
    return lambda run_id: names.get(run_id, run_id)


def _before_gpus(waiting: Sequence[Waiting]) -> List[Waiting]:
    """Those whose turn comes before the first run with GPUs."""
    found = []
    for item in queue.in_order(waiting):
        if item.request.gpus:
            break
        found.append(item)
    return found
