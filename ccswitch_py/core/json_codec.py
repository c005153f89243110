"""JSON for the quick commands: the C functions of ``json`` alone.

Importing ``json`` compiles six patterns and ``re`` with them, which costs a third of Python's own start.
"""

from __future__ import annotations

from _json import encode_basestring, encode_basestring_ascii, make_encoder, make_scanner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

_BLANKS = " \t\n\r"


class Decoder:
    """``json.JSONDecoder`` without hooks for objects and without NaN and Infinity."""

    strict = True
    object_hook = None
    object_pairs_hook = None

    def __init__(self, parse_int: Callable[[str], Any] = int, parse_float: Callable[[str], Any] = float) -> None:
        self.parse_int = parse_int
        self.parse_float = parse_float
        self.parse_constant = _refuse_constant
        self._scan = make_scanner(self)  # pyright: ignore[reportArgumentType] (any object with these attributes)

    def raw_decode(self, text: str, at: int = 0) -> tuple[Any, int]:
        """Return the value at ``at`` and its end; raises ``json.JSONDecodeError``, and ``ValueError`` for NaN."""
        try:
            try:
                return self._scan(text, at)
            except SystemError:
                # The scanner takes the class of its error from this module, and does not import it.
                __import__("json.decoder")
                return self._scan(text, at)
        except StopIteration as end:
            _refuse("Expecting value", text, end.value)

    def decode(self, text: str) -> Any:
        """Return the only value of a text; raises as ``raw_decode`` does."""
        value, end = self.raw_decode(text, len(text) - len(text.lstrip(_BLANKS)))
        rest = text[end:].lstrip(_BLANKS)
        if rest:
            _refuse("Extra data", text, len(text) - len(rest))
        return value


def loads(data: bytes) -> Any:
    """Return the value that UTF-8 data holds; raises ``ValueError``."""
    return _DECODER.decode(data.decode())


def dumps(value: Any, *, ascii_only: bool = True, allow_nan: bool = False) -> str:
    """Write a value as ``json.dumps`` does; raises ``ValueError`` for NaN, ``TypeError`` for what JSON cannot hold."""
    encode_text = encode_basestring_ascii if ascii_only else encode_basestring
    encode = make_encoder(None, _refuse_type, encode_text, None, ": ", ", ", False, False, allow_nan)
    return "".join(encode(value, 0))


def _refuse(reason: str, text: str, at: int) -> NoReturn:
    from json import JSONDecodeError

    raise JSONDecodeError(reason, text, at)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_type(value: object) -> NoReturn:
    raise TypeError(f"JSON has no {type(value).__name__}")


_DECODER = Decoder()
