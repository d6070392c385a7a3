"""Solves and installs conda packages with py-rattler, in a process of its own.

``python -m ml_jupyter.environments.conda_worker REQUEST`` reads a private JSON file: ``channels``,
``specs``, ``prefix``, ``alternative`` (the place that the files are told they lie at), ``cache``,
``alias``. Messages go to standard output; the exit status is 0 or 1.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any, Dict, List

#: Names that stand for more than one channel.
_DEFAULTS = ("https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r")
_NO_SOLUTION = "Cannot solve the request because of: "


def main() -> int:
    """Carry out the request that the command line names."""
    with open(sys.argv[1], encoding="utf-8") as stream:
        request = json.load(stream)
    try:
        asyncio.run(_install(request))
    except Exception as error:  # whatever the solver raises is the user's to read
        text = str(error)
        print(f"error: {text[len(_NO_SOLUTION) :] if text.startswith(_NO_SOLUTION) else text}")
        return 1
    return 0


async def _install(request: Dict[str, Any]) -> None:
    import rattler

    config = rattler.ChannelConfig(request["alias"]) if request["alias"] else None
    channels = [
        rattler.Channel(item, config) if config else rattler.Channel(item)
        for name in request["channels"]
        for item in (_DEFAULTS if name == "defaults" else (name,))
    ]
    _say(f"Channels: {', '.join(request['channels'])}")
    gateway = rattler.Gateway(cache_dir=Path(request["cache"], "repodata"))
    records = await rattler.solve(
        sources=channels,
        specs=[rattler.MatchSpec(item) for item in request["specs"]],
        gateway=gateway,
        virtual_packages=rattler.VirtualPackage.detect(),
    )
    _list(records)
    await rattler.install(
        records,
        target_prefix=request["prefix"],
        cache_dir=Path(request["cache"], "pkgs"),
        execute_link_scripts=True,
        alternative_target_prefix=request["alternative"] or None,
        reporter=_reporter(),
    )


def _list(records: List[Any]) -> None:
    _say(f"Solved: {len(records)} packages")
    for record in sorted(records, key=lambda item: str(item.name.normalized)):
        _say(f" + {record.name.normalized} {record.version} {record.build}")


def _reporter() -> Any:
    import rattler

    class Reporter(rattler.InstallerReporter):
        """Tells of every package that is fetched."""

        def __init__(self) -> None:
            self._names: List[str] = []

        def on_populate_cache_start(self, operation: int, package_name: str) -> int:
            self._names.append(package_name)
            return len(self._names) - 1

        def on_download_start(self, cache_entry: int) -> int:
            _say(f"Downloading {self._names[cache_entry]}")
            return cache_entry

        def on_transaction_complete(self) -> None:
            _say(f"Installed {len(self._names)} packages")

    return Reporter()  # type: ignore[abstract]  # their bodies are empty on purpose


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    result = main()
    sys.stdout.flush()
    os._exit(result)  # threads of the installer may still be at work when the interpreter ends
