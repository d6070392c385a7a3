"""Asks the Docker Engine for one step of an environment, in a process of its own.

``python -m ml_jupyter.environments.image_worker REQUEST ANSWER`` reads a private JSON file and
writes one: ``id``, ``python`` and ``version`` of the image. SIGTERM stops it.
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Any, Dict, Optional

from ml_jupyter._files import write_json
from ml_jupyter.config import Settings
from ml_jupyter.exceptions import MlJupyterError

_STOPPED = 3


class _Step:
    """One request; ``stopped`` becomes true when nobody wants the answer any more."""

    def __init__(self, request: Dict[str, Any]) -> None:
        self._request = request
        self._settings = Settings.load(**request["settings"])
        self.stopped = False

    def image(self) -> Dict[str, str]:
        """Have the image: the one that is there, pulled, or built."""
        from ml_jupyter import containers
        from ml_jupyter.containers import images

        host = self._request["engine"]
        engine = containers.connect_to(host) if host else containers.connect()
        name = self._built(engine) if self._request["dockerfile"] else self._full_name()
        found = images.find(engine, name, self._settings)
        if found is None:
            self._pull(engine, name)
            found = images.find(engine, name, self._settings)
        if found is None:
            raise MlJupyterError(f"The engine does not have the image {name!r}.")
        found = images.examine(engine, found, self._settings)
        return {"id": found.id, "python": found.python, "version": found.version}

    def _built(self, engine: Any) -> str:
        from ml_jupyter.containers import images

        asked = self._request
        return images.build(
            engine,
            dockerfile=asked["dockerfile"],
            context=Path(asked["context"]) if asked["context"] else None,
            tag=asked["tag"],
            digest=asked["digest"],
            credentials=self._credentials(),
            output=_write,
            cancelled=lambda: self.stopped,
        )

    def _full_name(self) -> str:
        from ml_jupyter.containers import registry

        address = (self._request["registry"] or {}).get("address")
        return registry.full_name(self._request["image"], address)

    def _pull(self, engine: Any, name: str) -> None:
        from ml_jupyter.containers import images

        credentials = self._credentials()
        images.pull(engine, name, credentials, output=_write, cancelled=lambda: self.stopped)

    def _credentials(self) -> Optional[Any]:
        from ml_jupyter.containers import registry

        return registry.find(self._settings, self._request["registry"])


def main() -> int:
    """Carry out the request that the command line names."""
    step = _Step(json.loads(Path(sys.argv[1]).read_bytes()))

    def stop(*_: object) -> None:
        step.stopped = True

    signal.signal(signal.SIGTERM, stop)
    from ml_jupyter.containers.streams import ImageCanceled

    try:
        answer = step.image()
    except ImageCanceled:
        return _STOPPED
    except MlJupyterError as error:
        facts = {"error": error.message, "package": str(error.details.get("package", ""))}
        write_json(sys.argv[2], facts, mode=0o600)
        return 1
    write_json(sys.argv[2], answer, mode=0o600)
    return 0


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
