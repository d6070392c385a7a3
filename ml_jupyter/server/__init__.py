"""The Jupyter server extension: the only part that imports tornado.

The contract that it keeps is ``docs/http-api.md``; what it defends against is ``docs/security.md``.
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    """Where the Jupyter server finds the extension."""
    from ml_jupyter.server.app import MlJupyterApp

    return [{"module": "ml_jupyter.server.app", "app": MlJupyterApp}]
