"""Cleans what people paste when asked for a key, and refuses what cannot be one."""

from __future__ import annotations

import re

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _, ngettext
from ccswitch_py.redact.key_patterns import is_placeholder
from ccswitch_py.redact.secret import Secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MIN_LENGTH = 8
MAX_LENGTH = 8192

# https://www.unicode.org/reports/tr44/ : format characters and no-break spaces that web pages leave in copied text.
_INVISIBLE = "[\u00a0\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202f\u2060-\u2069\ufe00-\ufe0f\ufeff]"
_LINE_END = "[\r\n]+"
_BLANKS = " \t\u3000"
_PUNCTUATION = ",; \t\u3000"
_CONTROL = r"[\x00-\x08\x0a-\x1f\x7f-\x9f]"
_QUOTES = ('""', "''", "``", "“”", "‘’", "«»")
_MASKED = r"[•●∙·▪◦⬤∗✱…]|\*{3}|\.{3}"
_HEADER = r"(?i:(?:authorization|x-api-key)\s*:|bearer(?:\s|:|$))"
_ASSIGNMENT = (
    r"(?:export\s+|set\s+)?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\s*="
    r"|(?i:(?:export|setx?|let|const|var|env)\s|\$[\w:]+\s*=|(?:\w[\w.-]*)?(?:key|token|secret|auth)[\w.-]*\s*=\s*[^=\s])"
)
_REFERENCE = (
    r"\$[\w:{(]|%\w+%|\{(?:env|file):|(?:op|vault|keyring|secret|env|file|bw)://"
    r"|(?:env|file|keychain|keyring|vault|pass|secret|op|cmd|exec):\w|(?:process\.env|os\.environ|import\.meta)\b"
    r"|\.{0,2}~?/(?:home|Users|root|etc|run|tmp)/|(?:~|\.{1,2})/"
)
_MODEL = r"(?:claude-(?:opus|sonnet|haiku|fable|\d)|gpt-\d|gemini-\d)[\w.-]{0,40}(?:\[1m\])?"
_LOOKED_AT = ("claude-", "gpt-", "gemini-", "process.env", "os.environ", "import.meta")
"""How those of the two above begin that otherwise look like a plain key."""
_ADDRESS = r"(?i:https?:)?//"
_FOREIGN_LINE = r"[\"'`\\]|^[{\[][^{]*:|^--[\w-]+="
_OPEN_BRACKET = r"^[{<\[(]\S+[\s:]"
_BRACKETS = r"[<\[{(‹«].*[>\]})›»]"

_LOCAL_KEY = r"(?i:any|dummy|ollama|none|empty|fake|test|local|unused|no-?key|token|key|jan|freecc|x|na|(?:sk-)?\d{3,})"
"""What gateways on one's own machine document as a key. A shorter one of others could not be redacted safely."""

EMPTY = (N_("The key is empty."), N_("Paste the key that the gateway's console shows when the key is made."))
MASKED = (
    N_("This is a masked key, with dots or stars in place of its characters."),
    N_("Copy the whole key where the gateway shows it in full; many show it only once, then make a new one."),
)
HEADER = (N_("This is a header, not just the key."), N_("Paste only what follows `Bearer` or the header's name."))
ASSIGNMENT = (N_("This is an environment variable, not just the key."), N_("Paste only what follows the `=`."))
PLACEHOLDER = (
    N_("This is a placeholder, not a key."),
    N_("Paste the key that the gateway's console shows when the key is made."),
)
REFERENCE = (
    N_("This is a reference to a key, not the key itself."),
    N_("Paste the key, or have the profile get it from a variable or a command."),
)
MODEL = (N_("This is the name of a model, not a key."), N_("Choose it as a model, and paste the key here."))
ADDRESS = (N_("This is a URL, not a key."), N_("Paste it as the base URL, and the key here."))
FOREIGN_LINE = (
    N_("This is a line of a file or a command, not just the key."),
    N_("Paste only the key, without the quotes around it."),
)
CONTROL = (N_("The key contains a control character."), N_("Copy it again, without the terminal's colours."))
BLANK = (N_("The key contains a space."), N_("Paste the key alone, without any words around it."))
NOT_ASCII = (
    N_("The key contains a non-ASCII character, which no header can carry."),
    N_("Copy it again from the gateway's console; a chat or a word processor may have changed it."),
)
SEVERAL_LINES = (
    N_("This is more than one line, and a key is one line."),
    N_("Paste one key. If a terminal has wrapped it, join its lines first."),
)
SEVERAL_KEYS = (N_("These are several keys, or the same key twice."), N_("Paste one key."))
TOO_LONG = (N_("This is longer than 8192 characters, which is too long for a key."), N_("Paste the key alone."))
TOO_SHORT = (N_("The key is too short to be one."), N_("Copy all of it from the gateway's page."))

_CHECKS: tuple[tuple[Callable[[str], object], tuple[str, str]], ...] = (
    (lambda key: not key, EMPTY),
    (lambda key: len(key) > MAX_LENGTH, TOO_LONG),
    (lambda key: re.match(_HEADER, key), HEADER),
    (lambda key: re.match(_ASSIGNMENT, key), ASSIGNMENT),
    (lambda key: re.match(_REFERENCE, key), REFERENCE),
    (lambda key: re.match(_ADDRESS, key), ADDRESS),
    (lambda key: re.fullmatch(_MODEL, key), MODEL),
    (lambda key: re.search(_MASKED, key), MASKED),
    (lambda key: re.search(_CONTROL, key), CONTROL),
    (lambda key: re.search(_FOREIGN_LINE, key), FOREIGN_LINE),
    (lambda key: re.search(r"\s", key) and not re.fullmatch(_BRACKETS, key), BLANK),
    (is_placeholder, PLACEHOLDER),
    (lambda key: re.search(_OPEN_BRACKET, key), FOREIGN_LINE),
    (lambda key: re.search(r"[,;]", key) or _is_doubled(key), SEVERAL_KEYS),
    (lambda key: not key.isascii(), NOT_ASCII),
    (lambda key: len(key) < MIN_LENGTH and not re.fullmatch(_LOCAL_KEY, key), TOO_SHORT),
)
"""What cannot be a key, and why; the first that holds counts."""
REASONS = (*(reason for _check, reason in _CHECKS), SEVERAL_LINES)

_SHORTEST_TWO = 32
"""Characters of two keys in a row; and twice that where no prefix tells them from one key of a regular shape."""


def clean_key(text: str) -> tuple[Secret, list[str]]:
    """Return the key in a pasted text, and a note for each thing that was dropped around it.

    Raises ``BadInput`` with one of ``REASONS``, which never quote the text.
    """
    if _is_plain(text):
        return Secret(text), []
    notes: list[str] = []
    visible, invisible = re.subn(_INVISIBLE, "", text)
    if invisible:
        notes.append(
            ngettext(
                "{count} invisible character was dropped.", "{count} invisible characters were dropped.", invisible
            )
        )
    lines = [line for line in re.split(_LINE_END, visible) if line.strip(_BLANKS)]
    if not lines:
        raise BadInput(*map(_, EMPTY))
    line = lines[0].strip(_BLANKS)
    bare = line.rstrip(_PUNCTUATION)
    key = _unquoted(bare)
    if bare != line:
        notes.append(_("A trailing comma or semicolon was removed."))
    if key != bare:
        notes.append(_("Surrounding quotes were removed."))
    if line != lines[0]:
        notes.append(_("Surrounding whitespace was removed."))
    if refusal := next((reason for holds, reason in _CHECKS if holds(key)), None):
        raise BadInput(*map(_, refusal))
    if len(lines) > 1:
        raise BadInput(*map(_, SEVERAL_LINES))
    return Secret(key), notes


def _is_plain(text: str) -> bool:
    """Whether a key is nothing but letters, digits and ``-_.``, as most are: the key command has no time for more."""
    word = text.replace("-", "").replace("_", "").replace(".", "")
    return (
        MIN_LENGTH <= len(text) <= MAX_LENGTH
        and text.isascii()
        and word.isalnum()
        and "..." not in text
        and not text.startswith(_LOOKED_AT)
        and not is_placeholder(text)
        and not _is_doubled(text)
    )


def _is_doubled(key: str) -> bool:
    """Whether two keys stand in a row: a vendor's prefix recurs (``sk-ant-…sk-ant-…``), or both halves are equal."""
    if len(key) < _SHORTEST_TWO:
        return False
    half = len(key) // 2
    first, dash, rest = key.partition("-")
    second, next_dash, _rest = rest.partition("-")
    if dash and first.isalpha():
        if next_dash and second.isalpha() and f"{first}-{second}-" in rest:
            return True
        if len(key) % 2 == 0 and key.startswith(f"{first}-", half):
            return True
    return len(key) >= 2 * _SHORTEST_TWO and key[:half] == key[half:]


def _unquoted(line: str) -> str:
    while len(line) >= 2 and line[0] + line[-1] in _QUOTES:
        line = line[1:-1].strip(_BLANKS)
    return line
