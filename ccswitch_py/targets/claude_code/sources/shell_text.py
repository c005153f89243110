"""What a start file of a shell sets, read as text: a value that only running it would tell is said not to be known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ccswitch_py.redact.secret import Secret
from ccswitch_py.targets.claude_code.sources.layer import Entry
from ccswitch_py.targets.claude_code.sources.shell_words import Dialect, ShellCommand, Word, commands_of
from ccswitch_py.targets.claude_code.variables import VARIABLES

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(\+?=)(.*)", re.DOTALL)
_DECLARING = ("export", "declare", "typeset", "readonly", "local")
_WHOLE_LINE = re.compile(r"(?:[^\\\n]|\\(?:.|\n)|\\\Z)*(?:\n|\Z)")
_OPENING = ("if", "while", "until", "for", "case", "select", "foreach", "switch", "function", "begin", "{")
_CLOSING = ("fi", "done", "esac", "end", "endif", "endsw", "}")
_IN_FRONT = ("then", "do", "else", "elif", "and", "or", "not", "!", "builtin", "command")
_CONDITIONS = ("&&", "||", "|")
_LEAVING = ("exit", "return")


def posix_entries(text: str) -> list[Entry]:
    """Of bash, zsh, sh, ``.envrc`` and (``setenv``) csh."""
    return _entries(commands_of(text), _posix_settings)


def fish_entries(text: str) -> list[Entry]:
    """Of fish."""
    return _entries(commands_of(text, Dialect.FISH), _fish_settings)


def plain_entries(text: str) -> list[Entry]:
    """Of ``NAME=value`` lines, as in environment.d and /etc/environment; a backslash at the end goes on in the next."""
    found: list[Entry] = []
    number = 1
    for whole in _WHOLE_LINE.findall(text):
        line = whole.replace("\\\n", "")
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and name.strip() in VARIABLES:
            known = "$" not in value
            found.append(Entry(name.strip(), Secret(_unquoted(value.strip())) if known else None, number))
        number += whole.count("\n")
    return found


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value


def _entries(commands: list[ShellCommand], settings: Callable[[list[Word]], Iterator[Entry]]) -> list[Entry]:
    """What the commands set; what one sets in a block, or only if another one did well, is not known.

    Nothing is set after an ``exit`` or ``return`` that no condition can pass by.
    """
    found: list[Entry] = []
    depth = inside = 0
    for command in commands:
        words = command.words
        certain = command.before not in _CONDITIONS and command.after not in ("|", "&")
        while words and not words[0].quoted and words[0].text in (*_OPENING, *_CLOSING, *_IN_FRONT):
            first = words[0].text
            certain = certain and first not in _IN_FRONT[:7]
            depth = max(depth + (first in _OPENING) - (first in _CLOSING), 0)
            words = words[1:]
        inside = max(inside + (command.before == "(") - (command.before == ")"), 0)
        sure = certain and not depth and not inside
        if sure and words and words[0].text in _LEAVING:
            break
        for entry in settings(words):
            value = entry.value if sure else None
            found.append(Entry(entry.name, value, command.line, removes=entry.removes and sure))
    return found


def _posix_settings(words: list[Word]) -> Iterator[Entry]:
    first = words[0].text if words else ""
    if first == "setenv" and len(words) in (2, 3):
        yield from _setting(words[1].text, words[2] if len(words) > 2 else Word())
    elif first in ("unset", "unsetenv"):
        yield from (Entry(word.text, None, removes=True) for word in words[1:] if word.text in VARIABLES)
    elif first in _DECLARING or all(_ASSIGNMENT.fullmatch(word.text) for word in words):
        for word in words:
            if assigned := _ASSIGNMENT.fullmatch(word.text):
                known = word.known and assigned[2] == "="
                yield from _setting(assigned[1], Word(assigned[3], known))


def _fish_settings(words: list[Word]) -> Iterator[Entry]:
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
        yield from (Entry(word.text, None, removes=True) for word in named if word.text in VARIABLES)
    elif "x" in short or "--export" in options:
        values = named[1:]
        value = Word(" ".join(word.text for word in values), all(word.known for word in values))
        yield from _setting(named[0].text, value)


def _setting(name: str, value: Word) -> Iterator[Entry]:
    if name in VARIABLES:
        yield Entry(name, Secret(value.text) if value.known else None)
