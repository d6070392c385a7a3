"""What a run is: its names, state, definition, tags and properties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Optional

from ml_jupyter import _lazy
from ml_jupyter.sdk import labels
from ml_jupyter.sdk.experiment import Experiment
from ml_jupyter.sdk.run_base import RunBase

if TYPE_CHECKING:
    from ml_jupyter.sdk import artifacts, details, portal, run_inputs, waiting
    from ml_jupyter.sdk.run import Run
else:  # importing Run must stay cheap: it is imported in every job and kernel
    artifacts = _lazy.Module("ml_jupyter.sdk.artifacts")
    details = _lazy.Module("ml_jupyter.sdk.details")
    portal = _lazy.Module("ml_jupyter.sdk.portal")
    run_inputs = _lazy.Module("ml_jupyter.sdk.run_inputs")
    waiting = _lazy.Module("ml_jupyter.sdk.waiting")


class RunFacts(RunBase):
    """The facts of a run, and its labels."""

    @property
    def experiment(self) -> Experiment:
        """The experiment that the run belongs to."""
        if self._known_experiment is None:
            experiment_id = self._folder.record.experiment_id
            record = self._workspace._folder.experiment(experiment_id)
            self._known_experiment = Experiment._of(self._workspace, record)
        return self._known_experiment

    @property
    def parent(self) -> Optional[Run]:
        """The run above this one; None for a top-level run."""
        above = self._folder.record.parent_id
        return None if above is None else self._run.get(self._workspace, above)

    @property
    def number(self) -> int:
        """1, 2, … within the experiment."""
        return self._folder.record.number

    @property
    def type(self) -> str:
        """``azureml.scriptrun``, ``azureml.interactiverun``, and what later kinds there are."""
        return self._folder.record.type

    @property
    def status(self) -> str:
        """The state as last seen; ``get_status()`` looks again."""
        return self._seen or self.get_status()

    @property
    def name(self) -> Optional[str]:
        """The name for people; the same as ``display_name``."""
        return self.display_name

    @property
    def display_name(self) -> Optional[str]:
        """The name for people; can be set."""
        return self._folder.state().display_name

    @display_name.setter
    def display_name(self, value: Optional[str]) -> None:
        self._folder.set_details(display_name=labels.text_or_none(value))

    @property
    def description(self) -> Optional[str]:
        """What the run is about; can be set."""
        return self._folder.state().description

    @description.setter
    def description(self, value: Optional[str]) -> None:
        self._folder.set_details(description=labels.text_or_none(value))

    @property
    def tags(self) -> Dict[str, Optional[str]]:
        """The tags; ``get_tags()`` is the same."""
        return self.get_tags()

    @property
    def properties(self) -> Dict[str, str]:
        """The properties; ``get_properties()`` is the same."""
        return self.get_properties()

    def get_status(self) -> str:
        """The state now. A run whose process has died is settled first."""
        waiting.settle(self._run)
        self._seen = self._folder.state().status
        return self._seen

    def get_tags(self) -> Dict[str, Optional[str]]:
        """The tags as they are now, as a copy."""
        return dict(self._folder.state().tags)

    def get_properties(self) -> Dict[str, str]:
        """The properties as they are now, as a copy."""
        return dict(self._folder.state().properties)

    def get_details(self) -> Dict[str, Any]:
        """State, times, definition, error, warnings and log files; see the documentation."""
        self.get_status()
        return details.details_of(self._run)

    def get_details_with_logs(self) -> Dict[str, Any]:
        """As ``get_details``, with the contents of the logs."""
        self.get_status()
        return details.details_with_logs(self._run)

    def get_all_logs(self, destination: Any = None) -> List[str]:
        """Copy the logs into a folder (default: here); returns their paths."""
        return details.all_logs(self._run, destination)

    @property
    def input_datasets(self) -> Dict[str, str]:
        """Inside the job: paths of its data inputs by name; elsewhere empty (surface 7.3)."""
        return run_inputs.given(self._run)

    def get_portal_url(self) -> str:
        """Address of the run's page in JupyterLab; relative where no server is known to run."""
        return portal.run_url(self._workspace.id, self._id)

    def get_environment(self) -> Any:
        """The environment of a submitted run.

        Raises
        ------
        UserErrorException
            The run is interactive.
        """
        from ml_jupyter.sdk import environment

        return environment.of_run(self._folder)

    def get_snapshot_id(self) -> Optional[str]:
        """Id of the snapshot of the sources; None without one."""
        return self._folder.record.snapshot_id

    def restore_snapshot(self, snapshot_id: Optional[str] = None, path: Any = None) -> str:
        """Write the snapshot as a zip named by its id into ``path`` (default: here); its path."""
        return artifacts.restore_snapshot(self._workspace._folder, self._folder, snapshot_id, path)

    # -- tags and properties

    def tag(self, key: str, value: Any = None) -> None:
        """Add or overwrite a tag. Without value it reads back as None; values become text."""
        self._folder.set_tags(labels.tags_of({key: value}))

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Add or overwrite several tags."""
        self._folder.set_tags(labels.tags_of(tags))

    def remove_tags(self, tags: List[str]) -> Dict[str, Optional[str]]:
        """Remove tags by key, unknown ones are passed over; returns the rest."""
        self._folder.remove_tags([str(key) for key in labels.keys_of(tags)])
        return self.get_tags()

    def add_properties(self, properties: Mapping[str, Any]) -> None:
        """Add properties, which never change afterwards.

        Raises
        ------
        UserErrorException
            A key exists with another value; nothing of this call is stored.
        """
        self._folder.add_properties(labels.properties_of(properties))
