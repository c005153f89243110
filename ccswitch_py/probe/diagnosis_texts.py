"""The cause of each diagnosis and the advice on it, to be translated: with gaps for the
``tool``, the ``profile``, the ``protocol`` and its ``family``.

They follow what users of such gateways have reported in public. ``docs/diagnoses.md`` shows the same; a test compares.
"""

from __future__ import annotations

from ccswitch_py.core.language import N_
from ccswitch_py.model.diagnosis import Diagnosis

CAUSES: dict[Diagnosis, str] = {
    Diagnosis.OK: N_("No problem found."),
    # The address
    Diagnosis.URL_INVALID: N_("{tool} cannot call this base URL."),
    Diagnosis.URL_HAS_V1: N_("The base URL ends with a path that {tool} adds itself."),
    Diagnosis.PLAINTEXT_HTTP: N_("The key is sent to another machine unencrypted."),
    # The way there
    Diagnosis.DNS_FAILED: N_("The host name could not be resolved."),
    Diagnosis.REFUSED: N_("The connection was refused: nothing listens at this address."),
    Diagnosis.TIMEOUT: N_("No answer in time."),
    Diagnosis.TLS_FAILED: N_("No trusted TLS connection could be established."),
    Diagnosis.PROXY_FAILED: N_("The proxy from your environment did not forward the request."),
    Diagnosis.CONNECTION_RESET: N_("The connection was closed before a complete answer arrived."),
    # What answers there
    Diagnosis.REDIRECTED: N_("The gateway redirects to another address, to which a key must not be sent."),
    Diagnosis.HTML_PAGE: N_("A web page answered, not an API."),
    Diagnosis.PATH_NOT_FOUND: N_("The host answers, but not at this path."),
    Diagnosis.ORIGIN_DOWN: N_("The gateway's own server is down or too slow."),
    Diagnosis.BLOCKED_BY_WAF: N_("A firewall in front of the gateway blocked the request; the key was not checked."),
    Diagnosis.BODY_TOO_LARGE: N_("The answer is far larger than any answer to this question can be."),
    Diagnosis.BAD_JSON: N_("The answer is damaged: it is cut off, or not what its headers say."),
    Diagnosis.NOT_MESSAGES: N_("Something answers, but not in the format of {protocol}."),
    Diagnosis.OPENAI_SHAPE: N_("The gateway answers in OpenAI's format, which {tool} cannot read."),
    Diagnosis.WRONG_PROTOCOL: N_("Something answers, but not in the format of {protocol}, which {tool} needs."),
    # The key
    Diagnosis.KEY_MALFORMED: N_("The key, or a header of the profile, contains characters that cannot be sent."),
    Diagnosis.KEY_REJECTED: N_("The key was refused."),
    Diagnosis.WRONG_HEADER: N_("The gateway expects the key in another header."),
    Diagnosis.HEADER_MISSING: N_("The gateway requires another header."),
    Diagnosis.CLIENT_RESTRICTED: N_("The gateway admits certain programs only; whether {tool} is one is unknown."),
    Diagnosis.FORBIDDEN: N_("The gateway forbids this request."),
    # The account and the model
    Diagnosis.QUOTA_EXHAUSTED: N_("The account's balance or quota is exhausted; the key itself is known."),
    Diagnosis.RATE_LIMITED: N_("Too many requests: the gateway asks to wait. This says nothing against the key."),
    Diagnosis.CONCURRENCY_LIMITED: N_("The key has reached its limit of concurrent requests."),
    Diagnosis.OVERLOADED: N_("The service behind the gateway is overloaded."),
    Diagnosis.UPSTREAM_ERROR: N_("The gateway failed, or got no usable answer from the service behind it."),
    Diagnosis.NO_CHANNEL: N_("The gateway does not serve this model to this key; the key itself is known."),
    Diagnosis.MODEL_NOT_FOUND: N_("The gateway does not know this model; address and key are right."),
    Diagnosis.REQUEST_REFUSED: N_("The gateway refused the request itself."),
    Diagnosis.FIELD_REFUSED: N_("The gateway refuses a part of what {tool} sends, and answers without it."),
    Diagnosis.BETA_REFUSED: N_("The gateway refuses a beta feature that {tool} requests."),
    # The answer
    Diagnosis.MODEL_SUBSTITUTED: N_("The gateway reports that another model answered than was requested."),
    Diagnosis.EMPTY_ANSWER: N_("The model's answer is empty."),
    Diagnosis.LENGTH_STOP: N_("The model answers, but ran out of the test's tokens before it was finished."),
    Diagnosis.USAGE_MISSING: N_("The answer lacks token counts, so {tool} cannot tell when its context is full."),
    Diagnosis.USAGE_WRONG: N_("The token counts are wrong, so {tool} cannot tell when its context is full."),
    Diagnosis.OUTPUT_LIMIT: N_("The gateway refuses as many output tokens as {tool} asks for."),
    # The stream
    Diagnosis.NOT_SSE: N_("The answer to a streaming request is not a stream of {protocol} events."),
    Diagnosis.STREAM_TRUNCATED: N_("The stream ended before its end was announced."),
    Diagnosis.STREAM_ERROR: N_("The stream began well and then reported an error."),
    Diagnosis.STREAM_BUFFERED: N_("The answer arrived in one block after a long wait, not as it was written."),
    # What a session needs besides
    Diagnosis.TOOLS_UNSUPPORTED: N_("The model does not call tools as asked, so {tool} could not read or edit a file."),
    Diagnosis.TOOLS_UNRELIABLE: N_("The model does not call a tool each time it is asked to."),
    Diagnosis.TOOLS_AS_TEXT: N_("The model writes its tool calls as text, which {tool} shows instead of running them."),
    Diagnosis.IMAGE_UNSUPPORTED: N_("The model does not accept images."),
    Diagnosis.IMAGE_IGNORED: N_("The model did not see the image, and answered all the same."),
    Diagnosis.COUNT_TOKENS_MISSING: N_("The gateway does not count tokens, so {tool} estimates."),
    Diagnosis.COUNT_TOKENS_ZERO: N_("The gateway counts tokens wrongly, so {tool} would compact too late, or never."),
    Diagnosis.CACHE_IGNORED: N_(
        "The same long prompt was billed in full twice: there is no cache, or no report of one."
    ),
}

ADVICE: dict[Diagnosis, str] = {
    Diagnosis.URL_INVALID: N_("Use the form https://host or https://host/prefix."),
    Diagnosis.URL_HAS_V1: N_("Remove /v1 and everything after it from the base URL."),
    Diagnosis.PLAINTEXT_HTTP: N_("Use the gateway's https address if it has one."),
    Diagnosis.DNS_FAILED: N_("Check the host for typos, then your network or VPN."),
    Diagnosis.REFUSED: N_("Check host and port; if it is a program on this machine, start it."),
    Diagnosis.TIMEOUT: N_("Try again; if it persists, the network, the gateway or the model is too slow or blocked."),
    Diagnosis.TLS_FAILED: N_("Behind TLS inspection, make {tool} trust its certificate; else tell the operator."),
    Diagnosis.PROXY_FAILED: N_("Start the proxy, or correct HTTPS_PROXY and HTTP_PROXY, or add the host to NO_PROXY."),
    Diagnosis.CONNECTION_RESET: N_("Try again; if it persists, a firewall or the gateway closes the connection."),
    Diagnosis.REDIRECTED: N_("Ask the provider for the address that answers without a redirect."),
    Diagnosis.HTML_PAGE: N_("Find the {family}-compatible base URL in the provider's documentation."),
    Diagnosis.PATH_NOT_FOUND: N_("Find the {family}-compatible base URL in the provider's docs: many need a prefix."),
    Diagnosis.ORIGIN_DOWN: N_("Try again later; if it persists, tell the provider."),
    Diagnosis.BLOCKED_BY_WAF: N_("Try another network, or ask the provider to exempt the API's path."),
    Diagnosis.BODY_TOO_LARGE: N_("Check the base URL: this is not an answer in the format of {protocol}."),
    Diagnosis.BAD_JSON: N_("Try again; if it persists, tell the provider that its answers arrive damaged."),
    Diagnosis.NOT_MESSAGES: N_("Find the {family}-compatible base URL in the provider's documentation."),
    Diagnosis.OPENAI_SHAPE: N_("Find the provider's {family}-compatible base URL, or put a converter in between."),
    Diagnosis.WRONG_PROTOCOL: N_("Find the base URL for {protocol} in the provider's docs, or choose another tool."),
    Diagnosis.KEY_MALFORMED: N_("Copy the key again from where it was made: in one piece, without dots or blanks."),
    Diagnosis.KEY_REJECTED: N_("Check that it is whole, not expired, and made for this gateway."),
    Diagnosis.WRONG_HEADER: N_("Change how the profile sends the key."),
    Diagnosis.HEADER_MISSING: N_("Add the header that it names to the profile."),
    Diagnosis.CLIENT_RESTRICTED: N_("Try {tool} itself."),
    Diagnosis.FORBIDDEN: N_("Ask the provider about limits by address, country, group or program."),
    Diagnosis.QUOTA_EXHAUSTED: N_("Top up the account, or wait until its quota is renewed."),
    Diagnosis.RATE_LIMITED: N_("Wait, then test again."),
    Diagnosis.CONCURRENCY_LIMITED: N_("Close other sessions with this key, then test again."),
    Diagnosis.OVERLOADED: N_("Try again in a few minutes, or choose another model."),
    Diagnosis.UPSTREAM_ERROR: N_("Try again in a minute; if it persists, choose another model or tell the provider."),
    Diagnosis.NO_CHANNEL: N_("Check the model's id letter by letter, and the group or plan of the key."),
    Diagnosis.MODEL_NOT_FOUND: N_("Check the model's id letter by letter against the provider's list."),
    Diagnosis.REQUEST_REFUSED: N_("Read its answer, then try {tool} itself."),
    Diagnosis.FIELD_REFUSED: N_("Run ccswitch test {profile} --fix, which sets the switch for it."),
    Diagnosis.BETA_REFUSED: N_(
        "Run ccswitch test {profile} --fix, which sets the switch for it; remove [1m] from the model's id."
    ),
    Diagnosis.MODEL_SUBSTITUTED: N_("It may be another name for the same model; ask the provider if it matters."),
    Diagnosis.EMPTY_ANSWER: N_("Try again; if it persists, choose another model or tell the provider."),
    Diagnosis.USAGE_MISSING: N_("Tell the provider; until then, run /compact yourself in long sessions."),
    Diagnosis.USAGE_WRONG: N_(
        "Ask whoever runs the gateway what it counts: many converters only estimate; "
        "until then, run /compact yourself in long sessions."
    ),
    Diagnosis.OUTPUT_LIMIT: N_("Set max_output_tokens in the profile to what the model can write at once."),
    Diagnosis.NOT_SSE: N_("Ask the provider whether it supports streaming for {protocol}."),
    Diagnosis.STREAM_TRUNCATED: N_("Try again; if it persists, the gateway or a proxy in between cuts streams."),
    Diagnosis.STREAM_ERROR: N_("See its message, and try again in a minute."),
    Diagnosis.STREAM_BUFFERED: N_("Ask the provider to turn off response buffering; a proxy of yours may buffer, too."),
    Diagnosis.TOOLS_UNSUPPORTED: N_("Choose another model, or ask the provider whether this one can call tools."),
    Diagnosis.TOOLS_UNRELIABLE: N_("{tool} works, with some steps in vain; another model may do better."),
    Diagnosis.TOOLS_AS_TEXT: N_("Choose another model, or tell the provider that tool calls are not converted."),
    Diagnosis.IMAGE_UNSUPPORTED: N_("Choose another model for work with screenshots; everything else works."),
    Diagnosis.IMAGE_IGNORED: N_("Choose another model for work with screenshots; ignore what it says about images."),
    Diagnosis.COUNT_TOKENS_MISSING: N_("Nothing to do."),
    Diagnosis.COUNT_TOKENS_ZERO: N_("Tell the provider; until then, run /compact yourself in long sessions."),
    Diagnosis.CACHE_IGNORED: N_(
        "Ask the provider whether it passes on cache_control; without a cache, each turn costs the whole context."
    ),
}
