"""The command line of the key command: the one place that builds it, and that recognises it in other programs' files.

On the path of the key command and of every quick command, so it imports only the standard library, and that late.
"""

from __future__ import annotations

import os

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _, quoted
from ccswitch_py.core.quoting import UNQUOTED, command_line
from ccswitch_py.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MODULE = "ccswitch_py.key_command"
PROGRAM = "ccswitch-key.exe" if os.name == "nt" else "ccswitch-key"
"""The same as a program, which is installed next to the interpreter."""
USAGE = N_("Usage: ccswitch-key [--state DIR] [--claude-code [--project]] PROFILE")
_SHELL = "cmd" if os.name == "nt" else "posix"
"""In which a tool runs the line."""
_SHELL_SYNTAX = frozenset(";&|<>$`()\n")
_PLAIN_LINE = UNQUOTED | {" "}


class KeyCommand(Record):
    """A call of the key command for ``profile``, run by the interpreter ``python``.

    ``state`` is the state folder (None: where a process without our variables looks). ``claude_code`` refuses the key
    where Claude Code would send it to another host; ``project`` says that Claude Code has the address from its settings
    files, which those of a project can override, and not from a launch file.
    """

    python: str
    profile: str
    state: str | None = None
    claude_code: bool = False
    project: bool = False

    @classmethod
    def parse(cls, text: str) -> KeyCommand | None:
        """Recognise a command of ours, whichever Python and whichever module of this package it runs.

        None for any other command, and for a line that has anything beside ours.
        """
        if "ccswitch_py" not in text:
            return None
        return cls._from_words(text.split() if _PLAIN_LINE.issuperset(text) else _split_command(text))

    @classmethod
    def find(cls, value: object) -> KeyCommand | None:
        """Find a command of ours in an entry's value: a line, a list of words, a table of these, or anything around."""
        match value:
            case str():
                return cls.parse(_without_marks(value))
            case {"command": str(program), "args": [*arguments]}:  # pyright: ignore
                return cls.find([program, *arguments])  # pyright: ignore
            case dict():
                return cls.find(list(value.values()))  # pyright: ignore
            case list() if all(isinstance(one, str) for one in value):  # pyright: ignore
                return cls._from_words(value) or next(filter(None, map(cls.parse, value)), None)  # pyright: ignore
            case list():
                return next(filter(None, map(cls.find, value)), None)  # pyright: ignore
            case _:
                return None

    @classmethod
    def _from_words(cls, words: list[str]) -> KeyCommand | None:
        if words and os.path.basename(words[0]) == PROGRAM:
            python, arguments = words[0], words[1:]
        elif "-m" in words[1:-2]:
            at = words.index("-m", 1)
            if not all(option.startswith("-") for option in words[1:at]) or not _is_module(words[at + 1]):
                return None
            python, arguments = words[0], words[at + 2 :]
        else:
            return None
        try:
            return cls.from_arguments(arguments, python=python)
        except BadInput:
            return None

    @classmethod
    def from_arguments(cls, arguments: Sequence[str], python: str = "") -> KeyCommand:
        """Read the arguments of the key command; raises ``BadInput``."""
        state: str | None = None
        flags: set[str] = set()
        rest = list(arguments)
        while rest and rest[0].startswith("-"):
            option = rest.pop(0)
            if option == "--":
                break
            if option in ("--claude-code", "--project"):
                flags.add(option)
            elif option == "--state" and rest:
                state = rest.pop(0)
            elif option.startswith("--state="):
                state = option.partition("=")[2]
            else:
                raise BadInput(_("ccswitch-key cannot use the option '{option}'.", option=quoted(option)), _(USAGE))
        if len(rest) != 1:
            raise BadInput(_("ccswitch-key takes the name of one profile."), _(USAGE))
        return cls(python, rest[0], state, "--claude-code" in flags, "--project" in flags)

    def argv(self) -> list[str]:
        """The program and its arguments.

        ``-I`` keeps ``PYTHONPATH`` and a ``keyring.py`` of the folder that the tool runs in out of the process.
        """
        return [self.python, "-I", "-m", MODULE, *self._arguments()]

    def as_program(self) -> list[str]:
        """The same by the installed program, for a tool that refuses a link, which ``python`` often is.

        It is not isolated from ``PYTHONPATH``: the tool must not pass that.
        """
        return [os.path.join(os.path.dirname(self.python), PROGRAM), *self._arguments()]

    def _arguments(self) -> list[str]:
        options = ["--claude-code"] * self.claude_code + ["--project"] * self.project
        options += [] if self.state is None else ["--state", self.state]
        return [*options, *["--"] * self.profile.startswith("-"), self.profile]

    def as_shell(self) -> str:
        """The command line for the shell in which a tool runs it."""
        return command_line(self.argv(), _SHELL)


def _split_command(text: str) -> list[str]:
    """Split a line of ``_SHELL``; no words for one that may be more than one command."""
    import shlex

    try:
        if _SHELL == "posix":
            words = shlex.split(text)
        else:
            words = [word.strip('"') for word in shlex.split(text.replace("^", ""), posix=False)]
        return [] if command_line(words, _SHELL) != text and _SHELL_SYNTAX.intersection(text) else words
    except ValueError:
        return []


def _without_marks(text: str) -> str:
    """A line without what tools write around a command: ``!…`` (pi), ``$(…)`` and ``Bearer $(…)`` (Crush)."""
    text = text.removeprefix("Bearer ")
    return text[2:-1] if text.startswith("$(") and text.endswith(")") else text.removeprefix("!")


def _is_module(name: str) -> bool:
    parts = name.split(".")
    return parts[0] == "ccswitch_py" and parts[-1] == "key_command"
