"""Views that people save under a name: which runs, columns, filters and charts a page shows.

One file each, replaced in one step. A change names the revision that its writer has read, so that
of two people who change one view at a time the second is told, in the place of overwriting.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Dict, List, Mapping, Optional

from ml_jupyter import _ids, _time
from ml_jupyter._files import read_json, storage_failed, write_json
from ml_jupyter.exceptions import (
    FolderCorrupt,
    FormatTooNew,
    UserErrorException,
    ViewChanged,
    ViewNotFound,
)
from ml_jupyter.history import lock, records
from ml_jupyter.history.layout import WorkspaceLayout

KINDS = ("compare", "experiments")
MOST_VIEWS = 2000
MOST_BYTES = 256 * 1024
MOST_NAME = 200
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")

_TYPES: Mapping[str, type] = {
    "id": str,
    "name": str,
    "kind": str,
    "created": int,
    "modified": int,
    "revision": int,
    "user": str,
    "content": dict,
}


@dataclass(frozen=True)
class SavedView:
    """A view as it is stored.

    Attributes
    ----------
    id : str
        A UUID.
    name : str
        For people; two views may share one.
    kind : str
        One of ``KINDS``.
    created, modified : int
        Nanoseconds since the epoch.
    revision : int
        1 at first, one more at each change.
    user : str
        Who saved it last.
    content : dict
        JSON of the page that saved it.
    """

    id: str
    name: str
    kind: str
    created: int
    modified: int
    revision: int = 1
    user: str = ""
    content: Dict[str, Any] = field(default_factory=dict)
    format: str = field(default_factory=records.current_format)


class SavedViews:
    """The saved views of a workspace. Cheap to make; processes may share the folder.

    Parameters
    ----------
    layout : WorkspaceLayout
        Paths of the workspace.
    """

    def __init__(self, layout: WorkspaceLayout) -> None:
        self._folder = layout.views

    def all(self, kind: Optional[str] = None) -> List[SavedView]:
        """Those of a kind, or of all; changed last first. One that cannot be read is left out."""
        found = []
        for path in self._folder.glob("*.json"):
            try:
                found.append(self.get(path.stem))
            except (ViewNotFound, FolderCorrupt, FormatTooNew, OSError):
                continue
        wanted = [item for item in found if kind is None or item.kind == kind]
        return sorted(wanted, key=lambda item: (-item.modified, item.id))

    def get(self, view_id: str) -> SavedView:
        """One view.

        Raises
        ------
        ViewNotFound
            There is none of this id.
        """
        path = self._folder / f"{_checked(view_id)}.json"
        try:
            value = read_json(path)
        except FileNotFoundError as error:
            raise ViewNotFound(f"There is no saved view {view_id!r}.") from error
        return _from_json(value, str(path))

    def create(self, kind: str, name: str, content: Mapping[str, Any], user: str) -> SavedView:
        """Save a new view.

        Raises
        ------
        UserErrorException
            An unknown kind, a name or content that cannot be, or too many views.
        StorageFailed
            The system refused to write.
        """
        if kind not in KINDS:
            raise UserErrorException(
                f"There is no kind of view {kind!r}.", hint=f"Use one of {', '.join(KINDS)}."
            )
        now = _time.now_ns()
        view = SavedView(
            _ids.new_uuid(), _name(name), kind, now, now, user=user, content=_content(content)
        )
        with self._locked():
            if sum(1 for _ in self._folder.glob("*.json")) >= MOST_VIEWS:
                raise UserErrorException(
                    f"The workspace has {MOST_VIEWS} saved views.", hint="Delete some first."
                )
            self._write(view)
        return view

    def update(
        self,
        view_id: str,
        revision: int,
        user: str,
        *,
        name: Optional[str] = None,
        content: Optional[Mapping[str, Any]] = None,
    ) -> SavedView:
        """Change name or content of the view that has this revision.

        Raises
        ------
        ViewNotFound
            It was deleted.
        ViewChanged
            Someone else has changed it; ``details`` says who and when.
        UserErrorException
            A name or content that cannot be.
        """
        with self._locked():
            old = self.get(view_id)
            if old.revision != revision:
                raise _changed(old)
            view = replace(
                old,
                name=old.name if name is None else _name(name),
                content=old.content if content is None else _content(content),
                modified=_time.now_ns(),
                revision=old.revision + 1,
                user=user,
            )
            self._write(view)
        return view

    def delete(self, view_id: str) -> None:
        """Delete a view.

        Raises
        ------
        ViewNotFound
            There is none of this id.
        """
        path = self._folder / f"{_checked(view_id)}.json"
        try:
            path.unlink()
        except FileNotFoundError as error:
            raise ViewNotFound(f"There is no saved view {view_id!r}.") from error
        except OSError as error:
            raise storage_failed(error, path) from error

    def _write(self, view: SavedView) -> None:
        write_json(self._folder / f"{view.id}.json", asdict(view))

    def _locked(self) -> Any:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_failed(error, self._folder) from error
        return lock.exclusive(self._folder / ".lock")


def _from_json(value: Any, where: str) -> SavedView:
    if not isinstance(value, dict):
        raise FolderCorrupt(f"{where} does not hold a JSON object.")
    records.check_format(value.get("format"), where)
    known = {item.name for item in fields(SavedView)}
    try:
        view = SavedView(**{key: item for key, item in value.items() if key in known})
    except TypeError as error:
        raise FolderCorrupt(f"{where} is incomplete: {error}") from error
    for name, kind in _TYPES.items():
        if not isinstance(getattr(view, name), kind):
            raise FolderCorrupt(f"{where}: {name} is not of its type.")
    return view


def _checked(view_id: str) -> str:
    if not _ID.match(view_id):
        raise ViewNotFound(f"There is no saved view {view_id!r}.")
    return view_id


def _changed(view: SavedView) -> ViewChanged:
    return ViewChanged(
        f"{view.name!r} was changed{f' by {view.user}' if view.user else ''} since it was opened.",
        hint="Load that version, or save yours under another name.",
        details={
            "revision": view.revision,
            "user": view.user,
            "modified_ms": view.modified / 1e6,
        },
    )


def _name(name: str) -> str:
    text = name.strip()
    if not text or len(text) > MOST_NAME or any(ord(letter) < 32 for letter in text):
        raise UserErrorException(
            f"A view cannot be called {text[:40]!r}.",
            hint=f"Use 1 to {MOST_NAME} characters on one line.",
            details={"field": "name"},
        )
    return text


def _content(content: Mapping[str, Any]) -> Dict[str, Any]:
    size = len(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        raise UserErrorException(
            f"The view holds {size} bytes, more than {MOST_BYTES}.", details={"field": "content"}
        )
    return dict(content)
