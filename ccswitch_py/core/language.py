"""The language in which ccswitch speaks: English as the code has it, or a gettext catalogue.

``CCSWITCH_LANG`` decides, else the locale (``LANGUAGE``, ``LC_ALL``, ``LC_MESSAGES``, ``LANG``). On the way of every
quick verb, so English imports nothing.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Protocol

    class Translations(Protocol):
        """What ``gettext`` makes of a catalogue."""

        def gettext(self, message: str) -> str:
            """The text in another language."""
            ...

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            """The text for so many."""
            ...


ENGLISH = "en"
CHINESE = "zh_CN"
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale")
_TRADITIONAL = ("tw", "hk", "mo", "hant")
_LANGID_CHINESE_SIMPLIFIED = (0x0804, 0x1004)


class _English:
    """No translation."""

    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if n == 1 else msgid2


_translations: Translations | None = None


def _(text: str, /, **values: object) -> str:
    """``text`` in the user's language, and ``{name}`` in it replaced by the value of that name."""
    said = _spoken().gettext(text) if text else ""  # of an empty text gettext has the head of the catalogue
    return said.format(**values) if values else said


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """``one`` or ``many`` in the user's language, by ``count``, which stands for ``{count}`` in it."""
    return _spoken().ngettext(one, many, count).format(count=count, **values)


def N_(text: str) -> str:  # noqa: N802 (the name that gettext users expect)
    """``text`` as it is, for a table: whoever shows it says ``_`` of it."""
    return text


def join_list(items: Iterable[str]) -> str:
    """Names or values in one line: "a, b, c"."""
    return _("{name}, {next}", name="", next="").join(items)


def join_clauses(*words: str) -> str:
    """Parts of a sentence in one line: "✓ works, 2 h ago, edited since"; empty ones are left out."""
    return _("{clause}, {next}", clause="", next="").join(filter(None, words))


def join_with_and(items: Iterable[str]) -> str:
    """Names or values of which each counts: "a, b and c"."""
    *most, last = items
    return _("{names} and {last}", names=join_list(most), last=last) if most else last


def join_with_or(items: Iterable[str]) -> str:
    """Names or values of which one counts: "a, b or c"."""
    *most, last = items
    return _("{names} or {last}", names=join_list(most), last=last) if most else last


def labelled(subject: str, words: str) -> str:
    """What is said of something: "deepseek: it works"."""
    return _("{subject}: {words}", subject=subject, words=words)


def join_sentences(*sentences: str) -> str:
    """Sentences one after the other; empty ones are left out."""
    return _("{sentence} {next}", sentence="", next="").join(filter(None, sentences))


def as_sentence(words: str) -> str:
    """``words``, which have neither a capital nor a full stop, as a sentence."""
    return _("{words}.", words=words[:1].upper() + words[1:])


def quoted(name: object) -> str:
    """A name that anybody may have chosen, to be shown between quotes: what would move the cursor is escaped."""
    return repr(name)[1:-1]


def chosen_language(environ: Mapping[str, str]) -> str:
    """``en`` or ``zh_CN``: the first of the wishes that we speak, else English."""
    wishes = [environ.get("CCSWITCH_LANG", "")]
    if not wishes[0]:
        locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environ.get(name))), "")
        if locale.partition(".")[0] not in ("C", "POSIX"):
            wishes = [*environ.get("LANGUAGE", "").split(":"), locale]
        if not any(wishes) and sys.platform == "win32":
            wishes = [_of_windows()]
    return next((known for wish in wishes if (known := _known(wish))), ENGLISH)


def _known(wish: str) -> str | None:
    parts = wish.partition(".")[0].partition("@")[0].lower().replace("-", "_").split("_")
    if parts[0] == "en":
        return ENGLISH
    if parts[0] == "zh" and not set(parts) & set(_TRADITIONAL):
        return CHINESE
    return None


def _of_windows() -> str:
    import ctypes

    spoken = getattr(ctypes, "windll").kernel32.GetUserDefaultUILanguage()  # noqa: B009
    return CHINESE if spoken in _LANGID_CHINESE_SIMPLIFIED else ENGLISH


def _spoken() -> Translations:
    global _translations
    if _translations is None:
        _translations = _load(chosen_language(os.environ))
    return _translations


def _load(language: str) -> Translations:
    if language == ENGLISH:
        return _English()
    import gettext

    return gettext.translation("ccswitch", FOLDER, [language], fallback=True)
