"""What each finding of the live test means, and what to do about it.

``docs/diagnoses.md`` shows the same table; a test holds that the two agree.
"""

from __future__ import annotations

from typing import NamedTuple

from ccswitch_py.language import later
from ccswitch_py.model.diagnosis import Diagnosis


class Meaning(NamedTuple):
    """One row of the table, to be shown with ``tr``."""

    cause: str
    advice: str = ""


MEANINGS: dict[Diagnosis, Meaning] = {
    Diagnosis.OK: Meaning(later("All is well.")),
    # The address
    Diagnosis.URL_INVALID: Meaning(
        later("The base URL is not one that Claude Code could call."),
        later("Write it as https://host or https://host/prefix."),
    ),
    Diagnosis.URL_HAS_V1: Meaning(
        later("The base URL ends with a path that Claude Code adds itself."),
        later("Take /v1 and all that follows off the base URL."),
    ),
    Diagnosis.PLAINTEXT_HTTP: Meaning(
        later("The key travels to another machine unencrypted."),
        later("Use the gateway's https address if it has one."),
    ),
    # The way there
    Diagnosis.DNS_FAILED: Meaning(
        later("No machine with this name was found."),
        later("Check the host for a typing mistake, then the network or VPN."),
    ),
    Diagnosis.REFUSED: Meaning(
        later("Nothing accepts connections at this address."),
        later("Check host and port; if it is a program on this machine, start it."),
    ),
    Diagnosis.TIMEOUT: Meaning(
        later("No answer came in time."),
        later("Try again; if it stays so, the network, the gateway or this model is too slow or blocked."),
    ),
    Diagnosis.TLS_FAILED: Meaning(
        later("No trusted encrypted connection could be made."),
        later(
            "If your network inspects traffic, set NODE_EXTRA_CA_CERTS to its certificate file in your shell; "
            "else tell the gateway's operator."
        ),
    ),
    Diagnosis.PROXY_FAILED: Meaning(
        later("The proxy that your environment names did not let the request through."),
        later("Start the proxy, or correct HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY."),
    ),
    Diagnosis.CONNECTION_RESET: Meaning(
        later("The connection was cut before an answer came."),
        later("Try again; if it stays so, a firewall or the gateway ends the connection."),
    ),
    # What answers there
    Diagnosis.REDIRECTED: Meaning(
        later("The gateway sends the request to another address, and a key must not follow it there."),
        later("Ask the provider for the address that answers without a redirect."),
    ),
    Diagnosis.HTML_PAGE: Meaning(
        later("A web page answered, not an API."),
        later("Look in the provider's documentation for its Anthropic-compatible base URL."),
    ),
    Diagnosis.PATH_NOT_FOUND: Meaning(
        later("The host answers, but not at this path."),
        later("Look in the provider's documentation for its Anthropic-compatible base URL: many need a prefix."),
    ),
    Diagnosis.ORIGIN_DOWN: Meaning(
        later("The gateway's own server is down or too slow for the network in front of it."),
        later("Try again later, and tell the provider if it stays so."),
    ),
    Diagnosis.BLOCKED_BY_WAF: Meaning(
        later("A protection in front of the gateway stopped the request; the key was not looked at."),
        later("Try another network, or ask the provider to exempt the API's path."),
    ),
    Diagnosis.BODY_TOO_LARGE: Meaning(
        later("The answer is far larger than any answer to this question can be."),
        later("Check the base URL: this is not the answer of a Messages API."),
    ),
    Diagnosis.BAD_JSON: Meaning(
        later("The answer is damaged: it is cut off, or not what its headers say."),
        later("Try again; if it stays so, tell the provider that its answers arrive broken."),
    ),
    Diagnosis.NOT_MESSAGES: Meaning(
        later("Something answers, but not in the format of Claude Messages."),
        later("Look in the provider's documentation for its Anthropic-compatible base URL."),
    ),
    Diagnosis.OPENAI_SHAPE: Meaning(
        later("The gateway answers in OpenAI's format, which Claude Code cannot read."),
        later("Look for the provider's Anthropic-compatible base URL, or put a converter in between."),
    ),
    # The key
    Diagnosis.KEY_MALFORMED: Meaning(
        later("The key, or a header of the profile, holds characters that cannot be sent."),
        later("Copy the key again from where it was made: in one piece, without dots or blanks in it."),
    ),
    Diagnosis.KEY_REJECTED: Meaning(
        later("The key was refused."),
        later("Check that it is whole, not expired, and made for this gateway."),
    ),
    Diagnosis.WRONG_HEADER: Meaning(
        later("The gateway reads the key from a header in which it was not sent."),
        later("Change how the profile sends the key: bearer_only off sends it in both headers."),
    ),
    Diagnosis.HEADER_MISSING: Meaning(
        later("The gateway wants a further header."),
        later("Add the header that it names to the profile, under claude_code.headers."),
    ),
    Diagnosis.CLIENT_RESTRICTED: Meaning(
        later("The gateway admits only chosen programs, so this test cannot tell whether it would serve Claude Code."),
        later("Claude Code itself can tell: ccswitch test PROFILE --with-claude"),
    ),
    Diagnosis.FORBIDDEN: Meaning(
        later("The gateway forbids this request."),
        later(
            "Ask the provider whether it limits the key to certain addresses, countries, groups or programs; "
            "ccswitch test PROFILE --with-claude shows whether Claude Code is let in."
        ),
    ),
    # The account and the model
    Diagnosis.QUOTA_EXHAUSTED: Meaning(
        later("The account's balance or quota does not suffice; the key itself is known."),
        later("Top the account up, or wait until its quota is renewed."),
    ),
    Diagnosis.RATE_LIMITED: Meaning(
        later("Too many requests: the gateway asks to wait. This says nothing against the key."),
        later("Wait, then test again."),
    ),
    Diagnosis.CONCURRENCY_LIMITED: Meaning(
        later("The key is in use by as many requests at once as it may have."),
        later("Close other sessions with this key, then test again."),
    ),
    Diagnosis.OVERLOADED: Meaning(
        later("The service behind the gateway is overloaded."),
        later("Try again in some minutes, or choose another model."),
    ),
    Diagnosis.UPSTREAM_ERROR: Meaning(
        later("The gateway failed, or got no usable answer from the service behind it."),
        later("Try again in a minute; if it stays so, choose another model or tell the provider."),
    ),
    Diagnosis.NO_CHANNEL: Meaning(
        later("The gateway does not serve this model to this key; the key itself is known."),
        later("Check the model's id letter by letter, and the group or plan that the key belongs to."),
    ),
    Diagnosis.MODEL_NOT_FOUND: Meaning(
        later("The gateway does not know this model; address and key are right."),
        later("Check the model's id letter by letter against the provider's list."),
    ),
    Diagnosis.REQUEST_REFUSED: Meaning(
        later("The gateway refused the request itself."),
        later("Read what it said; ccswitch test PROFILE --with-claude shows whether it refuses Claude Code, too."),
    ),
    Diagnosis.FIELD_REFUSED: Meaning(
        later("The gateway refuses a part of what Claude Code sends, and answers once that is left out."),
        later("Set the switch that the test names in the profile's switches: ccswitch test PROFILE --fix does it."),
    ),
    Diagnosis.BETA_REFUSED: Meaning(
        later("The gateway refuses a feature that Claude Code asks for by a beta header."),
        later(
            "Set the switch that the test names: ccswitch test PROFILE --fix does it; leave [1m] off the model's id."
        ),
    ),
    # The answer
    Diagnosis.MODEL_SUBSTITUTED: Meaning(
        later("The gateway says that another model answered than the one asked for."),
        later("It may be another name for the same model: ask the provider if that matters to you."),
    ),
    Diagnosis.EMPTY_ANSWER: Meaning(
        later("The model's answer is empty."),
        later("Try again; if it stays so, choose another model or tell the provider."),
    ),
    Diagnosis.LENGTH_STOP: Meaning(
        later("The model answers; the test's 64 tokens were used up before it wrote what was asked for."),
    ),
    Diagnosis.USAGE_MISSING: Meaning(
        later("The answer does not say how many tokens it used, so Claude Code cannot see when its context is full."),
        later("Tell the provider; until then use /compact yourself in long sessions."),
    ),
    Diagnosis.USAGE_WRONG: Meaning(
        later(
            "The answer's token counts are not those of the question, "
            "so Claude Code cannot see when its context is full."
        ),
        later("Ask the provider what it counts and bills; until then use /compact yourself in long sessions."),
    ),
    # The stream
    Diagnosis.NOT_SSE: Meaning(
        later("The answer to a streaming request is not a stream of Messages events."),
        later("Ask the provider whether it supports streaming for Claude Messages."),
    ),
    Diagnosis.STREAM_TRUNCATED: Meaning(
        later("The stream ended before its end was announced."),
        later("Try again; if it stays so, the gateway or a proxy on the way cuts streams."),
    ),
    Diagnosis.STREAM_ERROR: Meaning(
        later("The stream began well and then reported an error."),
        later("Read what it said, and try again in a minute."),
    ),
    Diagnosis.STREAM_BUFFERED: Meaning(
        later("The answer arrived in one block after a long wait, not as it was written."),
        later("Ask the provider to turn off response buffering; a proxy of your own may buffer, too."),
    ),
    # What a session needs besides
    Diagnosis.TOOLS_UNSUPPORTED: Meaning(
        later(
            "The model does not call tools as it is asked to, so Claude Code could talk, but not read or edit a file."
        ),
        later("Choose another model, or ask the provider whether this one can call tools through Claude Messages."),
    ),
    Diagnosis.TOOLS_AS_TEXT: Meaning(
        later("The model writes its tool calls as text, which Claude Code shows instead of doing what they say."),
        later("Choose another model, or tell the provider that tool calls are not converted."),
    ),
    Diagnosis.IMAGE_UNSUPPORTED: Meaning(
        later("The model takes no pictures."),
        later("Choose another model for work with screenshots; all else works without."),
    ),
    Diagnosis.IMAGE_IGNORED: Meaning(
        later("The model did not see the picture, and answered all the same."),
        later("Do not trust what it says of pictures; choose another model for work with screenshots."),
    ),
    Diagnosis.COUNT_TOKENS_MISSING: Meaning(
        later("The gateway does not count tokens, so Claude Code estimates."),
        later("Nothing has to be done."),
    ),
    Diagnosis.COUNT_TOKENS_ZERO: Meaning(
        later("The gateway counts tokens wrongly, so Claude Code would compact a conversation too late, or never."),
        later("Tell the provider; until then use /compact yourself in long sessions."),
    ),
    Diagnosis.CACHE_IGNORED: Meaning(
        later("The same long prompt was paid in full twice: the gateway keeps no cache, or does not say so."),
        later(
            "Ask the provider whether it passes cache_control on; without a cache each turn costs the whole context."
        ),
    ),
}
"""What each code means; causes and advice follow what users of such gateways have reported in public."""
