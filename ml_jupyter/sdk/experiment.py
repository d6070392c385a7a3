"""Experiment: the runs that belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history.records import ExperimentRecord
from ml_jupyter.sdk import labels
from ml_jupyter.sdk.workspace import Workspace

if TYPE_CHECKING:
    from ml_jupyter.sdk.run import Run

_VIEWS = {"ActiveOnly": (False,), "ArchivedOnly": (True,), "All": (False, True)}


class Experiment:
    """The experiment of this name, made when it is not there.

    Parameters
    ----------
    workspace : Workspace
        Where it is kept.
    name : str
        1-255 letters, digits, ``-`` and ``_``, beginning with a letter or a digit.

    Raises
    ------
    UserErrorException
        Not a valid name, or ``workspace`` is no Workspace.
    """

    def __init__(self, workspace: Workspace, name: str, **_ignored: Any) -> None:
        if not isinstance(workspace, Workspace):
            raise UserErrorException(
                f"workspace must be a Workspace, not {type(workspace).__name__}.",
                hint="Open one with Workspace.from_config().",
            )
        self._workspace = workspace
        self._record = workspace._folder.create_experiment(name)

    @classmethod
    def _of(cls, workspace: Workspace, record: ExperimentRecord) -> Experiment:
        experiment = cls.__new__(cls)
        experiment._workspace, experiment._record = workspace, record
        return experiment

    # -- facts

    @property
    def workspace(self) -> Workspace:
        """Where the experiment is kept."""
        return self._workspace

    @property
    def name(self) -> str:
        """Name of the experiment."""
        return self._record.name

    @property
    def id(self) -> str:
        """Id: the same for every object of this experiment, and in every copy of the workspace."""
        return self._record.id

    @property
    def tags(self) -> Dict[str, Optional[str]]:
        """Tags as they are now."""
        return dict(self._fresh().tags)

    @property
    def archived(self) -> bool:
        """Whether the experiment is hidden from lists."""
        return self._fresh().archived

    # -- runs

    def submit(self, config: Any, tags: Optional[Mapping[str, Any]] = None, **kwargs: Any) -> Run:
        """Submit a job and return at once with its run.

        Everything that can be checked is checked first; when that fails, no run is left behind.

        Parameters
        ----------
        config : ScriptRunConfig
            What to run and how.
        tags : dict, optional
            Tags of the run.
        **kwargs
            ``display_name``: a name for people; default: the script's.

        Returns
        -------
        ScriptRun

        Raises
        ------
        UserErrorException, RunConfigurationException, SnapshotException
            The message names the parameter that is wrong.
        """
        from ml_jupyter.sdk import submission

        return submission.submit(self, config, tags, **kwargs)

    def start_logging(self, *args: Any, **kwargs: Any) -> Run:
        """Start an interactive run: one that this process itself is.

        In effect ``start_logging(name=None, run_id=None, outputs=None, snapshot_directory='.',
        display_name=None)``.

        Parameters
        ----------
        name, display_name : str, optional
            A name for people.
        run_id : str, optional
            Default: a UUID.
        outputs : str or list of str or False, optional
            Folders to make here and to keep with the run at its end; None: ``outputs``; False:
            none.
        snapshot_directory : str or Path or None
            Folder of which a snapshot is kept; None: none. Past 100 MB or 2 s it goes without.

        Returns
        -------
        Run
            In state Running. It ends with ``complete()``, ``fail()``, or as a context manager.
        """
        from ml_jupyter.sdk import starting

        return starting.start_interactive(self, *args, **kwargs)

    def get_runs(
        self,
        type: Optional[str] = None,
        tags: Any = None,
        properties: Any = None,
        include_children: bool = False,
        status: Any = None,
    ) -> Iterator[Run]:
        """An iterator over the runs, newest first.

        Parameters
        ----------
        type : str, optional
            ``azureml.scriptrun``, ``azureml.interactiverun`` …
        tags, properties : str or dict, optional
            A text: has this key. A dict: every key with exactly this value, compared as text.
        include_children : bool
            Child runs too.
        status : str or list of str, optional
            Only runs in one of these states.
        """
        from ml_jupyter.sdk import run_query

        query = run_query.of(
            type=type,
            tags=tags,
            properties=properties,
            status=status,
            top_level=not include_children,
        )
        return run_query.runs(self._workspace, run_query.within(query, self.id))

    # -- changing

    def archive(self) -> None:
        """Hide the experiment from lists; its runs stay readable by id, new ones are refused."""
        self._change(archived=True)

    def reactivate(self, new_name: Optional[str] = None) -> None:
        """Undo ``archive``, optionally under another name."""
        self._change(archived=False, **({} if new_name is None else {"name": new_name}))

    def tag(self, key: str, value: Any = None) -> None:
        """Add or overwrite one tag."""
        self.set_tags({key: value})

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Add or overwrite tags."""
        self._change(set_tags=labels.tags_of(tags))

    def remove_tags(self, tags: List[str]) -> Dict[str, Optional[str]]:
        """Remove tags by key, unknown ones are passed over; returns the rest."""
        self._change(remove_tags=[str(key) for key in labels.keys_of(tags)])
        return dict(self._record.tags)

    def refresh(self) -> None:
        """Read name and tags again."""
        self._record = self._fresh()

    def get_portal_url(self) -> str:
        """Address of JupyterLab with the runs panel; relative where no server is known to run."""
        from ml_jupyter.sdk import portal

        return (portal.server_url() or "") + "lab"

    @staticmethod
    def list(
        workspace: Workspace,
        experiment_name: Optional[str] = None,
        view_type: str = "ActiveOnly",
        tags: Any = None,
    ) -> List[Experiment]:
        """The experiments of a workspace, oldest first.

        Parameters
        ----------
        experiment_name : str, optional
            Only the one of this name.
        view_type : str
            ``ActiveOnly``, ``ArchivedOnly`` or ``All``.
        tags : str or dict, optional
            As in ``get_runs``.
        """
        if view_type not in _VIEWS:
            raise UserErrorException(
                f"view_type must be one of {', '.join(_VIEWS)}, not {view_type!r}."
            )
        wanted = labels.wanted_labels(tags, "tags")
        return [
            Experiment._of(workspace, record)
            for record in workspace._folder.experiments()
            if record.archived in _VIEWS[view_type]
            and experiment_name in (None, record.name)
            and _matches(record.tags, wanted)
        ]

    @staticmethod
    def delete(workspace: Workspace, experiment_id: str) -> None:
        """Delete an experiment that has no runs.

        Raises
        ------
        UserErrorException
            It has runs.
        ExperimentNotFound
            There is none of this id.
        """
        workspace._folder.delete_experiment(experiment_id)

    # -- inside

    def _fresh(self) -> ExperimentRecord:
        return self._workspace._folder.experiment(self._record.id)

    def _change(self, **changes: Any) -> None:
        self._record = self._workspace._folder.update_experiment(self._record.id, **changes)

    def _check_active(self) -> None:
        if self._fresh().archived:
            raise UserErrorException(
                f"Experiment {self.name!r} is archived.", hint="Call its reactivate() first."
            )

    def __repr__(self) -> str:
        return f"Experiment(Name: {self.name},\nWorkspace: {self._workspace.name})"

    def _repr_html_(self) -> str:
        from ml_jupyter.sdk import html

        return html.table(
            {"Experiment": self.name, "Workspace": self._workspace.name, "Id": self.id}
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Experiment) and (self.id, self.workspace) == (
            other.id,
            other.workspace,
        )

    def __hash__(self) -> int:
        return hash(self.id)


def _matches(tags: Mapping[str, Optional[str]], wanted: Any) -> bool:
    if isinstance(wanted, str):
        return wanted in tags
    return all(key in tags and tags[key] == value for key, value in dict(wanted).items())
