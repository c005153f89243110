"""Says what an answer means: from status, headers and body to one finding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from ccswitch_py.errors import BadInput
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.finding import Finding
from ccswitch_py.probe.message import as_object, as_text, judge_message, read_json, read_message
from ccswitch_py.probe.refusals import READ, header_wording, wording_of
from ccswitch_py.probe.stream import read_stream

if TYPE_CHECKING:
    from ccswitch_py.probe.received import Answer


class Question(NamedTuple):
    """What was asked: whom, for which model, with which headers (lower-case names)."""

    base_url: BaseUrl
    model: str
    sent_headers: frozenset[str] = frozenset({"authorization"})


STATUS_OF_KIND = {
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "rate_limit_error": 429,
    "overloaded_error": 529,
    "not_found_error": 404,
    "invalid_request_error": 400,
    "request_too_large": 413,
    "timeout_error": 504,
    "api_error": 500,
}
"""What the kinds of error of Claude Messages mean as HTTP statuses."""

_SURE_KINDS = ("authentication_error", "billing_error", "permission_error", "rate_limit_error", "overloaded_error")
_VAGUE_STATUSES = (200, 400, 500, 502, 503)

BY_STATUS = {
    401: Diagnosis.KEY_REJECTED,
    402: Diagnosis.QUOTA_EXHAUSTED,
    403: Diagnosis.FORBIDDEN,
    404: Diagnosis.PATH_NOT_FOUND,
    405: Diagnosis.PATH_NOT_FOUND,
    407: Diagnosis.PROXY_FAILED,
    408: Diagnosis.UPSTREAM_ERROR,
    410: Diagnosis.PATH_NOT_FOUND,
    429: Diagnosis.RATE_LIMITED,
    451: Diagnosis.FORBIDDEN,
    500: Diagnosis.UPSTREAM_ERROR,
    501: Diagnosis.UPSTREAM_ERROR,
    529: Diagnosis.OVERLOADED,
}
"""What a refusal means whose words say nothing; other statuses below 500 are refused requests."""

_HTML = re.compile(r"\s*(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype\s+html|html|head|body|title|script)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,100}>([^<]{0,300})", re.IGNORECASE)
_WALL = re.compile(
    r"just a moment\.\.\.|cf-chl|cf_chl|challenge-platform|cf-error-details|attention required! \| cloudflare"
    r"|_incapsula_|sucuri website firewall|aliyun_waf|waf-nc|访问被阻断|您的访问请求可能对网站造成安全威胁",
    re.IGNORECASE,
)
_WALL_CODE = re.compile(r"\s*error code: 1\d{3}\b")
_EVENTS = re.compile(r"\s*(?::[^\n]*\n\s*)*(?:event|data) ?:")
_RETRY_AFTER = re.compile(r"\d{1,6}")
_WORD_MODEL = re.compile(r"\bmodel\b|模型", re.IGNORECASE)


def classify(answer: Answer, question: Question) -> Finding:
    """What the answer to one request without streaming says."""
    if not answer.status:
        return Finding(answer.trouble or Diagnosis.CONNECTION_RESET, reason=answer.reason)
    if 300 <= answer.status < 400:
        return _redirected(answer, question)
    if answer.status >= 400:
        return _refusal(answer, question)
    return _accepted(answer, question)


def is_html(text: str) -> bool:
    """Whether a body is a web page, whatever its headers call it."""
    return _HTML.match(text) is not None


def _accepted(answer: Answer, question: Question) -> Finding:
    text = answer.text
    if is_html(text):
        return _page(answer, text, question)
    if answer.trouble is Diagnosis.CONNECTION_RESET:
        return Finding(Diagnosis.BAD_JSON, reason=answer.reason)
    if answer.trouble is not None:
        return Finding(answer.trouble, reason=answer.reason)
    if _EVENTS.match(text):
        reading = read_stream(bytes(answer.body))
        return judge_message(reading.message, question.model) if reading.is_answer else _not_messages(text)
    try:
        value = read_json(text)
    except ValueError:
        cut = text.lstrip()[:1] in ("{", "[")
        return Finding(Diagnosis.BAD_JSON, said=text[:READ]) if cut else _not_messages(text)
    message = read_message(value)
    if message is not None:
        return judge_message(message, question.model)
    found = as_object(value)
    if found is None:
        return _not_messages(text)
    if "choices" in found or str(found.get("object", "")).startswith(("chat.completion", "text_completion", "response")):
        return Finding(Diagnosis.OPENAI_SHAPE)
    if found.get("error") or found.get("type") == "error" or found.get("success") is False:
        return _refusal(answer, question)
    return _not_messages(text)


def _not_messages(text: str) -> Finding:
    return Finding(
        Diagnosis.NOT_MESSAGES, said=text[:READ], reason="" if text.strip() else "The answer is empty."
    )


def _redirected(answer: Answer, question: Question) -> Finding:
    """Where the redirect leads; it is offered as the base URL only if it is the same host, and encrypted."""
    location = answer.headers.get("location", "").strip()
    target = urljoin(answer.url, location) if location else ""
    try:
        offered = BaseUrl(target.partition("?")[0].partition("#")[0])
        offered = offered.without_tail or offered
        host = urlsplit(target).hostname
    except (BadInput, ValueError):
        return Finding(Diagnosis.REDIRECTED, said=location, http_status=answer.status)
    if host != question.base_url.host:
        reason = "It is another host, which must not get your key."
        return Finding(Diagnosis.REDIRECTED, said=location, http_status=answer.status, reason=reason)
    advice = f"Try {offered} as base URL." if offered.scheme == "https" and offered != question.base_url else None
    return Finding(Diagnosis.REDIRECTED, said=location, http_status=answer.status, advice=advice)


def _page(answer: Answer, text: str, question: Question) -> Finding:
    title = _TITLE.search(text[: READ * 4])
    said = title[1] if title else ""
    status = answer.status
    if _is_wall(answer, text):
        diagnosis = Diagnosis.BLOCKED_BY_WAF
    elif status >= 500:
        diagnosis = Diagnosis.ORIGIN_DOWN
    elif status in (407, 429):
        diagnosis = BY_STATUS[status]
    else:
        if question.base_url.without_tail is not None:
            return _has_v1(question, said, status)
        diagnosis = BY_STATUS[status] if status in (404, 405, 410) else Diagnosis.HTML_PAGE
    return Finding(diagnosis, said=said, http_status=status, reason=_wait(answer))


def _has_v1(question: Question, said: str, status: int, *, speaks_messages: bool = False) -> Finding:
    return Finding(
        Diagnosis.URL_HAS_V1,
        said=said,
        http_status=status,
        advice=f"Write {question.base_url.without_tail} as base URL.",
        speaks_messages=speaks_messages,
    )


def _is_wall(answer: Answer, text: str) -> bool:
    if answer.headers.get("cf-mitigated", "").lower() == "challenge":
        return True
    return _WALL.search(text[: READ * 4]) is not None or (answer.status >= 400 and _WALL_CODE.match(text) is not None)


def _refusal(answer: Answer, question: Question) -> Finding:
    text = answer.text
    if is_html(text) and wording_of(text, answer.status) is not Diagnosis.TLS_FAILED:
        return _page(answer, text, question)
    if _is_wall(answer, text):
        return Finding(Diagnosis.BLOCKED_BY_WAF, said=text[:READ], http_status=answer.status, reason=_wait(answer))
    refusal = _words(text)
    status = _meant_status(answer.status, refusal.kind, refusal.code)
    diagnosis, named = _diagnosis(status, refusal, question)
    if diagnosis is Diagnosis.PATH_NOT_FOUND and question.base_url.without_tail is not None:
        return _has_v1(question, refusal.said, answer.status, speaks_messages=refusal.speaks_messages)
    reason, advice = _wait(answer), None
    if diagnosis is Diagnosis.TLS_FAILED:
        reason, advice = "This port expects https.", "Write https:// in the base URL."
    elif named:
        reason = f"It names {named}."
    return Finding(
        diagnosis,
        Status.UNTESTABLE if diagnosis is Diagnosis.CLIENT_RESTRICTED else Status.FAIL,
        said=refusal.said,
        http_status=answer.status,
        reason=reason,
        advice=advice,
        speaks_messages=refusal.speaks_messages,
        in_json=refusal.in_json,
    )


class _Refusal(NamedTuple):
    said: str
    words: str
    kind: str
    code: object
    in_json: bool
    speaks_messages: bool


def _words(text: str) -> _Refusal:
    """The words of an error in any of the forms that gateways use: Messages, OpenAI, FastAPI, Go, Java."""
    try:
        found = as_object(read_json(text))
    except ValueError:
        found = None
    if found is None:
        return _Refusal(text[:READ], text[:READ], "", None, in_json=False, speaks_messages=False)
    inner = as_object(found.get("error")) or found
    said = _first_text(inner, "message", "msg", "detail", "error", "error_description", "reason") or text
    kind = as_text(inner.get("type")) or ""
    code = inner.get("code", found.get("code", found.get("status")))
    shaped = found.get("type") == "error" and inner is not found and bool(kind) and as_text(inner.get("message")) is not None
    words = " | ".join((said[:READ], kind[:200], str(code)[:200] if isinstance(code, str) else ""))
    return _Refusal(said[:READ], words, kind, code, in_json=True, speaks_messages=shaped)


def _first_text(found: dict[str, Any], *names: str) -> str | None:
    return next((value for name in names if (value := as_text(found.get(name)))), None)


def _meant_status(status: int, kind: str, code: object) -> int:
    """The status that is meant: some gateways wrap every error of the service behind them in one status."""
    if status in _VAGUE_STATUSES and kind in _SURE_KINDS:
        return STATUS_OF_KIND[kind]
    if status >= 400:
        return status
    if isinstance(code, int) and 400 <= code <= 599:
        return code
    return STATUS_OF_KIND.get(kind, 500)


def _diagnosis(status: int, refusal: _Refusal, question: Question) -> tuple[Diagnosis, str]:
    known = wording_of(refusal.words, status)
    if known is not None:
        return known, ""
    if status in (400, 401, 403):
        header = header_wording(refusal.words, question.sent_headers)
        if header is not None:
            return header
    if status == 404 and _is_about_model(refusal, question.model):
        return Diagnosis.MODEL_NOT_FOUND, ""
    if status >= 500 and status not in BY_STATUS:
        return (Diagnosis.UPSTREAM_ERROR if refusal.in_json else Diagnosis.ORIGIN_DOWN), ""
    return BY_STATUS.get(status, Diagnosis.REQUEST_REFUSED), ""


def _is_about_model(refusal: _Refusal, model: str) -> bool:
    """A path that is not there is no answer about a model, and would prove neither key nor address."""
    return refusal.in_json and (_WORD_MODEL.search(refusal.words) is not None or model in refusal.words)


def _wait(answer: Answer) -> str:
    seconds = answer.headers.get("retry-after", "").strip()
    if answer.status in (429, 503, 529) and _RETRY_AFTER.fullmatch(seconds):
        return f"It asks to wait {int(seconds)} seconds."
    return ""
