"""The stages from the URL to the first model, and at which of them a diagnosis stops the test."""

from __future__ import annotations

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _
from ccswitch_py.model.base_url import BaseUrl
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.client.request import unsendable_header
from ccswitch_py.probe.client.response import Response
from ccswitch_py.probe.judge.observation import Observation
from ccswitch_py.probe.plan import ProbePlan

URL = "url"
REACH = "reach"
PROTOCOL = "protocol"
KEY = "key"
MODEL = "model"

STAGES = (URL, REACH, PROTOCOL, KEY, MODEL)

PASSED = {
    REACH: N_("The gateway answers."),
    PROTOCOL: N_("It speaks {protocol}."),
    KEY: N_("The key is accepted."),
    MODEL: N_("It answers."),
}
"""The sentence for each passed stage, marked for translation."""

FAILING_STAGE: dict[Diagnosis, str] = {
    Diagnosis.URL_INVALID: REACH,
    Diagnosis.DNS_FAILED: REACH,
    Diagnosis.REFUSED: REACH,
    Diagnosis.TIMEOUT: REACH,
    Diagnosis.TLS_FAILED: REACH,
    Diagnosis.PROXY_FAILED: REACH,
    Diagnosis.CONNECTION_RESET: REACH,
    Diagnosis.URL_HAS_V1: PROTOCOL,
    Diagnosis.REDIRECTED: PROTOCOL,
    Diagnosis.HTML_PAGE: PROTOCOL,
    Diagnosis.PATH_NOT_FOUND: PROTOCOL,
    Diagnosis.ORIGIN_DOWN: PROTOCOL,
    Diagnosis.BLOCKED_BY_WAF: PROTOCOL,
    Diagnosis.BODY_TOO_LARGE: PROTOCOL,
    Diagnosis.BAD_JSON: PROTOCOL,
    Diagnosis.NOT_MESSAGES: PROTOCOL,
    Diagnosis.OPENAI_SHAPE: PROTOCOL,
    Diagnosis.WRONG_PROTOCOL: PROTOCOL,
    Diagnosis.KEY_MALFORMED: KEY,
    Diagnosis.KEY_REJECTED: KEY,
    Diagnosis.WRONG_HEADER: KEY,
    Diagnosis.HEADER_MISSING: KEY,
    Diagnosis.CLIENT_RESTRICTED: KEY,
    Diagnosis.FORBIDDEN: KEY,
}
"""The stage that a first answer with this diagnosis fails; all others are about the model alone."""


CUT_SHORT = (Diagnosis.TIMEOUT, Diagnosis.BODY_TOO_LARGE, Diagnosis.CONNECTION_RESET)


def failing_stage(finding: Observation, answer: Response) -> str:
    """The stage that this answer fails; one that began in time has at least reached the gateway."""
    is_pending = finding.diagnosis is Diagnosis.TIMEOUT and finding.status is Status.UNTESTABLE
    if is_pending or (finding.diagnosis in CUT_SHORT and answer.status):
        return MODEL if is_pending or finding.speaks_protocol else PROTOCOL
    return FAILING_STAGE.get(finding.diagnosis, MODEL)


def passes_stage(stage: str, finding: Observation, answer: Response) -> bool:
    """Whether this answer proves that a stage is passed; many answers leave it open."""
    if stage == REACH:
        return answer.status != 0 or failing_stage(finding, answer) != REACH
    return finding.proves_protocol if stage == PROTOCOL else finding.proves_key


def check_url(plan: ProbePlan) -> tuple[BaseUrl | None, Observation]:
    """The base URL (None if it is unusable), and what its text alone shows."""
    try:
        url = BaseUrl(plan.base_url)
    except BadInput as problem:
        return None, Observation(Diagnosis.URL_INVALID, reason=problem.message, advice=problem.hint)
    shorter = url.without_path_of(plan.protocol_id)
    if shorter is not None:
        # Some gateways answer at such an address all the same; the request will show it.
        advice = _("Use {address} as base URL.", address=shorter)
        return url, Observation(Diagnosis.URL_HAS_V1, Status.WARN, advice=advice)
    if url.is_plain_http:
        return url, Observation(Diagnosis.PLAINTEXT_HTTP, Status.WARN)
    address = plan.url().partition("?")[0]
    called = _("{tool} will call {address}.", tool=plan.client.name, address=address)
    return url, Observation(Diagnosis.OK, Status.PASS, reason=called)


def check_key(plan: ProbePlan) -> Observation | None:
    """Return the problem of a key that no header can carry; a tool might print it in an error message."""
    if not plan.key.reveal().strip():
        return Observation(Diagnosis.KEY_MALFORMED, reason=_("The key is empty."))
    header = unsendable_header(plan.headers)
    reason = _("The header at fault is {header}.", header=header)
    return Observation(Diagnosis.KEY_MALFORMED, reason=reason) if header is not None else None
