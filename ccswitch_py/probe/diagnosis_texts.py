"""The cause of each diagnosis and the advice on it, with gaps for the ``tool`` and the ``profile``, to be translated.

They follow what users of such gateways have reported in public. ``docs/diagnoses.md`` shows the same; a test compares.
"""

from __future__ import annotations

from ccswitch_py.core.language import N_
from ccswitch_py.model.diagnosis import Diagnosis

CAUSES: dict[Diagnosis, str] = {
    Diagnosis.OK: N_("All is well."),
    # The address
    Diagnosis.URL_INVALID: N_("The base URL is not one that {tool} could call."),
    Diagnosis.URL_HAS_V1: N_("The base URL ends with a path that {tool} adds itself."),
    Diagnosis.PLAINTEXT_HTTP: N_("The key travels to another machine unencrypted."),
    # The way there
    Diagnosis.DNS_FAILED: N_("No machine with this name was found."),
    Diagnosis.REFUSED: N_("Nothing accepts connections at this address."),
    Diagnosis.TIMEOUT: N_("No answer came in time."),
    Diagnosis.TLS_FAILED: N_("No trusted encrypted connection could be made."),
    Diagnosis.PROXY_FAILED: N_("The proxy that your environment names did not let the request through."),
    Diagnosis.CONNECTION_RESET: N_("The connection was cut before an answer came."),
    # What answers there
    Diagnosis.REDIRECTED: N_("The gateway sends the request to another address, and a key must not follow it there."),
    Diagnosis.HTML_PAGE: N_("A web page answered, not an API."),
    Diagnosis.PATH_NOT_FOUND: N_("The host answers, but not at this path."),
    Diagnosis.ORIGIN_DOWN: N_("The gateway's own server is down or too slow for the network in front of it."),
    Diagnosis.BLOCKED_BY_WAF: N_(
        "A protection in front of the gateway stopped the request; the key was not looked at."
    ),
    Diagnosis.BODY_TOO_LARGE: N_("The answer is far larger than any answer to this question can be."),
    Diagnosis.BAD_JSON: N_("The answer is damaged: it is cut off, or not what its headers say."),
    Diagnosis.NOT_MESSAGES: N_("Something answers, but not in the format of Claude Messages."),
    Diagnosis.OPENAI_SHAPE: N_("The gateway answers in OpenAI's format, which {tool} cannot read."),
    # The key
    Diagnosis.KEY_MALFORMED: N_("The key, or a header of the profile, holds characters that cannot be sent."),
    Diagnosis.KEY_REJECTED: N_("The key was refused."),
    Diagnosis.WRONG_HEADER: N_("The gateway reads the key from a header in which it was not sent."),
    Diagnosis.HEADER_MISSING: N_("The gateway wants a further header."),
    Diagnosis.CLIENT_RESTRICTED: N_(
        "The gateway admits only chosen programs, so this test cannot tell whether it would serve {tool}."
    ),
    Diagnosis.FORBIDDEN: N_("The gateway forbids this request."),
    # The account and the model
    Diagnosis.QUOTA_EXHAUSTED: N_("The account's balance or quota does not suffice; the key itself is known."),
    Diagnosis.RATE_LIMITED: N_("Too many requests: the gateway asks to wait. This says nothing against the key."),
    Diagnosis.CONCURRENCY_LIMITED: N_("The key is in use by as many requests at once as it may have."),
    Diagnosis.OVERLOADED: N_("The service behind the gateway is overloaded."),
    Diagnosis.UPSTREAM_ERROR: N_("The gateway failed, or got no usable answer from the service behind it."),
    Diagnosis.NO_CHANNEL: N_("The gateway does not serve this model to this key; the key itself is known."),
    Diagnosis.MODEL_NOT_FOUND: N_("The gateway does not know this model; address and key are right."),
    Diagnosis.REQUEST_REFUSED: N_("The gateway refused the request itself."),
    Diagnosis.FIELD_REFUSED: N_("The gateway refuses a part of what {tool} sends, and answers once that is left out."),
    Diagnosis.BETA_REFUSED: N_("The gateway refuses a feature that {tool} asks for by a beta header."),
    # The answer
    Diagnosis.MODEL_SUBSTITUTED: N_("The gateway says that another model answered than the one asked for."),
    Diagnosis.EMPTY_ANSWER: N_("The model's answer is empty."),
    Diagnosis.LENGTH_STOP: N_(
        "The model answers; the test's 64 tokens were used up before it wrote what was asked for."
    ),
    Diagnosis.USAGE_MISSING: N_(
        "The answer does not say how many tokens it used, so {tool} cannot see when its context is full."
    ),
    Diagnosis.USAGE_WRONG: N_(
        "The answer's token counts are not those of the question, so {tool} cannot see when its context is full."
    ),
    # The stream
    Diagnosis.NOT_SSE: N_("The answer to a streaming request is not a stream of Messages events."),
    Diagnosis.STREAM_TRUNCATED: N_("The stream ended before its end was announced."),
    Diagnosis.STREAM_ERROR: N_("The stream began well and then reported an error."),
    Diagnosis.STREAM_BUFFERED: N_("The answer arrived in one block after a long wait, not as it was written."),
    # What a session needs besides
    Diagnosis.TOOLS_UNSUPPORTED: N_(
        "The model does not call tools as it is asked to, so {tool} could talk, but not read or edit a file."
    ),
    Diagnosis.TOOLS_AS_TEXT: N_(
        "The model writes its tool calls as text, which {tool} shows instead of doing what they say."
    ),
    Diagnosis.IMAGE_UNSUPPORTED: N_("The model takes no pictures."),
    Diagnosis.IMAGE_IGNORED: N_("The model did not see the picture, and answered all the same."),
    Diagnosis.COUNT_TOKENS_MISSING: N_("The gateway does not count tokens, so {tool} estimates."),
    Diagnosis.COUNT_TOKENS_ZERO: N_(
        "The gateway counts tokens wrongly, so {tool} would compact a conversation too late, or never."
    ),
    Diagnosis.CACHE_IGNORED: N_(
        "The same long prompt was paid in full twice: the gateway keeps no cache, or does not say so."
    ),
}

ADVICE: dict[Diagnosis, str] = {
    Diagnosis.URL_INVALID: N_("Write it as https://host or https://host/prefix."),
    Diagnosis.URL_HAS_V1: N_("Take /v1 and all that follows off the base URL."),
    Diagnosis.PLAINTEXT_HTTP: N_("Use the gateway's https address if it has one."),
    Diagnosis.DNS_FAILED: N_("Check the host for a typing mistake, then the network or VPN."),
    Diagnosis.REFUSED: N_("Check host and port; if it is a program on this machine, start it."),
    Diagnosis.TIMEOUT: N_("Try again; if it stays so, the network, the gateway or this model is too slow or blocked."),
    Diagnosis.TLS_FAILED: N_(
        "If your network inspects traffic, make {tool} trust its certificate; else tell the gateway's operator."
    ),
    Diagnosis.PROXY_FAILED: N_("Start the proxy, or correct HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY."),
    Diagnosis.CONNECTION_RESET: N_("Try again; if it stays so, a firewall or the gateway ends the connection."),
    Diagnosis.REDIRECTED: N_("Ask the provider for the address that answers without a redirect."),
    Diagnosis.HTML_PAGE: N_("Look in the provider's documentation for its Anthropic-compatible base URL."),
    Diagnosis.PATH_NOT_FOUND: N_(
        "Look in the provider's documentation for its Anthropic-compatible base URL: many need a prefix."
    ),
    Diagnosis.ORIGIN_DOWN: N_("Try again later, and tell the provider if it stays so."),
    Diagnosis.BLOCKED_BY_WAF: N_("Try another network, or ask the provider to exempt the API's path."),
    Diagnosis.BODY_TOO_LARGE: N_("Check the base URL: this is not the answer of a Messages API."),
    Diagnosis.BAD_JSON: N_("Try again; if it stays so, tell the provider that its answers arrive broken."),
    Diagnosis.NOT_MESSAGES: N_("Look in the provider's documentation for its Anthropic-compatible base URL."),
    Diagnosis.OPENAI_SHAPE: N_("Look for the provider's Anthropic-compatible base URL, or put a converter in between."),
    Diagnosis.KEY_MALFORMED: N_(
        "Copy the key again from where it was made: in one piece, without dots or blanks in it."
    ),
    Diagnosis.KEY_REJECTED: N_("Check that it is whole, not expired, and made for this gateway."),
    Diagnosis.WRONG_HEADER: N_("Change how the profile sends the key."),
    Diagnosis.HEADER_MISSING: N_("Add the header that it names to the profile."),
    Diagnosis.CLIENT_RESTRICTED: N_("{tool} itself can tell: ccswitch test {profile} --with-claude"),
    Diagnosis.FORBIDDEN: N_(
        "Ask the provider whether it limits the key to certain addresses, countries, groups or programs; "
        "ccswitch test {profile} --with-claude shows whether {tool} is let in."
    ),
    Diagnosis.QUOTA_EXHAUSTED: N_("Top the account up, or wait until its quota is renewed."),
    Diagnosis.RATE_LIMITED: N_("Wait, then test again."),
    Diagnosis.CONCURRENCY_LIMITED: N_("Close other sessions with this key, then test again."),
    Diagnosis.OVERLOADED: N_("Try again in some minutes, or choose another model."),
    Diagnosis.UPSTREAM_ERROR: N_("Try again in a minute; if it stays so, choose another model or tell the provider."),
    Diagnosis.NO_CHANNEL: N_("Check the model's id letter by letter, and the group or plan that the key belongs to."),
    Diagnosis.MODEL_NOT_FOUND: N_("Check the model's id letter by letter against the provider's list."),
    Diagnosis.REQUEST_REFUSED: N_(
        "Read what it said; ccswitch test {profile} --with-claude shows whether it refuses {tool}, too."
    ),
    Diagnosis.FIELD_REFUSED: N_(
        "Set the switch that the test names in the profile's switches: ccswitch test {profile} --fix does it."
    ),
    Diagnosis.BETA_REFUSED: N_(
        "Set the switch that the test names: ccswitch test {profile} --fix does it; leave [1m] off the model's id."
    ),
    Diagnosis.MODEL_SUBSTITUTED: N_(
        "It may be another name for the same model: ask the provider if that matters to you."
    ),
    Diagnosis.EMPTY_ANSWER: N_("Try again; if it stays so, choose another model or tell the provider."),
    Diagnosis.USAGE_MISSING: N_("Tell the provider; until then use /compact yourself in long sessions."),
    Diagnosis.USAGE_WRONG: N_(
        "Ask the provider what it counts and bills; until then use /compact yourself in long sessions."
    ),
    Diagnosis.NOT_SSE: N_("Ask the provider whether it supports streaming for Claude Messages."),
    Diagnosis.STREAM_TRUNCATED: N_("Try again; if it stays so, the gateway or a proxy on the way cuts streams."),
    Diagnosis.STREAM_ERROR: N_("Read what it said, and try again in a minute."),
    Diagnosis.STREAM_BUFFERED: N_(
        "Ask the provider to turn off response buffering; a proxy of your own may buffer, too."
    ),
    Diagnosis.TOOLS_UNSUPPORTED: N_(
        "Choose another model, or ask the provider whether this one can call tools through Claude Messages."
    ),
    Diagnosis.TOOLS_AS_TEXT: N_("Choose another model, or tell the provider that tool calls are not converted."),
    Diagnosis.IMAGE_UNSUPPORTED: N_("Choose another model for work with screenshots; all else works without."),
    Diagnosis.IMAGE_IGNORED: N_(
        "Do not trust what it says of pictures; choose another model for work with screenshots."
    ),
    Diagnosis.COUNT_TOKENS_MISSING: N_("Nothing has to be done."),
    Diagnosis.COUNT_TOKENS_ZERO: N_("Tell the provider; until then use /compact yourself in long sessions."),
    Diagnosis.CACHE_IGNORED: N_(
        "Ask the provider whether it passes cache_control on; without a cache each turn costs the whole context."
    ),
}
