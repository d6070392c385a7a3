"""``ComputeTarget``: where jobs run, by a name that the workspace keeps (surface 7.1)."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Dict, List, Mapping, Tuple, Type, TypeVar, cast

from ml_jupyter.compute import registry
from ml_jupyter.compute.record import TargetConfiguration, TargetRecord
from ml_jupyter.compute.store import TargetStore
from ml_jupyter.exceptions import ComputeTargetException, TargetNotFound, UserErrorException
from ml_jupyter.sdk.compute_facts import TargetFacts
from ml_jupyter.sdk.compute_status import SUCCEEDED, TargetStatus
from ml_jupyter.sdk.notices import warn

if TYPE_CHECKING:
    from ml_jupyter.sdk.workspace import Workspace

Target = TypeVar("Target", bound="ComputeTarget")
_CLASSES = {
    "amlcompute": "ml_jupyter.sdk.compute_aml:AmlCompute",
    "computeinstance": "ml_jupyter.sdk.compute_instance:ComputeInstance",
    "docker": "ml_jupyter.sdk.compute_docker:DockerCompute",
}


class ComputeTarget(TargetFacts):
    """An existing compute target, as the class that fits it.

    Parameters
    ----------
    workspace : Workspace
        Where it is kept.
    name : str
        Its name; ``local`` is always there.

    Raises
    ------
    ComputeTargetException
        The workspace has none of this name, or it is of another class than the one called.
    """

    def __new__(cls: Type[Target], workspace: Workspace, name: str) -> Target:
        """The target of this name, an object of the class of its kind."""
        record = TargetStore(workspace._folder.layout).get(name)
        found = _class_of(record.kind)
        if not issubclass(found, cls):
            raise ComputeTargetException(
                f"Compute target {name!r} is a {found.__name__}, not a {cls.__name__}.",
                hint="ComputeTarget(workspace, name) gives any of them.",
            )
        return cast(Target, found._of(workspace, record))

    def __init__(self, workspace: Workspace, name: str) -> None:
        """All is done by ``__new__``, which knows the class."""

    @classmethod
    def _of(cls, workspace: Workspace, record: TargetRecord) -> ComputeTarget:
        target = object.__new__(cls)
        target._workspace, target._record, target._deleted = workspace, record, False
        return target

    def __getnewargs__(self) -> Tuple[Workspace, str]:
        return self._workspace, self._record.name

    # -- making and finding

    @classmethod
    def create(
        cls: Type[Target], workspace: Workspace, name: str, provisioning_configuration: Any
    ) -> Target:
        """Make a compute target, or take the one of this name when it is the same.

        Parameters
        ----------
        name : str
            2-24 letters, digits and ``-``, beginning with a letter.
        provisioning_configuration : object
            What ``AmlCompute.provisioning_configuration(...)`` and its like give, or a
            ``TargetConfiguration`` of a plugin's kind.

        Raises
        ------
        ComputeTargetException
            There is one of this name with another configuration.
        UserErrorException
            Not a valid name, or a value that cannot be.
        """
        wanted = _configuration(provisioning_configuration)
        found = _class_of(wanted.kind)
        if not issubclass(found, cls):
            raise UserErrorException(
                f"This is a configuration of {found.__name__}, not of {cls.__name__}."
            )
        warnings = registry.check(wanted.kind, wanted.settings, workspace._settings)
        record, made = TargetStore(workspace._folder.layout).create(name, wanted)
        for text in warnings if made else ():
            warn(f"Compute target {name!r}: {text}")
        return cast(Target, found._of(workspace, record))

    @classmethod
    def attach(
        cls: Type[Target], workspace: Workspace, name: str, attach_configuration: Any
    ) -> Target:
        """As ``create``: nothing here has to be attached that could not be made.

        Raises
        ------
        UserErrorException
            The configuration is one of a machine in a cloud.
        """
        return cls.create(workspace, name, attach_configuration)

    @classmethod
    def list(cls: Type[Target], workspace: Workspace) -> List[Target]:
        """The compute targets of a workspace; ``local`` is always there and not listed.

        A file that cannot be read is named in a warning and passed over.
        """
        listing = TargetStore(workspace._folder.layout).list()
        for text in listing.problems:
            warn(text)
        found = [(_class_of(record.kind), record) for record in listing.records]
        return [cast(Target, of._of(workspace, item)) for of, item in found if issubclass(of, cls)]

    # -- doing

    @property
    def status(self) -> Any:
        """As ``get_status()``."""
        return self.get_status()

    def get_status(self) -> Any:
        """The target now, read afresh."""
        self.refresh_state()
        errors = self._problems()
        state = "Unusable" if errors else "Running"
        return TargetStatus(state, errors or None, self.created_on, self.modified_on)

    def refresh_state(self) -> None:
        """Read afresh what the workspace keeps of it.

        Raises
        ------
        ComputeTargetException
            It was deleted.
        """
        self._record = self._store.get(self.name)

    def wait_for_completion(
        self, show_output: bool = False, is_delete_operation: bool = False
    ) -> None:
        """Return when the target is there, which it is at once.

        Parameters
        ----------
        show_output : bool
            Print the state.
        is_delete_operation : bool
            It is the end of ``delete()`` that is waited for.

        Raises
        ------
        ComputeTargetException
            It was deleted.
        """
        if not is_delete_operation:
            self.refresh_state()
        if show_output:
            print(f'{SUCCEEDED}\nProvisioning operation finished, operation "{SUCCEEDED}"')

    def delete(self) -> None:
        """Forget the target; runs that were submitted to it go on.

        Raises
        ------
        ComputeTargetException
            It was deleted already.
        """
        if self._record.root is None or self.type == "local":
            raise UserErrorException("The compute target 'local' cannot be deleted.")
        self._store.delete(self.name)
        self._deleted = True

    def serialize(self) -> Dict[str, Any]:
        """The target as a dict of plain JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "location": self.location,
            "tags": self.tags,
            "properties": {
                "description": self.description,
                "computeType": self.type,
                "computeLocation": self.location,
                "resourceId": None,
                "provisioningState": self.provisioning_state,
                "provisioningErrors": self.provisioning_errors,
                "properties": self._properties(),
                "status": None if self._deleted else self.get_status().serialize(),
            },
        }

    def _properties(self) -> Dict[str, Any]:
        return dict(self._record.settings)

    def _problems(self) -> List[str]:
        try:
            registry.class_of(self._record.kind)
        except ComputeTargetException as error:
            return [str(error)]
        return []

    def _change(self, settings: Mapping[str, Any]) -> None:
        """Store other settings, if the target's class takes them."""
        self.refresh_state()
        registry.check(
            self._record.kind, {**self._record.settings, **settings}, self._workspace._settings
        )
        self._record = self._store.update(self.name, settings)

    @property
    def _store(self) -> TargetStore:
        return TargetStore(self._workspace._folder.layout)


class ComputeTargets(Dict[str, ComputeTarget]):
    """The targets of a workspace by name; ``local`` is found too, though it is not listed."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__({item.name: item for item in ComputeTarget.list(workspace)})
        self._workspace = workspace

    def __missing__(self, name: str) -> ComputeTarget:
        try:
            return ComputeTarget(self._workspace, name)
        except TargetNotFound as error:
            raise KeyError(error.message) from error


def _class_of(kind: str) -> Type[ComputeTarget]:
    place = _CLASSES.get(kind)
    if place is None:
        return ComputeTarget
    module, _, name = place.partition(":")
    return cast(Type[ComputeTarget], getattr(importlib.import_module(module), name))


def _configuration(given: Any) -> TargetConfiguration:
    if isinstance(given, TargetConfiguration):
        return given
    made = getattr(given, "target_configuration", None)
    if made is None:
        raise UserErrorException(
            f"provisioning_configuration cannot be a {type(given).__name__}.",
            hint="AmlCompute.provisioning_configuration(...) makes one.",
        )
    found: TargetConfiguration = made()
    return found
