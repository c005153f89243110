"""Reading our TOML files: what is wrong is said with file, line and reason, in the user's words."""

from __future__ import annotations

import re
import tomllib
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.language import N_, _
from ccswitch_py.model.validation_messages import error_location, validation_reason
from ccswitch_py.redact.key_patterns import redact_keys

Checked = TypeVar("Checked", bound=BaseModel)

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


def parse_toml(path: str, data: bytes) -> dict[str, Any]:
    """The table that the file holds; raises ``BadInput`` naming file, line and reason."""
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(
            _("{file}, line {line}: it is not valid UTF-8.", file=path, line=line), _("Save it as UTF-8.")
        ) from error
    except tomllib.TOMLDecodeError as error:
        text = str(error)
        at = _AT.search(text)
        line = at.group(1) if at and at.group(1) else str(data.count(b"\n") + 1)
        said = _AT.sub("", text).replace(_LINE_ENDS_IN_TEXT, _UNTERMINATED)
        reason = redact_keys(_(said))
        raise BadInput(
            _("{file}, line {line}: {reason}.", file=path, line=line, reason=reason),
            _("Mend that line, or remove the file."),
        ) from error


def validate(path: str, data: bytes, model: type[Checked]) -> Checked:
    """The file as ``model``; raises ``BadInput`` naming file, line (where it can be told) and reason."""
    table = parse_toml(path, data)
    if isinstance(schema := table.get("schema", 1), int) and schema > 1:
        raise BadInput(
            _("{file} was written by a newer ccswitch (schema {schema}).", file=path, schema=schema),
            _("Update ccswitch; the file is left as it is."),
        )
    try:
        return model.model_validate(table)
    except ValidationError as error:
        line, reason = _line_of(data.decode("utf-8-sig"), error_location(error)), validation_reason(error)
        if line:
            problem = _("{file}, line {line}: {reason}.", file=path, line=line, reason=reason)
        else:
            problem = _("{file}: {reason}.", file=path, reason=reason)
        raise BadInput(problem, _("Mend that entry.")) from error


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
        pattern = re.compile(rf"\s*(?:\[+\s*(?:[\w-]+\.)*{re.escape(part)}\s*\]+|[\"']?{re.escape(part)}[\"']?\s*[.=])")
        number = next((number for number in range(start, len(lines)) if pattern.match(lines[number])), None)
        if number is not None:
            start = found = number
    return None if found is None else found + 1
