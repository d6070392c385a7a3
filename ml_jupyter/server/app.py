"""The extension application: settings, wiring, start and end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.utils import url_path_join
from traitlets import Float, Int, Unicode

from ml_jupyter.config import Settings
from ml_jupyter.history.journal import host_name
from ml_jupyter.server.hub import Hub
from ml_jupyter.server.kernels import Kernels
from ml_jupyter.server.limits import Limits
from ml_jupyter.server.log_lines import LogLines
from ml_jupyter.server.log_search import Searches
from ml_jupyter.server.machine import Machine
from ml_jupyter.server.routes import FALLBACK, PREFIX, ROUTES
from ml_jupyter.server.services import Services
from ml_jupyter.server.settler import Settler
from ml_jupyter.server.tensorboards import TensorBoards
from ml_jupyter.server.use_history import UseHistory
from ml_jupyter.server.use_sampler import UseSampler
from ml_jupyter.server.workers import Workers
from ml_jupyter.server.workspaces import Workspaces

_DEFAULTS = Limits()


class MlJupyterApp(ExtensionApp):
    """Serves the user's runs below ``ml-jupyter/`` of a Jupyter server."""

    name = "ml_jupyter"
    extension_url = "/lab"
    load_other_extensions = True

    home = Unicode("", help="Folder of workspaces made by name; empty: as everywhere else.").tag(
        config=True
    )
    threads = Int(_DEFAULTS.threads, min=1, help="Blocking calls that run at one time.").tag(
        config=True
    )
    deadline_s = Float(
        _DEFAULTS.deadline_s, min=1.0, help="Seconds after which a request is given up."
    ).tag(config=True)
    body_bytes = Int(_DEFAULTS.body_bytes, min=1024, help="Bytes that a request may hold.").tag(
        config=True
    )
    subscriptions = Int(
        _DEFAULTS.subscriptions, min=1, help="Streams that one page may follow at a time."
    ).tag(config=True)
    pages = Int(_DEFAULTS.pages, min=1, help="Pages that may be open at a time.").tag(config=True)
    tensorboards = Int(
        _DEFAULTS.tensorboards, min=1, help="TensorBoards that may run at a time."
    ).tag(config=True)
    tensorboard_start_s = Float(
        _DEFAULTS.tensorboard_start_s, min=1.0, help="Seconds until a TensorBoard has to answer."
    ).tag(config=True)
    tensorboard_idle_s = Float(
        _DEFAULTS.tensorboard_idle_s,
        min=1.0,
        help="Seconds without a request after which a TensorBoard is ended.",
    ).tag(config=True)

    services: Services

    def initialize_settings(self) -> None:
        """Make what the handlers work with."""
        self.services = self._make_services()

    def initialize_handlers(self) -> None:
        """Register every row of the table, and the answer for what no row names."""
        for route in ROUTES:
            given = {"services": self.services, "operations": route.operations}
            self.handlers.append((f"/{PREFIX}/{route.pattern}", route.handler, given))
            if route.path.endswith("/{path}") and route.path.startswith("tensorboards/"):
                bare = f"/{PREFIX}/{route.pattern[: -len('(.+)')]}"
                self.handlers.append((bare, route.handler, given))
        rest = {"services": self.services, "operations": {}}
        self.handlers.append((f"/{PREFIX}(|/.*)", FALLBACK, rest))

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        self.services.machine.kernels = lambda: self.services.kernels.ids
        self.services.kernels.start()
        self.services.use_sampler.start()
        self.services.settler.start()

    async def stop_extension(self) -> None:
        """End the background work and the TensorBoards."""
        await self.services.close()

    def _make_services(self) -> Services:
        settings = Settings.load()
        if self.home:
            settings = settings.with_(home=Path(self.home).expanduser())
        server = self.serverapp
        assert server is not None
        limits = self._limits()
        workers = Workers(limits.threads, limits.waiting, limits.deadline_s, "ml-jupyter")
        workspaces, hub = Workspaces(settings), Hub(limits)
        machine, every_s = Machine(settings, workspaces), settings.machine_history_s
        history = UseHistory(settings.state / "machine" / host_name(), every_s)
        return Services(
            settings=settings,
            limits=limits,
            root_dir=Path(server.root_dir),
            base_url=url_path_join("/", server.base_url, "/"),
            workers=workers,
            workspaces=workspaces,
            machine=machine,
            use_history=history,
            use_sampler=UseSampler(history, machine.gpus, workers, every_s, self.log),
            kernels=Kernels(server, settings.runtime, self.log),
            log_lines=LogLines(),
            searches=Searches(limits.searches),
            hub=hub,
            boards=TensorBoards(settings.runtime / "tensorboard", workers, limits),
            settler=Settler(settings, hub, workspaces, workers, limits, self.log),
        )

    def _limits(self) -> Limits:
        names = (
            "threads",
            "deadline_s",
            "body_bytes",
            "subscriptions",
            "pages",
            "tensorboards",
            "tensorboard_start_s",
            "tensorboard_idle_s",
        )
        return Limits(**{name: getattr(self, name) for name in names})
