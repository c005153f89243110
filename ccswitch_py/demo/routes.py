"""Routes requests to answers: the gateway without its sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ccswitch_py.demo.answer import answer_request, encode_event, encode_json, stream_events
from ccswitch_py.demo.cache import PromptCache
from ccswitch_py.demo.catalogue import DemoCatalogue
from ccswitch_py.demo.problem import Problem, new_id
from ccswitch_py.demo.request import Received, count_input, read_request

KEY_PREFIX = "demo-"
MESSAGES, COUNT_TOKENS, MODELS = "/v1/messages", "/v1/messages/count_tokens", "/v1/models"
METHODS = {"": ("HEAD",), "/": ("HEAD",), MESSAGES: ("POST",), COUNT_TOKENS: ("POST",), MODELS: ("GET", "HEAD")}
"""What is served under the prefix. Claude Code starts with a HEAD of the base, and sends no key with it."""


def demo_key(key: str) -> bool:
    """Whether the key starts with ``demo-``, so that nobody needs a real one."""
    return key.startswith(KEY_PREFIX) and len(key) > len(KEY_PREFIX)


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: ``body`` at once, or ``events`` one by one."""

    status: int
    body: bytes = b""
    events: Iterable[bytes] | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Routes:
    """The gateway's rules: where it answers, for which keys, with which models."""

    catalogue: DemoCatalogue
    prefix: str = ""
    accepts: Callable[[str], bool] = demo_key
    cache: PromptCache = field(default_factory=PromptCache)

    def reply(self, request: Received) -> Reply:
        """The reply to a request; a ``Problem`` becomes a reply as well."""
        try:
            return self._answer(request)
        except Problem as problem:
            return refusal(problem)
        except RecursionError:
            return refusal(Problem(400, "The body is nested too deeply."))

    def _answer(self, request: Received) -> Reply:
        is_inside = request.path == self.prefix or request.path.startswith(self.prefix + "/")
        path = request.path.removeprefix(self.prefix)
        if not is_inside or path not in METHODS:
            raise Problem(404, f"Nothing is served at this address. Answers are at POST {self.prefix}{MESSAGES}.")
        if request.method not in METHODS[path]:
            allowed = ", ".join(METHODS[path])
            raise Problem(405, f"This address takes {allowed} only.", {"allow": allowed})
        if path in ("", "/"):
            return _json_reply({})
        key = self._accepted_key(request)
        if path == MODELS:
            return _json_reply(self.catalogue.as_json())
        if path == COUNT_TOKENS:
            return _json_reply({"input_tokens": count_input(read_request(request.body, self.catalogue, counting=True))})
        question = read_request(request.body, self.catalogue)
        answer = answer_request(question, cached=self.cache.serve(question, key))
        if question.stream:
            headers = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
            return Reply(200, events=map(encode_event, stream_events(answer)), headers=headers)
        return _json_reply(answer.as_json())

    def _accepted_key(self, request: Received) -> str:
        """The key of a request; raises ``Problem`` (401), whose message never repeats it."""
        wanted = "Authorization header, as: Bearer YOUR_API_KEY"
        if request.bearer is None:
            ignored = " The x-api-key header is not read here." if "x-api-key" in request.headers else ""
            raise Problem(401, f"No key was found. Send it in the {wanted}.{ignored}")
        if not self.accepts(request.bearer):
            hint = f" The demo takes made-up keys that begin with {KEY_PREFIX}" if self.accepts is demo_key else ""
            raise Problem(401, f"The key was not accepted. It is read from the {wanted}.{hint}")
        return request.bearer


def refusal(problem: Problem) -> Reply:
    """The reply to a request that is refused; its id stands in a header and in the body."""
    request_id = new_id("req")
    return _json_reply(problem.as_json(request_id), problem.status, {"request-id": request_id, **problem.headers})


def _json_reply(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, encode_json(value), headers={"content-type": "application/json", **(headers or {})})
