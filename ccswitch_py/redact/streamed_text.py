"""Makes an answer fit for a terminal while it arrives: no escape sequences, and never the key, however it is cut."""

from __future__ import annotations

import re

from ccswitch_py.redact.key_patterns import DOTS
from ccswitch_py.redact.secret import Secret

_LONGEST_STRING = 1024
"""Characters of a terminal's title or link that are waited for; what is longer is text and no sequence."""

_STRING = rf"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f]{{0,{_LONGEST_STRING}}}"
_COLOUR = r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}"
_SHORT = r"\x1b[ -/]{0,8}"
_BEGUN = re.compile(rf"(?:{_STRING}\x1b?|{_COLOUR}|{_SHORT})\Z")
_SEQUENCE = re.compile(rf"{_STRING}(?:\x07|\x1b\\|\x9c)|{_COLOUR}[@-~]|{_SHORT}[0-~]")
# Beside the control characters: what has no width or turns the direction of the text, and would hide in a key.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u206f\ufeff]")
_HALF = re.compile("[\ud800-\udfff]")
_FIRST_HALVES = ("\ud800", "\udbff")
_TELLING = 12
"""So many characters of a key are too many to be shown when the text ends in its middle."""


class StreamSanitizer:
    """Text from a gateway, piece by piece: what may be the beginning of a key or of a sequence waits for the rest.

    Line ends and tabs stay. What comes out is the same however the text is cut.
    """

    def __init__(self, key: Secret) -> None:
        self._forms = sorted({_folded(form) for form in key.forms}, key=len, reverse=True)
        self._key = re.compile("|".join(map(re.escape, self._forms))) if self._forms else None
        self._half = ""
        self._unread = ""
        self._unsaid = ""

    def feed(self, text: str) -> str:
        """What can be shown by now."""
        text = self._half + text
        self._half = text[-1] if text and _FIRST_HALVES[0] <= text[-1] <= _FIRST_HALVES[1] else ""
        self._take(text.removesuffix(self._half), is_last=False)
        return self._say(is_last=False)

    def close(self) -> str:
        """What is left at the end."""
        self._take(self._half, is_last=True)
        self._half = ""
        return self._say(is_last=True)

    def _take(self, text: str, *, is_last: bool) -> None:
        """Move text without its control characters from ``_unread`` to ``_unsaid``."""
        text = self._unread + _whole_characters(text)
        self._unread = ""
        at = 0
        while control := _CONTROL.search(text, at):
            self._unsaid += text[at : control.start()]
            at = control.start()
            if _BEGUN.match(text, at):
                self._unread = "" if is_last else text[at:]
                return
            sequence = _SEQUENCE.match(text, at)
            at = sequence.end() if sequence else at + 1
        self._unsaid += text[at:]

    def _say(self, *, is_last: bool) -> str:
        text, said, at = _folded(self._unsaid), "", 0
        while True:
            begun = self._key_begins(text, at)
            found = self._key.search(text, at) if self._key else None
            if found is None or (found.start() >= begun and not is_last):
                break
            said += self._unsaid[at : found.start()] + DOTS
            at = found.end()
        said += self._unsaid[at:begun]
        rest = self._unsaid[begun:]
        self._unsaid = "" if is_last else rest
        if not is_last:
            return said
        return said + (rest if len(rest) < _TELLING else DOTS)

    def _key_begins(self, text: str, start: int) -> int:
        """Where a key may begin of which more is to come; the end of the text if nowhere."""
        first = len(text)
        for form in self._forms:
            at = text.find(form[0], max(start, len(text) - len(form) + 1))
            while 0 <= at < first:
                if form.startswith(text[at:]):
                    first = at
                at = text.find(form[0], at + 1)
        return first


def _whole_characters(text: str) -> str:
    """JSON can hold half a character, which no terminal takes: two halves become one, one becomes a sign."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _folded(text: str) -> str:
    """The text for comparing without case, character for character."""
    return text.lower() if text.isascii() else "".join(char.upper()[0].lower()[0] for char in text)
