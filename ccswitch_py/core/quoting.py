"""Quotes a text for a shell, a header or a file, by the grammar of each, so that it is read back unchanged.

The quick commands use this, so everything is imported late.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_POWERSHELL_QUOTES = "'\u2018\u2019\u201a\u201b"
"""PowerShell takes each of them for a single quote, and two in a row for the character itself."""
_CMD_SYNTAX = '()[]%!^"`<>&|;,*? \t'
_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
UNQUOTED = frozenset(_PLAIN + "@%+=:,./-_")
"""What needs no quotes in sh, as most words: they need no shlex either."""
_TOKEN = frozenset(_PLAIN + "!#$%&'*+-.^_`|~")


def posix(word: str) -> str:
    """Quote one word for sh, bash and zsh; what needs no quotes gets none."""
    if word and UNQUOTED.issuperset(word):
        return word
    import shlex

    return shlex.quote(_checked(word, "\0"))


def fish(word: str) -> str:
    """Quote one word for fish, where a backslash counts between single quotes."""
    return "'" + _checked(word, "\0").replace("\\", "\\\\").replace("'", "\\'") + "'"


def powershell(word: str) -> str:
    """Quote one word for PowerShell."""
    return "'" + "".join(char * 2 if char in _POWERSHELL_QUOTES else char for char in _checked(word, "\0")) + "'"


def cmd(word: str) -> str:
    """Quote one argument of a program for cmd.exe; a line break can't be quoted and raises ``ValueError``.

    First for the program, as ``CommandLineToArgvW`` splits a line, then with a caret before all that cmd.exe obeys.
    """
    import subprocess

    line = subprocess.list2cmdline([_checked(word, "\0\r\n")])
    return "".join(f"^{char}" if char in _CMD_SYNTAX else char for char in line)


SHELLS: dict[str, Callable[[str], str]] = {"posix": posix, "fish": fish, "powershell": powershell, "cmd": cmd}


def command_line(argv: Sequence[str], shell: str = "posix") -> str:
    """Write a command for a shell."""
    quote = SHELLS[shell]
    return ("& " if shell == "powershell" else "") + " ".join(map(quote, argv))


def is_header(name: str, value: str) -> bool:
    """Return whether both can stand in an HTTP header (RFC 9110): a token, and printable ASCII."""
    return bool(name) and _TOKEN.issuperset(name) and value.isascii() and value.isprintable()


def toml(text: str) -> str:
    """Write a basic string of TOML; raises ``ValueError`` for lone surrogates."""
    import json

    text.encode()
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _checked(word: str, refused: str) -> str:
    if any(char in word for char in refused):
        raise ValueError("this character can't be quoted")
    return word
