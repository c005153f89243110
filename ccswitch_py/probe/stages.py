"""The order of the questions, and at which of them each diagnosis stops the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccswitch_py.core.language import N_
from ccswitch_py.model.diagnosis import Diagnosis

if TYPE_CHECKING:
    from ccswitch_py.probe.client.response import Response
    from ccswitch_py.probe.finding import Observation

URL = "url"
REACH = "reach"
PROTOCOL = "protocol"
KEY = "key"
MODEL = "model"

ORDER = (URL, REACH, PROTOCOL, KEY, MODEL)

PASSED = {
    REACH: N_("The gateway answers."),
    PROTOCOL: N_("It speaks Claude Messages."),
    KEY: N_("The key is accepted."),
    MODEL: N_("It answers."),
}
"""What is said of a question that is answered with yes, to be shown with ``_``."""

STOPS_AT: dict[Diagnosis, str] = {
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
    Diagnosis.KEY_MALFORMED: KEY,
    Diagnosis.KEY_REJECTED: KEY,
    Diagnosis.WRONG_HEADER: KEY,
    Diagnosis.HEADER_MISSING: KEY,
    Diagnosis.CLIENT_RESTRICTED: KEY,
    Diagnosis.FORBIDDEN: KEY,
}
"""The question that a first answer of this kind answers with no; every other diagnosis is about the model alone."""


def stops_at(finding: Observation, answer: Response) -> str:
    """The question that this answer answers with no; one that began in time has reached the gateway at least."""
    if finding.diagnosis in (Diagnosis.TIMEOUT, Diagnosis.BODY_TOO_LARGE) and answer.status:
        return MODEL if finding.speaks_messages else PROTOCOL
    return STOPS_AT.get(finding.diagnosis, MODEL)


def proves(rung: str, finding: Observation, answer: Response) -> bool:
    """Whether this answer answers a question with yes; many an answer says nothing about it."""
    match rung:
        case "reach":
            return answer.status != 0 or stops_at(finding, answer) != REACH
        case "protocol":
            return finding.proves_messages
        case _:
            return finding.proves_key
