"""What can be said of a profile before anything is sent: its address, and whether its key can travel at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccswitch_py.errors import BadInput
from ccswitch_py.language import tr
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.finding import Finding
from ccswitch_py.probe.request import unsendable_header

if TYPE_CHECKING:
    from ccswitch_py.probe.plan import ProbePlan


def check_address(text: str) -> tuple[BaseUrl | None, Finding]:
    """The base URL, or None where Claude Code could not call it, and what there is to say about it."""
    try:
        url = BaseUrl(text)
    except BadInput as problem:
        return None, Finding(Diagnosis.URL_INVALID, reason=problem.message, advice=problem.hint)
    if url.without_tail is not None:
        # Some gateways answer at such an address all the same; whether this one does, the request will show.
        advice = tr("Write {address} as base URL.", address=url.without_tail)
        return url, Finding(Diagnosis.URL_HAS_V1, Status.WARN, advice=advice)
    if url.is_plain_http:
        return url, Finding(Diagnosis.PLAINTEXT_HTTP, Status.WARN)
    called = tr("Claude Code will call {address}.", address=url.messages_url)
    return url, Finding(Diagnosis.OK, Status.PASS, reason=called)


def unsendable_key(plan: ProbePlan) -> Finding | None:
    """Why nothing can be sent with this key; Claude Code would show such a key in clear text in its error."""
    if not plan.key.reveal().strip():
        return Finding(Diagnosis.KEY_MALFORMED, reason=tr("The key is empty."))
    header = unsendable_header(plan.headers)
    if header is None:
        return None
    return Finding(Diagnosis.KEY_MALFORMED, reason=tr("The header at fault is {header}.", header=header))
