"""Find keys in plaintext, and tell them from placeholders, references and file names.

For findings, which must not raise false alarms. What is only shown is masked more broadly (``masking``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from enum import IntEnum
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from ccswitch_py.redact.key_patterns import contains_key, is_placeholder, looks_like_key


class Certainty(IntEnum):
    """Whether a value looks like nothing but a key, or its name alone suggests one."""

    POSSIBLE = 1
    CERTAIN = 2


class PlaintextKey(NamedTuple):
    """A key in a text: the name that it stands under ("" for none) and its line, but never the key itself."""

    name: str
    line: int
    certainty: Certainty


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_KEY_WORDS = _words(
    "key|apikey|token|authtoken|accesstoken|secret|password|passwd|pwd|pass|passphrase|pat|authorization|cookie|"
    "credential|bearer"
)
_KEY_PAIRS = frozenset(
    (("api", "key"), ("api", "keys"), ("bearer", "token"), ("auth", "token"), ("access", "token"), ("secret", "key"))
)
_QUALIFIED = _words(
    "public|publishable|cache|sort|partition|primary|foreign|idempotency|hot|shortcut|unique|routing|i18n"
)
"""Before ``key``, these name something else."""
_ABOUT_A_KEY = _words(
    "id|ids|file|path|dir|helper|ms|seconds|ttl|name|url|uri|env|var|type|header|format|limit|size|count|budget|"
    "command|cmd|descriptor|endpoint|expiry|expires|prefix|version|source|scope|scopes|mode|enabled|alias|"
    "fingerprint"
)
"""The last words of names such as ``API_KEY_FILE``, whose values are not the key."""
_IN_NAMES = ("key", "token", "secret", "pass", "pwd", "pat", "authorization", "cookie", "credential", "bearer")
_IN_TEXTS = (
    *(*_IN_NAMES, "basic", "://", "akia", "aiza", "eyj", "ghp", "gho", "glpat", "xox"),
    *(mark + sign for mark in ("sk", "pk", "rk", "ak", "cr") for sign in "-_"),
)
"""In lower case: what has none of these names no key, or has none. Quick to find."""
_LONGEST_SEARCHED = 256 * 1024
"""Characters of one text, of a longer one those of the lines that may have a key: half a second's work."""
_BATCH = 100
_NAME_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|i18n")

_REFERENCE = re.compile(
    r"%\w+%\Z|\{(?:env|file|cmd|input)\b|(?!(?:https?|wss?):)[a-z][a-z0-9+.-]*://"
    r"|(?:env|file|vault|keychain|keyring|secrets?|op|ssm|cmd|command|exec|pass|bw|arn|ref):"
    r"|(?:process\.env|os\.environ|os\.getenv|import\.meta)\b|!\w",
    re.IGNORECASE,
)
_INNER_REFERENCE = re.compile(r"\$[A-Za-z_{(]|\{\{|`|<[^<>]*>|‹|›")
_BRACKETED = re.compile(r"<[^<>\s]*>")
_MASKED = re.compile(r"…|\.\.\.|\*{3}|[•●∙·∗✱]|(?<![a-z0-9])x{3,}(?![a-z0-9])|x{5,}|(?-i:EXAMPLE)", re.IGNORECASE)
_ASKS = re.compile(
    r"(?<![a-z0-9])(?:your|change-?(?:me|this|it)|replace-?(?:me|this|with)?|insert|paste|here|placeholder|redacted|tu|votre"
    r"|dein|ihr)(?![a-z0-9])|\A(?:your|optional)",
    re.IGNORECASE,
)
_FILE = re.compile(r"(?:~|\.{1,2})?/|~|[A-Za-z]:\\")
_RUN = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_FILLERS = _words(
    "a|access|actual|admin|an|ant|anthropic|any|anything|api|auth|bar|baz|bearer|changeme|change|claude|default|"
    "demo|dummy|empty|enter|env|example|fake|fill|foo|for|freecc|from|goes|gpt|here|hidden|if|ignored|in|insert|"
    "is|it|jan|key|litellm|llama|lm|local|localhost|lorem|managed|masked|me|mock|my|na|needed|new|nil|no|none|not|"
    "null|ollama|only|openai|optional|or|own|pass|password|paste|pk|placeholder|please|proxy|put|real|redacted|"
    "removed|replace|required|sample|secret|set|sk|some|something|string|studio|tbd|test|testing|the|this|to|todo|"
    "token|undefined|unset|unused|use|user|username|value|var|vllm|whatever|with|xx|xxx|xyz|you|your|yours"
)
_COUNTING = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")
_LONGEST_FILLER = 24
"""Characters; a longer text is no placeholder only because it counts."""

_WORD = re.compile(r"[^\s\"'`,;=&|<>(){}\[\]]+")
_LONG_RUN = re.compile(r"[A-Za-z0-9]{16,}")
_CASE_CHANGE = re.compile(r"(?<=[a-z])[A-Z]")
_MIN_CASE_CHANGES = 3
_SHORTEST, _LONGEST = 8, 4096
_VENDOR_KEY = re.compile(r"(?:hf|gsk|nvapi|xai|tvly|pplx|ntn|github_pat|gh[opsu])[-_][A-Za-z0-9_-]{16,}\Z")
_SEPARATOR = re.compile(r"[-_.+/=~:]")
_SCHEME_BEFORE = re.compile(r"(?:bearer|basic|token)\s+", re.IGNORECASE)
_OUTER = "\"',;:()[]{}*"
_VALUE = r"(?:(?:bearer|basic|token)\s{1,4})?[\"']{0,2}(?P<value>[^\s\"'`,;&|<>]{3,512})"
_NAMED = re.compile(
    r"(?<![\w$.-])(?P<assigned>[a-z_][\w.-]{0,80})[\"']?\s{0,4}[=:]\s{0,4}"
    r"|(?<!\S)--?(?P<option>[a-z][\w-]{0,60})[ =]\s{0,4}"
    r"|\b(?:setenv|set(?:\s{1,4}-\S{1,20}){1,4})\s{1,4}(?P<set>[a-z_]\w{0,80})\s{1,4}",
    re.IGNORECASE,
)
_ITS_VALUE = re.compile(_VALUE, re.IGNORECASE)
_SCHEME = re.compile(rf"\b(?:bearer|basic)\s{{1,4}}{_VALUE}", re.IGNORECASE)
_LOGIN = re.compile(r"://[^\s/?#\"'<>@:]{0,256}:(?P<value>[^\s/?#\"'<>@]{1,512})@")
_TOKEN_LOGIN = re.compile(r"://(?P<value>[^\s/?#\"'<>@:]{8,512})@")
_PRINTED = re.compile(rf"\b(?:echo|printf)\s+(?:-\w\s+|[\"']?%s(?:\\n)?[\"']?\s+){{0,2}}{_VALUE}")
_STRING = re.compile(r'"((?:[^"\\\n]++|\\.)*+)(?:"(\s*:)?|)')
"""Also one that has no end: a search that began again at each of its quotes would take quadratic time."""
_CODE = re.compile(r"""(?:[^#"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*'|(?<=\S)#|["'\\])*""")
_HEX_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")


@lru_cache(maxsize=1024)
def names_key(name: str) -> bool:
    """Return whether a variable, header, option or JSON member of this name usually holds a key."""
    if not _has_any(name, _IN_NAMES):
        return False
    words = [word.lower() for word in _NAME_WORD.findall(name)]
    if not words or words[-1] in _ABOUT_A_KEY:
        return False
    if words[-1] == "key" and len(words) > 1 and words[-2] in _QUALIFIED:
        return False
    return words[-1] in _KEY_WORDS or any(pair in _KEY_PAIRS for pair in pairwise(words))


def stands_for_key(value: str) -> bool:
    """Return whether a value is no key but a reference, a placeholder, a mask or the name of a file."""
    text = value.strip().strip("\"'")
    return (
        _REFERENCE.match(text) is not None
        or _INNER_REFERENCE.search(text) is not None
        or _MASKED.search(text) is not None
        or (_ASKS.search(text.replace("_", "-")) is not None and not any(map(_has_both, _LONG_RUN.findall(text))))
        or not text.isascii()
        or (_FILE.match(text) is not None and not contains_key(text))
        or is_placeholder(text)
        or _is_filler(text)
    )


def key_in(value: str, name: str = "", always: Collection[str] = ()) -> Certainty | None:
    """Return whether a value, of a setting of this name, contains a key in plaintext; None if not.

    Under a name in ``always`` every text that does not stand for a key may be one. A helper's is what it prints.
    """
    found = [certainty for _name, certainty in _candidates(value, always)]
    if name.lower().endswith("helper"):
        found += [_assess(match["value"], "token", always) for match in _PRINTED.finditer(value[:_LONGEST_SEARCHED])]
    if name in always or names_key(name):
        found.append(_assess(value, name, always))
    return max(filter(None, found), default=None)


def keys_in_json(text: str, always: Collection[str] = ()) -> Iterator[PlaintextKey]:
    """Yield the keys among the strings of a JSON text, also of one with errors: linear, and without nesting."""
    name, before = "", ""
    at, line = 0, 1
    strings = _STRING.finditer(text)
    while batch := list(islice(strings, _BATCH)):
        # Most have nothing of what a key or its name has: that is found out for many strings at once.
        raw = "\n".join((name, before, text[batch[0].start() : batch[-1].end()]))
        if not ("\\" in raw or _has_any(raw, _IN_TEXTS) or _has_any(raw, ("helper", *map(str.lower, always)))):
            name, before = _context(batch, name)
            continue
        for match in batch:
            string = _decoded(match[1])
            if match[2]:
                name, before = string, ""
                continue
            line, at = line + text.count("\n", at, match.start()), match.start()
            found = [key_in(string, name, always)] if len(string) >= _SHORTEST else []
            if before.startswith("-") and not string.startswith("-"):
                found.append(_assess(string, before.lstrip("-"), always))
            if certainty := max(filter(None, found), default=None):
                yield PlaintextKey(name, line, certainty)
            before = string


def _context(batch: list[re.Match[str]], name: str) -> tuple[str, str]:
    """The name that holds after these strings, which was ``name`` before, and the value that stands right before."""
    names = (match[1] for match in reversed(batch) if match[2])
    return next(names, name), "" if batch[-1][2] else batch[-1][1]


def keys_in_shell(text: str, always: Collection[str] = ()) -> Iterator[PlaintextKey]:
    """Yield the keys in the lines of a shell's start file or a ``.env``, whatever runs them; comments do not count."""
    for number, line in enumerate(text.split("\n"), 1):
        code = _CODE.match(line)
        found = list(_candidates(_HEX_ESCAPE.sub(_character, code[0] if code else ""), always))
        if certainty := max((certainty for _name, certainty in found if certainty), default=None):
            names = (name for name, found_certainty in found if name and found_certainty == certainty)
            yield PlaintextKey(next(names, ""), number, certainty)


def _candidates(text: str, always: Collection[str]) -> Iterator[tuple[str, Certainty | None]]:
    """What a text assigns, passes as an option, or carries in an address; then words with the mark of a key."""
    if not _has_any(text, _IN_TEXTS):
        return
    if len(text) > _LONGEST_SEARCHED:
        text = "\n".join(line for line in text.split("\n") if _has_any(line, _IN_TEXTS))[:_LONGEST_SEARCHED]
    text = _BRACKETED.sub("<>", text)
    at = 0
    while named := _NAMED.search(text, at):
        at, name = named.end(), named["assigned"] or named["option"] or named["set"]
        if (name in always or names_key(name)) and (value := _ITS_VALUE.match(text, at)):
            at = value.end()
            yield name, _assess(value["value"], name, always)
    for pattern, name in ((_SCHEME, "token"), (_TOKEN_LOGIN, "key")):  # a login may be a mere user name
        yield from (("", _assess(match["value"], name, always)) for match in pattern.finditer(text))
    for match in _LOGIN.finditer(text):
        yield "", None if stands_for_key(match["value"]) else Certainty.CERTAIN
    if contains_key(text):
        yield from (("", _assess(word, "", always)) for word in _WORD.findall(text))


def _has_any(text: str, parts: Iterable[str]) -> bool:
    return any(map(text.lower().__contains__, parts))


def _assess(value: str, name: str, always: Collection[str]) -> Certainty | None:
    """Judge one value of a setting, header or option of this name."""
    word = _SCHEME_BEFORE.sub("", value.strip().strip(_OUTER)) if len(value) <= _LONGEST else ""
    if len(word) < _SHORTEST or any(map(str.isspace, word)) or stands_for_key(word):
        return None
    if contains_key(word) or _VENDOR_KEY.match(word):
        return Certainty.CERTAIN
    is_always = name in always
    if not is_always and not names_key(name):
        return None
    bare = _SEPARATOR.sub("", word)
    if any(_has_both(run) for run in _LONG_RUN.findall(word)) or (bare.isalnum() and looks_like_key(bare)):
        return Certainty.CERTAIN
    is_mixed = len(bare) >= 2 * _SHORTEST and len(_CASE_CHANGE.findall(word)) >= _MIN_CASE_CHANGES
    may_be = is_always or (name.lower() != "key" and (_has_both(word) or is_mixed))
    return Certainty.POSSIBLE if may_be else None


def _has_both(text: str) -> bool:
    """Return whether there are letters and digits."""
    return any(map(str.isdigit, text)) and any(map(str.isalpha, text))


def _is_filler(text: str) -> bool:
    """Return whether words of placeholders, counting and repeated characters are all, or most of its words."""
    runs = _RUN.findall(text)
    if len(runs) > 2 and not any(map(str.isdigit, text)):
        named = sum(run.lower() in _FILLERS for run in runs)
        if 2 * named > len(runs):
            return True
    return len(text) <= 2 * _LONGEST_FILLER and all(_is_filler_run(run.lower(), len(text)) for run in runs)


def _is_filler_run(run: str, length: int) -> bool:
    if run in _FILLERS or (len(run) > 2 and len(set(run)) == 1):
        return True
    counts = len(run) > 2 and any(run in row for row in _COUNTING)
    return length <= _LONGEST_FILLER and (counts or (run.isdigit() and len(run) <= 4))


def _decoded(raw: str) -> str:
    try:
        return str(json.loads(f'"{raw}"', strict=False)) if "\\" in raw else raw
    except ValueError:
        return raw


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16))
