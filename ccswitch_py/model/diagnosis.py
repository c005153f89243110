"""What the live test can find: a stable code for each finding, and how a check or a test ends."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """How one check ended."""

    PASS = "pass"  # noqa: S105
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"
    UNTESTABLE = "untestable"


class Verdict(StrEnum):
    """The overall result of a profile's checks."""

    WORKS = "works"
    DEGRADED = "degraded"
    BROKEN = "broken"
    UNTESTABLE = "untestable"


class Diagnosis(StrEnum):
    """What a check found; scripts may rely on these codes."""

    OK = "ok"

    URL_INVALID = "url_invalid"
    URL_HAS_V1 = "url_has_v1"
    PLAINTEXT_HTTP = "plaintext_http"

    DNS_FAILED = "dns_failed"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TLS_FAILED = "tls_failed"
    PROXY_FAILED = "proxy_failed"
    CONNECTION_RESET = "connection_reset"

    REDIRECTED = "redirected"
    HTML_PAGE = "html_page"
    PATH_NOT_FOUND = "path_not_found"
    ORIGIN_DOWN = "origin_down"
    BLOCKED_BY_WAF = "blocked_by_waf"
    BODY_TOO_LARGE = "body_too_large"
    BAD_JSON = "bad_json"
    NOT_MESSAGES = "not_messages"
    OPENAI_SHAPE = "openai_shape"
    WRONG_PROTOCOL = "wrong_protocol"

    KEY_MALFORMED = "key_malformed"
    KEY_REJECTED = "key_rejected"
    WRONG_HEADER = "wrong_header"
    HEADER_MISSING = "header_missing"
    CLIENT_RESTRICTED = "client_restricted"
    FORBIDDEN = "forbidden"

    QUOTA_EXHAUSTED = "quota_exhausted"
    RATE_LIMITED = "rate_limited"
    CONCURRENCY_LIMITED = "concurrency_limited"
    OVERLOADED = "overloaded"
    UPSTREAM_ERROR = "upstream_error"
    NO_CHANNEL = "no_channel"
    MODEL_NOT_FOUND = "model_not_found"
    REQUEST_REFUSED = "request_refused"
    FIELD_REFUSED = "field_refused"
    BETA_REFUSED = "beta_refused"

    MODEL_SUBSTITUTED = "model_substituted"
    EMPTY_ANSWER = "empty_answer"
    LENGTH_STOP = "length_stop"
    USAGE_MISSING = "usage_missing"
    USAGE_WRONG = "usage_wrong"
    OUTPUT_LIMIT = "output_limit"

    NOT_SSE = "not_sse"
    STREAM_TRUNCATED = "stream_truncated"
    STREAM_ERROR = "stream_error"
    STREAM_BUFFERED = "stream_buffered"

    TOOLS_UNSUPPORTED = "tools_unsupported"
    TOOLS_UNRELIABLE = "tools_unreliable"
    TOOLS_AS_TEXT = "tools_as_text"
    IMAGE_UNSUPPORTED = "image_unsupported"
    IMAGE_IGNORED = "image_ignored"
    COUNT_TOKENS_MISSING = "count_tokens_missing"
    COUNT_TOKENS_ZERO = "count_tokens_zero"
    CACHE_IGNORED = "cache_ignored"
