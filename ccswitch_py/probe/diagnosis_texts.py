"""The cause and the advice for each diagnosis, with gaps for the ``tool`` and the ``profile``.

``docs/diagnoses.md`` shows the same table; a test compares the two.
"""

from __future__ import annotations

from typing import NamedTuple

from ccswitch_py.core.language import N_
from ccswitch_py.model.diagnosis import Diagnosis


class DiagnosisText(NamedTuple):
    """One row, to be translated with ``_``."""

    cause: str
    advice: str = ""


DIAGNOSIS_TEXTS: dict[Diagnosis, DiagnosisText] = {
    Diagnosis.OK: DiagnosisText(N_("All is well.")),
    # The address
    Diagnosis.URL_INVALID: DiagnosisText(
        N_("The base URL is not one that {tool} could call."),
        N_("Write it as https://host or https://host/prefix."),
    ),
    Diagnosis.URL_HAS_V1: DiagnosisText(
        N_("The base URL ends with a path that {tool} adds itself."),
        N_("Take /v1 and all that follows off the base URL."),
    ),
    Diagnosis.PLAINTEXT_HTTP: DiagnosisText(
        N_("The key travels to another machine unencrypted."),
        N_("Use the gateway's https address if it has one."),
    ),
    # The way there
    Diagnosis.DNS_FAILED: DiagnosisText(
        N_("No machine with this name was found."),
        N_("Check the host for a typing mistake, then the network or VPN."),
    ),
    Diagnosis.REFUSED: DiagnosisText(
        N_("Nothing accepts connections at this address."),
        N_("Check host and port; if it is a program on this machine, start it."),
    ),
    Diagnosis.TIMEOUT: DiagnosisText(
        N_("No answer came in time."),
        N_("Try again; if it stays so, the network, the gateway or this model is too slow or blocked."),
    ),
    Diagnosis.TLS_FAILED: DiagnosisText(
        N_("No trusted encrypted connection could be made."),
        N_(
            "If your network inspects traffic, set NODE_EXTRA_CA_CERTS to its certificate file in your shell; "
            "else tell the gateway's operator."
        ),
    ),
    Diagnosis.PROXY_FAILED: DiagnosisText(
        N_("The proxy that your environment names did not let the request through."),
        N_("Start the proxy, or correct HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY."),
    ),
    Diagnosis.CONNECTION_RESET: DiagnosisText(
        N_("The connection was cut before an answer came."),
        N_("Try again; if it stays so, a firewall or the gateway ends the connection."),
    ),
    # What answers there
    Diagnosis.REDIRECTED: DiagnosisText(
        N_("The gateway sends the request to another address, and a key must not follow it there."),
        N_("Ask the provider for the address that answers without a redirect."),
    ),
    Diagnosis.HTML_PAGE: DiagnosisText(
        N_("A web page answered, not an API."),
        N_("Look in the provider's documentation for its Anthropic-compatible base URL."),
    ),
    Diagnosis.PATH_NOT_FOUND: DiagnosisText(
        N_("The host answers, but not at this path."),
        N_("Look in the provider's documentation for its Anthropic-compatible base URL: many need a prefix."),
    ),
    Diagnosis.ORIGIN_DOWN: DiagnosisText(
        N_("The gateway's own server is down or too slow for the network in front of it."),
        N_("Try again later, and tell the provider if it stays so."),
    ),
    Diagnosis.BLOCKED_BY_WAF: DiagnosisText(
        N_("A protection in front of the gateway stopped the request; the key was not looked at."),
        N_("Try another network, or ask the provider to exempt the API's path."),
    ),
    Diagnosis.BODY_TOO_LARGE: DiagnosisText(
        N_("The answer is far larger than any answer to this question can be."),
        N_("Check the base URL: this is not the answer of a Messages API."),
    ),
    Diagnosis.BAD_JSON: DiagnosisText(
        N_("The answer is damaged: it is cut off, or not what its headers say."),
        N_("Try again; if it stays so, tell the provider that its answers arrive broken."),
    ),
    Diagnosis.NOT_MESSAGES: DiagnosisText(
        N_("Something answers, but not in the format of Claude Messages."),
        N_("Look in the provider's documentation for its Anthropic-compatible base URL."),
    ),
    Diagnosis.OPENAI_SHAPE: DiagnosisText(
        N_("The gateway answers in OpenAI's format, which {tool} cannot read."),
        N_("Look for the provider's Anthropic-compatible base URL, or put a converter in between."),
    ),
    # The key
    Diagnosis.KEY_MALFORMED: DiagnosisText(
        N_("The key, or a header of the profile, holds characters that cannot be sent."),
        N_("Copy the key again from where it was made: in one piece, without dots or blanks in it."),
    ),
    Diagnosis.KEY_REJECTED: DiagnosisText(
        N_("The key was refused."),
        N_("Check that it is whole, not expired, and made for this gateway."),
    ),
    Diagnosis.WRONG_HEADER: DiagnosisText(
        N_("The gateway reads the key from a header in which it was not sent."),
        N_("Change how the profile sends the key: bearer_only off sends it in both headers."),
    ),
    Diagnosis.HEADER_MISSING: DiagnosisText(
        N_("The gateway wants a further header."),
        N_("Add the header that it names to the profile, under claude_code.headers."),
    ),
    Diagnosis.CLIENT_RESTRICTED: DiagnosisText(
        N_("The gateway admits only chosen programs, so this test cannot tell whether it would serve {tool}."),
        N_("{tool} itself can tell: ccswitch test {profile} --with-claude"),
    ),
    Diagnosis.FORBIDDEN: DiagnosisText(
        N_("The gateway forbids this request."),
        N_(
            "Ask the provider whether it limits the key to certain addresses, countries, groups or programs; "
            "ccswitch test {profile} --with-claude shows whether {tool} is let in."
        ),
    ),
    # The account and the model
    Diagnosis.QUOTA_EXHAUSTED: DiagnosisText(
        N_("The account's balance or quota does not suffice; the key itself is known."),
        N_("Top the account up, or wait until its quota is renewed."),
    ),
    Diagnosis.RATE_LIMITED: DiagnosisText(
        N_("Too many requests: the gateway asks to wait. This says nothing against the key."),
        N_("Wait, then test again."),
    ),
    Diagnosis.CONCURRENCY_LIMITED: DiagnosisText(
        N_("The key is in use by as many requests at once as it may have."),
        N_("Close other sessions with this key, then test again."),
    ),
    Diagnosis.OVERLOADED: DiagnosisText(
        N_("The service behind the gateway is overloaded."),
        N_("Try again in some minutes, or choose another model."),
    ),
    Diagnosis.UPSTREAM_ERROR: DiagnosisText(
        N_("The gateway failed, or got no usable answer from the service behind it."),
        N_("Try again in a minute; if it stays so, choose another model or tell the provider."),
    ),
    Diagnosis.NO_CHANNEL: DiagnosisText(
        N_("The gateway does not serve this model to this key; the key itself is known."),
        N_("Check the model's id letter by letter, and the group or plan that the key belongs to."),
    ),
    Diagnosis.MODEL_NOT_FOUND: DiagnosisText(
        N_("The gateway does not know this model; address and key are right."),
        N_("Check the model's id letter by letter against the provider's list."),
    ),
    Diagnosis.REQUEST_REFUSED: DiagnosisText(
        N_("The gateway refused the request itself."),
        N_("Read what it said; ccswitch test {profile} --with-claude shows whether it refuses {tool}, too."),
    ),
    Diagnosis.FIELD_REFUSED: DiagnosisText(
        N_("The gateway refuses a part of what {tool} sends, and answers once that is left out."),
        N_("Set the switch that the test names in the profile's switches: ccswitch test {profile} --fix does it."),
    ),
    Diagnosis.BETA_REFUSED: DiagnosisText(
        N_("The gateway refuses a feature that {tool} asks for by a beta header."),
        N_("Set the switch that the test names: ccswitch test {profile} --fix does it; leave [1m] off the model's id."),
    ),
    # The answer
    Diagnosis.MODEL_SUBSTITUTED: DiagnosisText(
        N_("The gateway says that another model answered than the one asked for."),
        N_("It may be another name for the same model: ask the provider if that matters to you."),
    ),
    Diagnosis.EMPTY_ANSWER: DiagnosisText(
        N_("The model's answer is empty."),
        N_("Try again; if it stays so, choose another model or tell the provider."),
    ),
    Diagnosis.LENGTH_STOP: DiagnosisText(
        N_("The model answers; the test's 64 tokens were used up before it wrote what was asked for."),
    ),
    Diagnosis.USAGE_MISSING: DiagnosisText(
        N_("The answer does not say how many tokens it used, so {tool} cannot see when its context is full."),
        N_("Tell the provider; until then use /compact yourself in long sessions."),
    ),
    Diagnosis.USAGE_WRONG: DiagnosisText(
        N_("The answer's token counts are not those of the question, so {tool} cannot see when its context is full."),
        N_("Ask the provider what it counts and bills; until then use /compact yourself in long sessions."),
    ),
    # The stream
    Diagnosis.NOT_SSE: DiagnosisText(
        N_("The answer to a streaming request is not a stream of Messages events."),
        N_("Ask the provider whether it supports streaming for Claude Messages."),
    ),
    Diagnosis.STREAM_TRUNCATED: DiagnosisText(
        N_("The stream ended before its end was announced."),
        N_("Try again; if it stays so, the gateway or a proxy on the way cuts streams."),
    ),
    Diagnosis.STREAM_ERROR: DiagnosisText(
        N_("The stream began well and then reported an error."),
        N_("Read what it said, and try again in a minute."),
    ),
    Diagnosis.STREAM_BUFFERED: DiagnosisText(
        N_("The answer arrived in one block after a long wait, not as it was written."),
        N_("Ask the provider to turn off response buffering; a proxy of your own may buffer, too."),
    ),
    # What a session needs besides
    Diagnosis.TOOLS_UNSUPPORTED: DiagnosisText(
        N_("The model does not call tools as it is asked to, so {tool} could talk, but not read or edit a file."),
        N_("Choose another model, or ask the provider whether this one can call tools through Claude Messages."),
    ),
    Diagnosis.TOOLS_AS_TEXT: DiagnosisText(
        N_("The model writes its tool calls as text, which {tool} shows instead of doing what they say."),
        N_("Choose another model, or tell the provider that tool calls are not converted."),
    ),
    Diagnosis.IMAGE_UNSUPPORTED: DiagnosisText(
        N_("The model takes no pictures."),
        N_("Choose another model for work with screenshots; all else works without."),
    ),
    Diagnosis.IMAGE_IGNORED: DiagnosisText(
        N_("The model did not see the picture, and answered all the same."),
        N_("Do not trust what it says of pictures; choose another model for work with screenshots."),
    ),
    Diagnosis.COUNT_TOKENS_MISSING: DiagnosisText(
        N_("The gateway does not count tokens, so {tool} estimates."),
        N_("Nothing has to be done."),
    ),
    Diagnosis.COUNT_TOKENS_ZERO: DiagnosisText(
        N_("The gateway counts tokens wrongly, so {tool} would compact a conversation too late, or never."),
        N_("Tell the provider; until then use /compact yourself in long sessions."),
    ),
    Diagnosis.CACHE_IGNORED: DiagnosisText(
        N_("The same long prompt was paid in full twice: the gateway keeps no cache, or does not say so."),
        N_("Ask the provider whether it passes cache_control on; without a cache each turn costs the whole context."),
    ),
}
"""What each code means; causes and advice follow what users of such gateways have reported in public."""
