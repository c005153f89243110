"""Reading our TOML files: what is wrong is said with file, line and reason, in the user's words."""

from __future__ import annotations

import re
import tomllib
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ccswitch_py.errors import BadInput

Checked = TypeVar("Checked", bound=BaseModel)

_AT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")


def parse_toml(path: str, data: bytes) -> dict[str, Any]:
    """The table that the file holds; raises ``BadInput`` naming file, line and reason."""
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(f"{path}, line {line}: it is not valid UTF-8.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        text = str(error)
        at = _AT.search(text)
        line = at.group(1) if at and at.group(1) else str(data.count(b"\n") + 1)
        reason = _AT.sub("", text)
        raise BadInput(f"{path}, line {line}: {reason}.", "Mend that line, or remove the file.") from error


def validate(path: str, data: bytes, model: type[Checked]) -> Checked:
    """The file as ``model``; raises ``BadInput`` naming file, line (where it can be told) and reason."""
    table = parse_toml(path, data)
    if isinstance(schema := table.get("schema", 1), int) and schema > 1:
        raise BadInput(
            f"{path} was written by a newer ccswitch (schema {schema}).",
            "Update ccswitch; the file is left as it is.",
        )
    try:
        return model.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"] if not str(part)[:1].isupper())
        reason = first["msg"].removeprefix("Value error, ")
        line = _line_of(data.decode("utf-8-sig"), [str(part) for part in first["loc"]])
        where = f"{path}, line {line}" if line else path
        raise BadInput(f"{where}: {f'{place}: ' if place else ''}{reason}.", "Mend that entry.") from error


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
