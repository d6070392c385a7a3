"""Every error that ml_jupyter raises: one tree, with Azure ML's names where that SDK has one.

::

    MlJupyterError (also named AzureMLException)
    ├─ UserErrorException (also a ValueError)      a wrong argument or request
    │   ├─ RunNotFound  ExperimentNotFound  ArtifactNotFound  TargetNotFound
    │   ├─ EnvironmentNotFound  DatasetNotFound
    │   ├─ NameTaken  RunFinished  IllegalTransition  PathOutside
    │   ├─ ViewNotFound  ViewChanged
    │   ├─ DataUnavailable ─ FetchFailed           data could not be had
    │   ├─ DataMismatch                            a table's values are not of their type
    │   ├─ ImportSourceInvalid                     history of another tool that cannot be read
    │   ├─ CloudOnly (also an ImportError)         a name that only the cloud has
    │   └─ JobFileInvalid
    ├─ EnvironmentBuildFailed                      a job's software could not be installed
    ├─ ComputeTargetException ─ TargetUnavailable  CommandFailed  DockerFailed  TargetNotFound
    │                             └─ DockerUnavailable
    ├─ SnapshotException
    ├─ RunConfigurationException
    ├─ RunEnvironmentException
    ├─ ExperimentExecutionException  TrainingException  ServiceException
    ├─ ActivityFailedException ─ JobLost           a job failed (raised by wait_for_completion)
    ├─ WorkspaceException ─ FolderCorrupt  FormatTooNew  RunLocked  IndexBusy  StorageFailed
    ├─ ProjectSystemException ─ WorkspaceNotFound
    ├─ WebserviceException ─ ModelNotFoundException
    ├─ ModelPathNotFoundException
    ├─ AccessDenied ─ NotAuthorized
    └─ MissingDependency

The class names that the Azure ML SDK has keep its meaning, so that ``except`` clauses of existing
notebooks match.
"""

from __future__ import annotations

import json
from typing import Any, Mapping, Optional, Sequence

__all__ = [
    "AccessDenied",
    "ActivityFailedException",
    "ArtifactNotFound",
    "AzureMLException",
    "CloudOnly",
    "CommandFailed",
    "ComputeTargetException",
    "DataMismatch",
    "DataUnavailable",
    "DockerFailed",
    "DockerUnavailable",
    "EnvironmentBuildFailed",
    "ExperimentExecutionException",
    "ExperimentNotFound",
    "FetchFailed",
    "FolderCorrupt",
    "FormatTooNew",
    "IllegalTransition",
    "ImportSourceInvalid",
    "IndexBusy",
    "JobFileInvalid",
    "JobLost",
    "MissingDependency",
    "MlJupyterError",
    "ModelNotFoundException",
    "ModelPathNotFoundException",
    "NameTaken",
    "NotAuthorized",
    "PathOutside",
    "ProjectSystemException",
    "RunConfigurationException",
    "RunEnvironmentException",
    "RunFinished",
    "RunLocked",
    "RunNotFound",
    "ServiceException",
    "SnapshotException",
    "StorageFailed",
    "TargetNotFound",
    "TargetUnavailable",
    "TrainingException",
    "UserErrorException",
    "ViewChanged",
    "ViewNotFound",
    "WebserviceException",
    "WorkspaceException",
    "WorkspaceNotFound",
]


class MlJupyterError(Exception):
    """Root of all errors of this package.

    Parameters
    ----------
    exception_message : str
        What is wrong, naming the thing it is wrong with.
    hint : str, optional
        What to do next, one sentence.
    details : mapping, optional
        Facts for programs, JSON-serialisable.

    Attributes
    ----------
    code : str
        Stable name of the kind of error, also sent over HTTP.
    """

    code = "error"

    def __init__(
        self,
        exception_message: str = "",
        *,
        hint: Optional[str] = None,
        details: Optional[Mapping[str, Any]] = None,
        **_ignored: Any,
    ) -> None:
        super().__init__(exception_message)
        self.hint = hint
        self.details = dict(details or {})
        self._message = exception_message

    @property
    def message(self) -> str:
        """What is wrong, without the hint."""
        return self._message

    def __str__(self) -> str:
        return f"{self._message} {self.hint}" if self.hint else self._message


AzureMLException = MlJupyterError


class UserErrorException(MlJupyterError, ValueError):
    """An argument or a request that cannot be carried out as given."""

    code = "invalid_argument"


class RunNotFound(UserErrorException):
    """No run with this id in the workspace."""

    code = "run_not_found"


class ExperimentNotFound(UserErrorException):
    """No experiment with this name or id in the workspace."""

    code = "experiment_not_found"


class EnvironmentNotFound(UserErrorException):
    """No environment with this name, version or label in the workspace."""

    code = "environment_not_found"


class DatasetNotFound(UserErrorException):
    """No registered dataset with this name, version or id in the workspace."""

    code = "dataset_not_found"


class ArtifactNotFound(UserErrorException):
    """The run has no file of this name."""

    code = "artifact_not_found"


class NameTaken(UserErrorException):
    """The name or id is already in use and may not be reused."""

    code = "name_taken"


class RunFinished(UserErrorException):
    """The run has ended and does not take this change any more."""

    code = "run_finished"


class IllegalTransition(UserErrorException):
    """The run's state does not allow the requested state."""

    code = "illegal_transition"


class ViewNotFound(UserErrorException):
    """The workspace has no saved view of this id."""

    code = "view_not_found"


class ViewChanged(UserErrorException):
    """The saved view was changed by someone else since it was read."""

    code = "view_changed"


class CloudOnly(UserErrorException, ImportError):
    """A name of the Azure ML SDK that makes no sense without its cloud; the hint says instead."""

    code = "cloud_only"


class PathOutside(UserErrorException):
    """A path or file name that leads out of the folder it belongs to."""

    code = "path_outside"


class DataUnavailable(UserErrorException):
    """Data could not be had: an address that cannot be fetched, files that are gone."""

    code = "data_unavailable"


class FetchFailed(DataUnavailable):
    """An address could not be fetched, or is larger than allowed."""

    code = "fetch_failed"


class DataMismatch(UserErrorException):
    """What a table holds is not of the type, or not in the columns, that was asked for."""

    code = "data_mismatch"


class ImportSourceInvalid(UserErrorException):
    """A file of another tool that cannot be read as what it should be; the message names it."""

    code = "import_source_invalid"


class JobFileInvalid(UserErrorException):
    """A job file that cannot be used.

    Parameters
    ----------
    findings : sequence of ml_jupyter.jobfile.findings.Finding
        Everything that is wrong, in the order of the file.
    """

    code = "job_file_invalid"

    def __init__(self, findings: Sequence[Any]) -> None:
        self.findings = list(findings)
        super().__init__(
            "\n".join(map(str, self.findings)),
            details={"findings": [item.to_json() for item in self.findings]},
        )


class ComputeTargetException(MlJupyterError):
    """A compute target is missing, misconfigured or failing."""

    code = "compute_target"


class TargetUnavailable(ComputeTargetException):
    """The target exists but cannot take jobs now."""

    code = "target_unavailable"


class DockerUnavailable(TargetUnavailable):
    """The Docker engine that is asked for cannot be used from here.

    ``details["reason"]`` says why in one word: ``not_installed``, ``not_running``,
    ``access_denied``, ``remote``, ``paths_differ``, ``no_gpus``, ``wrong_system``, ``no_client``.
    """

    code = "docker_unavailable"


class DockerFailed(ComputeTargetException):
    """The Docker engine answered with an error; its own words are in the message.

    ``details["status"]`` is the status of its answer (an HTTP status); 0: the connection broke.
    """

    code = "docker_failed"

    @property
    def status(self) -> int:
        """Status of the engine's answer; 0: the connection broke."""
        return int(self.details.get("status", 0))


class TargetNotFound(ComputeTargetException, UserErrorException):
    """No compute target of this name in the workspace."""

    code = "target_not_found"


class CommandFailed(ComputeTargetException):
    """A program that a target is driven by ended with an error."""

    code = "command_failed"


class SnapshotException(MlJupyterError):
    """The source folder could not be taken as a snapshot."""

    code = "snapshot"


class RunConfigurationException(MlJupyterError):
    """A run configuration that contradicts itself."""

    code = "run_configuration"


class RunEnvironmentException(MlJupyterError):
    """The code needs a submitted run around it and there is none."""

    code = "run_environment"


class EnvironmentBuildFailed(MlJupyterError):
    """The software that a job asks for could not be installed.

    Parameters
    ----------
    exception_message : str
        One sentence, naming the environment and what failed.
    package : str
        Package that could not be had; empty when it is none of them.
    log : str
        The last lines of the installer.
    """

    code = "environment_build_failed"

    def __init__(
        self, exception_message: str = "", *, package: str = "", log: str = "", **kwargs: Any
    ) -> None:
        super().__init__(exception_message, details={"package": package, "log": log}, **kwargs)
        self.package = package
        self.log = log


class ExperimentExecutionException(MlJupyterError):
    """Waiting for a run was interrupted; the run itself goes on."""

    code = "execution"


class TrainingException(MlJupyterError):
    """Training could not be set up."""

    code = "training"


class ServiceException(MlJupyterError):
    """A service that was asked answered with an error."""

    code = "service"


class ActivityFailedException(MlJupyterError):
    """A run that was waited for has failed.

    ``message`` holds the run's error as JSON, as in the Azure ML SDK.
    """

    code = "activity_failed"

    def __init__(
        self,
        exception_message: str = "",
        *,
        error_details: Optional[Mapping[str, Any]] = None,
        **kwargs: Any,
    ) -> None:
        if error_details is not None and not exception_message:
            exception_message = json.dumps(error_details, indent=4, default=str)
        super().__init__(exception_message, **kwargs)
        self.error_details = error_details


class JobLost(ActivityFailedException):
    """The process that owned the run is gone without having said how it ended."""

    code = "job_lost"


class WorkspaceException(MlJupyterError):
    """A workspace cannot be made or used as asked."""

    code = "workspace"


class FolderCorrupt(WorkspaceException):
    """A file of the workspace cannot be understood."""

    code = "folder_corrupt"


class FormatTooNew(WorkspaceException):
    """The workspace was written by a newer major version of ml_jupyter."""

    code = "format_too_new"


class RunLocked(WorkspaceException):
    """Another process owns the run."""

    code = "run_locked"


class IndexBusy(WorkspaceException):
    """The index is in use by another process for longer than the time allowed."""

    code = "index_busy"


class StorageFailed(WorkspaceException):
    """The operating system refused to write: no space, no right, or no such folder."""

    code = "storage_failed"


class ProjectSystemException(MlJupyterError):
    """A workspace configuration points at something that does not exist."""

    code = "project_system"


class WorkspaceNotFound(ProjectSystemException, WorkspaceException):
    """No workspace of this name or in this folder."""

    code = "workspace_not_found"


class WebserviceException(MlJupyterError):
    """A deployed model or its registry entry is not usable.

    Parameters
    ----------
    exception_message : str
        What is wrong.
    status_code : int, optional
        HTTP status of a service's answer.
    """

    code = "webservice"

    def __init__(
        self, exception_message: str = "", status_code: Optional[int] = None, **kwargs: Any
    ) -> None:
        super().__init__(exception_message, **kwargs)
        self.status_code = status_code


class ModelNotFoundException(WebserviceException):
    """No registered model matches."""

    code = "model_not_found"


class ModelPathNotFoundException(MlJupyterError):
    """The file or folder to register as a model does not exist."""

    code = "model_path_not_found"


class AccessDenied(MlJupyterError):
    """The caller may not do this."""

    code = "access_denied"


class NotAuthorized(AccessDenied):
    """The caller is known but lacks the right for this action."""

    code = "not_authorized"


class MissingDependency(MlJupyterError, ImportError):
    """An optional package is needed and not installed.

    Parameters
    ----------
    package : str
        Name to import.
    extra : str
        Extra of ml_jupyter that brings it.
    purpose : str
        What it is needed for.
    """

    code = "missing_dependency"

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package '{package}', which is not installed.",
            hint=f"Install it with: pip install 'ml-jupyter[{extra}]'",
            details={"package": package, "extra": extra},
        )
