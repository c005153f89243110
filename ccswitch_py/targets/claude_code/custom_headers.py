"""Extra headers in the form of Claude Code's variable for them: one ``Name: value`` a line."""

from __future__ import annotations

from ccswitch_py.redact.key_patterns import is_secret_name, may_contain_key
from ccswitch_py.targets.claude_code.switches import CREDENTIAL_HEADERS

_SHOWS_A_SECRET = r"\bsk-|\b(?:echo|printf)\b"  # noqa: S105 (a pattern)
UNUSED = "unused"
"""What stands in ``x-api-key`` for gateways that must not get the key there."""


def header_is_secret(name: str, value: str) -> bool:
    """Whether a custom header carries a key, by its name or by how its value looks."""
    return value != UNUSED and (is_secret_name(name) or may_be_secret(value))


def may_be_secret(text: str) -> bool:
    """Whether something in it looks like a key, or prints one."""
    import re

    return may_contain_key(text) or re.search(_SHOWS_A_SECRET, text) is not None


def parse_headers(text: str) -> list[tuple[str, str]]:
    """The headers in the form of ``ANTHROPIC_CUSTOM_HEADERS``: one ``Name: value`` a line."""
    pairs = (line.partition(":") for line in text.splitlines())
    return [(name.strip(), value.strip()) for name, colon, value in pairs if colon and name.strip()]


def merged_headers(before: str, ours: str, *, keep_credentials: bool = False) -> str:
    """The user's own headers (``before``) without credentials, which are for another gateway; then the profile's."""
    wins = parse_headers(ours)
    taken = {name.lower() for name, _value in wins}
    if not keep_credentials:
        taken.update(CREDENTIAL_HEADERS)
    own = parse_headers(before)
    kept = [(name, value) for name, value in own if name.lower() not in taken]
    return "\n".join(f"{name}: {value}" for name, value in [*kept, *wins])
