"""What a run keeps: files, an export of the whole, and the models that are made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List, Optional

from ml_jupyter import _lazy
from ml_jupyter.sdk.run_base import RunBase

if TYPE_CHECKING:
    from ml_jupyter.sdk import artifacts, export, model_facts, model_registration
    from ml_jupyter.sdk.model import Model
else:  # importing Run must stay cheap: it is imported in every job and kernel
    artifacts = _lazy.Module("ml_jupyter.sdk.artifacts")
    export = _lazy.Module("ml_jupyter.sdk.export")
    model_facts = _lazy.Module("ml_jupyter.sdk.model_facts")
    model_registration = _lazy.Module("ml_jupyter.sdk.model_registration")


class RunFiles(RunBase):
    """The files of a run."""

    def get_file_names(self) -> List[str]:
        """Names of the run's files."""
        return artifacts.file_names(self._folder)

    def upload_file(
        self, name: str, path_or_stream: Any, datastore_name: Optional[str] = None
    ) -> None:
        """Keep a copy of a file or stream under ``name``.

        Raises
        ------
        NameTaken
            The run has a file of this name.
        """
        artifacts.upload(self._folder, name, path_or_stream)

    def upload_files(
        self,
        names: List[str],
        paths: List[Any],
        return_artifacts: bool = False,
        timeout_seconds: Optional[float] = None,
        datastore_name: Optional[str] = None,
    ) -> None:
        """Keep copies of several files.

        Raises
        ------
        TypeError
            ``names`` and ``paths`` have different lengths.
        """
        if len(names) != len(paths):
            raise TypeError(f"{len(names)} names for {len(paths)} paths.")
        for name, path in zip(names, paths):
            artifacts.upload(self._folder, name, path)

    def upload_folder(self, name: str, path: Any, datastore_name: Optional[str] = None) -> None:
        """Keep a copy of a folder's files under ``name/``."""
        artifacts.upload_folder(self._folder, name, path)

    def download_file(self, name: str, output_file_path: Any = None, **_ignored: Any) -> None:
        """Copy one of the run's files to ``output_file_path`` (default: its base name, here).

        Raises
        ------
        ArtifactNotFound
            There is none of this name; near ones are listed.
        """
        artifacts.download(self._folder, name, output_file_path)

    def download_files(
        self,
        prefix: Optional[str] = None,
        output_directory: Any = None,
        output_paths: Optional[List[str]] = None,
        batch_size: int = 100,
        append_prefix: bool = True,
        timeout_seconds: Optional[float] = None,
    ) -> None:
        """Copy the files below the folder ``prefix`` of the run, or the one file of that name.

        Parameters
        ----------
        output_directory : str or Path, optional
            Where to; default: here.
        output_paths : list of str, optional
            A name for each file instead of its own.
        append_prefix : bool
            Keep ``prefix`` in the names.

        Raises
        ------
        ArtifactNotFound
            Nothing lies there.
        """
        artifacts.download_many(self._folder, prefix, output_directory, output_paths, append_prefix)

    def export_html(self, path: Any, others: Any = ()) -> str:
        """Write the run as one HTML file with charts, logs and code; its absolute path.

        The file needs no server, no network and no other file, now and later.

        Parameters
        ----------
        path : path
            The file; an existing one is replaced.
        others : iterable of Run
            Runs of the same workspace to compare with in the same file, at most 49.

        Raises
        ------
        UserErrorException
            A run of another workspace, too many runs, or no such folder.
        """
        return export.export_runs([self._run, *others], path)

    def register_model(
        self,
        model_name: str,
        model_path: Optional[str] = None,
        tags: Any = None,
        properties: Any = None,
        model_framework: Optional[str] = None,
        model_framework_version: Optional[str] = None,
        description: Optional[str] = None,
        datasets: Any = None,
        sample_input_dataset: Any = None,
        sample_output_dataset: Any = None,
        resource_configuration: Any = None,
        **_ignored: Any,
    ) -> Model:
        """Store a file or folder of this run as the next version of a model.

        Parameters
        ----------
        model_path : str, optional
            Name among the run's files, such as ``outputs/model.pt``; default: ``model_name``.

        Other parameters are those of ``Model.register``.

        Raises
        ------
        ModelPathNotFoundException
            The run has no such file or folder; near ones are listed.
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
        return model_registration.from_run(self._run, model_name, model_path, facts)
