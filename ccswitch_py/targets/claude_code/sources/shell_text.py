"""What a start file of a shell sets, read as text: the line, and the value where it stands there literally.

Nothing is evaluated. A value with an expansion in it is not known. Not certain is whether a line has an effect about
which a condition, a loop, a function or another command decides, that is not exported, or that follows a quote or a
substitution of which the end cannot be found; its value is not known either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ccswitch_py.targets.claude_code.deciding import is_looked_for
from ccswitch_py.targets.claude_code.sources.layer import entry_of
from ccswitch_py.targets.explanation import Entry

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(\+?=)(.*)", re.DOTALL)
_DECLARING = ("export", "declare", "typeset", "readonly", "local")
_WHOLE_LINE = re.compile(r"(?:[^\\\n]|\\(?:.|\n)|\\\Z)*(?:\n|\Z)")
_OPENING = ("if", "while", "until", "for", "case", "select", "foreach", "switch", "function", "begin", "{")
_CLOSING = ("fi", "done", "esac", "end", "endif", "endsw", "}")
_CONDITIONAL = ("then", "do", "else", "elif", "and", "or", "not")
_IN_FRONT = (*_CONDITIONAL, "!", "builtin", "command")
_CONDITIONS = ("&&", "||", "|")
_LEAVING = ("exit", "return")
_EXPORT_ALL = (["set", "-a"], ["set", "-o", "allexport"], ["setopt", "allexport"], ["setopt", "all_export"])

_SUBSTITUTION = r"""\$\((?:[^()'"\\`]|\\.|'[^']*'|"[^"\\$`]*"|\([^()'"\\`]*\))*\)"""
_EXPANSION = rf"""{_SUBSTITUTION}|\$\{{(?:[^{{}}'"\\`]|\\.)*\}}|\$(?![({{])"""
_POSIX = re.compile(
    rf"""(?P<blank>[ \t\r]+)|(?P<joined>\\\n)|(?P<here><<-?[ \t]*(?P<end>'[^'\n]*'|"[^"\n]*"|[^\s;&|()<>'"]+))
    |(?P<operator>&&|\|\||[\n;&|()])|(?P<literal>[^\s;&|()<>'"\\$`~{{}}]+)|'(?P<single>[^']*)'|\\(?P<escaped>.)
    |"(?P<double>(?:[^"\\$`]|\\.)*)"|\$'(?P<plain>[^'\\]*)'|(?P<unknown>\$'(?:[^'\\]|\\.)*'|"(?:[^"\\$`]|\\.|{_EXPANSION}|`[^`'"\\]*`)*"
    |{_EXPANSION}|`(?:[^`'"\\]|\\.|'[^']*')*`|<<<|[<>~{{}}])""",
    re.VERBOSE | re.DOTALL,
)
_FISH = re.compile(
    r"""(?P<blank>[ \t\r]+)|(?P<joined>\\\n)|(?P<here>(?!))(?P<end>)|(?P<operator>&&|\|\||[\n;&|()])
    |(?P<literal>[^\s;&|()'"\\$~{}*?<>]+)|'(?P<single>(?:[^'\\]|\\.)*)'|\\(?P<escaped>[^\w\n])
    |"(?P<double>(?:[^"\\$]|\\.)*)"|(?P<unknown>"(?:[^"\\$]|\\.|\$(?!\())*"|[$~{}*?<>]|\\\w)""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"[^\n]*")

_UNIVERSAL = re.compile(r"(?:SETUVAR((?: --\w+)*)|SET_EXPORT) (\w+):(.*)")
_ESCAPES = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|(.))")
_OF_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_BETWEEN, _NONE = "\x1e", "\x1d"
"""Between the parts of a list, and for a list without any (src/env_universal_common.cpp of fish)."""


@dataclass
class _Word:
    """``pieces`` are what of its text follows while it is being read."""

    text: str = ""
    literal: bool = True
    quoted: bool = False
    pieces: list[str] = field(default_factory=list[str])

    def ended(self) -> _Word:
        return replace(self, text="".join(self.pieces))


@dataclass
class _Command:
    """A simple command, with the operators around it; ``certain`` if all before it in the file was understood."""

    line: int
    before: str
    certain: bool
    words: list[_Word] = field(default_factory=list[_Word])
    after: str = "\n"


def posix_entries(text: str) -> list[Entry]:
    """Of bash, zsh, sh, ``.envrc`` and (``setenv``) csh."""
    return _entries(_commands(text, _POSIX), _posix_settings)


def fish_entries(text: str) -> list[Entry]:
    """Of fish."""
    return _entries(_commands(text, _FISH), _fish_settings)


def plain_entries(text: str) -> list[Entry]:
    """Of ``NAME=value`` lines, as in environment.d and /etc/environment; a backslash at the end goes on in the next."""
    found: list[Entry] = []
    number = 1
    for whole in _WHOLE_LINE.findall(text):
        line = whole.replace("\\\n", "")
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and is_looked_for(name.strip()):
            found.append(entry_of(name.strip(), None if "$" in value else _unquoted(value.strip()), number))
        number += whole.count("\n")
    return found


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value


def _commands(text: str, grammar: re.Pattern[str]) -> Iterator[_Command]:
    """All simple commands in their order, those inside conditions and functions too."""
    at, line, certain, parentheses = 0, 1, True, 0
    command, word = _Command(1, "\n", True), None
    here_ends: list[str] = []
    while at < len(text):
        if text[at] == "#" and word is None:
            at = _end(_COMMENT, text, at)
            continue
        token = grammar.match(text, at)
        if token is None:  # the end of a quote or a substitution cannot be found
            certain = command.certain = False
            at += 1
            continue
        kind, end = token.lastgroup or "", token.end()
        kind = "here" if token["here"] else kind
        if kind in ("blank", "operator", "here") and word is not None:
            command.words.append(word.ended())
            word = None
        if kind == "here" and not parentheses:
            here_ends.append(_unquoted(token["end"]).replace("\\", ""))
        elif kind == "operator":
            parentheses = max(parentheses + (token[0] == "(") - (token[0] == ")"), 0)
            if command.words or token[0] in "()":
                command.after = token[0]
                yield command
                command = _Command(line, token[0], certain)
            elif token[0] not in "\n;":
                command.before = token[0]
        elif kind not in ("blank", "joined", "here"):
            if not command.words and word is None:
                command.line, command.certain = line, certain
            word = word or _Word()
            word.pieces.append(_plain(kind, token[kind], grammar))
            word.literal &= kind != "unknown"
            word.quoted |= kind in ("single", "double", "plain", "escaped")
        line += text.count("\n", at, end)
        at = end
        if kind == "operator" and token[0] == "\n":
            for name in here_ends:
                after = re.compile(rf"(?:(?![ \t]*{re.escape(name)}[ \t]*$)[^\n]*\n)*[^\n]*\n?", re.MULTILINE)
                line, at = line + text.count("\n", at, _end(after, text, at)), _end(after, text, at)
            here_ends = []
    if word is not None:
        command.words.append(word.ended())
    if command.words:
        yield command


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _plain(kind: str, text: str, grammar: re.Pattern[str]) -> str:
    """A piece of a word without its escapes."""
    if kind == "double":
        return re.sub(r'\\([$`"\\\n])', _escaped, text)
    return re.sub(r"\\(['\\])", _escaped, text) if kind == "single" and grammar is _FISH else text


def _escaped(found: re.Match[str]) -> str:
    return found[1].strip("\n")


def _entries(commands: Iterator[_Command], settings: Callable[[list[_Word]], Iterator[Entry]]) -> list[Entry]:
    """What the commands set; not certain is what one sets in a block, only if another succeeded, or without export.

    Nothing is set after an ``exit`` or ``return`` that no condition can skip.
    """
    found: list[tuple[Entry, bool]] = []
    exported: set[str] = set()
    exports_all = False
    depth = inside = 0
    awaits_brace = False
    for command in commands:
        words = command.words
        certain = command.certain and command.before not in _CONDITIONS and command.after not in ("|", "&")
        awaits_brace = awaits_brace and (not words or words[0].text == "{")
        at = 0
        while at < len(words) and not words[at].quoted and words[at].text in (*_OPENING, *_CLOSING, *_IN_FRONT):
            first = words[at].text
            certain = certain and first not in _CONDITIONAL
            if not (first == "{" and awaits_brace):  # `function` has opened that block
                depth = max(depth + (first in _OPENING) - (first in _CLOSING), 0)
            awaits_brace = first == "function"
            at += 2 if awaits_brace else 1
        words = words[at:]
        inside = max(inside + (command.before == "(") - (command.before == ")"), 0)
        certain = certain and not depth and not inside
        if certain and words and words[0].text in _LEAVING:
            break
        if certain:
            exported.update(_exported(words))
            exports_all = exports_all or [word.text for word in words] in _EXPORT_ALL
        for entry in settings(words):
            is_known = certain and command.after != "("  # of a list, or of what a command prints, it is not
            known = entry if is_known or entry.removes else replace(entry, value=None, shown=None)
            found.append((replace(known, line=command.line), certain))
    return [
        replace(entry, certain=certain and (entry.certain or exports_all or entry.name in exported))
        for entry, certain in found
    ]


def _exported(words: list[_Word]) -> Iterator[str]:
    """The variables that a command exports, with or without a value."""
    texts = [word.text for word in words]
    exports = texts[:1] == ["export"] and not _has_option(texts, "n")
    if exports or (texts and texts[0] in _DECLARING and _has_option(texts, "x")):
        yield from (text.partition("=")[0] for text in texts[1:])


def _has_option(texts: list[str], letter: str) -> bool:
    return any(text.startswith("-") and letter in text for text in texts)


def _posix_settings(words: list[_Word]) -> Iterator[Entry]:
    first = words[0].text if words else ""
    if first == "setenv" and len(words) in (2, 3):
        yield from _setting(words[1].text, words[2] if len(words) > 2 else _Word())
    elif first in ("unset", "unsetenv"):
        yield from (Entry(word.text, None, removes=True) for word in words[1:] if is_looked_for(word.text))
    elif first in _DECLARING or all(_ASSIGNMENT.fullmatch(word.text) for word in words):
        exports = set(_exported(words))
        for word in words:
            if assigned := _ASSIGNMENT.fullmatch(word.text):
                value = _Word(assigned[3], word.literal and assigned[2] == "=")
                yield from (replace(one, certain=one.name in exports) for one in _setting(assigned[1], value))


def _fish_settings(words: list[_Word]) -> Iterator[Entry]:
    first = words[0].text if words else ""
    if first == "export":
        yield from _posix_settings(words)
    if first not in ("set", "set_global"):
        return
    options = [word.text for word in words[1:] if word.text.startswith("-") and not word.quoted]
    named = [word for word in words[1:] if word.quoted or not word.text.startswith("-")]
    short = "".join(option[1:] for option in options if not option.startswith("--"))
    if not named:
        return
    if "e" in short or "--erase" in options:
        yield from (Entry(word.text, None, removes=True) for word in named if is_looked_for(word.text))
    elif "x" in short or "--export" in options:
        values = named[1:]
        value = _Word(" ".join(word.text for word in values), all(word.literal for word in values))
        yield from _setting(named[0].text, value)


def _setting(name: str, value: _Word) -> Iterator[Entry]:
    if is_looked_for(name):
        yield entry_of(name, value.text if value.literal else None)


def universal_entries(text: str) -> list[Entry]:
    """The exported ones of ``SETUVAR --export NAME:value`` lines, and of ``SET_EXPORT`` ones before fish 3."""
    found: list[Entry] = []
    for number, line in enumerate(text.split("\n"), 1):
        match = _UNIVERSAL.fullmatch(line)
        if match and is_looked_for(match[2]) and (match[1] is None or "--export" in match[1].split()):
            found.append(entry_of(match[2], _plain_universal(match[3]), number))
    return found


def _plain_universal(value: str) -> str:
    text = _ESCAPES.sub(_unescaped_universal, value)
    return "" if text == _NONE else text.replace(_BETWEEN, " ")


def _unescaped_universal(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2] or escape[3]
    if digits is None:
        return _OF_LETTERS.get(escape[4], escape[4])
    code = int(digits, 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
