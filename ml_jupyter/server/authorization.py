"""The Jupyter server's ``authorized``, with action and resource that cannot be left out.

A bare ``@authorized`` remembers action and resource of the first caller in its closure, so that a
second handler is checked against the first one's resource (seen in jupyter_server 2.21).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from jupyter_server.auth.decorator import authorized as jupyter_authorized
from jupyter_server.auth.decorator import ws_authenticated as jupyter_ws_authenticated

F = TypeVar("F", bound=Callable[..., Any])


def authorized(action: str, resource: str) -> Callable[[F], F]:
    """Let a verb run only when the server's authorizer allows ``action`` on ``resource``.

    Stands below ``@web.authenticated``, on a verb of a leaf class. ``action`` is kept on the verb
    as ``authorized_action``, where tests and the OpenAPI document find it.
    """

    def decorate(verb: F) -> F:
        checked = cast("Any", jupyter_authorized)(action, resource)(verb)
        checked.authorized_action = (action, resource)
        return cast("F", checked)

    return decorate


def ws_authenticated(verb: F) -> F:
    """Refuse a WebSocket of a caller who is not logged in, without leading to the login page."""
    return cast("F", cast("Any", jupyter_ws_authenticated)(verb))
