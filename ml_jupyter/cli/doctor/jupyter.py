"""Both extensions: installed, enabled, of this version, and loaded by the server that runs."""

from __future__ import annotations

import importlib
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ml_jupyter._version import __version__
from ml_jupyter.cli.doctor.finding import NOTE, OK, PROBLEM, WARNING, Finding
from ml_jupyter.sdk import portal

_NAME = "ml-jupyter"
_REINSTALL = "Install it again: python -m pip install --force-reinstall ml-jupyter"
_TIMEOUT_S = 5.0


def check() -> Iterator[Finding]:
    """Look at JupyterLab's extension, at the server's, and at a server that runs."""
    yield from _extension()
    yield _server_extension()
    yield _running()


def _extension() -> Iterator[Finding]:
    from jupyter_core.paths import jupyter_path

    folders = [Path(folder, _NAME) for folder in jupyter_path("labextensions")]
    found = [folder for folder in folders if (folder / "package.json").is_file()]
    if not found:
        yield Finding(
            "extension", PROBLEM, "JupyterLab does not have the extension ml-jupyter.", _REINSTALL
        )
        return
    yield _bundle(found[0])
    for other in found[1:]:
        yield Finding(
            "extension", WARNING, f"A second copy of the extension lies in {other}; "
            f"{found[0]} is used.", f"Remove the folder {other}",
        )  # fmt: skip
    disabled = [name for name in _disabled() if name.split(":")[0] == _NAME]
    if disabled:
        yield Finding(
            "extension", PROBLEM, f"The extension is disabled: {', '.join(disabled)}.",
            f"Enable it: jupyter labextension enable {disabled[0]}; then load the page again.",
        )  # fmt: skip


def _bundle(folder: Path) -> Finding:
    """The JavaScript that browsers load: whole, and of this version."""
    try:
        facts: dict[str, Any] = json.loads((folder / "package.json").read_bytes())
        version = str(facts["version"])
        entry = folder / facts["jupyterlab"]["_build"]["load"]
    except (OSError, ValueError, KeyError, TypeError):
        return Finding("extension", PROBLEM, f"The extension in {folder} is broken.", _REINSTALL)
    if not entry.is_file():
        message = f"The extension in {folder} was never built: {entry.name} is missing."
        mend = f"From a source folder: make prepare. Otherwise: {_REINSTALL}"
        return Finding("extension", PROBLEM, message, mend)
    if _same(version) != _same(__version__):
        message = f"The extension is {version}, but ml_jupyter is {__version__}."
        return Finding("extension", PROBLEM, message, f"{_REINSTALL}; then load the page again.")
    return Finding("extension", OK, f"JupyterLab has the extension ml-jupyter {version}.")


def _same(version: str) -> str:
    """A version as both Node and Python write it: ``1.0.0-rc.1`` is ``1.0.0rc1``."""
    return version.replace("-", "").replace(".dev", "dev").replace("rc.", "rc")


def _disabled() -> list[str]:
    from jupyter_core.paths import jupyter_path
    from jupyterlab_server.config import get_page_config

    commands: Any = importlib.import_module("jupyterlab.commands")
    settings = os.path.join(commands.get_app_dir(), "settings")
    page = get_page_config(jupyter_path("labextensions"), app_settings_dir=settings)
    return list(page.get("disabledExtensions", []))


def _server_extension() -> Finding:
    from jupyter_core.paths import jupyter_config_path
    from jupyter_server.extension.config import ExtensionConfigManager

    manager: Any = ExtensionConfigManager(read_config_path=jupyter_config_path())
    enabled = manager.get_jpserver_extensions().get("ml_jupyter")
    if enabled:
        return Finding("server extension", OK, "Jupyter servers load the extension ml_jupyter.")
    said = "is not known to Jupyter servers" if enabled is None else "is disabled"
    return Finding(
        "server extension", PROBLEM, f"The server extension ml_jupyter {said}.",
        "Enable it: jupyter server extension enable --sys-prefix ml_jupyter; then restart it.",
    )  # fmt: skip


def _running() -> Finding:
    """Whether the server that runs has loaded the extension: it may be older than it."""
    server = portal.server()
    if server is None:
        return Finding("server", NOTE, "No Jupyter server of yours is running now.")
    base = portal.base_url(server)
    request = urllib.request.Request(
        base + "ml-jupyter/openapi.json",
        headers={"Authorization": f"token {server.get('token') or ''}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:
            version = str(json.load(answer)["info"]["version"])
    except urllib.error.HTTPError as error:
        if error.code != 404:  # a server with a password only: it answers, but not us
            return Finding("server", NOTE, f"The server at {base} does not let mlj look at it.")
        return Finding(
            "server", PROBLEM, f"The server at {base} runs without the extension ml_jupyter.",
            "Restart it: it was started before the installation, or from another Python.",
        )  # fmt: skip
    except (OSError, ValueError, KeyError) as error:
        message = f"The server at {base} does not answer: {error}."
        return Finding("server", WARNING, message, f"End it: jupyter server stop {server['port']}")
    if version != __version__:
        message = f"The server at {base} runs ml_jupyter {version}; {__version__} is installed."
        return Finding("server", WARNING, message, "Restart the server.")
    return Finding("server", OK, f"The server at {base} has loaded ml_jupyter {version}.")
