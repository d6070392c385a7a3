"""What all handlers share: services, validated input, one shape of output and of errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler
from tornado.web import HTTPError, MissingArgumentError, stream_request_body

from ml_jupyter.exceptions import MlJupyterError
from ml_jupyter.server import errors, schemas
from ml_jupyter.server.errors import TooLarge
from ml_jupyter.server.schemas import Parameter, Schema
from ml_jupyter.server.services import Services

RESOURCE = "ml_jupyter"
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Operation:
    """One verb of one route: what it needs, takes and answers.

    Attributes
    ----------
    action : str
        ``read``, ``write`` or ``execute``: what the authorizer is asked for.
    summary : str
        One line for the document.
    parameters : tuple of Parameter
        In the URL's query.
    body : mapping, optional
        JSON Schema of the request's body.
    status : int
        Of a success.
    answer : str
        Name of a shape in ``shapes``; ``bytes`` for raw content, empty for none.
    errors : tuple of int
        Further statuses that it may answer, besides 400, 403, 404, 405, 500, 503, 504 which all
        may.
    """

    action: str
    summary: str
    parameters: tuple[Parameter, ...] = ()
    body: Schema | None = None
    status: int = 200
    answer: str = ""
    errors: tuple[int, ...] = ()


@stream_request_body
class Handler(APIHandler):
    """Base of the handlers; a leaf class defines its verbs, each guarded by its own decorators."""

    auth_resource = RESOURCE

    def initialize(self, services: Services, operations: Mapping[str, Operation]) -> None:
        """Take what the route's row in the table gives."""
        self.services = services
        self.operations = operations
        self._received = bytearray()
        self._too_large = False

    def set_default_headers(self) -> None:
        """Headers of every answer, errors too."""
        super().set_default_headers()
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Referrer-Policy", "no-referrer")

    async def prepare(self) -> None:  # type: ignore[override]
        """Authenticate, then refuse a body that is too large before it is read."""
        await super().prepare()
        length = self.request.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > self.services.limits.body_bytes:
            raise self._oversized()

    def data_received(self, chunk: bytes) -> None:
        """Keep a part of the body, up to the limit."""
        if len(self._received) + len(chunk) > self.services.limits.body_bytes:
            self._too_large = True
        else:
            self._received.extend(chunk)

    def arguments_in_url(self) -> dict[str, Any]:
        """The validated parameters of the query by name; unknown ones are passed over.

        Raises
        ------
        UserErrorException
            Names the parameter that is wrong.
        """
        given = self._operation.parameters
        return {item.name: item.read(self.get_query_arguments(item.name)) for item in given}

    def json_body(self) -> dict[str, Any]:
        """The validated body.

        Raises
        ------
        TooLarge, UserErrorException
            Too many bytes, not JSON, or not what the operation takes.
        """
        if self._too_large:
            raise self._oversized()
        schema = self._operation.body
        return schemas.parse(bytes(self._received), schema) if schema is not None else {}

    async def may(self, action: str, resource: str = RESOURCE) -> bool:
        """Whether the caller may do this."""
        return bool(
            await ensure_async(
                self.authorizer.is_authorized(self, self.current_user, action, resource)
            )
        )

    async def work(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What a blocking call gives, run in a thread."""
        return await self.services.workers.run(call, *args, **kwargs)

    async def answer_with(
        self, call: Callable[P, Any], /, *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Finish with the JSON of what a blocking call gives; both are made in a thread."""
        text = await self.work(lambda: encode(call(*args, **kwargs)))
        self.set_status(self._operation.status)
        self.finish(text)

    def answer(self, value: Any) -> None:
        """Finish with JSON that is small."""
        self.set_status(self._operation.status)
        self.finish(encode(value))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Finish with the error's status and the one shape."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        if error is None or isinstance(error, MissingArgumentError):
            status, body = status_code, errors.of_status(status_code)
        else:
            status, body = errors.answer_to(error)
        if status == 403 and not getattr(self, "_jupyter_current_user", None):
            body = errors.body("not_authenticated", "Log in, or give a token.")
        if status == 405:
            self.set_header("Allow", ", ".join([*self.operations, "OPTIONS"]))
        self.set_status(status)
        self.finish(json.dumps(body))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Log what nobody foresaw with its traceback; an expected refusal is not news."""
        if isinstance(value, MlJupyterError) and errors.answer_to(value)[0] < 500:
            self.log.debug("%s %s: %s", self.request.method, self.request.path, value.code)
        elif isinstance(value, HTTPError) and value.status_code < 500:
            self.log.debug("%s %s: %d", self.request.method, self.request.path, value.status_code)
        else:
            self.log.error("%s %s failed", self.request.method, self.request.path, exc_info=value)

    @property
    def _operation(self) -> Operation:
        verb = str(self.request.method)
        return self.operations["GET" if verb == "HEAD" and verb not in self.operations else verb]

    def _oversized(self) -> TooLarge:
        most = self.services.limits.body_bytes
        return TooLarge(f"The body is larger than {most} bytes.", details={"limit": most})


def encode(value: Any) -> str:
    """``value`` as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
