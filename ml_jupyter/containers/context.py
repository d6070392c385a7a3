"""The context of a build: a folder as a tar archive, without what ``.dockerignore`` names."""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Iterator, List, Mapping, Optional

_IGNORE = ".dockerignore"


@contextmanager
def packed(context: Optional[Path], files: Mapping[str, bytes]) -> Iterator[IO[bytes]]:
    """The archive, at its beginning, with ``files`` put over what the folder has.

    Parameters
    ----------
    context : Path, optional
        The folder; None: only ``files``.
    files : mapping of str to bytes
        Contents by relative name.
    """
    with tempfile.TemporaryFile(prefix="mlj-context-") as stream:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name in [] if context is None else kept(context):
                if name not in files:
                    archive.add(os.path.join(str(context), name), name, recursive=False)
            for name, data in files.items():
                facts = tarfile.TarInfo(name)
                facts.size, facts.mode = len(data), 0o644
                archive.addfile(facts, io.BytesIO(data))
        stream.seek(0)
        yield stream


def kept(folder: Path) -> List[str]:
    """Names of what a context holds and does not ignore, sorted: folders before what is in them."""
    from docker.utils.build import exclude_paths

    try:
        lines = (folder / _IGNORE).read_text("utf-8-sig").splitlines()
    except OSError:
        lines = []
    patterns = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return sorted(exclude_paths(str(folder), patterns))
