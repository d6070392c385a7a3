"""Models as files in the cache: ``models/<workspace>/<name>/<version>``, written once."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from ml_jupyter._files import storage_failed
from ml_jupyter.config import Settings
from ml_jupyter.models.record import ModelRecord
from ml_jupyter.models.store import ModelStore


def laid_out(store: ModelStore, record: ModelRecord, workspace_id: str, settings: Settings) -> Path:
    """The file or folder of a model in the cache, put there when it is not yet.

    The folder appears in one step; two processes that ask at once get the same one.

    Raises
    ------
    SnapshotException, StorageFailed
        See ``ModelStore.lay_out``.
    """
    folder = (
        settings.cache / "models" / workspace_id / record.name / f"{record.version}.{_of(record)}"
    )
    if not folder.exists():
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(prefix=".new-", dir=str(folder.parent)))
        except OSError as error:
            raise storage_failed(error, folder) from error
        try:
            store.lay_out(record, temporary)
            os.rename(str(temporary), str(folder))
        except OSError:
            if not folder.exists():  # else another process was faster
                raise
        finally:
            shutil.rmtree(str(temporary), ignore_errors=True)
    return folder / record.path


def _of(record: ModelRecord) -> str:
    """Part of the version's id: copies of a workspace may differ in what they registered."""
    return record.id[:8]
