"""Workspace: where experiments and their runs are kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional

from ml_jupyter import _ids, _time
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import (
    UserErrorException,
    WorkspaceException,
)
from ml_jupyter.history.workspace import WorkspaceFolder
from ml_jupyter.jobs import registry
from ml_jupyter.sdk import labels, opening, session, workspace_config

if TYPE_CHECKING:
    from ml_jupyter.history.index import Index
    from ml_jupyter.sdk.compute import ComputeTarget
    from ml_jupyter.sdk.datastore import Datastore
    from ml_jupyter.sdk.environment import Environment
    from ml_jupyter.sdk.experiment import Experiment
    from ml_jupyter.sdk.model import Model
    from ml_jupyter.sdk.run import Run
    from ml_jupyter.sdk.webservice import Webservice


class Workspace:
    """An existing workspace, opened by name.

    Parameters
    ----------
    subscription_id, resource_group : str
        Kept for notebooks written for Azure ML; any text.
    workspace_name : str
        Name of the workspace.
    auth, sku, tags
        Accepted and not used.

    Raises
    ------
    WorkspaceNotFound
        There is none of this name; it is a ProjectSystemException and a WorkspaceException.
    """

    def __init__(
        self,
        subscription_id: Optional[str] = None,
        resource_group: Optional[str] = None,
        workspace_name: Optional[str] = None,
        auth: Any = None,
        sku: str = "basic",
        tags: Optional[Mapping[str, str]] = None,
        **_ignored: Any,
    ) -> None:
        if not workspace_name:
            raise UserErrorException("workspace_name is missing.")
        values = session.settings()
        self._adopt(opening.by_name(values, workspace_name), values)

    @classmethod
    def _of(cls, folder: WorkspaceFolder, values: Optional[Settings] = None) -> Workspace:
        workspace = cls.__new__(cls)
        workspace._adopt(folder, values or session.settings())
        return workspace

    def _adopt(self, folder: WorkspaceFolder, values: Settings) -> None:
        self._folder = folder
        self._settings = values
        registry.register(values, folder)

    # -- making and finding

    @staticmethod
    def from_config(
        path: Any = None, auth: Any = None, _logger: Any = None, _file_name: Optional[str] = None
    ) -> Workspace:
        """The workspace that a ``config.json`` near ``path`` names, or the user's default one.

        Inside a job it is the workspace of the job's run.

        Parameters
        ----------
        path : str or Path, optional
            The file, or the folder to start from; default: the current folder.

        Raises
        ------
        UserErrorException
            ``path`` was given and holds no configuration, or the file is broken.
        ProjectSystemException
            The workspace that it names does not exist.
        """
        values = session.settings()
        inside = os.environ.get(opening.WORKSPACE_VARIABLE)
        if path is None and inside:
            return Workspace._of(WorkspaceFolder(Path(inside)), values)
        found = workspace_config.find(Path.cwd() if path is None else Path(path), _file_name)
        if found is None:
            if path is not None:
                raise UserErrorException(
                    f"There is no {_file_name or workspace_config.FILE_NAME} in {path} "
                    "or a folder above it.",
                    hint="Write one with Workspace.write_config(), or leave path out.",
                )
            return Workspace._of(opening.default(values), values)
        return Workspace._of(opening.by_config(values, workspace_config.read(found)), values)

    @staticmethod
    def create(
        name: str,
        auth: Any = None,
        subscription_id: Optional[str] = None,
        resource_group: Optional[str] = None,
        location: Any = None,
        create_resource_group: bool = True,
        sku: str = "basic",
        tags: Optional[Mapping[str, str]] = None,
        exist_ok: bool = False,
        **_cloud_only: Any,
    ) -> Workspace:
        """Make a workspace.

        Parameters
        ----------
        name : str
            1-255 letters, digits, ``-`` and ``_``.
        location : Path or str, optional
            Folder to make it in, when it is a Path or a text with a path separator; a bare word
            such as ``eastus`` is passed over.
        exist_ok : bool
            Return the existing one instead of raising.

        Raises
        ------
        WorkspaceException
            There is one already.
        UserErrorException
            Not a valid name.
        """
        _ids.check_name(name, "Workspace")
        values = session.settings()
        root = opening.folder_of(location) or session.named_root(values, name)
        facts = {
            "subscription_id": subscription_id or "",
            "resource_group": resource_group or "",
            "tags": labels.tags_of(tags),
        }
        if (root / "workspace.json").exists():
            if exist_ok:
                return Workspace._of(WorkspaceFolder(root), values)
            raise WorkspaceException(
                f"There is already a workspace {name!r} in {root}.",
                hint="Pass exist_ok=True to use it.",
            )
        return Workspace._of(WorkspaceFolder.create(root, name, **facts), values)

    @staticmethod
    def get(
        name: str,
        auth: Any = None,
        subscription_id: Optional[str] = None,
        resource_group: Optional[str] = None,
        location: Any = None,
        cloud: str = "AzureCloud",
        id: Optional[str] = None,
    ) -> Workspace:
        """The existing workspace of this name, or the one in the folder ``location``.

        Raises
        ------
        WorkspaceNotFound
            There is none.
        """
        values = session.settings()
        root = opening.folder_of(location)
        folder = opening.by_name(values, name) if root is None else WorkspaceFolder(root)
        return Workspace._of(folder, values)

    @staticmethod
    def list(
        subscription_id: Optional[str] = None,
        auth: Any = None,
        resource_group: Optional[str] = None,
    ) -> Dict[str, List[Workspace]]:
        """The user's workspaces by name, each name with a list."""
        values = session.settings()
        found: Dict[str, List[Workspace]] = {}
        for folder in session.known_workspaces(values):
            if subscription_id in (None, "", folder.record.subscription_id):
                found.setdefault(folder.record.name, []).append(Workspace._of(folder, values))
        return found

    def write_config(self, path: Any = None, file_name: Optional[str] = None) -> None:
        """Write ``.azureml/config.json`` under ``path`` (default: here), for ``from_config``."""
        record = self._folder.record
        content: Dict[str, Any] = {
            "subscription_id": record.subscription_id,
            "resource_group": record.resource_group,
            "workspace_name": record.name,
        }
        if self._folder.layout.root != session.named_root(self._settings, record.name):
            content["workspace_location"] = str(self._folder.layout.root)
        written = workspace_config.write(Path(path or "."), file_name, content)
        print(f"Wrote the config file {written.name} to: {os.path.abspath(str(written))}")

    # -- facts

    @property
    def name(self) -> str:
        """Name of the workspace."""
        return self._folder.record.name

    @property
    def id(self) -> str:
        """Id of the workspace: the same in every copy of it."""
        return self._folder.id

    @property
    def location(self) -> str:
        """Always ``"local"``."""
        return "local"

    @property
    def subscription_id(self) -> str:
        """The text given at creation; empty by default."""
        return self._folder.record.subscription_id

    @property
    def resource_group(self) -> str:
        """The text given at creation; empty by default."""
        return self._folder.record.resource_group

    @property
    def tags(self) -> Dict[str, Optional[str]]:
        """Tags given at creation."""
        return dict(self._folder.record.tags)

    def get_details(self) -> Dict[str, Any]:
        """Facts: ``id``, ``name``, ``location``, ``type``, ``creationTime`` and the folder."""
        record = self._folder.record
        return {
            "id": record.id,
            "name": record.name,
            "friendlyName": record.name,
            "location": self.location,
            "type": "ml_jupyter.workspace",
            "creationTime": _time.iso(record.created),
            "subscriptionId": record.subscription_id,
            "resourceGroup": record.resource_group,
            "tags": self.tags,
            "folder": str(self._folder.layout.root),
        }

    def get_mlflow_tracking_uri(self, with_auth: bool = False) -> str:
        """Address of this workspace for ``mlflow.set_tracking_uri``; jobs have it set already.

        Parameters
        ----------
        with_auth : bool
            Accepted and not used: the workspace is a folder of the user's.
        """
        from ml_jupyter._mlflow_address import address_of

        return address_of(self._folder.layout.root)

    # -- content

    @property
    def experiments(self) -> Dict[str, Experiment]:
        """Experiments by name, without archived ones; read afresh each time."""
        from ml_jupyter.sdk.experiment import Experiment

        return {item.name: item for item in Experiment.list(self)}

    @property
    def environments(self) -> Dict[str, Environment]:
        """Registered environments by name, the latest version of each; read afresh each time."""
        from ml_jupyter.sdk.environment import Environment

        return Environment.list(self)

    @property
    def compute_targets(self) -> Dict[str, ComputeTarget]:
        """Compute targets by name, read afresh each time; an unknown name raises KeyError.

        ``"local"`` is always there and not listed. A target whose file cannot be read is named in a
        warning.
        """
        from ml_jupyter.sdk.compute import ComputeTargets

        return ComputeTargets(self)

    @property
    def datasets(self) -> Dict[str, Any]:
        """Registered datasets by name, the newest version of each; read afresh each time."""
        from ml_jupyter.sdk.dataset_factory import Dataset

        return Dataset.get_all(self)

    @property
    def datastores(self) -> Dict[str, Datastore]:
        """Datastores by name: the workspace's own folders, and those that were registered."""
        from ml_jupyter.sdk import datastore_registry
        from ml_jupyter.sdk.datastore import Datastore

        return {name: Datastore(self, name) for name in datastore_registry.names(self)}

    def set_default_datastore(self, name: str) -> None:
        """Make a datastore the default one.

        Raises
        ------
        UserErrorException
            There is none of this name.
        """
        from ml_jupyter.sdk import datastore_registry

        datastore_registry.set_default(self, name)

    def get_default_datastore(self) -> Datastore:
        """The default datastore; at first the workspace's own folder ``workspaceblobstore``."""
        from ml_jupyter.sdk.datastore import Datastore

        return Datastore(self)

    @property
    def models(self) -> Dict[str, Model]:
        """Registered models by name, the latest version of each; read afresh each time."""
        from ml_jupyter.sdk.model import Model

        return {item.name: item for item in Model.list(self, latest=True)}

    @property
    def webservices(self) -> Dict[str, Webservice]:
        """Deployed models by name; read afresh each time."""
        from ml_jupyter.sdk.webservice import Webservice

        return {item.name: item for item in Webservice.list(self)}

    def get_runs(
        self,
        type: Optional[str] = None,
        tags: Any = None,
        properties: Any = None,
        status: Any = None,
        include_children: bool = False,
    ) -> Iterator[Run]:
        """The runs of all experiments, newest first; see ``Experiment.get_runs``."""
        from ml_jupyter.sdk import run_query

        query = run_query.of(
            type=type,
            tags=tags,
            properties=properties,
            status=status,
            top_level=not include_children,
        )
        return run_query.runs(self, query)

    def get_run(self, run_id: str) -> Run:
        """The run of this id.

        Raises
        ------
        RunNotFound
            There is none.
        """
        from ml_jupyter.sdk.run import Run

        return Run.get(self, run_id)

    @property
    def _index(self) -> Index:
        return session.index_of(self._folder, self._settings)

    def __repr__(self) -> str:
        record = self._folder.record
        return (
            f"Workspace.create(name={record.name!r}, subscription_id={record.subscription_id!r}, "
            f"resource_group={record.resource_group!r})"
        )

    def _repr_html_(self) -> str:
        root = str(self._folder.layout.root)
        from ml_jupyter.sdk import html

        return html.table({"Workspace": self.name, "Id": self.id, "Folder": root})

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Workspace) and self._folder.layout.root == other._folder.layout.root
        )

    def __hash__(self) -> int:
        return hash(self._folder.layout.root)
