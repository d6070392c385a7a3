"""The routes of a service: health, description, answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tornado import web

from ml_jupyter.models.plan import HEALTHY, ServingPlan
from ml_jupyter.serving.description import swagger
from ml_jupyter.serving.keeper import Keeper, TimedOut, Unavailable
from ml_jupyter.serving.keys import Keys

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_RETRY_S = "2"
Refusal = tuple[int, str, str]


@dataclass(frozen=True)
class Context:
    """What the handlers share."""

    plan: ServingPlan
    keeper: Keeper
    keys: Keys
    allow_hosts: frozenset[str]


class _Handler(web.RequestHandler):
    """Errors in one shape; only requests that name this machine, and carry a key where needed."""

    open_to_all = False

    def initialize(self, context: Context) -> None:
        self.context = context

    def prepare(self) -> None:
        refusal = self.refusal()
        if refusal is not None:
            self.refuse(*refusal)

    def refusal(self) -> Refusal | None:
        """Why the caller gets no answer: status, code and message; None: it may have one."""
        # A page of another site could otherwise reach a service without keys by a name of its own.
        if self.request.host_name.strip("[]").lower() not in self.context.allow_hosts:
            return 403, "wrong_host", f"This service is not {self.request.host_name}."
        if self.open_to_all or not self.context.plan.auth:
            return None
        if not self.context.keys.accept(self.request.headers.get("Authorization", "")):
            return 401, "not_authorized", "Send a key of the service as bearer token."
        return None

    def refuse(self, status: int, code: str, message: str) -> None:
        """End the request with an error."""
        self.set_status(status)
        if status == 401:
            self.set_header("WWW-Authenticate", "Bearer")
        self.finish({"code": code, "message": message, "hint": None, "details": {}})

    def set_default_headers(self) -> None:
        self.set_header("Server", "ml_jupyter")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")

    def write_error(self, status_code: int, **_: Any) -> None:
        messages = {404: "There is nothing here but /, /score and /swagger.json."}
        text = messages.get(status_code, self._reason)
        self.finish({"code": f"http_{status_code}", "message": text, "hint": None, "details": {}})


class HealthHandler(_Handler):
    """``GET /``: 200 when the model answers."""

    open_to_all = True

    def get(self) -> None:
        """Say whether the model answers, and why not."""
        keeper = self.context.keeper
        if keeper.state == HEALTHY:
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish("Healthy")
            return
        self.set_header("Retry-After", _RETRY_S)
        self.refuse(503, "unavailable", keeper.message)


class SwaggerHandler(_Handler):
    """``GET /swagger.json``: what the service takes."""

    def get(self) -> None:
        """Send the description."""
        context = self.context
        self.finish(swagger(context.plan, self.request.host, context.keeper.inputs))


@web.stream_request_body
class ScoreHandler(_Handler):
    """``POST /score``: the model's answer.

    Of a caller without a key nothing is kept, however much is sent.
    """

    def prepare(self) -> None:
        """Look at the key. Refused is after the body: many clients only then read the answer."""
        self._refusal = self.refusal()
        self._body = bytearray()

    def data_received(self, chunk: bytes) -> None:
        """Keep a part of the body."""
        if self._refusal is None:
            self._body += chunk

    async def post(self) -> None:
        """Send what the model answers."""
        if self._refusal is not None:
            return self.refuse(*self._refusal)
        kind = self.request.headers.get("Content-Type", "application/json")
        try:
            answer = await self.context.keeper.score(bytes(self._body), kind)
        except Unavailable as error:
            self.set_header("Retry-After", _RETRY_S)
            return self.refuse(503, "unavailable", str(error))
        except TimedOut as error:
            return self.refuse(504, "timed_out", str(error))
        self.set_status(answer.status)
        self.set_header("Content-Type", answer.content_type)
        self.finish(answer.body)
        return None


class NothingHandler(_Handler):
    """Any other address."""

    open_to_all = True

    def prepare(self) -> None:
        """Say that there is nothing."""
        raise web.HTTPError(404)


def application(context: Context) -> web.Application:
    """The routes of a service."""
    given = {"context": context}
    routes = [
        (r"/", HealthHandler, given),
        (r"/health", HealthHandler, given),
        (r"/score/?", ScoreHandler, given),
        (r"/swagger\.json", SwaggerHandler, given),
    ]
    return web.Application(
        routes,
        default_handler_class=NothingHandler,
        default_handler_args=given,
        log_function=_log,
    )


def hosts_of(plan: ServingPlan) -> frozenset[str]:
    """Names by which the service may be called."""
    return _LOCAL | {plan.host}


def _log(handler: web.RequestHandler) -> None:
    """One line for each call that failed; the log is a job's, and kept for good."""
    if handler.get_status() >= 400:
        request = handler.request
        took_ms = request.request_time() * 1000
        line = f"[service] {request.method} {request.path}: {handler.get_status()}"
        print(f"{line} in {took_ms:.0f} ms", flush=True)
