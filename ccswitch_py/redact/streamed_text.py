"""Sanitizes an answer while it arrives: no escape sequences, and never the key, however the text is cut."""

from __future__ import annotations

import re

from ccswitch_py.redact.key_patterns import DOTS
from ccswitch_py.redact.secret import Secret

_LONGEST_STRING = 1024
"""Characters to wait for the end of a terminal's title or link; anything longer is plain text."""

_STRING = rf"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f]{{0,{_LONGEST_STRING}}}"
_COLOUR = r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}"
_SHORT = r"\x1b[ -/]{0,8}"
_BEGUN = re.compile(rf"(?:{_STRING}\x1b?|{_COLOUR}|{_SHORT})\Z")
_SEQUENCE = re.compile(rf"{_STRING}(?:\x07|\x1b\\|\x9c)|{_COLOUR}[@-~]|{_SHORT}[0-~]")
# Also what has no width or turns the direction of the text: it could stand in the middle of a key.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u206f\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HIGH_SURROGATES = ("\ud800", "\udbff")
_MAX_TAIL = 12
"""Fewer characters of a key may be shown when the text ends in its middle."""


class StreamSanitizer:
    """Sanitize text piece by piece; what may be the beginning of a key or of an escape sequence waits for the rest.

    Line ends and tabs stay. The output is the same however the text is cut.
    """

    def __init__(self, key: Secret) -> None:
        self._forms = sorted({_folded(form) for form in key.forms}, key=len, reverse=True)
        self._key = re.compile("|".join(map(re.escape, self._forms))) if self._forms else None
        self._surrogate = ""
        self._escape = ""
        self._pending = ""

    def feed(self, text: str) -> str:
        """Take more text, and return what can be shown by now."""
        text = self._surrogate + text
        self._surrogate = text[-1] if text and _HIGH_SURROGATES[0] <= text[-1] <= _HIGH_SURROGATES[1] else ""
        self._take(text.removesuffix(self._surrogate), is_last=False)
        return self._flush(is_last=False)

    def close(self) -> str:
        """Return what is left at the end of the text."""
        self._take(self._surrogate, is_last=True)
        self._surrogate = ""
        return self._flush(is_last=True)

    def _take(self, text: str, *, is_last: bool) -> None:
        """Move text from ``_escape`` to ``_pending`` without its control characters."""
        text = self._escape + _whole_characters(text)
        self._escape = ""
        at = 0
        while control := _CONTROL.search(text, at):
            self._pending += text[at : control.start()]
            at = control.start()
            if _BEGUN.match(text, at):
                self._escape = "" if is_last else text[at:]
                return
            sequence = _SEQUENCE.match(text, at)
            at = sequence.end() if sequence else at + 1
        self._pending += text[at:]

    def _flush(self, *, is_last: bool) -> str:
        text, shown, at = _folded(self._pending), "", 0
        while True:
            begun = self._key_begins(text, at)
            found = self._key.search(text, at) if self._key else None
            if found is None or (found.start() >= begun and not is_last):
                break
            shown += self._pending[at : found.start()] + DOTS
            at = found.end()
        shown += self._pending[at:begun]
        rest = self._pending[begun:]
        self._pending = "" if is_last else rest
        if not is_last:
            return shown
        return shown + (rest if len(rest) < _MAX_TAIL else DOTS)

    def _key_begins(self, text: str, start: int) -> int:
        """Find where a key may begin whose rest is still to come; the end of the text if nowhere."""
        first = len(text)
        for form in self._forms:
            at = text.find(form[0], max(start, len(text) - len(form) + 1))
            while 0 <= at < first:
                if form.startswith(text[at:]):
                    first = at
                at = text.find(form[0], at + 1)
        return first


def _whole_characters(text: str) -> str:
    """Join surrogate pairs, which JSON can split, and replace lone ones, which no terminal takes."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _folded(text: str) -> str:
    """Fold case without changing the number of characters."""
    return text.lower() if text.isascii() else "".join(char.upper()[0].lower()[0] for char in text)
