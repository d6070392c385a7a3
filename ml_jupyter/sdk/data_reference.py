"""``DataReference``: a folder of a datastore among the arguments of a job (old notebooks)."""

from __future__ import annotations

import copy
from typing import Any, Optional

from ml_jupyter._files import confine
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.jobs.inputs import JobInput
from ml_jupyter.sdk.datastore import Datastore

MODES = ("mount", "download", "upload")


class DataReference:
    """A path in a datastore.

    Parameters
    ----------
    datastore : Datastore
        Where.
    data_reference_name : str, optional
        Name of the variable that holds its path in the job.
    path_on_datastore : str, optional
        Folder or file; default: all of it.
    mode : str
        ``mount``: the job works in the datastore itself; ``download``: on a copy.
    path_on_compute : str, optional
        Where the job wants it.
    """

    def __init__(
        self,
        datastore: Datastore,
        data_reference_name: Optional[str] = None,
        path_on_datastore: Optional[str] = None,
        mode: str = "mount",
        path_on_compute: Optional[str] = None,
        overwrite: bool = False,
    ) -> None:
        if mode not in MODES:
            raise UserErrorException(f"mode is {mode!r}; it must be one of {', '.join(MODES)}.")
        self.datastore = datastore
        self.data_reference_name = data_reference_name or f"{datastore.name}_data"
        self.path_on_datastore = path_on_datastore or ""
        self.mode = mode
        self.path_on_compute = path_on_compute
        self.overwrite = overwrite

    def __str__(self) -> str:
        return f"${{{{inputs.{self.data_reference_name}}}}}"

    def path(
        self, path: Optional[str] = None, data_reference_name: Optional[str] = None
    ) -> DataReference:
        """A path below this one."""
        joined = "/".join(part for part in (self.path_on_datastore, path or "") if part)
        return DataReference(self.datastore, data_reference_name, joined)

    def as_mount(self) -> DataReference:
        """The same, worked in directly."""
        return self._with("mount", None)

    def as_download(
        self, path_on_compute: Optional[str] = None, overwrite: bool = False
    ) -> DataReference:
        """The same, as a copy."""
        return self._with("download", path_on_compute)

    def as_upload(
        self, path_on_compute: Optional[str] = None, overwrite: bool = False
    ) -> DataReference:
        """The same; what the job writes there is in the datastore at once."""
        return self._with("upload", path_on_compute)

    def to_job_input(self) -> JobInput:
        """What the job gets."""
        path = confine(self.datastore.folder, self.path_on_datastore or ".")
        if self.mode != "download":
            path.mkdir(parents=True, exist_ok=True) if not path.exists() else None
        links = ((str(path), ""),)
        mode = "download" if self.mode == "download" else "live"
        return JobInput(
            self.data_reference_name,
            mode=mode,
            links=links,
            path_on_compute=self.path_on_compute,
            variable=True,
        )

    def _with(self, mode: str, path_on_compute: Optional[str]) -> DataReference:
        made: Any = copy.copy(self)
        made.mode = mode
        made.path_on_compute = path_on_compute
        found: DataReference = made
        return found
