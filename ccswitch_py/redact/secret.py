"""A secret in memory: masked wherever it is printed, logged or pickled, and scrubbed from any text."""

from __future__ import annotations

from ccswitch_py.redact.key_patterns import DOTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import NoReturn, Self

_SHOWN_TAIL = 4
_LONG_ENOUGH_FOR_A_TAIL = 16
_LONG_ENOUGH_TO_RECOGNISE = 8


class Secret:
    """A key that print, logs, debuggers and pickle do not get; only ``reveal`` gives it."""

    __slots__ = ("__forms", "__value")

    def __init__(self, value: str) -> None:
        self.__value = value
        self.__forms: frozenset[str] | None = None

    def reveal(self) -> str:
        """The key itself: for the request, the child process or the store that needs it, and for nothing else."""
        return self.__value

    @property
    def forms(self) -> frozenset[str]:
        """The key and all that encodings make of it, as ``scrub`` looks for them; nothing for an empty key."""
        if self.__forms is None:
            self.__forms = frozenset(_forms(self.__value)) if self.__value else frozenset()
        return self.__forms

    @property
    def masked(self) -> str:
        """Dots, and the last four characters of a key that is long enough for these to say nothing."""
        tail = self.__value[-_SHOWN_TAIL:] if len(self.__value) >= _LONG_ENOUGH_FOR_A_TAIL else ""
        return DOTS + tail

    def __str__(self) -> str:
        return self.masked

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)

    def __repr__(self) -> str:
        return f"Secret({DOTS})"

    def __eq__(self, other: object) -> bool:
        """Takes the same time wherever the two keys differ."""
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac

        return hmac.compare_digest(_as_bytes(self.__value), _as_bytes(other.__value))

    def __hash__(self) -> int:
        return hash((Secret, self.__value))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a key cannot be pickled")


def scrub(text: str, *secrets: Secret) -> str:
    """``text`` with dots in place of each key, also in base64 or hex, percent-encoded, escaped, or backwards."""
    forms = {form for secret in secrets for form in secret.forms}
    if not forms:
        return text
    import re

    longest_first = sorted(forms, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), DOTS, text, flags=re.IGNORECASE)


def _forms(value: str) -> Iterator[str]:
    import json
    import urllib.parse

    data = _as_bytes(value)
    yield value
    encoded = [
        data.hex(),
        urllib.parse.quote(data, safe=""),
        urllib.parse.quote(data),
        urllib.parse.quote_plus(data),
        json.dumps(value)[1:-1],
        value[::-1],
        "".join(f"%{byte:02x}" for byte in data),
        "".join(f"\\x{byte:02x}" for byte in data),
        "".join(f"\\u{ord(char):04x}" for char in value),
        *_base64_cores(data),
    ]
    yield from (form for form in encoded if len(form) >= _LONG_ENOUGH_TO_RECOGNISE)


def _base64_cores(data: bytes) -> Iterator[str]:
    """What base64 makes of ``data`` wherever it begins in a longer text, without the characters that it shares."""
    import base64

    for before in range(3):
        after = -(before + len(data)) % 3
        padded = bytes(before) + data + bytes(after)
        first, last = -(-before * 8 // 6), -(-after * 8 // 6)
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            code = encode(padded).decode()
            yield code[first : len(code) - last]


def _as_bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")
