"""Where things lie in a workspace folder and in a run folder."""

from __future__ import annotations

from pathlib import Path

#: Version of the format of workspace and run folders: major.minor (docs/run-folder.md).
FORMAT_MAJOR = 1
FORMAT_MINOR = 0

STD_LOG = "user_logs/std_log.txt"
#: What was said while the environment of a run was made.
BUILD_LOG = "system_logs/build_log.txt"


class RunLayout:
    """Paths of one run's folder.

    Parameters
    ----------
    path : Path
        ``runs/<experiment id>/<run id>`` of a workspace.
    """

    __slots__ = ("path",)

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def run_id(self) -> str:
        """Id of the run: the folder's name."""
        return self.path.name

    @property
    def experiment_id(self) -> str:
        """Id of the run's experiment: the name of the folder above."""
        return self.path.parent.name

    @property
    def record(self) -> Path:
        """Facts known at the start, written once."""
        return self.path / "run.json"

    @property
    def events(self) -> Path:
        """Changes of the run, JSON lines."""
        return self.path / "events"

    @property
    def metrics(self) -> Path:
        """Folder of the metric series."""
        return self.path / "metrics"

    @property
    def metric_names(self) -> Path:
        """Maps the file names in ``metrics`` to metrics."""
        return self.path / "metrics" / "names"

    @property
    def lock(self) -> Path:
        """Held by the run's owner."""
        return self.path / "lock"

    @property
    def files(self) -> Path:
        """The run's files, under the names that users see."""
        return self.path / "files"

    @property
    def log_times(self) -> Path:
        """When which part of the terminal's log was written."""
        return self.path / "log.times"

    @property
    def work(self) -> Path:
        """Working directory of the job while it runs."""
        return self.path / "work"

    @property
    def inputs(self) -> Path:
        """Data of the job while it runs, one folder for each input."""
        return self.path / "inputs"

    @property
    def payload(self) -> Path:
        """Private file of a running job: what its program alone may know; removed at its end."""
        return self.path / "payload.json"

    @property
    def launch(self) -> Path:
        """Private file of a queued run: how to start it; removed at the start."""
        return self.path / "launch.json"


class WorkspaceLayout:
    """Paths of a workspace folder.

    Parameters
    ----------
    root : Path
        The folder that holds ``workspace.json``.
    """

    __slots__ = ("root",)

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def record(self) -> Path:
        """Facts of the workspace."""
        return self.root / "workspace.json"

    @property
    def journal(self) -> Path:
        """One append-only file a host: which run changed."""
        return self.root / "journal"

    @property
    def experiments(self) -> Path:
        """One JSON file an experiment, and the counters of run numbers."""
        return self.root / "experiments"

    @property
    def snapshots(self) -> Path:
        """Content-addressed source trees."""
        return self.root / "snapshots"

    @property
    def environments(self) -> Path:
        """Registered environments."""
        return self.root / "environments"

    @property
    def packages(self) -> Path:
        """Lists of installed packages: one JSON file for each set of them."""
        return self.root / "packages"

    @property
    def targets(self) -> Path:
        """One JSON file a compute target."""
        return self.root / "targets"

    @property
    def models(self) -> Path:
        """Registered models: a folder a name, and the contents of their files."""
        return self.root / "models"

    @property
    def services(self) -> Path:
        """One JSON file a deployed model, and its keys."""
        return self.root / "services"

    @property
    def views(self) -> Path:
        """Saved views: one JSON file each."""
        return self.root / "views"

    @property
    def queue(self) -> Path:
        """One marker file for each run that waits."""
        return self.root / "queue"

    @property
    def runs(self) -> Path:
        """Run folders by experiment."""
        return self.root / "runs"

    @property
    def trash(self) -> Path:
        """Deleted runs, until they are purged."""
        return self.root / "trash"

    def run(self, experiment_id: str, run_id: str) -> RunLayout:
        """Layout of one run's folder, existing or not."""
        return RunLayout(self.runs / experiment_id / run_id)
