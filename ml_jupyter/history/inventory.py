"""Which packages are installed in a Python, asked once and remembered until they change.

::

    CACHE/inventories/<key>.json     a line with the digest and what was looked at, then the list
    CACHE/inventories/<key>.lock     held by who asks, so that many runs that start at once ask once

The key stands for the Python with the variables that its module path depends on. What is
remembered counts as long as none of the folders of that path has changed, which takes a few
``stat`` to see; an image never changes.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

from ml_jupyter import _inventory
from ml_jupyter._files import write_atomic
from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.history import lock
from ml_jupyter.history.packages import PackageList

#: Variables that decide what a Python finds.
VARIABLES = (
    "PYTHONPATH", "PYTHONHOME", "PYTHONNOUSERSITE", "PYTHONUSERBASE", "PYTHONSAFEPATH", "HOME",
    "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "__PYVENV_LAUNCHER__",
)  # fmt: skip
#: A change in the moment of looking may leave a folder's time as it is.
_SETTLED_NS = 2_000_000_000
_ASK_S = 120.0
#: Lists that are remembered at one time.
_KEPT = 200


@dataclass(frozen=True)
class Known:
    """A list as a workspace keeps it.

    Attributes
    ----------
    fact : dict
        What a run keeps of it (``history.packages``).
    content : bytes
        The list.
    """

    fact: Dict[str, Any]
    content: bytes

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Known:
        """Of what ``_inventory.listing`` gave."""
        found = PackageList.from_json(value)
        return cls(found.fact(), found.content())


class Memory:
    """What is remembered of one Python.

    Parameters
    ----------
    cache : Path
        The cache folder.
    parts : sequence of str
        All that what is installed depends on, beside the folders themselves.
    """

    def __init__(self, cache: Path, parts: Sequence[str]) -> None:
        text = json.dumps(list(parts)).encode("utf-8", "surrogatepass")
        self._path = cache / "inventories" / f"{blake2b(text, digest_size=16).hexdigest()}.json"

    def recall(self) -> Optional[Known]:
        """The list, when nothing has changed since; None: it has to be asked for."""
        try:
            first, _, content = self._path.read_bytes().partition(b"\n")
            head = json.loads(first)
            watched = head["watched"]
            if _inventory.changes(folder for folder, _ in watched) != watched:
                return None
            return Known(dict(head["fact"]), content)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """Hold back others who would ask the same: they look into the memory again then.

        Where no lock can be had, nobody is held back.
        """
        with contextlib.ExitStack() as held:
            with contextlib.suppress(OSError, MlJupyterError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                held.enter_context(lock.exclusive(self._path.with_suffix(".lock"), _ASK_S))
            yield

    def keep(self, found: Known, watched: List[List[Any]]) -> None:
        """Remember a list, unless something was changing while it was made."""
        if not _has_settled(watched):
            return
        head = json.dumps({"fact": found.fact, "watched": watched})
        with contextlib.suppress(OSError, MlJupyterError):  # asked again then
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self._path, head.encode("utf-8") + b"\n" + found.content, sync=False)
            _forget_oldest(self._path.parent)


def memory_of(cache: Path, interpreter: str, variables: Mapping[str, str]) -> Memory:
    """What is remembered of a Python that is started with these variables."""
    return Memory(cache, ["program", interpreter, *given_to(interpreter, variables)])


def given_to(interpreter: str, variables: Mapping[str, str]) -> List[str]:
    """The variables, as ``NAME=value``, on which it depends what a program finds installed."""
    whole = os.path.isabs(interpreter)
    names = [name for name in VARIABLES if name in variables and not (whole and name == "PATH")]
    return [f"{name}={variables[name]}" for name in names]


def ask(interpreter: str, variables: Mapping[str, str]) -> Tuple[Known, List[List[Any]]]:
    """Start a Python and ask what is installed in it; what was looked at, too.

    Raises
    ------
    OSError, ValueError, subprocess.SubprocessError
        It cannot be started, or does not answer.
    """
    import subprocess  # not for those who only look at themselves

    given = {name: variables[name] for name in VARIABLES if name in variables}
    done = subprocess.run(
        [interpreter, "-c", program()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=given,
        cwd="/",
        timeout=_ASK_S,
        check=True,
    )
    return answer_of(done.stdout)


def program() -> str:
    """The text of a program that prints what is installed in the Python that runs it."""
    return Path(_inventory.__file__).read_text("utf-8")


def answer_of(printed: bytes) -> Tuple[Known, List[List[Any]]]:
    """What ``program`` printed.

    Raises
    ------
    ValueError
        There is no answer in it.
    """
    mark = _inventory.MARK.encode("ascii")
    for line in printed.splitlines():
        if line.startswith(mark):
            value = json.loads(line[len(mark) :])
            return Known.of(value), value["watched"]
    raise ValueError("The program has printed no answer.")


class ThisProcess:
    """What is installed in the Python that runs this, with its module path as it is now.

    The folder of the program itself is left out, as for jobs: it changes all the time.

    Parameters
    ----------
    cache : Path
        The cache folder.
    """

    #: The last answer: what it was asked for, what was looked at, and the list.
    _last: ClassVar[Optional[Tuple[Tuple[str, ...], List[List[Any]], Known]]] = None

    def __init__(self, cache: Path) -> None:
        own = _program_folder()
        self._path = tuple(item for item in sys.path if item and item != own)
        self._memory = Memory(cache, ["process", sys.executable, sys.version, *self._path])

    def recall(self) -> Optional[Known]:
        """What is remembered, in some tenths of a millisecond; None: nothing that still counts."""
        last = ThisProcess._last
        if last is not None and last[0] == self._path and _inventory.changes(self._path) == last[1]:
            return last[2]
        return self._remembered(self._memory.recall(), _inventory.changes(self._path))

    def look(self) -> Known:
        """What is installed, in some hundredths of a second."""
        value = _inventory.listing(self._path)
        found = Known.of(value)
        self._memory.keep(found, value["watched"])
        self._remembered(found, value["watched"])
        return found

    def _remembered(self, found: Optional[Known], watched: List[List[Any]]) -> Optional[Known]:
        if found is not None and _has_settled(watched):
            ThisProcess._last = (self._path, watched, found)
        return found


def _program_folder() -> str:
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    return os.path.dirname(os.path.abspath(file)) if file else ""


def _has_settled(watched: List[List[Any]]) -> bool:
    newest: int = max((changed for _, changed in watched), default=0)
    return newest <= time.time_ns() - _SETTLED_NS


def _forget_oldest(folder: Path) -> None:
    paths = list(folder.glob("*.json"))
    if len(paths) <= _KEPT:
        return
    paths.sort(key=lambda path: path.stat().st_mtime)
    for path in paths[: len(paths) - _KEPT]:
        path.unlink()
        with contextlib.suppress(FileNotFoundError):
            path.with_suffix(".lock").unlink()
