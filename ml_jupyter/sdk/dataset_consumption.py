"""A dataset among the arguments of a job."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, List, Optional, Tuple

from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.jobs.inputs import JobInput

if TYPE_CHECKING:
    from ml_jupyter.sdk.dataset_base import AbstractDataset

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_MODES = ("mount", "download", "direct", "hdfs")


class DatasetConsumptionConfig:
    """How a job gets a dataset: put it into ``arguments``, where its path stands then.

    Parameters
    ----------
    name : str, optional
        ``run.input_datasets[name]`` and the variable of that name hold the path; default: made of
        the content.
    dataset : FileDataset or TabularDataset
        The dataset.
    mode : str
        ``mount`` (read-only), ``download`` (copies) or ``direct``.
    path_on_compute : str, optional
        Where the job wants it.
    """

    def __init__(
        self,
        name: Optional[str],
        dataset: AbstractDataset,
        mode: str = "direct",
        path_on_compute: Optional[str] = None,
    ) -> None:
        if name is not None and not _NAME.match(name):
            raise UserErrorException(
                f"{name!r} cannot be the name of an input: letters, digits and _, no digit first."
            )
        if mode not in _MODES:
            raise UserErrorException(f"mode is {mode!r}; it must be one of {', '.join(_MODES)}.")
        self.dataset = dataset
        self.mode = mode
        self.path_on_compute = path_on_compute
        self._named = name is not None
        self.name = name or _made_name(dataset)

    def __str__(self) -> str:
        return f"${{{{inputs.{self.name}}}}}"

    def as_mount(self, path_on_compute: Optional[str] = None) -> DatasetConsumptionConfig:
        """The same, as read-only files."""
        return self._with("mount", path_on_compute)

    def as_download(self, path_on_compute: Optional[str] = None) -> DatasetConsumptionConfig:
        """The same, as copies."""
        return self._with("download", path_on_compute)

    def as_hdfs(self) -> DatasetConsumptionConfig:
        """The same as ``as_mount``: there is no HDFS here."""
        return self._with("mount", None)

    def to_job_input(self) -> JobInput:
        """What the job gets.

        Raises
        ------
        UserErrorException
            The dataset has no file now.
        """
        files = self.dataset._files()
        if not files:
            raise UserErrorException(f"Dataset {self.dataset!r} has no file.")
        urls: List[Tuple[str, str]] = [(f.url, f.path) for f in files if f.url is not None]
        links: List[Tuple[str, str]] = [(f.local, f.path) for f in files if f.local is not None]
        return JobInput(
            self.name,
            mode="download" if self.mode == "download" else "mount",
            urls=tuple(urls),
            links=tuple(links),
            path_on_compute=self.path_on_compute,
            variable=self._named,
            dataset=_id_of(self.dataset),
            definition=self.dataset._for_job(files),
        )

    def _with(self, mode: str, path_on_compute: Optional[str]) -> DatasetConsumptionConfig:
        name = self.name if self._named else None
        return DatasetConsumptionConfig(name, self.dataset, mode, path_on_compute)


def inputs_of(*values: Any) -> List[JobInput]:
    """The inputs among arguments: datasets and data references, each once by name."""
    found = {}
    for value in values:
        for item in value if isinstance(value, (list, tuple)) else [value]:
            make = getattr(item, "to_job_input", None)
            if make is not None:
                made = make()
                found[made.name] = made
    return list(found.values())


def _id_of(dataset: AbstractDataset) -> str:
    return f"{dataset.name}:{dataset.version}" if dataset.name else ""


def _made_name(dataset: AbstractDataset) -> str:
    if dataset.name is not None:
        plain = re.sub(r"\W", "_", dataset.name)
        return plain if _NAME.match(plain) else f"input_{plain}"
    text = json.dumps(dataset._content(), sort_keys=True, default=str)
    return f"input_{hashlib.sha256(text.encode()).hexdigest()[:8]}"
