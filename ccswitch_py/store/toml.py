"""Read our TOML files within bounds, and report what is wrong with file, line and reason in the user's language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _
from ccswitch_py.redact.key_patterns import redact_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel, ValidationError

    Checked = TypeVar("Checked", bound=BaseModel)

MAX_ENTRIES = 50_000
"""Keys, tables and items of a file: a catalogue has some for each model."""
MAX_VALUE = 8192
"""Characters of one name or value."""
DEEPEST = 32
"""How far arrays, tables and dotted keys may be nested: the parser recurses on the former and is quadratic in keys."""

_UNTERMINATED = N_("Unterminated string")
_LINE_ENDS_IN_TEXT = "Illegal character '\\n'"
_REASONS = (
    N_("Cannot overwrite a value"),
    N_("Cannot declare a table twice"),
    N_("Expected '=' after a key in a key/value pair"),
    N_("Expected newline or end of document after a statement"),
    N_("Invalid statement"),
    N_("Invalid value"),
    N_("Invalid initial character for a key part"),
    N_("Unclosed array"),
    N_("Unclosed inline table"),
    _UNTERMINATED,
    N_("Unescaped '\\' in a string"),
)
"""What Python says of a file that is not TOML."""

_AT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)'
    r"|'''.*?(?:'''|\Z)"
    r'|"(?:\\[^\n]|[^"\\\n])*+"?'
    r"|'[^'\n]*+'?|#[^\n]*|[\w+-]++|[][{}.,=\n]",
    re.DOTALL,
)
"""A string or comment, closed or not, or a character that counts for nesting; each is consumed in linear time."""
_LARGE_NUMBER = re.compile(r"=[ \t]*[+-]?(?:0[xob])?[0-9A-Fa-f_]{16,}")
_INTEGERS = range(-(2**63), 2**63)


def parse_toml(path: str, data: bytes, max_entries: int = MAX_ENTRIES) -> dict[str, Any]:
    """The table that the file holds; raises ``BadInput`` naming file, line and reason."""
    import tomllib

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(
            _("{file}, line {line}: it is not valid UTF-8.", file=path, line=line), _("Save it as UTF-8.")
        ) from error
    if beyond := _first_beyond_bounds(text, max_entries):
        raise _bad_line(path, *beyond)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        at = _AT.search(said)
        line = int(at.group(1)) if at and at.group(1) else text.count("\n") + 1
        said = _AT.sub("", said).replace(_LINE_ENDS_IN_TEXT, _UNTERMINATED)
        raise _bad_line(path, line, redact_keys(_(said))) from error
    except ValueError as error:  # more digits than Python converts
        raise _bad_line(path, _line_of_large_number(text), _("the number is too large")) from error
    if not _integers_fit(table):
        raise _bad_line(path, _line_of_large_number(text), _("the number is too large"))
    return table


def parse_own_toml(path: str, data: bytes, newest_schema: int, max_entries: int = MAX_ENTRIES) -> dict[str, Any]:
    """The same, also raising ``BadInput`` for a file that a newer ccswitch has written."""
    table = parse_toml(path, data, max_entries)
    if isinstance(schema := table.get("schema", 1), int) and schema > newest_schema:
        raise BadInput(
            _("{file} was written by a newer ccswitch (schema {schema}).", file=path, schema=schema),
            _("Update ccswitch; the file is left as it is."),
        )
    return table


def validate(path: str, data: bytes, model: type[Checked]) -> Checked:
    """The file as ``model``; raises ``BadInput`` naming file, line (where it can be told) and reason."""
    from pydantic import ValidationError

    limit = getattr(model, "max_entries", MAX_ENTRIES)
    table = parse_own_toml(path, data, getattr(model, "newest_schema", 1), limit)
    try:
        return model.model_validate(table)
    except ValidationError as error:
        raise bad_entry(path, data, error) from error


def bad_entry(path: str, data: bytes, error: ValidationError, table: Iterable[str] = ()) -> BadInput:
    """What to say of an entry that a model refuses; ``table`` leads to the part of the file that it was given."""
    from ccswitch_py.model.validation_messages import error_location, validation_reason

    line = _line_of(data.decode("utf-8-sig"), [*table, *error_location(error)])
    reason = validation_reason(error, table)
    if line is None:
        return BadInput(_("{file}: {reason}.", file=path, reason=reason), _("Mend that entry."))
    return BadInput(_("{file}, line {line}: {reason}.", file=path, line=line, reason=reason), _("Mend that entry."))


def _bad_line(path: str, line: int, reason: str) -> BadInput:
    return BadInput(
        _("{file}, line {line}: {reason}.", file=path, line=line, reason=reason),
        _("Mend that line, or remove the file."),
    )


def _first_beyond_bounds(text: str, max_entries: int) -> tuple[int, str] | None:
    """The first line with more than the parser can take in linear time, and what is too much."""
    open_brackets = dots = entries = 0
    for token in _TOKEN.finditer(text):
        if token.end() - token.start() > MAX_VALUE and token[0][0] != "#":
            return _line_at(text, token.start()), _("it is longer than {count} characters", count=MAX_VALUE)
        entries += token[0] in ("[", ",", "=")
        if entries > max_entries:
            return _line_at(text, token.start()), _("the file has more than {count} entries", count=max_entries)
        match token[0]:
            case "[" | "{":
                open_brackets += 1
            case "]" | "}":
                open_brackets = max(open_brackets - 1, 0)
            case ".":
                dots += 1
            case "," | "=" | "\n":
                dots = 0
            case _:
                continue
        if open_brackets > DEEPEST or dots > DEEPEST:
            return _line_at(text, token.start()), _("it is nested too deeply")
    return None


def _line_at(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _integers_fit(table: dict[str, Any]) -> bool:
    """Whether each is one of TOML's 64-bit integers."""
    waiting: list[Any] = [table]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += cast("dict[str, Any]", value).values()
        elif isinstance(value, list):
            waiting += cast("list[Any]", value)
        elif isinstance(value, int) and value not in _INTEGERS:
            return False
    return True


def _line_of_large_number(text: str) -> int:
    found = _LARGE_NUMBER.search(text)
    return _line_at(text, found.start() if found else 0)


def _line_of(text: str, loc: list[str]) -> int | None:
    """The line of the innermost name of an error's place; array items count their ``[[name]]`` headings."""
    lines = text.splitlines()
    start = 0
    found: int | None = None
    for part in loc:
        if part.isdigit():
            headings = [number for number, line in enumerate(lines) if line.strip().startswith("[[")]
            if int(part) < len(headings):
                start = found = headings[int(part)]
            continue
        spelled = re.escape(part).replace(r"\-", "[-_]")  # schema 1 wrote claude_code
        name = rf"[\"']?{spelled}[\"']?"
        pattern = re.compile(rf"\s*(?:\[+\s*(?:[\w-]+\.)*{name}\s*\]+|{name}\s*[.=])")
        number = next((number for number in range(start, len(lines)) if pattern.match(lines[number])), None)
        if number is not None:
            start = found = number
    return None if found is None else found + 1
