"""Says what an answer means: from status, headers and body to one finding."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _, join_sentences, ngettext
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.diagnosis_texts import DIAGNOSIS_TEXTS
from ccswitch_py.probe.finding import Observation
from ccswitch_py.probe.judge.error_body import read_error
from ccswitch_py.probe.judge.message import as_object, as_text, read_json, read_message
from ccswitch_py.probe.judge.message_verdict import judge_message
from ccswitch_py.probe.judge.pages import is_html, is_wall, title
from ccswitch_py.probe.judge.refusals import READ, header_wording, wording_of
from ccswitch_py.probe.judge.retry_after import retry_after_s
from ccswitch_py.probe.judge.stream import read_stream

if TYPE_CHECKING:
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.judge.error_body import ErrorBody


class Question(NamedTuple):
    """What was asked: whom and for which model.

    ``sent_headers`` are the lower-case names of those that the profile sends; ``authorization`` and ``x-api-key`` only
    where the key is in them. ``most_input`` is how many input tokens the question can have, if that is known.
    """

    base_url: BaseUrl
    model: str
    sent_headers: frozenset[str] = frozenset({"authorization"})
    most_input: int | None = None


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

OTHER_HEADER = N_(
    "Some gateways read only x-api-key, which was not sent: it is when delivery is helper and bearer_only is off."
)
WRAPPED = N_("There is a message in it, wrapped into something else.")
TELL_THE_PROVIDER = N_("Tell the provider: the answer has to be the message itself.")
START_IT = N_("Start the program that listens there, or write the gateway's own address as base URL.")

_EVENTS = re.compile(r"\s*(?::[^\n]*\n\s*)*(?:event|data) ?:")
_OPENAI_OBJECT = re.compile(r"chat\.completion|text_completion|response$")
_WORD_MODEL = re.compile(r"\bmodel\b|模型", re.IGNORECASE)


def classify(answer: Response, question: Question) -> Observation:
    """What the answer to one request without streaming says."""
    if not answer.status:
        return _unanswered(answer, question)
    if 300 <= answer.status < 400 and answer.headers.get("location", "").strip():
        return _redirected(answer, question)
    text = answer.text
    if is_html(text) or is_wall(answer, text):
        return _page(answer, text, question)
    if answer.status >= 400:
        return _refused(answer, text, question)
    return _accepted(answer, text, question) if answer.status < 300 and answer.status != 205 else _not_messages("")


def _unanswered(answer: Response, question: Question) -> Observation:
    trouble = answer.trouble or Diagnosis.CONNECTION_RESET
    advice = _(START_IT) if trouble is Diagnosis.REFUSED and question.base_url.is_loopback else answer.advice
    return Observation(trouble, reason=answer.reason, advice=advice)


def _redirected(answer: Response, question: Question) -> Observation:
    """Where the redirect leads; it is offered as the base URL only if it is the same host, and encrypted."""
    location = answer.headers.get("location", "").strip()
    redirected = Observation(Diagnosis.REDIRECTED, said=location, http_status=answer.status)
    try:
        target = BaseUrl(re.split(r"[?#]", urljoin(answer.url, location))[0])
    except (BadInput, ValueError):
        return redirected
    if target.host != question.base_url.host:
        return replace(redirected, reason=_("It is another host, which must not get your key."))
    offered = target.without_tail or target
    if offered.scheme != "https" or offered == question.base_url:
        return redirected
    return replace(redirected, advice=_("Try {address} as base URL.", address=offered))


def _page(answer: Response, text: str, question: Question) -> Observation:
    status = answer.status
    page = Observation(
        Diagnosis.HTML_PAGE, said=title(text), http_status=status if status >= 400 else 0, reason=_wait(answer)
    )
    known = wording_of(text, status)
    if known is not None and known.diagnosis is Diagnosis.TLS_FAILED:
        return _wants_https(page)
    if is_wall(answer, text):
        return replace(page, diagnosis=Diagnosis.BLOCKED_BY_WAF)
    if status >= 500:
        return replace(page, diagnosis=Diagnosis.ORIGIN_DOWN)
    if status in BY_STATUS and status not in (404, 405, 410):
        return replace(page, diagnosis=BY_STATUS[status])
    if question.base_url.without_tail is not None:
        return _has_v1(page, question)
    return replace(page, diagnosis=BY_STATUS[status]) if status in (404, 405, 410) else page


def _accepted(answer: Response, text: str, question: Question) -> Observation:
    if answer.trouble is Diagnosis.CONNECTION_RESET:
        return Observation(Diagnosis.BAD_JSON, reason=answer.reason)
    if answer.trouble is not None:
        return Observation(answer.trouble, reason=answer.reason)
    if _EVENTS.match(text):
        return _streamed(answer, text, question)
    try:
        value = read_json(text)
    except ValueError:
        looks_cut = text.lstrip()[:1] in ("{", "[")
        return Observation(Diagnosis.BAD_JSON, said=text[:READ]) if looks_cut else _not_messages(text)
    message = read_message(value)
    if message is not None:
        return judge_message(message, question.model, question.most_input)
    found = as_object(value) or {}
    if "choices" in found or _OPENAI_OBJECT.match(str(found.get("object", ""))):
        return Observation(Diagnosis.OPENAI_SHAPE)
    if _is_error(found):
        return _refused(answer, text, question)
    if any(read_message(found.get(name)) is not None for name in ("data", "message", "result", "response")):
        return Observation(Diagnosis.NOT_MESSAGES, reason=_(WRAPPED), advice=_(TELL_THE_PROVIDER))
    return _not_messages(text)


def _is_error(found: dict[str, Any]) -> bool:
    """Whether an object that came with 200 tells of an error, in one of the many ways there are."""
    if found.get("error") or found.get("type") == "error" or found.get("success") is False:
        return True
    code = found.get("code", found.get("status", found.get("ret")))
    has_words = any(as_text(found.get(name)) for name in ("msg", "message", "errmsg", "detail"))
    is_code = isinstance(code, int) and not isinstance(code, bool) and code not in (0, 200)
    return has_words and (is_code or code == "error" or "detail" in found or "errmsg" in found)


def _streamed(answer: Response, text: str, question: Question) -> Observation:
    """A stream where none was asked for, which Claude Code does not read (measured)."""
    reading = read_stream(bytes(answer.body))
    if reading.is_answer:
        reason = _("It streams, although it was asked for an answer in one piece.")
        return Observation(Diagnosis.NOT_MESSAGES, reason=reason)
    if reading.error is not None:
        return _refused(answer, reading.error_json, question)
    return Observation(Diagnosis.OPENAI_SHAPE) if reading.openai_chunks else _not_messages(text)


def _not_messages(text: str) -> Observation:
    reason = "" if text.strip() else _("The answer is empty.")
    return Observation(Diagnosis.NOT_MESSAGES, said=text[:READ], reason=reason)


def _refused(answer: Response, text: str, question: Question) -> Observation:
    error = read_error(text)
    meant = _meaning(error, error.meant_status(answer.status), question)
    finding = Observation(
        meant.diagnosis,
        said=error.said,
        http_status=answer.status if answer.status >= 400 else 0,
        reason=_names(meant.header) if meant.header else _wait(answer),
        advice=meant.advice,
        speaks_messages=error.speaks_messages,
        in_json=error.in_json,
    )
    match meant.diagnosis:
        case Diagnosis.TLS_FAILED:
            return _wants_https(finding)
        case Diagnosis.CLIENT_RESTRICTED:
            return replace(finding, status=Status.UNTESTABLE)
        case Diagnosis.PATH_NOT_FOUND if question.base_url.without_tail is not None:
            return _has_v1(finding, question)
        case Diagnosis.KEY_REJECTED if "x-api-key" not in question.sent_headers:
            return replace(finding, advice=join_sentences(_(DIAGNOSIS_TEXTS[meant.diagnosis].advice), _(OTHER_HEADER)))
        case _:
            return finding


class _Meant(NamedTuple):
    """What a refusal means, the header that it names (or two, with a blank), and advice better than the usual."""

    diagnosis: Diagnosis
    header: str = ""
    advice: str | None = None


def _meaning(error: ErrorBody, status: int, question: Question) -> _Meant:
    known = wording_of(error.words, status) or (wording_of(error.words, 400) if status == 500 else None)
    if known is not None:
        return _Meant(known.diagnosis, advice=_(known.advice) if known.advice else None)
    about_header = header_wording(error.words, question.sent_headers) if status in (400, 401, 403) else None
    if about_header is not None:
        return _Meant(*about_header)
    if status == 404 and _is_about_model(error, question.model):
        return _Meant(Diagnosis.MODEL_NOT_FOUND)
    if status > 501 and status not in BY_STATUS:
        return _Meant(Diagnosis.UPSTREAM_ERROR if error.in_json else Diagnosis.ORIGIN_DOWN)
    return _Meant(BY_STATUS.get(status, Diagnosis.REQUEST_REFUSED))


def _is_about_model(error: ErrorBody, model: str) -> bool:
    """A path that is not there is no answer about a model, and would prove neither key nor address."""
    return error.in_json and (_WORD_MODEL.search(error.words) is not None or model in error.words)


def _names(header: str) -> str:
    first, _unused, second = header.partition(" ")
    if second:
        return _("It names {first} or {second}.", first=first, second=second)
    return _("It names {header}.", header=first)


def _has_v1(finding: Observation, question: Question) -> Observation:
    advice = _("Write {address} as base URL.", address=question.base_url.without_tail)
    return replace(finding, diagnosis=Diagnosis.URL_HAS_V1, advice=advice)


def _wants_https(finding: Observation) -> Observation:
    return replace(
        finding,
        diagnosis=Diagnosis.TLS_FAILED,
        reason=_("This port expects https."),
        advice=_("Write https:// in the base URL."),
    )


def _wait(answer: Response) -> str:
    wait_s = retry_after_s(answer.headers) if answer.status in (429, 503, 529) else None
    if wait_s is None:
        return ""
    return ngettext("It asks to wait {count} second.", "It asks to wait {count} seconds.", math.ceil(wait_s))
