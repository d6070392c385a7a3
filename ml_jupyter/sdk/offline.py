"""The stand-in for a run outside any job: it prints what it was asked to do (surface 4.4)."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Dict, Iterator, List, Optional, Type

from ml_jupyter import _ids
from ml_jupyter.exceptions import UserErrorException
from ml_jupyter.history import status
from ml_jupyter.sdk.run import Run


class OfflineRun(Run):
    """A run that records nothing, so that a training script also works by itself."""

    def __init__(self, parent: Optional[OfflineRun] = None) -> None:
        self._id = f"OfflineRun_{_ids.new_uuid()}"
        self._above = parent
        self._seen = status.RUNNING

    # -- facts

    @property
    def experiment(self) -> Any:
        """None is there: raises UserErrorException."""
        raise UserErrorException(
            "An offline run has no experiment.", hint="Submit the script to have one."
        )

    @property
    def parent(self) -> Optional[Run]:
        """None, or the offline run that made this one."""
        return self._above

    @property
    def number(self) -> int:
        """Always 0."""
        return 0

    @property
    def type(self) -> str:
        """Always ``offline``."""
        return "offline"

    @property
    def display_name(self) -> Optional[str]:
        """The id."""
        return self._id

    @display_name.setter
    def display_name(self, value: Optional[str]) -> None:
        self._say("display_name", value)

    @property
    def description(self) -> Optional[str]:
        """None."""
        return None

    @description.setter
    def description(self, value: Optional[str]) -> None:
        self._say("description", value)

    def get_status(self) -> str:
        """Running, until it was ended."""
        return self._seen

    def get_tags(self) -> Dict[str, Optional[str]]:
        """Empty."""
        return {}

    def get_properties(self) -> Dict[str, str]:
        """Empty."""
        return {}

    def get_details(self) -> Dict[str, Any]:
        """Id and state."""
        return {"runId": self._id, "target": "offline", "status": self._seen}

    def get_details_with_logs(self) -> Dict[str, Any]:
        """Id and state."""
        return self.get_details()

    def get_metrics(self, *_: Any, **__: Any) -> Dict[str, Any]:
        """Empty."""
        return {}

    def get_file_names(self) -> List[str]:
        """Empty."""
        return []

    def get_all_logs(self, destination: Any = None) -> List[str]:
        """Empty."""
        return []

    def get_children(self, *_: Any, **__: Any) -> Iterator[Run]:
        """Empty."""
        return iter(())

    def get_snapshot_id(self) -> Optional[str]:
        """None."""
        return None

    def get_environment(self) -> Any:
        """None is there: raises UserErrorException."""
        raise UserErrorException("An offline run has no environment.")

    def wait_for_completion(self, *_: Any, **__: Any) -> Dict[str, Any]:
        """Returns at once."""
        return self.get_details()

    # -- what only prints

    def tag(self, key: str, value: Any = None) -> None:
        """Print."""
        self._say("tag", key, value)

    def set_tags(self, tags: Any) -> None:
        """Print."""
        self._say("set_tags", tags)

    def remove_tags(self, tags: Any) -> Dict[str, Optional[str]]:
        """Print."""
        self._say("remove_tags", tags)
        return {}

    def add_properties(self, properties: Any) -> None:
        """Print."""
        self._say("add_properties", properties)

    def log(self, name: str, value: Any, description: str = "", step: Optional[int] = None) -> None:
        """Print."""
        self._say("log", name, value, *(() if step is None else (f"step {step}",)))

    def log_list(self, name: str, value: Any, description: str = "") -> None:
        """Print."""
        self._say("log_list", name, value)

    def log_row(self, name: str, description: Optional[str] = None, **kwargs: Any) -> None:
        """Print."""
        self._say("log_row", name, kwargs)

    def log_table(self, name: str, value: Any, description: str = "") -> None:
        """Print."""
        self._say("log_table", name, value)

    def log_image(
        self, name: str, path: Any = None, plot: Any = None, description: str = ""
    ) -> None:
        """Print."""
        self._say("log_image", name, path if plot is None else plot)

    def log_confusion_matrix(self, name: str, value: Any, description: str = "") -> None:
        """Print."""
        self._say("log_confusion_matrix", name)

    def log_accuracy_table(self, name: str, value: Any, description: str = "") -> None:
        """Print."""
        self._say("log_accuracy_table", name)

    def log_residuals(self, name: str, value: Any, description: str = "") -> None:
        """Print."""
        self._say("log_residuals", name)

    def log_predictions(self, name: str, value: Any, description: str = "") -> None:
        """Print."""
        self._say("log_predictions", name)

    def flush(self, timeout_seconds: float = 300) -> None:
        """Nothing is waiting."""

    def upload_file(self, name: str, path_or_stream: Any, datastore_name: Any = None) -> None:
        """Print."""
        self._say("upload_file", name, path_or_stream)

    def upload_files(self, names: Any, paths: Any, *_: Any, **__: Any) -> None:
        """Print."""
        self._say("upload_files", names, paths)

    def upload_folder(self, name: str, path: Any, datastore_name: Any = None) -> None:
        """Print."""
        self._say("upload_folder", name, path)

    def download_file(self, name: str, output_file_path: Any = None, **_: Any) -> None:
        """There are no files: raises UserErrorException."""
        raise UserErrorException(f"An offline run has no file {name!r}.")

    def download_files(self, *_: Any, **__: Any) -> None:
        """There are no files: raises UserErrorException."""
        raise UserErrorException("An offline run has no files.")

    def register_model(self, model_name: str, model_path: Any = None, *_: Any, **__: Any) -> Any:
        """Print; there is no model, so None."""
        self._say("register_model", model_name, model_path or model_name)

    # -- children and end

    def child_run(
        self, name: Optional[str] = None, run_id: Optional[str] = None, outputs: Any = None
    ) -> Run:
        """Another offline run."""
        return OfflineRun(self)

    def create_children(
        self, count: Optional[int] = None, tag_key: Optional[str] = None, tag_values: Any = None
    ) -> List[Run]:
        """Offline runs."""
        return [OfflineRun(self) for _ in range(len(tag_values) if count is None else count)]

    def submit_child(self, config: Any, tags: Any = None, **kwargs: Any) -> Run:
        """Needs a real run: raises UserErrorException."""
        raise UserErrorException(
            "An offline run cannot submit children.", hint="Submit the script itself first."
        )

    def start(self) -> None:
        """Nothing."""

    def complete(self) -> None:
        """Print."""
        self._say("complete")
        self._seen = status.COMPLETED

    def fail(self, error_details: Any = None, error_code: Optional[str] = None, **_: Any) -> None:
        """Print."""
        self._say("fail", error_details)
        self._seen = status.FAILED

    def cancel(self) -> None:
        """Print."""
        self._say("cancel")
        self._seen = status.CANCELED

    def __exit__(
        self,
        exit_type: Optional[Type[BaseException]],
        value: Optional[BaseException],
        traceback: Optional[TracebackType],
    ) -> bool:
        return isinstance(value, SystemExit) and value.code in (None, 0)

    def __repr__(self) -> str:
        return f"OfflineRun(Id: {self._id})"

    def _repr_html_(self) -> str:
        from ml_jupyter.sdk import html

        return html.table({"Run": "offline", "Id": self._id})

    def _say(self, what: str, *values: Any) -> None:
        shown = ", ".join(str(value) for value in values)
        print(f"Attempted to {what}: {shown}" if shown else f"Attempted to {what}")

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return hash(self._id)
