"""What can be said of a profile before anything is sent: its address, and whether its key can travel at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import _
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.request import unsendable_header
from ccswitch_py.probe.finding import Observation

if TYPE_CHECKING:
    from ccswitch_py.probe.plan import ProbePlan


def check_address(text: str) -> tuple[BaseUrl | None, Observation]:
    """The base URL, or None where Claude Code could not call it, and what there is to say about it."""
    try:
        url = BaseUrl(text)
    except BadInput as problem:
        return None, Observation(Diagnosis.URL_INVALID, reason=problem.message, advice=problem.hint)
    if url.without_tail is not None:
        # Some gateways answer at such an address all the same; whether this one does, the request will show.
        advice = _("Write {address} as base URL.", address=url.without_tail)
        return url, Observation(Diagnosis.URL_HAS_V1, Status.WARN, advice=advice)
    if url.is_plain_http:
        return url, Observation(Diagnosis.PLAINTEXT_HTTP, Status.WARN)
    called = _("Claude Code will call {address}.", address=url.messages_url)
    return url, Observation(Diagnosis.OK, Status.PASS, reason=called)


def unsendable_key(plan: ProbePlan) -> Observation | None:
    """Why nothing can be sent with this key; Claude Code would show such a key in clear text in its error."""
    if not plan.key.reveal().strip():
        return Observation(Diagnosis.KEY_MALFORMED, reason=_("The key is empty."))
    header = unsendable_header(plan.headers)
    if header is None:
        return None
    return Observation(Diagnosis.KEY_MALFORMED, reason=_("The header at fault is {header}.", header=header))
