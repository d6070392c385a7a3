"""What a job gets and gives beside its code: data inputs, and named folders for outputs.

Inputs lie in ``inputs/<name>`` of the run folder while the job runs: fetched files as read-only
links to the cache, or copies where the job may change them; local data as it was at submission.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ml_jupyter._files import confine, write_json
from ml_jupyter.config import Settings
from ml_jupyter.datasets import addresses, fetching
from ml_jupyter.exceptions import SnapshotException
from ml_jupyter.history.layout import RunLayout, WorkspaceLayout
from ml_jupyter.jobfile import references
from ml_jupyter.jobs import deliveries, snapshot
from ml_jupyter.jobs.spec import LaunchSpec

DIRECT, LIVE = "direct", "live"
#: Modes in which the job may change what it gets.
_COPIED = frozenset({"download", "rw_mount", "upload", "eval_download"})
_FETCHED = ".fetched"


@dataclass(frozen=True)
class JobInput:
    """One data input.

    Attributes
    ----------
    name : str
        By which the command, the arguments and the variables name it.
    mode : str
        ``mount``, ``download``, ``direct`` …
    snapshot : str, optional
        Id of local data in the workspace's store.
    urls : tuple of (str, str)
        Addresses, and where each file lies below the input's folder.
    file : str
        The one file that it is; empty: a folder.
    links : tuple of (str, str)
        Local files (absolute), and where each lies below the input's folder; an empty second part:
        it is the input itself.
    path_on_compute : str, optional
        Where the job wants it; a link is made there.
    variable : bool
        It is also the value of the variable with its own name.
    dataset : str
        ``name:version`` of the registered dataset that it is.
    definition : mapping, optional
        What the job has to know of a table beside its files; ``inputs/.<name>.json``.
    """

    name: str
    mode: str = "mount"
    snapshot: Optional[str] = None
    urls: Tuple[Tuple[str, str], ...] = ()
    file: str = ""
    links: Tuple[Tuple[str, str], ...] = ()
    path_on_compute: Optional[str] = None
    variable: bool = False
    dataset: str = ""
    definition: Optional[Mapping[str, Any]] = None

    def to_json(self) -> Dict[str, Any]:
        """As it stands in ``launch.json``."""
        pairs = {key: [list(pair) for pair in getattr(self, key)] for key in ("urls", "links")}
        return {**asdict(self), **pairs}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> JobInput:
        """The input that ``to_json`` described; unknown keys are passed over."""
        names = {item.name for item in fields(cls)}
        known = {key: item for key, item in value.items() if key in names}
        for key in ("urls", "links"):
            known[key] = tuple((str(first), str(path)) for first, path in known.get(key, ()))
        return cls(**known)


def take_local(workspace: WorkspaceLayout, cache: Path, name: str, path: Path) -> JobInput:
    """Store local data as it is now.

    Parameters
    ----------
    path : Path
        A file or a folder; nothing in it is left out.

    Raises
    ------
    SnapshotException
        It is not there, or cannot be read.
    """
    if path.is_file():
        taken = snapshot.take_file(workspace, cache, path)
        return JobInput(name, snapshot=taken.id, file=path.name)
    if not path.is_dir():
        raise SnapshotException(f"inputs.{name}: there is no file or folder {str(path)!r}.")
    return JobInput(name, snapshot=snapshot.take_all(workspace, cache, path).id)


def of(spec: LaunchSpec) -> List[JobInput]:
    """The inputs of a job."""
    return [JobInput.from_json(item) for item in spec.inputs]


def have_to_be_fetched(spec: LaunchSpec, layout: RunLayout) -> bool:
    """Whether something has to be fetched before the job can start."""
    remote = any(item.urls and item.mode != DIRECT for item in of(spec))
    return remote and not (layout.inputs / _FETCHED).exists()


def fetch(
    spec: LaunchSpec,
    layout: RunLayout,
    settings: Settings,
    variables: Mapping[str, str],
    output: Callable[[bytes], None],
    cancelled: Callable[[], bool],
) -> None:
    """Fetch what the job gets, and put it into its folder.

    Raises
    ------
    DataUnavailable, BuildCanceled, StorageFailed
        See ``datasets.fetching``.
    """
    remote = [item for item in of(spec) if item.urls and item.mode != DIRECT]
    urls = list(dict.fromkeys(url for item in remote for url, _ in item.urls))
    fetching.fetch(urls, settings, spec.tools, variables, output, cancelled)
    for item in remote:
        folder = layout.inputs / item.name
        fetching.give(item.urls, folder, settings, copy=item.mode in _COPIED)
    (layout.inputs / _FETCHED).write_bytes(b"")


def lay_out(spec: LaunchSpec, workspace: WorkspaceLayout, layout: RunLayout) -> Dict[str, str]:
    """Lay local data out, make the folders of outputs; what each reference stands for.

    Returns
    -------
    dict of str to str
        ``inputs.<name>`` and ``outputs.<name>`` to a path.
    """
    values: Dict[str, str] = {}
    for item in of(spec):
        folder = layout.inputs / item.name
        if item.definition is not None:
            layout.inputs.mkdir(parents=True, exist_ok=True)
            write_json(described(folder), item.definition, mode=0o600)
        if item.snapshot is not None:
            folder.mkdir(parents=True, exist_ok=True)
            snapshot.lay_out(workspace, item.snapshot, folder)
            if item.mode not in _COPIED:
                _protect(folder)
        if item.mode == DIRECT and item.urls:
            values[f"inputs.{item.name}"] = item.urls[0][0]
            continue
        if item.links:
            folder = _give_local(item, folder, contained=spec.container is not None)
        path = folder / item.file if item.file else folder
        values[f"inputs.{item.name}"] = str(_linked(item, path, layout.work))
    for output in spec.outputs:
        if output.get("destination"):
            path = deliveries.prepare(output, spec, workspace.root, layout)
            if output.get("type") == "uri_file":
                path = path / str(output["name"])
            values[f"outputs.{output['name']}"] = str(path)
            continue
        path = layout.work / "outputs" / str(output["name"])
        (path.parent if output.get("type") == "uri_file" else path).mkdir(
            parents=True, exist_ok=True
        )
        values[f"outputs.{output['name']}"] = str(path)
    return values


def filled(spec: LaunchSpec, values: Mapping[str, str]) -> LaunchSpec:
    """The job with paths in place of references, in command, arguments and variables."""
    if not values:
        return spec

    def value_of(kind: str, name: str) -> str:
        return values.get(f"{kind}.{name}", f"${{{{{kind}.{name}}}}}")

    def fill(text: str) -> str:
        return references.fill(text, value_of, set())

    variables = {key: fill(item) for key, item in spec.variables.items()}
    for key, path in values.items():
        kind, _, name = key.partition(".")
        variables.setdefault(f"AZURE_ML_{kind[:-1].upper()}_{name}", path)
    for item in of(spec):
        if item.variable:
            variables.setdefault(item.name, values[f"inputs.{item.name}"])
    return replace(
        spec,
        command=None if spec.command is None else fill(spec.command),
        arguments=tuple(map(fill, spec.arguments)),
        variables=variables,
    )


def remove(layout: RunLayout) -> None:
    """Take the inputs away again; the cache and the workspace's store have them."""
    if layout.inputs.exists():
        shutil.rmtree(str(layout.inputs), ignore_errors=True)


def shown(item: JobInput) -> Dict[str, Any]:
    """An input as it is kept with the run's definition: no credentials."""
    urls = [addresses.shown(url) for url, _ in item.urls]
    value: Dict[str, Any] = {"mode": item.mode, "snapshot": item.snapshot, "file": item.file}
    value["urls"] = urls
    value.update(dataset=item.dataset, paths=[source for source, _ in item.links])
    if item.definition is not None:
        value["kind"] = item.definition["content"]["kind"]
    return {key: part for key, part in value.items() if part}


def described(folder: Path) -> Path:
    """Where the definition of the input in a folder lies, if it has one."""
    return folder.parent / f".{folder.name}.json"


def _give_local(item: JobInput, folder: Path, *, contained: bool) -> Path:
    """Local files of a dataset: links, or copies where the job may change them or sees no links.

    A folder that is worked in directly (``LIVE``) is the input itself.
    """
    if item.mode == LIVE:
        return Path(item.links[0][0])
    for source, name in item.links:
        target = confine(folder, name) if name else folder
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            if item.mode not in _COPIED and not contained:
                os.symlink(source, str(target))
            elif os.path.isdir(source):
                shutil.copytree(source, str(target))
            else:
                shutil.copyfile(source, str(target))
        except OSError as error:
            raise SnapshotException(
                f"Input {item.name!r}: {source} cannot be read: {error.strerror}."
            ) from error
    return folder


def _linked(item: JobInput, path: Path, work: Path) -> Path:
    """Where the job sees it: below ``path_on_compute``, when that can be made."""
    if not item.path_on_compute:
        return path
    wanted = work / item.path_on_compute
    inside = os.path.abspath(str(wanted)).startswith(str(work) + os.sep)
    if os.path.isabs(item.path_on_compute) or not inside or wanted.exists():
        return path
    wanted.parent.mkdir(parents=True, exist_ok=True)
    wanted.symlink_to(path)
    return wanted


def _protect(folder: Path) -> None:
    for root, _, names in os.walk(str(folder)):
        for name in names:
            path = os.path.join(root, name)
            if not os.path.islink(path):
                os.chmod(path, os.stat(path).st_mode & ~0o222)
