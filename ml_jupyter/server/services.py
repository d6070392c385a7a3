"""What the handlers work with; made once when the server starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ml_jupyter.config import Settings
from ml_jupyter.server.limits import Limits
from ml_jupyter.server.log_lines import LogLines
from ml_jupyter.server.log_search import Searches
from ml_jupyter.server.machine import Machine
from ml_jupyter.server.use_history import UseHistory
from ml_jupyter.server.workers import Workers
from ml_jupyter.server.workspaces import Workspaces

if TYPE_CHECKING:
    from ml_jupyter.server.hub import Hub
    from ml_jupyter.server.kernels import Kernels
    from ml_jupyter.server.settler import Settler
    from ml_jupyter.server.tensorboards import TensorBoards
    from ml_jupyter.server.use_sampler import UseSampler


@dataclass(slots=True)
class Services:
    """Everything behind the handlers.

    Attributes
    ----------
    settings : Settings
        Of this user.
    limits : Limits
        Of this server.
    root_dir : Path
        The Jupyter server's root folder; sources of jobs that clients submit lie below it.
    base_url : str
        Path below which the Jupyter server lies, with slashes around it.
    workers : Workers
        Threads for requests.
    workspaces : Workspaces
        Those of the user.
    machine : Machine
        Cores, memory and GPUs.
    use_history : UseHistory
        What the machine was used for.
    use_sampler : UseSampler
        Writes that history.
    kernels : Kernels
        Kernels of this server, told to the queue.
    log_lines : LogLines
        Line numbers of logs.
    searches : Searches
        Searches in logs.
    hub : Hub
        What open pages follow.
    boards : TensorBoards
        Running TensorBoards.
    settler : Settler
        Ends runs whose owner is gone.
    """

    settings: Settings
    limits: Limits
    root_dir: Path
    base_url: str
    workers: Workers
    workspaces: Workspaces
    machine: Machine
    use_history: UseHistory
    use_sampler: UseSampler
    kernels: Kernels
    log_lines: LogLines
    searches: Searches
    hub: Hub
    boards: TensorBoards
    settler: Settler

    async def close(self) -> None:
        """End what runs in the background, TensorBoards included."""
        await self.kernels.close()
        await self.use_sampler.close()
        await self.settler.close()
        await self.hub.close()
        await self.boards.close()
        self.workers.close()
        self.workspaces.close()
