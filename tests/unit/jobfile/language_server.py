"""A client of language servers over their standard input and output, as an editor is one."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from pathlib import Path
from typing import Any

_WAIT_S = 60


class LanguageServer:
    """A running server.

    Parameters
    ----------
    command : list of str
        Starts it.
    settings : dict
        What it gets when it asks for its configuration, by section.
    """

    def __init__(self, command: list[str], settings: dict[str, Any]) -> None:
        self._settings = settings
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._arrived: queue.Queue[dict[str, Any]] = queue.Queue()
        self._number = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def start(self, folder: Path) -> None:
        """Shake hands."""
        able = {"workspace": {"configuration": True}, "textDocument": {"completion": {}}}
        uri = folder.as_uri()
        about = {"processId": None, "rootUri": uri, "capabilities": able}
        about["workspaceFolders"] = [{"uri": uri, "name": folder.name}]
        self.ask("initialize", about)
        self._tell("initialized", {})

    def open(self, path: Path) -> list[dict[str, Any]]:
        """Open a file; what the server finds wrong with it."""
        text = path.read_text("utf-8")
        about = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": about})
        told = self._wait(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == path.as_uri()
            )
        )
        found: list[dict[str, Any]] = told["params"]["diagnostics"]
        return found

    def complete(self, path: Path, line: int, column: int) -> set[str]:
        """What could stand at a place, both counted from 0."""
        where = {"line": line, "character": column}
        answer = self.ask(
            "textDocument/completion", {"textDocument": {"uri": path.as_uri()}, "position": where}
        )
        return {item["label"] for item in answer["items"]}

    def ask(self, method: str, parameters: Any) -> Any:
        """The answer to a request."""
        self._number += 1
        number = self._number
        self._send({"id": number, "method": method, "params": parameters})
        answer = self._wait(lambda message: message.get("id") == number and "method" not in message)
        assert "error" not in answer, answer
        return answer["result"]

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def _wait(self, wanted: Any) -> dict[str, Any]:
        while True:
            message = self._arrived.get(timeout=_WAIT_S)
            if message.get("method") and "id" in message:
                self._answer(message)
            elif wanted(message):
                return message

    def _answer(self, request: dict[str, Any]) -> None:
        result: Any = None
        if request["method"] == "workspace/configuration":
            asked = [item.get("section") for item in request["params"]["items"]]
            result = [self._settings.get(section, {}) for section in asked]
        self._send({"id": request["id"], "result": result})

    def _tell(self, method: str, parameters: Any) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode("utf-8")
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> None:
        assert self._process.stdout is not None
        while line := self._process.stdout.readline():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
                while self._process.stdout.readline().strip():
                    pass
                self._arrived.put(json.loads(self._process.stdout.read(length)))
