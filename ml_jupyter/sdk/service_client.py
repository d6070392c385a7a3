"""Calling a service over HTTP with nothing but the standard library."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any, Dict, Optional

from ml_jupyter.exceptions import WebserviceException
from ml_jupyter.models.plan import MOST_BYTES

_JSON = "application/json"
#: Seconds that the network may add to what the model may take.
_MARGIN_S = 10.0


def call(address: str, data: Any, key: Optional[str], timeout_s: float) -> Any:
    """What a service answers: JSON as values, anything else as bytes.

    Parameters
    ----------
    address : str
        The scoring address.
    data : str, bytes or object
        The request; an object is written as JSON.
    key : str, optional
        A key of the service.
    timeout_s : float
        Seconds that the model may take.

    Raises
    ------
    WebserviceException
        It could not be reached, or answered with an error; ``status_code`` is its HTTP status.
    """
    headers: Dict[str, str] = {"Content-Type": _JSON}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    if isinstance(data, (bytes, bytearray)):
        body = bytes(data)
        headers["Content-Type"] = _JSON if _is_json(body) else "application/octet-stream"
    else:
        text = data if isinstance(data, str) else json.dumps(data, default=_listed)
        body = text.encode("utf-8")
    if len(body) > MOST_BYTES:  # the service hangs up in the middle of it
        raise WebserviceException(
            f"The request has {len(body)} bytes; a service takes {MOST_BYTES}.", 413
        )
    request = urllib.request.Request(address, body, headers, method="POST")
    # Without the proxies of the environment: the service is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=timeout_s + _MARGIN_S) as answer:
            content, kind = answer.read(), answer.headers.get("Content-Type", "")
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(error.code, error.read()) from None
    except (urllib.error.URLError, OSError) as error:
        raise WebserviceException(f"The service at {address} cannot be reached: {error}") from error
    return json.loads(content) if kind.startswith(_JSON) else content


def _refused(status: int, body: bytes) -> WebserviceException:
    try:
        message = json.loads(body)["message"]
    except (ValueError, KeyError, TypeError):
        message = body.decode("utf-8", "replace")[:500]
    return WebserviceException(f"The service answered with {status}: {message}", status)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _listed(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
