"""Read our TOML files within bounds, report what is wrong with file, line and reason, and edit them in place."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _
from ccswitch_py.core.paths import SCHEMAS
from ccswitch_py.formats import find_format
from ccswitch_py.formats.base import UnreadableText, apply_edits
from ccswitch_py.redact.key_patterns import redact_keys

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel, ValidationError

    from ccswitch_py.formats.base import EntryPath

    Checked = TypeVar("Checked", bound=BaseModel)

MAX_ENTRIES = 50_000
"""Keys, tables and items of a file: a catalogue has some for each model."""
MAX_LINES = 100_000
"""Also those without an entry, which take the parser as long."""
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
"""Python's messages about invalid TOML."""

_AT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)'
    r"|'''.*?(?:'''|\Z)"
    r'|"(?:\\[^\n]|[^"\\\n]++)*"?'
    r"|'[^'\n]*+'?|#[^\n]*|[\w+-]++|[][{}.,=\n]",
    re.DOTALL,
)
"""A string or comment, closed or not, or a character that counts for nesting; each is consumed in linear time."""
_LARGE_NUMBER = re.compile(r"=[ \t]*[+-]?(?:0[xob])?[0-9A-Fa-f_]{16,}")
_INTEGERS = range(-(2**63), 2**63)


def parse_toml(path: str, data: bytes, max_entries: int = MAX_ENTRIES) -> dict[str, Any]:
    """Parse a file; raises ``BadInput`` naming file, line and reason."""
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
        message = str(error)
        at = _AT.search(message)
        line = int(at.group(1)) if at and at.group(1) else text.count("\n") + 1
        message = _AT.sub("", message).replace(_LINE_ENDS_IN_TEXT, _UNTERMINATED)
        raise _bad_line(path, line, redact_keys(_(message))) from error
    except ValueError as error:  # more digits than Python converts
        raise _bad_line(path, _line_of_large_number(text), _("the number is too large")) from error
    if not _integers_fit(table):
        raise _bad_line(path, _line_of_large_number(text), _("the number is too large"))
    return table


def parse_own_toml(path: str, data: bytes, newest_schema: int, max_entries: int = MAX_ENTRIES) -> dict[str, Any]:
    """Parse a file of ours; also raises ``BadInput`` for one written by a newer ccswitch."""
    table = parse_toml(path, data, max_entries)
    if isinstance(schema := table.get("schema", 1), int) and schema > newest_schema:
        raise BadInput(
            _("{file} was written by a newer ccswitch (schema {schema}).", file=path, schema=schema),
            _("Update ccswitch; the file was not changed."),
        )
    return table


def validate(path: str, data: bytes, model: type[Checked]) -> Checked:
    """Load a file as ``model``; raises ``BadInput`` naming file, line (if known) and reason."""
    from pydantic import ValidationError

    limit = getattr(model, "max_entries", MAX_ENTRIES)
    table = parse_own_toml(path, data, getattr(model, "newest_schema", 1), limit)
    try:
        return model.model_validate(table)
    except ValidationError as error:
        raise bad_entry(path, data, error) from error


def bad_entry(path: str, data: bytes, error: ValidationError, table: Iterable[str] = ()) -> BadInput:
    """The error for an entry that a model rejects; ``table`` is the path of the validated part of the file."""
    from ccswitch_py.model.validation_messages import error_location, validation_reason

    line = _line_of(data.decode("utf-8-sig"), [*table, *error_location(error)])
    reason = validation_reason(error, table)
    if line is None:
        return BadInput(_("{file}: {reason}.", file=path, reason=reason), _("Fix that entry."))
    return _bad_line(path, line, reason)


def edited_toml(path: str, data: bytes, values: dict[str, Any], *, keep_headings: bool = True) -> bytes:
    """Change the entries of a file to ``values``; equal entries and other comments keep their bytes.

    A removed table with comments keeps them and its heading, unless ``keep_headings`` is False. Raises ``BadInput``
    with the line of what can't be changed safely.
    """
    import tomllib

    import tomlkit

    fmt, text = find_format("toml"), data.decode("utf-8-sig")
    if not text.strip():
        return tomlkit.dumps(values).encode()  # pyright: ignore[reportUnknownMemberType]

    def remove(text: str, path: EntryPath, old: Any) -> str:
        if keep_headings and isinstance(old, dict) and _has_comment(text, path):
            return change(text, path, cast("dict[str, Any]", old), {})
        return apply_edits(text, fmt.remove(text, path))

    def change(text: str, at: EntryPath, old: dict[str, Any], new: dict[str, Any]) -> str:
        for key in old.keys() - new.keys():
            text = remove(text, (*at, key), old[key])
        for key, value in new.items():
            path, was = (*at, key), old.get(key)
            if isinstance(value, dict) and isinstance(was, dict | None):
                text = change(text, path, cast("dict[str, Any]", was or {}), cast("dict[str, Any]", value))
            elif _jsonable(was) != _jsonable(value):
                raw = value.isoformat() if isinstance(value, datetime) else fmt.dump(path, value)
                text = apply_edits(text, fmt.set(text, path, raw))
        return text

    try:
        return change(text, (), tomllib.loads(text), values).encode()
    except UnreadableText as problem:
        raise _bad_line(path, problem.line, problem.reason) from problem


def schema_comment(name: str) -> bytes:
    """The line by which editors find the JSON Schema of a format, here as this machine has it."""
    from pathlib import Path

    return f"#:schema {Path(SCHEMAS, name + '.json').as_uri()}\n".encode()


def _has_comment(text: str, path: EntryPath) -> bool:
    """Whether a table may contain a comment; True if it is split up."""
    try:
        return any("#" in text[slice(*span)] for span in find_format("toml").spans(text, [path])[path])
    except UnreadableText:
        return True


def _jsonable(value: Any) -> Any:
    """The JSON form of a TOML value, as models dump it: dates become strings."""
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value, inf_nan_mode="constants")


def _bad_line(path: str, line: int, reason: str) -> BadInput:
    return BadInput(_("{file}, line {line}: {reason}.", file=path, line=line, reason=reason), _("Fix that line."))


def _first_beyond_bounds(text: str, max_entries: int) -> tuple[int, str] | None:
    """The first line with more than the parser can take in linear time, and the reason."""
    if text.count("\n") > MAX_LINES:
        return MAX_LINES + 1, _("the file has more than {count} lines", count=MAX_LINES)
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
    """The line of an error's innermost known key; array items are found by their ``[[name]]`` headings."""
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
