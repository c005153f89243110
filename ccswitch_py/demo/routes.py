"""Which answer belongs to which request: the gateway without its sockets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ccswitch_py.demo.answer import answer_request, demo_text
from ccswitch_py.demo.cache import PromptCache
from ccswitch_py.demo.catalogue import DemoCatalogue
from ccswitch_py.demo.credential import demo_key, require_key
from ccswitch_py.demo.problem import Problem, new_id
from ccswitch_py.demo.request import MessagesRequest, read_request
from ccswitch_py.demo.stream import encode_event, encode_json, stream_events
from ccswitch_py.demo.tokens import count_input

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ccswitch_py.demo.received import Received

MESSAGES, COUNT_TOKENS, MODELS = "/v1/messages", "/v1/messages/count_tokens", "/v1/models"
METHODS = {"": ("HEAD",), "/": ("HEAD",), MESSAGES: ("POST",), COUNT_TOKENS: ("POST",), MODELS: ("GET", "HEAD")}
"""What is served under the prefix. Claude Code starts with a HEAD of the base, and sends no key with it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: ``body`` at once, or ``events`` one by one."""

    status: int
    body: bytes = b""
    events: Iterable[bytes] | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Routes:
    """The gateway's rules: where it answers, for which keys, with which models and what text, and its cache."""

    catalogue: DemoCatalogue
    prefix: str = ""
    accepts: Callable[[str], bool] = demo_key
    text: Callable[[MessagesRequest], str] = demo_text
    cache: PromptCache = field(default_factory=PromptCache)

    def reply(self, request: Received) -> Reply:
        """The reply to a request; what is wrong with one becomes a reply as well."""
        try:
            return self._answer(request)
        except Problem as problem:
            return refusal(problem)
        except RecursionError:
            return refusal(Problem(400, "The body is nested too deeply."))

    def _answer(self, request: Received) -> Reply:
        inside = request.path == self.prefix or request.path.startswith(self.prefix + "/")
        path = request.path.removeprefix(self.prefix)
        if not inside or path not in METHODS:
            raise Problem(404, f"Nothing is served at this address. Answers are at POST {self.prefix}{MESSAGES}.")
        if request.method not in METHODS[path]:
            allowed = ", ".join(METHODS[path])
            raise Problem(405, f"This address takes {allowed} only.", {"allow": allowed})
        if path in ("", "/"):
            return _in_json({})
        key = require_key(request.headers, self.catalogue.auth, self.accepts)
        if path == MODELS:
            return _in_json(self.catalogue.page(request.query))
        if path == COUNT_TOKENS:
            return _in_json({"input_tokens": count_input(read_request(request.body, self.catalogue, counting=True))})
        asked = read_request(request.body, self.catalogue)
        answer = answer_request(asked, self.text, self.cache.serve(asked, key))
        if asked.stream:
            headers = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}
            return Reply(200, events=map(encode_event, stream_events(answer)), headers=headers)
        return _in_json(answer.as_json())


def refusal(problem: Problem) -> Reply:
    """What a client gets instead of an answer; its id stands in a header and in the body."""
    request_id = new_id("req")
    return _in_json(problem.as_json(request_id), problem.status, {"request-id": request_id, **problem.headers})


def _in_json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, encode_json(value), headers={"content-type": "application/json", **(headers or {})})
