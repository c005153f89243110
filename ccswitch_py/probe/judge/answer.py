"""The one judge of an answer, streamed or in one piece: from status, headers and body to an observation.

What Claude Code makes of a stream was measured with 2.1.330: what it cannot read as a stream it requests again without
streaming, unless a block of the answer is complete already; then it retries and gives up. Other tools only stream.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urljoin

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _, join_sentences, join_with_or, ngettext
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.response import Response, retry_after_s
from ccswitch_py.probe.diagnosis_texts import ADVICE
from ccswitch_py.probe.judge.error_body import ErrorBody, read_error
from ccswitch_py.probe.judge.message import judge_message
from ccswitch_py.probe.judge.observation import Observation, Question
from ccswitch_py.probe.judge.pages import is_html, is_wall, title
from ccswitch_py.probe.judge.refusals import MAX_CHARS, RESERVED, find_wording, missing_header
from ccswitch_py.probe.protocols.messages import MESSAGES, read_stream
from ccswitch_py.probe.protocols.stream import AnswerStream
from ccswitch_py.probe.protocols.table import PROTOCOLS
from ccswitch_py.probe.protocols.values import as_object, as_text, read_json

BY_STATUS = {
    401: Diagnosis.KEY_REJECTED,
    402: Diagnosis.QUOTA_EXHAUSTED,
    403: Diagnosis.FORBIDDEN,
    404: Diagnosis.PATH_NOT_FOUND,
    405: Diagnosis.PATH_NOT_FOUND,
    407: Diagnosis.PROXY_FAILED,
    408: Diagnosis.UPSTREAM_ERROR,
    409: Diagnosis.UPSTREAM_ERROR,
    410: Diagnosis.PATH_NOT_FOUND,
    429: Diagnosis.RATE_LIMITED,
    451: Diagnosis.FORBIDDEN,
    500: Diagnosis.UPSTREAM_ERROR,
    501: Diagnosis.UPSTREAM_ERROR,
    529: Diagnosis.OVERLOADED,
}
"""What a refusal means whose words say nothing; other statuses below 500 are refused requests."""

AGAIN = N_("{tool} then asks again without streaming: twice the requests, and no word before the answer is complete.")
INCOMPLETE = N_("It is not marked as complete.")
IN_ONE_PIECE = N_("It came in one piece, and {tool} reads only streams.")

PENDING = N_("The model may still be loading, or the gateway keeps asking a service that makes it wait.")
WAIT_LONGER = N_("Wait longer with --timeout SECONDS, or test again once the model is loaded.")

_SSE = re.compile(r"\s*(?::[^\n]*\n\s*)*(?:event|data) ?:")
_OPENAI_TYPE = re.compile(r"chat\.completion|text_completion|response$")
_VERSION = re.compile(r"/v\d")
_MODEL_WORD = re.compile(r"\bmodel\b|模型", re.IGNORECASE)


def judge_answer(answer: Response, question: Question) -> Observation:
    """Judge the answer to a request without streaming."""
    if answer.is_pending:
        return _pending(answer)
    if not answer.status:
        return _unanswered(answer, question)
    if 300 <= answer.status < 400 and answer.headers.get("location", "").strip():
        return _redirected(answer, question)
    text = answer.text
    if is_html(text) or is_wall(answer, text):
        return _page(answer, text, question)
    if answer.status >= 400:
        return _refused(answer, text, question)
    return (
        _accepted(answer, text, question) if answer.status < 300 and answer.status != 205 else _mismatch("", question)
    )


def _pending(answer: Response) -> Observation:
    reason = join_sentences(answer.reason, _(PENDING))
    return Observation(Diagnosis.TIMEOUT, Status.UNTESTABLE, reason=reason, advice=_(WAIT_LONGER))


def _unanswered(answer: Response, question: Question) -> Observation:
    failure = answer.failure or Diagnosis.CONNECTION_RESET
    advice = answer.advice
    if failure is Diagnosis.NOT_MESSAGES:
        failure = question.protocol.mismatch
    if failure is Diagnosis.REFUSED and question.base_url.is_loopback:
        advice = _("Start the program that listens there, or write the gateway's own address as base URL.")
    return Observation(failure, reason=answer.reason, advice=advice)


def _redirected(answer: Response, question: Question) -> Observation:
    """Where the redirect leads; it is offered as the base URL only if it is the same host, and encrypted."""
    location = answer.headers.get("location", "").strip()
    redirected = Observation(Diagnosis.REDIRECTED, quote=location, http_status=answer.status)
    try:
        path = answer.url.removeprefix(str(question.base_url)).partition("?")[0]
        target = BaseUrl(re.split(r"[?#]", urljoin(answer.url, location))[0].removesuffix(path))
    except (BadInput, ValueError):
        return redirected
    if target.host != question.base_url.host:
        return replace(redirected, reason=_("It is another host, which must not get your key."))
    offered = target.without_path_of(question.protocol.id) or target
    if offered.scheme != "https" or offered == question.base_url:
        return redirected
    return replace(redirected, advice=_("Try {address} as base URL.", address=offered))


def _page(answer: Response, text: str, question: Question) -> Observation:
    status = answer.status
    page = Observation(
        Diagnosis.HTML_PAGE, quote=title(text), http_status=status if status >= 400 else 0, reason=_retry_after(answer)
    )
    known = find_wording(text, status)
    if known is not None and known.diagnosis is Diagnosis.TLS_FAILED:
        return _https_expected(page)
    if is_wall(answer, text):
        return replace(page, diagnosis=Diagnosis.BLOCKED_BY_WAF)
    if status >= 500:
        return replace(page, diagnosis=Diagnosis.ORIGIN_DOWN)
    if status in BY_STATUS and status not in (404, 405, 410):
        return replace(page, diagnosis=BY_STATUS[status])
    if question.base_url.without_path_of(question.protocol.id) is not None:
        return _with_v1(page, question)
    return _with_version(replace(page, diagnosis=BY_STATUS.get(status, page.diagnosis)), question)


def _accepted(answer: Response, text: str, question: Question) -> Observation:
    if answer.failure is not None:
        return Observation(answer.failure, reason=answer.reason)
    if _SSE.match(text):
        return _unrequested_stream(answer, text, question)
    try:
        value = read_json(text)
    except ValueError:
        looks_cut = text.lstrip()[:1] in ("{", "[")
        return Observation(Diagnosis.BAD_JSON, quote=text[:MAX_CHARS]) if looks_cut else _mismatch(text, question)
    read = question.protocol.read
    message = read(value)
    if message is not None:
        return judge_message(message, question)
    found = as_object(value) or {}
    is_openai = "choices" in found or _OPENAI_TYPE.match(str(found.get("object", "")))
    if question.protocol is MESSAGES and is_openai:
        return Observation(Diagnosis.OPENAI_SHAPE)
    if _is_error(found):
        return _refused(answer, text, question)
    if any(read(found.get(name)) is not None for name in ("data", "message", "result", "response")):
        reason = _("It wraps the message in another object.")
        advice = _("Tell the provider: the answer has to be the message itself.")
        return Observation(question.protocol.mismatch, reason=reason, advice=advice)
    return _mismatch(text, question, value)


def _is_error(found: dict[str, Any]) -> bool:
    """Whether an object that came with 200 tells of an error, in one of the many ways there are."""
    if found.get("error") or found.get("type") == "error" or found.get("success") is False:
        return True
    code = found.get("code", found.get("status", found.get("ret")))
    has_words = any(as_text(found.get(name)) for name in ("msg", "message", "errmsg", "detail"))
    is_code = isinstance(code, int) and not isinstance(code, bool) and code not in (0, 200)
    return has_words and (is_code or code == "error" or "detail" in found or "errmsg" in found)


def _unrequested_stream(answer: Response, text: str, question: Question) -> Observation:
    """Judge a stream that nobody requested, which Claude Code does not read (measured)."""
    if question.protocol is not MESSAGES:
        return _mismatch(text, question)
    stream = read_stream(bytes(answer.body))
    if stream.is_answer:
        reason = _("It streams, although the request did not ask for a stream.")
        return Observation(Diagnosis.NOT_MESSAGES, reason=reason)
    if stream.error is not None:
        return _refused(answer, stream.error_json, question)
    return Observation(Diagnosis.OPENAI_SHAPE) if stream.openai_chunks else _mismatch(text, question)


def _mismatch(text: str, question: Question, value: object = None) -> Observation:
    """An answer in another format; ``value`` is its JSON, if it is any."""
    reason = "" if text.strip() else _("The answer is empty.")
    if question.protocol is not MESSAGES:
        found = (other for other in PROTOCOLS.values() if other is not question.protocol)
        for other in found:
            stream = other.new_stream()
            stream.feed(text.encode())
            if stream.started or other.read(value) is not None:
                reason = _("It is in the format of {protocol}.", protocol=other.name)
                break
    return Observation(question.protocol.mismatch, quote=text[:MAX_CHARS], reason=reason)


def _refused(answer: Response, text: str, question: Question) -> Observation:
    error = read_error(text, question.protocol)
    refusal = _read_refusal(error, error.meant_status(answer.status), question)
    named = _("It names {headers}.", headers=join_with_or(refusal.header.split())) if refusal.header else ""
    finding = Observation(
        refusal.diagnosis,
        quote=error.sentence,
        http_status=answer.status if answer.status >= 400 else 0,
        reason=named or _retry_after(answer),
        advice=refusal.advice,
        speaks_protocol=error.speaks_protocol,
        in_json=error.in_json,
    )
    match refusal.diagnosis:
        case Diagnosis.TLS_FAILED:
            return _https_expected(finding)
        case Diagnosis.CLIENT_RESTRICTED:
            return replace(finding, status=Status.UNTESTABLE)
        case Diagnosis.LENGTH_STOP:
            return replace(finding, status=Status.PASS)
        case Diagnosis.PATH_NOT_FOUND if question.base_url.without_path_of(question.protocol.id) is not None:
            return _with_v1(finding, question)
        case Diagnosis.PATH_NOT_FOUND:
            return _with_version(finding, question)
        case Diagnosis.KEY_REJECTED if "x-api-key" not in question.sent_headers:
            return replace(finding, advice=join_sentences(_(ADVICE[refusal.diagnosis]), _(question.client.bearer_note)))
        case _:
            return finding


class _Refusal(NamedTuple):
    """A refusal: its diagnosis, the header that it names (or two, with a blank between), and special advice."""

    diagnosis: Diagnosis
    header: str = ""
    advice: str | None = None


def _read_refusal(error: ErrorBody, status: int, question: Question) -> _Refusal:
    known = find_wording(error.words, status) or (find_wording(error.words, 400) if status == 500 else None)
    if known is not None and known.diagnosis is Diagnosis.OPENAI_SHAPE and question.protocol is not MESSAGES:
        return _Refusal(question.protocol.mismatch)
    if known is not None:
        is_idle = known.admits == question.client.name or (known.advice == RESERVED and not question.protocol.limit)
        advice = None if is_idle or not known.advice else _(known.advice, tool=question.client.name)
        return _Refusal(known.diagnosis, advice=advice)
    about_header = missing_header(error.words, question.sent_headers) if status in (400, 401, 403) else None
    if about_header is not None:
        return _Refusal(*about_header)
    if status == 404 and _is_about_model(error, question.model):
        return _Refusal(Diagnosis.MODEL_NOT_FOUND)
    if status > 501 and status not in BY_STATUS:
        return _Refusal(Diagnosis.UPSTREAM_ERROR if error.in_json else Diagnosis.ORIGIN_DOWN)
    return _Refusal(BY_STATUS.get(status, Diagnosis.REQUEST_REFUSED))


def _is_about_model(error: ErrorBody, model: str) -> bool:
    """A path that is not there is no answer about a model, and would prove neither key nor address."""
    return error.in_json and (_MODEL_WORD.search(error.words) is not None or model in error.words)


def _with_v1(finding: Observation, question: Question) -> Observation:
    shorter = question.base_url.without_path_of(question.protocol.id)
    advice = _("Write {address} as base URL.", address=shorter)
    return replace(finding, diagnosis=Diagnosis.URL_HAS_V1, advice=advice)


def _with_version(finding: Observation, question: Question) -> Observation:
    """The finding, with advice on a base URL that lacks what most of this protocol end with."""
    path = question.protocol.version_path
    if not path or _VERSION.search(question.base_url.path):
        return finding
    advice = _("Most base URLs for {protocol} end in {path}.", protocol=question.protocol.name, path=path)
    return replace(
        finding, advice=join_sentences(_(ADVICE[finding.diagnosis], family=question.protocol.family), advice)
    )


def _https_expected(finding: Observation) -> Observation:
    return replace(
        finding,
        diagnosis=Diagnosis.TLS_FAILED,
        reason=_("This port expects https."),
        advice=_("Write https:// in the base URL."),
    )


def _retry_after(answer: Response) -> str:
    after_s = retry_after_s(answer.headers) if answer.status in (429, 503, 529) else None
    if after_s is None:
        return ""
    return ngettext("It asks to wait {count} second.", "It asks to wait {count} seconds.", math.ceil(after_s))


class StreamVerdict(NamedTuple):
    """What the answer to a streaming request shows of the model (None: request it without), and of streaming."""

    model: Observation | None
    stream: Observation | None = None


def judge_stream(answer: Response, stream: AnswerStream, question: Question, buffered_s: float) -> StreamVerdict:
    """Judge the answer to a streaming request; after ``buffered_s`` seconds, all of it at once means buffering."""
    again = _(AGAIN, tool=question.client.name)
    is_stream = "event-stream" in answer.headers.get("content-type", "")
    if answer.is_pending or (answer.failure is Diagnosis.TIMEOUT and is_stream and not stream.pieces_at):
        return StreamVerdict(_pending(answer))
    if not 200 <= answer.status < 300:
        if answer.status == 404 and question.client.asks_unstreamed:
            return StreamVerdict(None, Observation(Diagnosis.NOT_SSE, Status.WARN, http_status=404, reason=again))
        return StreamVerdict(judge_answer(answer, question))
    if stream.is_answer and (stream.stopped or answer.failure is None):
        return StreamVerdict(judge_message(stream.message, question), _judge_delivery(stream, question, buffered_s))
    lost = _lost_answer(answer, stream)
    if lost is not None:
        return StreamVerdict(lost)
    if not question.client.asks_unstreamed:
        return _judge_only_try(answer, stream, question)
    unreadable = _unreadable_stream(answer, stream)
    reason = join_sentences(unreadable.reason, again)
    return StreamVerdict(None, replace(unreadable, status=Status.WARN, reason=reason))


def _judge_only_try(answer: Response, stream: AnswerStream, question: Question) -> StreamVerdict:
    """Judge what is no complete stream for a tool that does not ask again without streaming."""
    if stream.error is not None and not stream.pieces_at:
        return StreamVerdict(replace(_refused(answer, stream.error_json, question), in_stream=True))
    if stream.started:
        found = _unreadable_stream(answer, stream)
        return StreamVerdict(replace(found, speaks_protocol=True, in_json=True, answered_model=stream.message.model))
    finding = judge_answer(answer, question)
    if finding.message is None:
        return StreamVerdict(finding)
    reason = _(IN_ONE_PIECE, tool=question.client.name)
    return StreamVerdict(finding, Observation(Diagnosis.NOT_SSE, reason=reason))


def judge_either(answer: Response, stream: AnswerStream, question: Question) -> Observation:
    """Judge an answer for somebody who reads it as a stream and in one piece alike."""
    if stream.error is not None and not stream.has_text:
        return _refused(answer, stream.error_json, question)
    if not 200 <= answer.status < 300 or not (stream.started or stream.nameless):
        return judge_answer(answer, question)
    if stream.is_answer and (stream.stopped or answer.failure is None):
        return judge_message(stream.message, question)
    return _lost_answer(answer, stream) or _unreadable_stream(answer, stream)


def _judge_delivery(stream: AnswerStream, question: Question, buffered_s: float) -> Observation:
    delivered = Observation(Diagnosis.OK, Status.PASS, timing=stream.timing)
    marker = question.protocol.end_marker
    if marker and not stream.stopped:
        reason = _("{marker} is missing, which {tool} tolerates.", marker=marker, tool=question.client.name)
        return replace(delivered, diagnosis=Diagnosis.STREAM_TRUNCATED, status=Status.WARN, reason=reason)
    if stream.is_buffered(buffered_s):
        return replace(delivered, diagnosis=Diagnosis.STREAM_BUFFERED, status=Status.WARN)
    return delivered


def _lost_answer(answer: Response, stream: AnswerStream) -> Observation | None:
    """Why the client gives up on this answer; None where it requests it again without streaming."""
    if answer.failure is Diagnosis.TIMEOUT or answer.failure is Diagnosis.BODY_TOO_LARGE:
        diagnosis, reason = answer.failure, answer.reason
    elif stream.malformed:
        diagnosis, reason = Diagnosis.STREAM_ERROR, _("A message_delta event has no delta.")
    elif not stream.has_complete_block or stream.unreadable or stream.stop_reason is not None:
        return None
    elif stream.error is not None:
        diagnosis, reason = Diagnosis.STREAM_ERROR, ""
    else:
        diagnosis, reason = Diagnosis.STREAM_TRUNCATED, answer.reason or _(INCOMPLETE)
    return Observation(
        diagnosis,
        quote=_error_words(stream),
        reason=reason,
        speaks_protocol=stream.started,
        in_json=stream.started,
        answered_model=stream.message.model,
    )


def _unreadable_stream(answer: Response, stream: AnswerStream) -> Observation:
    if stream.error is not None:
        return Observation(Diagnosis.STREAM_ERROR, quote=_error_words(stream))
    if stream.openai_chunks:
        return Observation(Diagnosis.OPENAI_SHAPE)
    if not stream.unreadable and (stream.started or answer.failure is not None):
        return Observation(Diagnosis.STREAM_TRUNCATED, reason=answer.reason or _(INCOMPLETE))
    if stream.nameless:
        return Observation(Diagnosis.NOT_SSE, reason=_("Its events have no event names."))
    return Observation(Diagnosis.NOT_SSE, reason=_("An event cannot be read.") if stream.unreadable else "")


def _error_words(stream: AnswerStream) -> str:
    if stream.error is None:
        return ""
    error = read_error(stream.error_json)
    return ": ".join(filter(None, (error.kind, error.sentence)))
