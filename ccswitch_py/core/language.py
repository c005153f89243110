"""Translates messages: English as the code has it, or a gettext catalogue.

``CCSWITCH_LANG`` decides, else the locale (``LANGUAGE``, ``LC_ALL``, ``LC_MESSAGES``, ``LANG``). On the path of the
quick commands, so English imports nothing.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from gettext import NullTranslations


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


_translations: NullTranslations | _English | None = None


def _(text: str, /, **values: object) -> str:
    """Translate ``text``, then replace each ``{name}`` in it by the value of that name."""
    translated = _catalogue().gettext(text) if text else ""  # gettext gives the header for an empty text
    return translated.format(**values) if values else translated


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """Translate ``one`` or ``many`` by ``count``, which replaces ``{count}``."""
    return _catalogue().ngettext(one, many, count).format(count=count, **values)


def N_(text: str) -> str:  # noqa: N802 (the name that gettext users expect)
    """Mark ``text`` for translation and return it as it is; ``_`` translates it later."""
    return text


def join_list(items: Iterable[str]) -> str:
    """Join names or values: "a, b, c"."""
    return _("{name}, {next}", name="", next="").join(items)


def join_clauses(*words: str) -> str:
    """Join parts of a sentence, without empty ones: "✓ works, 2 h ago, edited since"."""
    return _("{clause}, {next}", clause="", next="").join(filter(None, words))


def join_with_and(items: Iterable[str]) -> str:
    """Join names or values: "a, b and c"."""
    *most, last = items
    return _("{names} and {last}", names=join_list(most), last=last) if most else last


def join_with_or(items: Iterable[str]) -> str:
    """Join names or values: "a, b or c"."""
    *most, last = items
    return _("{names} or {last}", names=join_list(most), last=last) if most else last


def labelled(subject: str, words: str) -> str:
    """Label words with their subject: "deepseek: it works"."""
    return _("{subject}: {words}", subject=subject, words=words)


def join_sentences(*sentences: str) -> str:
    """Join sentences, without empty ones."""
    return _("{sentence} {next}", sentence="", next="").join(filter(None, sentences))


def as_sentence(words: str) -> str:
    """Capitalise ``words`` and add a full stop."""
    return _("{words}.", words=words[:1].upper() + words[1:])


def quoted(name: object) -> str:
    """Escape a name for display between quotes: control characters and quotes lose their effect."""
    return repr(name)[1:-1]


def chosen_language(environ: Mapping[str, str]) -> str:
    """Return ``en`` or ``zh_CN``: the first preferred language that is available, else English."""
    preferred = [environ.get("CCSWITCH_LANG", "")]
    if not preferred[0]:
        locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environ.get(name))), "")
        if locale.partition(".")[0] not in ("C", "POSIX"):
            preferred = [*environ.get("LANGUAGE", "").split(":"), locale]
        if not any(preferred) and sys.platform == "win32":
            preferred = [_windows_language()]
    return next((known for one in preferred if (known := _known(one))), ENGLISH)


def _known(language: str) -> str | None:
    parts = language.partition(".")[0].partition("@")[0].lower().replace("-", "_").split("_")
    if parts[0] == "en":
        return ENGLISH
    if parts[0] == "zh" and not set(parts) & set(_TRADITIONAL):
        return CHINESE
    return None


def _windows_language() -> str:
    import ctypes

    language = getattr(ctypes, "windll").kernel32.GetUserDefaultUILanguage()  # noqa: B009
    return CHINESE if language in _LANGID_CHINESE_SIMPLIFIED else ENGLISH


def _catalogue() -> NullTranslations | _English:
    global _translations
    if _translations is None:
        language = chosen_language(os.environ)
        if language == ENGLISH:
            _translations = _English()
        else:
            import gettext

            _translations = gettext.translation("ccswitch", FOLDER, [language], fallback=True)
    return _translations
