"""The process that searches a log: standard library only, started without ``site``.

Reads its question from standard input as JSON, and writes a line of JSON for each match as it finds
them, so that what was found counts even if it is killed.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

_BLOCK = 256 * 1024
_LONGEST = 64 * 1024
_SHOWN = 400
_MEMORY = 1024 * 1024 * 1024
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
#: Expressions for which a block without a match may still have a line with one.
_SEES_ENDS = re.compile(r"\\A|\\Z|\(\?|\\b|\\B")


def main() -> None:
    """Answer one question."""
    question = json.loads(sys.stdin.buffer.read())
    _bound(question["seconds"])
    _Search(question).run()


class _Search:
    def __init__(self, question: dict[str, Any]) -> None:
        self._fd = question["fd"]
        self._deadline = time.monotonic() + question["seconds"]
        self._after, self._limit = question["after"], question["limit"]
        flags = 0 if question["case"] else re.IGNORECASE
        text = question["text"] if question["regex"] else re.escape(question["text"])
        self._pattern = re.compile(text, flags)
        self._whole = re.compile(text, flags | re.MULTILINE)
        self._skips = not _SEES_ENDS.search(text) if question["regex"] else True
        self._count = self._given = self._line = 0
        self._next: int | None = None

    def run(self) -> None:
        """Search to the end or to the deadline."""
        complete, scanned = True, 0
        for offset, block in _blocks(self._fd):
            if time.monotonic() > self._deadline:
                complete = False
                break
            self._look(offset, block)
            scanned = offset + len(block)
            self._line += block.count(b"\n")
            self._say(count=self._count, scanned=scanned)
        end = os.fstat(self._fd).st_size
        self._say(count=self._count, scanned=scanned, end=end, complete=complete, next=self._next)

    def _look(self, offset: int, block: bytes) -> None:
        skips = self._skips and b"\x1b" not in block
        if skips and not self._whole.search(block.decode("utf-8", "replace")):
            return
        number = self._line
        lines = block.split(b"\n")
        for line in lines if lines[-1] else lines[:-1]:
            number += 1
            self._match(offset, number, line)
            offset += len(line) + 1

    def _match(self, offset: int, number: int, line: bytes) -> None:
        text = line.decode("utf-8", "replace")
        if "\x1b" in text:
            text = _ANSI.sub("", text)
        text = text.rstrip("\r")
        found = self._pattern.search(text)
        if found is None:
            return
        self._count += 1
        if offset < self._after:
            return
        if self._given == self._limit:
            self._next = offset if self._next is None else self._next
            return
        self._given += 1
        first = max(0, min(found.start() - _SHOWN // 4, len(text) - _SHOWN))
        shown = text[first : first + _SHOWN]
        match = {"offset": offset, "length": len(line), "line": number, "text": shown}
        self._say(match={**match, "start": found.start() - first})

    @staticmethod
    def _say(**facts: Any) -> None:
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()


def _blocks(fd: int) -> Iterator[tuple[int, bytes]]:
    """The file in blocks that end with a line, each with its place; a very long line is cut."""
    offset, rest = 0, b""
    while True:
        data = os.read(fd, _BLOCK)
        rest += data
        end = rest.rfind(b"\n") + 1
        if not data or (end == 0 and len(rest) >= _LONGEST):
            end = len(rest)
        if end:
            block, rest = rest[:end], rest[end:]
            yield offset, block
            offset += end
        if not data:
            return


def _bound(seconds: float) -> None:
    """Limits of the system on this process: it must not outlive or outgrow its purpose."""
    try:
        import resource
    except ImportError:  # not a Unix
        return
    setters: list[Callable[[], None]] = [
        lambda: resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 2, int(seconds) + 3)),
        lambda: resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY)),
    ]
    for setter in setters:
        try:
            setter()
        except (OSError, ValueError):
            continue


if __name__ == "__main__":
    main()
