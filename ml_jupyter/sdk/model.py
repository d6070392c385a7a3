"""``Model``: a registered model, one version of a name (surface 7.5).

What can be read of it is in ``registered_model``, which versions are meant in ``model_finding``.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Dict, Mapping, Optional, Sequence

from ml_jupyter._files import storage_failed
from ml_jupyter.exceptions import ModelNotFoundException, UserErrorException, WebserviceException
from ml_jupyter.models.laid_out import laid_out
from ml_jupyter.models.record import ModelRecord
from ml_jupyter.models.store import ModelStore
from ml_jupyter.sdk import labels, model_facts, model_finding, model_registration
from ml_jupyter.sdk.compute_resources import ResourceConfiguration
from ml_jupyter.sdk.model_framework import Framework
from ml_jupyter.sdk.registered_model import RegisteredModel

if TYPE_CHECKING:
    from ml_jupyter.sdk.webservice import Webservice
    from ml_jupyter.sdk.workspace import Workspace

_list = list


class Model(RegisteredModel):
    """A registered model.

    Parameters
    ----------
    workspace : Workspace
        Where it is registered.
    name : str, optional
        Its name; the latest version that matches is taken.
    id : str, optional
        ``name:version``, instead of the name.
    tags, properties : list, optional
        Only versions with these keys, or ``[key, value]`` pairs.
    version : int, optional
        Only this version.
    run_id : str, optional
        Only what this run has registered.
    model_framework : str, optional
        Only models of this framework.

    Raises
    ------
    ModelNotFoundException
        No version matches; it is a WebserviceException.
    """

    Framework = Framework

    def __init__(
        self,
        workspace: Workspace,
        name: Optional[str] = None,
        id: Optional[str] = None,
        tags: Any = None,
        properties: Any = None,
        version: Any = None,
        run_id: Optional[str] = None,
        model_framework: Optional[str] = None,
        expand: bool = True,
        **_ignored: Any,
    ) -> None:
        if name is None and id is None:
            raise UserErrorException("Give the name of a model, or its id.")
        if id is not None:
            name, version = model_finding.parts_of(id)
        store = ModelStore(workspace._folder.layout)
        if version is not None or not any((tags, properties, run_id, model_framework)):
            self._adopt(workspace, store.get(str(name), model_finding.number(version)))
            return
        found = model_finding.matching(store, name, tags, properties, run_id, model_framework)
        if not found:
            raise ModelNotFoundException(f"ModelNotFound: no version of model {name!r} matches.")
        self._adopt(workspace, max(found, key=lambda record: record.version))

    @classmethod
    def _of(cls, workspace: Workspace, record: ModelRecord) -> Model:
        model = cls.__new__(cls)
        model._adopt(workspace, record)
        return model

    # -- registering and finding

    @staticmethod
    def register(
        workspace: Workspace,
        model_path: Any,
        model_name: str,
        tags: Any = None,
        properties: Any = None,
        description: Optional[str] = None,
        datasets: Any = None,
        model_framework: Optional[str] = None,
        model_framework_version: Optional[str] = None,
        child_paths: Optional[Sequence[str]] = None,
        sample_input_dataset: Any = None,
        sample_output_dataset: Any = None,
        resource_configuration: Optional[ResourceConfiguration] = None,
        **_ignored: Any,
    ) -> Model:
        """Store a file or a folder of this machine as the next version of a name.

        Parameters
        ----------
        model_path : str or Path
            The file or folder.
        child_paths : list of str, optional
            Only these below the folder: paths, or patterns such as ``*.onnx``.
        sample_input_dataset, sample_output_dataset : object, optional
            An example (a list, dict, array or data frame), or a dataset; shown by the service.
        resource_configuration : ResourceConfiguration, optional
            What it gets when it is deployed.

        Raises
        ------
        ModelPathNotFoundException
            There is no such file or folder.
        UserErrorException
            Not a valid name, or a parameter of the wrong type.
        """
        facts = model_facts.of(
            tags=tags,
            properties=properties,
            description=description,
            datasets=datasets,
            model_framework=model_framework,
            model_framework_version=model_framework_version,
            sample_input_dataset=sample_input_dataset,
            sample_output_dataset=sample_output_dataset,
            resource_configuration=resource_configuration,
        )
        return model_registration.from_path(workspace, model_path, model_name, child_paths, facts)

    @staticmethod
    def list(
        workspace: Workspace,
        name: Optional[str] = None,
        tags: Any = None,
        properties: Any = None,
        run_id: Optional[str] = None,
        latest: bool = False,
        dataset_id: Optional[str] = None,
        expand: bool = True,
        page_count: int = 255,
        model_framework: Optional[str] = None,
        **_ignored: Any,
    ) -> _list[Model]:
        """Versions that match, newest registration first.

        Parameters
        ----------
        tags, properties : list or mapping, optional
            Keys, or ``[key, value]`` pairs; all of them must match.
        run_id : str, optional
            Only what this run has registered.
        latest : bool
            Only the newest version of each name.
        dataset_id : str, optional
            Only models made from this dataset.
        """
        store = ModelStore(workspace._folder.layout)
        found = model_finding.matching(
            store, name, tags, properties, run_id, model_framework, latest
        )
        if dataset_id is not None:
            found = [item for item in found if model_finding.uses(item, dataset_id)]
        return [Model._of(workspace, record) for record in found]

    @staticmethod
    def get_model_path(
        model_name: str, version: Any = None, _workspace: Optional[Workspace] = None
    ) -> str:
        """Where the files of a model lie, to be read: in a service, else in the user's cache.

        Raises
        ------
        ModelNotFoundException
            There is no such model, neither here nor in the workspace.
        """
        beside = None if _workspace is not None else model_finding.beside(model_name, version)
        if beside is not None:
            return beside
        if _workspace is None:
            from ml_jupyter.sdk.workspace import Workspace

            _workspace = Workspace.from_config()
        store = ModelStore(_workspace._folder.layout)
        record = store.get(model_name, model_finding.number(version))
        return str(laid_out(store, record, _workspace.id, _workspace._settings))

    # -- files

    def download(
        self, target_dir: Any = ".", exist_ok: bool = False, exists_ok: Optional[bool] = None
    ) -> str:
        """Copy the model into a folder; where it lies now.

        Parameters
        ----------
        target_dir : str or Path
            Folder, made when it is not there.
        exist_ok : bool
            Replace what lies there under the model's file name.

        Raises
        ------
        WebserviceException
            Something of this name is there.
        """
        target = Path(target_dir) / self._record.path
        replaces = exist_ok if exists_ok is None else exists_ok
        if target.exists() and not replaces:
            raise WebserviceException(
                f"There is already {str(target)!r}.", hint="Pass exist_ok=True to replace it."
            )
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            part = Path(tempfile.mkdtemp(prefix=".model-", dir=str(target.parent)))
            try:
                made = self._store.lay_out(self._record, part)
                if target.is_dir() and not target.is_symlink():
                    shutil.rmtree(str(target))
                os.replace(str(made), str(target))
            finally:
                shutil.rmtree(str(part), ignore_errors=True)
        except OSError as error:
            raise storage_failed(error, target) from error
        return str(target)

    def delete(self) -> None:
        """Delete this version and its files.

        Raises
        ------
        WebserviceException
            A service answers with it; names the service.
        """
        from ml_jupyter.models.services import ServiceStore

        users = ServiceStore(self.workspace._folder.layout).users_of(self.id)
        if users:
            raise WebserviceException(
                f"Model {self.id} is deployed as service {users[0]!r}.",
                hint="Delete the service first.",
            )
        self._store.delete(self.name, self.version)

    # -- changing

    def add_tags(self, tags: Mapping[str, Any]) -> None:
        """Add or overwrite tags."""
        self.update_tags_properties(add_tags=tags)

    def remove_tags(self, tags: Any) -> None:
        """Remove tags by key; unknown keys are passed over."""
        self.update_tags_properties(remove_tags=tags)

    def add_properties(self, properties: Mapping[str, Any]) -> None:
        """Add properties, which never change afterwards.

        Raises
        ------
        UserErrorException
            A key exists with another value.
        """
        self.update_tags_properties(add_properties=properties)

    def update_tags_properties(
        self, add_tags: Any = None, remove_tags: Any = None, add_properties: Any = None
    ) -> None:
        """Change tags and add properties, at once."""
        added, new = labels.tags_of(add_tags), labels.properties_of(add_properties)
        gone = labels.keys_of(remove_tags or ())

        def tags(present: Mapping[str, Optional[str]]) -> Dict[str, Optional[str]]:
            kept = {key: value for key, value in present.items() if key not in gone}
            return {**kept, **added}

        def properties(present: Mapping[str, str]) -> Dict[str, str]:
            for key, value in new.items():
                if present.get(key, value) != value:
                    raise UserErrorException(
                        f"Property {key!r} of model {self.id} is {present[key]!r} and cannot be "
                        f"changed to {value!r}.",
                        hint="Properties are immutable; use a tag for what may change.",
                    )
            return {**present, **new}

        self._change(tags=tags, properties=properties)

    def add_dataset_references(self, datasets: Any) -> None:
        """Add data that it was made from, as pairs of a purpose and a dataset."""
        new = model_facts.datasets_of(datasets)
        self._change(datasets=lambda present: (*present, *new))

    def update(
        self,
        tags: Any = None,
        description: Optional[str] = None,
        sample_input_dataset: Any = None,
        sample_output_dataset: Any = None,
        resource_configuration: Optional[ResourceConfiguration] = None,
    ) -> None:
        """Replace what is given; the rest stays."""
        given = {
            "tags": None if tags is None else labels.tags_of(tags),
            "description": labels.text_or_none(description),
            "sample_input": model_facts.sample_of(sample_input_dataset, "sample_input_dataset"),
            "sample_output": model_facts.sample_of(sample_output_dataset, "sample_output_dataset"),
            "resources": model_facts.resources_of(resource_configuration),
        }
        self._change(**{key: value for key, value in given.items() if value is not None})

    def _change(self, **changes: Any) -> None:
        self._record = self._store.update(self.name, self.version, **changes)

    # -- deploying

    @staticmethod
    def deploy(
        workspace: Workspace,
        name: str,
        models: Any,
        inference_config: Any = None,
        deployment_config: Any = None,
        deployment_target: Any = None,
        overwrite: bool = False,
        show_output: bool = False,
        **_ignored: Any,
    ) -> Webservice:
        """Answer with models over HTTP; see ``docs/deployment.md``.

        Parameters
        ----------
        name : str
            3-32 lower-case letters, digits and ``-``, beginning with a letter.
        models : list of Model
            What it answers with; exactly one when there is no ``inference_config``.
        inference_config : InferenceConfig, optional
            A script that answers, and its environment. None: without code.
        deployment_config : LocalWebserviceDeploymentConfiguration, optional
            The port and the like.
        overwrite : bool
            Replace the service of this name.
        show_output : bool
            Wait until it answers, and print what happens.

        Raises
        ------
        WebserviceException
            There is a service of this name, or the models cannot be deployed like this.
        """
        from ml_jupyter.sdk import service_deployment

        return service_deployment.deploy(
            workspace,
            name,
            models,
            inference_config,
            deployment_config,
            overwrite=overwrite,
            show_output=show_output,
        )
