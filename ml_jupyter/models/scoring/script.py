"""Entry scripts: a Python file with ``init()`` and ``run(data)``, as the Azure ML SDK has them."""

from __future__ import annotations

import importlib.util
import inspect
import json
import os
import sys
from types import ModuleType
from typing import Any, Tuple

from ml_jupyter.models.scoring.base import JSON, BadInput, Scorer, plain, with_text_keys

_MODULE = "entry_script"


class ScriptScorer(Scorer):
    """Answers with the ``run`` of a script, after its ``init``.

    Parameters
    ----------
    path : str
        The script, relative to the current folder.

    Raises
    ------
    Exception
        Whatever the script raises while it is loaded.
    """

    def __init__(self, path: str) -> None:
        module = _load(path)
        run = getattr(module, "run", None)
        if not callable(run):
            raise AttributeError(f"{path} has no function run(data).")
        self._run = run
        self._name = next(iter(inspect.signature(run).parameters), "")
        init = getattr(module, "init", None)
        if callable(init):
            init()

    def score(self, body: bytes, content_type: str) -> Tuple[bytes, str]:
        """What ``run`` gives for the request's text; bytes for a body that is no text.

        Raises
        ------
        BadInput
            The body is said to be JSON and is not, or the script raises a ValueError.
        """
        data: Any = body
        if content_type.split(";")[0].strip().lower() in ("", JSON) or content_type[:5] == "text/":
            data = _text(body, JSON in content_type)
        try:
            answer = self._run(data)
        except ValueError as error:  # what float("x") and json.loads raise, and what scripts do
            raise BadInput(f"{type(error).__name__}: {error}") from error
        if isinstance(answer, (bytes, bytearray)):
            return bytes(answer), "application/octet-stream"
        return json.dumps(with_text_keys(answer), default=plain).encode("utf-8"), JSON


def _text(body: bytes, is_json: bool) -> str:
    try:
        text = body.decode("utf-8")
        if is_json:
            json.loads(text)
    except ValueError as error:
        raise BadInput(f"The request is not JSON: {error}") from error
    return text


def _load(path: str) -> ModuleType:
    full = os.path.abspath(path)
    for folder in (os.getcwd(), os.path.dirname(full)):
        if folder not in sys.path:
            sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location(_MODULE, full)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[_MODULE] = module
    spec.loader.exec_module(module)
    return module
