"""The process that holds a model: loads it, then answers what the service asks over a socket.

``python -m ml_jupyter.models.worker DESCRIPTOR``. It runs in the Python of the model and needs
nothing but the standard library and the model's framework. What it prints goes to the log of the
service. It leaves when the service does.
"""

from __future__ import annotations

import json
import signal
import socket
import sys
import traceback
from typing import Any, Dict, Mapping

from ml_jupyter.models import channel
from ml_jupyter.models.scoring import scorer
from ml_jupyter.models.scoring.base import JSON, BadInput, Scorer


def main(descriptor: int) -> int:
    """Load the model and answer until the service closes the socket; the exit status."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    connection = socket.socket(fileno=descriptor)
    with connection, connection.makefile("rb") as requests:
        first = channel.read(requests)
        if first is None:
            return 0
        model = _load(first[0], connection)
        if model is None:
            return 1
        while True:
            message = channel.read(requests)
            if message is None:
                return 0
            connection.sendall(_answer(model, *message))


def _load(plan: Mapping[str, Any], connection: socket.socket) -> Any:
    """The scorer; None when it could not be loaded, which the service has then been told."""
    try:
        model = scorer(plan, str(plan.get("model_path", "")))
    except Exception as error:
        traceback.print_exc()
        text = f"{type(error).__name__}: {error}"
        connection.sendall(channel.pack({"ready": False, "error": text}))
        return None
    connection.sendall(channel.pack({"ready": True, "inputs": model.inputs}))
    return model


def _answer(model: Scorer, header: Mapping[str, Any], body: bytes) -> bytes:
    status, kind = 200, JSON
    try:
        answer, kind = model.score(body, str(header.get("content_type", "")))
    except BadInput as error:
        status, answer = 400, _error("bad_input", str(error))
    except Exception as error:
        traceback.print_exc()
        text = f"The model failed: {type(error).__name__}: {error}"
        status, answer = 500, _error("model_failed", text)
    sys.stdout.flush()
    sys.stderr.flush()
    return channel.pack({"status": status, "content_type": kind}, answer)


def _error(code: str, message: str) -> bytes:
    value: Dict[str, Any] = {"code": code, "message": message, "hint": None, "details": {}}
    return json.dumps(value).encode("utf-8")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
