"""Takes a shell's text apart into commands and words, without running any of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

_BLANKS = " \t\r"
_ENDS = "\n;&|()"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_CLOSING = {"(": ")", "{": "}"}
_HERE_END = re.compile(r"-?[ \t]*((?:'[^'\n]{0,80}'|\"[^\"\n]{0,80}\"|[^\s;&|()<>])+)")


class Dialect(Enum):
    """How a shell quotes and substitutes."""

    POSIX = "posix"
    FISH = "fish"


@dataclass
class Word:
    """A word as the shell would have it; not ``known`` where a part comes from a variable or another command."""

    text: str = ""
    known: bool = True
    quoted: bool = False


@dataclass
class ShellCommand:
    """A command's words, and what ended it; ``before`` is what ended the command before it."""

    line: int
    before: str
    words: list[Word] = field(default_factory=list[Word])
    after: str = "\n"


def commands_of(text: str, dialect: Dialect = Dialect.POSIX) -> list[ShellCommand]:
    """All commands in their order, those inside conditions and functions too; it never fails on any text."""
    return _Reader(text, dialect).read()


class _Reader:
    def __init__(self, text: str, dialect: Dialect) -> None:
        self._text = text
        self._fish = dialect is Dialect.FISH
        self._at = 0
        self._line = 1
        self._found: list[ShellCommand] = []
        self._command = ShellCommand(1, "\n")
        self._word: Word | None = None
        self._pieces: list[str] = []
        self._here_ends: list[str] = []

    def read(self) -> list[ShellCommand]:
        while self._at < len(self._text):
            self._step()
        self._end_command("\n")
        return self._found

    def _step(self) -> None:
        char = self._next()
        match char:
            case "\\":
                self._escaped()
            case "'":
                self._single_quoted()
            case '"':
                self._double_quoted()
            case "$":
                self._expansion(outside=True)
            case "`" if not self._fish:
                self._skip_to("`")
                self._unknown()
            case "(" if self._fish:
                self._skip_nested("(")
                self._unknown()
            case "(" if self._word is None and self._text.startswith("(", self._at):
                self._skip_nested("(")  # ((…)) is arithmetic, in which << shifts; as two subshells it sets nothing here
                self._unknown()
            case "#" if self._word is None:
                self._skip_comment()
            case "<" if not self._fish and self._text.startswith("<", self._at):
                self._here_document()
            case "~" if self._word is None or self._pieces[-1:] == ["="]:
                self._unknown(char)
            case "<" | ">" if not self._fish:
                self._unknown(char)
            case _ if char in _BLANKS:
                self._end_word()
            case _ if char in _ENDS:
                self._end_command(char)
            case _:
                self._add(char)

    def _next(self) -> str:
        char = self._text[self._at]
        self._at += 1
        if char == "\n":
            self._line += 1
        return char

    def _add(self, text: str) -> Word:
        if self._word is None:
            self._word = Word()
        if not self._command.words and not self._pieces:
            self._command.line = self._line
        if text:
            self._pieces.append(text)
        return self._word

    def _unknown(self, text: str = "") -> None:
        self._add(text).known = False

    def _end_word(self) -> None:
        if self._word is not None:
            self._word.text = "".join(self._pieces)
            self._command.words.append(self._word)
            self._word = None
            self._pieces = []

    def _end_command(self, ended_by: str) -> None:
        self._end_word()
        while ended_by in "&|" and self._text.startswith(ended_by[0], self._at) and len(ended_by) < 2:
            ended_by += self._next()
        if self._command.words or ended_by in "()":
            self._command.after = ended_by
            self._found.append(self._command)
            self._command = ShellCommand(self._line, ended_by)
        elif ended_by not in "\n;":
            self._command.before = ended_by
        if ended_by == "\n" and self._here_ends:
            self._skip_here_documents()

    def _escaped(self) -> None:
        if self._at == len(self._text):
            return
        char = self._next()
        if char != "\n":
            self._add(_ESCAPES.get(char, char) if self._fish else char).quoted = True

    def _single_quoted(self) -> None:
        self._add("").quoted = True
        while self._at < len(self._text) and (char := self._next()) != "'":
            if char == "\\" and self._fish and self._text[self._at : self._at + 1] in ("\\", "'"):
                char = self._next()
            self._pieces.append(char)

    def _double_quoted(self) -> None:
        word = self._add("")
        word.quoted = True
        while self._at < len(self._text) and (char := self._next()) != '"':
            if char == "\\" and self._at < len(self._text):
                following = self._next()
                if following != "\n":
                    self._pieces.append(following if following in '$`"\\' else char + following)
            elif char == "$":
                self._expansion(outside=False)
            elif char == "`" and not self._fish:
                self._skip_to("`")
                word.known = False
            else:
                self._pieces.append(char)

    def _expansion(self, *, outside: bool) -> None:
        while not self._fish and self._text.startswith("\\\n", self._at):
            self._next()
            self._next()
        following = self._text[self._at : self._at + 1]
        if following == "'" and outside and not self._fish:
            self._next()
            self._escaped_string()
        elif following == '"' and outside and not self._fish:
            self._add("")  # a text that is translated, as a rule into itself
        elif following and following in _CLOSING:
            self._next()
            self._skip_nested(following)
            self._unknown()
        elif following.isalnum() or (following and following in "_?!#@*-$"):
            self._unknown()
            while (following := self._text[self._at : self._at + 1]).isalnum() or following == "_":
                self._next()
        else:
            self._add("$")

    def _escaped_string(self) -> None:
        word = self._add("")
        word.quoted = True
        while self._at < len(self._text) and (char := self._next()) != "'":
            if char == "\\" and self._at < len(self._text):
                following = self._next()
                if following in "xuU01234567c":
                    word.known = False
                char = _ESCAPES.get(following) or (following if following in "\\'\"?" else char + following)
            self._pieces.append(char)

    def _skip_to(self, end: str) -> None:
        escapes = end != "'" or self._fish
        while self._at < len(self._text) and (char := self._next()) != end:
            if char == "\\" and escapes and self._at < len(self._text):
                self._next()

    def _skip_nested(self, opening: str) -> None:
        depth = 1
        while depth and self._at < len(self._text):
            char = self._next()
            if char in "'\"":
                self._skip_to(char)
            elif char == "\\" and self._at < len(self._text):
                self._next()
            else:
                depth += (char == opening) - (char == _CLOSING[opening])

    def _skip_comment(self) -> None:
        end = self._text.find("\n", self._at)
        self._at = len(self._text) if end < 0 else end

    def _here_document(self) -> None:
        self._next()
        if self._text.startswith("<", self._at):
            self._next()  # a here string is a word like others
        elif end := _HERE_END.match(self._text, self._at):
            self._here_ends.append(re.sub(r"[\\'\"]", "", end[1]))
            self._at = end.end()

    def _skip_here_documents(self) -> None:
        for end in self._here_ends:
            while self._at < len(self._text):
                line_end = self._text.find("\n", self._at)
                line = self._text[self._at : line_end if line_end >= 0 else len(self._text)]
                self._at += len(line)
                if self._at < len(self._text):
                    self._next()
                if line.strip() == end:
                    break
        self._here_ends = []
