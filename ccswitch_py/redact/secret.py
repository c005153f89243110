"""A secret in memory: masked wherever it is printed, logged or pickled, and scrubbed from any text."""

from __future__ import annotations

from ccswitch_py.redact.key_patterns import DOTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Pattern
    from typing import NoReturn, Self

_SHOWN_TAIL = 4
_MIN_LENGTH_FOR_TAIL = 16
_MIN_FORM_LENGTH = 8


class Secret:
    """A secret that print, logs, debuggers and pickle see masked."""

    __slots__ = ("__forms", "__pattern", "__value")

    def __init__(self, value: str) -> None:
        self.__value = value
        self.__forms: frozenset[str] | None = None
        self.__pattern: Pattern[str] | None = None

    def reveal(self) -> str:
        """Return the secret itself, for the request, child process or store that needs it."""
        return self.__value

    @property
    def forms(self) -> frozenset[str]:
        """The secret in each encoding that ``scrub`` looks for; empty for an empty secret."""
        if self.__forms is None:
            self.__forms = frozenset(_forms(self.__value)) if self.__value else frozenset()
        return self.__forms

    @property
    def pattern(self) -> Pattern[str]:
        """Any of the forms in whatever case, the longest first; compiled once, as many texts are scrubbed."""
        if self.__pattern is None:
            import re

            longest_first = sorted(self.forms, key=len, reverse=True)
            self.__pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
        return self.__pattern

    @property
    def masked(self) -> str:
        """Dots, and the last four characters of a long secret."""
        tail = self.__value[-_SHOWN_TAIL:] if len(self.__value) >= _MIN_LENGTH_FOR_TAIL else ""
        return DOTS + tail

    def __str__(self) -> str:
        return self.masked

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)

    def __repr__(self) -> str:
        return f"Secret({DOTS})"

    def __eq__(self, other: object) -> bool:
        """Compare in constant time."""
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
        raise TypeError("a secret cannot be pickled")


def scrub(text: str, secret: Secret) -> str:
    """Replace the secret with dots, also in base64 or hex, percent-encoded, escaped, or backwards."""
    return secret.pattern.sub(DOTS, text) if secret.forms else text


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
        *_base64_forms(data),
    ]
    yield from (form for form in encoded if len(form) >= _MIN_FORM_LENGTH)


def _base64_forms(data: bytes) -> Iterator[str]:
    """Encode ``data`` at each offset in a longer text, without the characters that it shares with its neighbours."""
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
