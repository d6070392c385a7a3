"""Fetching for a job that waits: the worker's process, and the files given to the job."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Callable, Mapping, Sequence, Tuple

from ml_jupyter._files import confine
from ml_jupyter.config import Settings
from ml_jupyter.datasets.cache import DataCache
from ml_jupyter.environments.commands import Failed, Site
from ml_jupyter.exceptions import DataUnavailable, StorageFailed


def fetch(
    urls: Sequence[str],
    settings: Settings,
    tools: str,
    variables: Mapping[str, str],
    output: Callable[[bytes], None],
    cancelled: Callable[[], bool],
) -> None:
    """See that the cache has what the addresses give now.

    Parameters
    ----------
    tools : str
        Python that has this product's dependencies.
    variables : mapping
        Environment of the user: proxies, certificates, credentials of stores.
    output, cancelled
        As for the build of an environment.

    Raises
    ------
    DataUnavailable
        One of them cannot be had; names it.
    BuildCanceled
        ``cancelled()`` became true.
    """
    request = {
        "cache": str(DataCache.of(settings).folder),
        "urls": list(urls),
        "limit": settings.data_limit,
        "room": settings.data_cache_limit,
        "private_redirects": settings.private_redirects,
    }
    package = str(Path(__file__).resolve().parents[2])
    site = Site(output, cancelled, {**variables, "PYTHONPATH": package})
    command = [tools, "-m", "ml_jupyter.datasets.worker", json.dumps(request)]
    try:
        site.run(command, Path(package))
    except Failed as error:
        lines = [line for line in error.tail.splitlines() if line.strip()]
        last = lines[-1] if lines else f"the fetching process ended with exit code {error.code}"
        raise DataUnavailable(f"Data could not be fetched: {last}") from error


def give(files: Sequence[Tuple[str, str]], folder: Path, settings: Settings, *, copy: bool) -> None:
    """Put fetched files into a folder: read-only and without taking room, or as copies.

    Parameters
    ----------
    files : sequence of (str, str)
        Address, and path below the folder.
    copy : bool
        The job may change them.

    Raises
    ------
    DataUnavailable
        The cache was emptied in the meantime.
    """
    cache = DataCache.of(settings)
    for url, name in files:
        found = cache.find(url)
        if found is None:
            raise DataUnavailable(
                "Fetched data was removed before the job could start.", hint="Submit it again."
            )
        target = confine(folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            _place(cache.blob(found.sha256), target, copy=copy)
        except OSError as error:
            raise StorageFailed(f"{target}: {error.strerror}.") from error


def _place(source: Path, target: Path, *, copy: bool) -> None:
    if target.exists():
        target.unlink()
    if not copy:
        try:
            os.link(str(source), str(target))
            return
        except OSError:  # another file system
            pass
    shutil.copyfile(str(source), str(target))
    os.chmod(str(target), 0o644 if copy else 0o444)
